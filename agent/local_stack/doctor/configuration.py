"""What is set, and whether it can work."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from agent.local_stack.doctor.check import Check
from agent.local_stack.failure import StackError
from agent.local_stack.keys import FILE, MIN_SECRET, Keys, keys_for, read_keys
from agent.local_stack.ports import Port, holder, is_taken
from agent.protocol import AGENT_NAME
from agent.settings import Settings
from personas.library import Library, ScenarioError


def known_keys(settings: Settings) -> Keys | None:
    """Return the keys a start would use, or None when it would make them; makes none itself."""
    path = settings.data_dir / FILE
    given = settings.livekit_api_key or settings.livekit_api_secret or settings.livekit_url
    if given:
        return keys_for(settings)
    return read_keys(path) if path.is_file() else None


def keys(settings: Settings) -> Check:
    """Check that key and secret are there, long enough and not the ones everybody knows."""
    try:
        found = known_keys(settings)
    except StackError as error:
        return Check("keys", "bad", str(error), "")
    if found is None:
        return Check("keys", "ok", "none yet; the first `make run` makes them")
    if "devkey" in found.api_key or found.api_secret == "secret":
        fix = "make a pair with `livekit-server generate-keys`, or unset both"
        return Check("keys", "bad", "devkey/secret, which anyone knows", fix)
    if len(found.api_secret) < MIN_SECRET:
        fix = f"use one of {MIN_SECRET} or more, on the server too"
        return Check("keys", "warn", f"the secret has {len(found.api_secret)} characters", fix)
    return Check("keys", "ok", f"a key and a secret of {len(found.api_secret)} characters")


def ports(wanted: Iterable[Port], *, running: bool) -> Check:
    """Check that the ports are free; taken ones are fine when our own stack is `running`."""
    taken = [port for port in wanted if port.number and is_taken(port)]
    if not taken:
        return Check("ports", "ok", "all free")
    shown = "; ".join(
        f"{port.number} ({port.kind}, {port.part}) by {holder(port) or 'another program'}"
        for port in taken
    )
    if running:
        return Check("ports", "ok", "held by the stack that is running")
    names = ", ".join(sorted({port.setting for port in taken}))
    return Check("ports", "bad", f"taken: {shown}", f"stop those, or set {names}")


def providers(settings: Settings) -> Check:
    """Say which provider keys are set and what therefore runs where."""
    named = {
        "OPENAI_API_KEY": settings.openai_api_key,
        "DEEPGRAM_API_KEY": settings.deepgram_api_key,
    }
    there = [name for name, value in named.items() if value]
    where = "; ".join(f"{part}: {place}" for part, place in settings.providers().items())
    if settings.openai_base_url and not settings.openai_api_key:
        fix = "set OPENAI_API_KEY too (any word, if that server asks for none)"
        return Check("providers", "warn", "OPENAI_BASE_URL without OPENAI_API_KEY is unused", fix)
    return Check("providers", "ok", f"{', '.join(there) or 'no keys'} set. {where}")


def scenarios(folders: Sequence[Path], default: str) -> Check:
    """Check that every scenario can be read and that the default one is among them."""
    try:
        good, problems = Library(*folders).check()
    except ScenarioError as error:
        fix = "create it or correct INTERLOCUTOR_SCENARIOS_DIR"
        return Check("scenarios", "bad", str(error), fix)
    if problems:
        return Check("scenarios", "bad", "\n".join(problems), "correct the file")
    ids = [scenario.id for scenario in good]
    if default not in ids:
        fix = f"set INTERLOCUTOR_DEFAULT_SCENARIO to one of: {', '.join(ids) or 'none'}"
        return Check("scenarios", "bad", f"no scenario named {default!r}", fix)
    return Check("scenarios", "ok", f"{len(ids)}: {', '.join(ids)}")


def agent_name(name: str) -> Check:
    """Say under which name the worker is dispatched."""
    if not name.strip():
        fix = "set INTERLOCUTOR_AGENT_NAME; without a name the worker joins every room"
        return Check("agent name", "bad", repr(name), fix)
    fix = "" if name == AGENT_NAME else "clients and `lk dispatch` must use this name"
    return Check("agent name", "ok", name, fix)


def data_dir(folder: Path) -> Check:
    """Check that the data folder can be written, or made."""
    there = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    fix = "make it writable, or set INTERLOCUTOR_DATA_DIR to a folder that is"
    if not there.is_dir() or not _can_write(there):
        return Check("data folder", "bad", f"{there} cannot be written", fix)
    return Check("data folder", "ok", str(folder.absolute()))


def _can_write(folder: Path) -> bool:
    probe = folder / ".interlocutor-doctor"
    try:
        probe.touch()
        probe.unlink()
    except OSError:
        return False
    return True
