"""Runs the checks and shows them as a table."""

import os
import shutil
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from dotenv import dotenv_values
from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.local_stack.demo import is_up
from agent.local_stack.doctor import configuration, machine, network
from agent.local_stack.doctor.check import Check
from agent.local_stack.environment import ROOT, user_settings
from agent.local_stack.failure import StackError
from agent.local_stack.livekit import find_server
from agent.local_stack.parts import wanted_ports
from agent.settings import Settings

WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
COLOURS = {"ok": "green", "warn": "yellow", "bad": "bold red"}


async def doctor(console: Console) -> int:
    """Print what is there, what is missing and what to do; return 1 when something needed is."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for column in ("", "what", "found", "to do"):
        table.add_column(column, overflow="fold")
    found = [check async for check in examine(user_settings())]
    for check in found:
        table.add_row(
            Text(check.verdict, style=COLOURS[check.verdict]),
            check.name,
            Text(check.what),
            Text(check.fix),
        )
    console.print(table)
    bad = [check.name for check in found if check.verdict == "bad"]
    if bad:
        console.print(f"\nNot ready: {', '.join(bad)}.", style="bold red", soft_wrap=True)
        return 1
    console.print("\nReady: `make run`.", style="green")
    return 0


async def examine(settings: Settings) -> AsyncIterator[Check]:
    """Yield every check of this machine under these settings."""
    info = sys.version_info
    yield machine.python((info.major, info.minor, info.micro))
    for name, lock, optional in (
        ("packages", "requirements.lock", False),
        ("model packages", "requirements-models.lock", False),
        ("packages for tests", "requirements-dev.lock", True),
    ):
        text = (ROOT / lock).read_text(encoding="utf-8") if (ROOT / lock).exists() else ""
        yield machine.packages(name, text, installed=machine.installed_version, optional=optional)
    server = find_server()
    yield machine.livekit_server(
        server,
        (machine.answer(server, "--version") or "") if server else "",
        needed=settings.livekit_url is None,
        go=shutil.which("go"),
    )
    yield machine.node(machine.answer("node", "--version"))
    yield machine.page(ROOT / "token_server" / "web")

    running = await is_up(settings.token_server_url())
    wanted = chain.from_iterable(wanted_ports(settings).values())
    yield configuration.ports(wanted, running=running)
    yield configuration.keys(settings)
    try:
        keys = configuration.known_keys(settings)
    except StackError:
        keys = None
    yield await network.livekit(settings.livekit_url, keys)
    theirs = await network.server_time(settings.livekit_url) if settings.livekit_url else None
    yield network.clock(datetime.now(UTC), theirs=theirs, at_least=WRITTEN)
    yield configuration.data_dir(settings.data_dir)
    yield await network.database(_database_address(), own=settings.data_dir / "interlocutor.db")
    yield configuration.providers(settings)
    folders = [settings.scenarios_dir] if settings.scenarios_dir else []
    yield configuration.scenarios(folders, settings.default_scenario)
    yield configuration.agent_name(settings.agent_name)


def _database_address() -> str | None:
    name = "DATABASE_URL"
    return os.environ.get(name) or (dotenv_values(Path(".env")).get(name) or None)
