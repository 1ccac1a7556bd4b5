"""What is installed on this machine."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

from agent.local_stack.doctor.check import Check, Verdict
from agent.local_stack.livekit import VERSION, WAYS_TO_GET_ONE

_VERSION = re.compile(r"\d+\.\d+(\.\d+)?")


def python(info: tuple[int, int, int]) -> Check:
    """Check the version of Python that runs this."""
    shown = ".".join(map(str, info))
    if info < (3, 11, 0):
        return Check(
            "Python", "bad", shown, "install Python 3.11 or newer, remove .venv, run again"
        )
    return Check("Python", "ok", shown)


def locked(text: str) -> Iterator[Requirement]:
    """Yield what a lock file asks for on this machine."""
    for line in text.splitlines():
        wanted = line.split("\\")[0].split(" --hash")[0].strip()
        if not wanted or line[0] in " #-":
            continue
        try:
            requirement = Requirement(wanted)
        except InvalidRequirement:
            continue
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement


def packages(
    name: str, text: str, *, installed: Callable[[str], str | None], optional: bool = False
) -> Check:
    """Compare what a lock file asks for with what `installed` knows."""
    there = {wanted: installed(wanted.name) for wanted in locked(text)}
    missing = sorted(wanted.name for wanted, found in there.items() if found is None)
    other = sorted(
        f"{wanted.name} {found}"
        for wanted, found in there.items()
        if found is not None and not wanted.specifier.contains(found, prereleases=True)
    )
    verdict: Verdict = "warn" if optional else "bad"
    fix = "run `make test`" if optional else "run `make install`"
    if not there:
        return Check(name, verdict, "the lock file is missing or empty", "run `make lock`")
    if missing:
        return Check(name, verdict, f"missing: {_few(missing)}", fix)
    if other:
        return Check(name, "warn", f"not as in the lock: {_few(other)}", fix)
    return Check(name, "ok", f"{len(there)} packages as in the lock")


def installed_version(package: str) -> str | None:
    """Return the installed version of a package, or None."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def livekit_server(path: str | None, said: str, *, needed: bool, go: str | None) -> Check:
    """Check the livekit-server at `path` that answers `said` to --version."""
    name = "livekit-server"
    if path is None:
        if not needed:
            return Check(name, "ok", "none here; LIVEKIT_URL names another")
        fix = "run `make install`: it builds one with Go" if go else WAYS_TO_GET_ONE
        return Check(name, "bad", f"none on PATH; Go {'is here' if go else 'is missing'}", fix)
    found = _VERSION.search(said)
    if not found:
        return Check(name, "bad", f"{path} does not tell its version", WAYS_TO_GET_ONE)
    if found[0].split(".")[:2] != VERSION.split(".")[:2]:
        fix = f"tried with {VERSION}; remove this one from PATH and run `make install` if odd"
        return Check(name, "warn", f"{found[0]} ({path})", fix)
    return Check(name, "ok", f"{found[0]} ({path})")


def node(said: str | None) -> Check:
    """Check the Node that answers `said` to --version; None when there is none."""
    fix = "install Node 20 or newer and run `make install`; needed for the page only"
    found = _VERSION.search(said or "")
    if not found:
        return Check("Node", "warn", "none on PATH", fix)
    old = int(found[0].split(".")[0]) < 20
    return Check("Node", "warn" if old else "ok", found[0], fix if old else "")


def page(web: Path) -> Check:
    """Check that what the page loads has been installed under `web`."""
    if (web / "node_modules" / "livekit-client" / "package.json").exists():
        return Check("page", "ok", "livekit-client is installed")
    fix = "run `make install` with Node 20 or newer; other LiveKit clients work without"
    return Check("page", "warn", "livekit-client is not installed", fix)


def answer(*command: str) -> str | None:
    """Return what a command prints, or None when it is not there or fails."""
    if shutil.which(command[0]) is None:
        return None
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return (done.stdout + done.stderr) if done.returncode == 0 else None


def _few(names: list[str], most: int = 5) -> str:
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")
