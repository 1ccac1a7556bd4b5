"""What has to be asked over a connection: LiveKit, its clock, the database."""

import asyncio
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
from sqlalchemy.exc import SQLAlchemyError

from agent.local_stack.doctor.check import Check
from agent.local_stack.failure import StackError
from agent.local_stack.keys import Keys
from agent.local_stack.livekit import check_server
from token_server.database import DatabaseError, open_engine

CLOCK_S = 30
"""Seconds a clock may be off before tokens begin to be refused."""


async def livekit(url: str | None, keys: Keys | None) -> Check:
    """Check that the LiveKit server of LIVEKIT_URL is there and accepts the keys."""
    if url is None:
        return Check("LiveKit", "ok", "LIVEKIT_URL is not set: `make run` starts a server here")
    if keys is None:
        return Check("LiveKit", "bad", f"{url} was not asked: no usable keys", "see keys")
    try:
        await check_server(url, keys)
    except StackError as error:
        return Check("LiveKit", "bad", str(error))
    return Check("LiveKit", "ok", f"{url} accepts the keys")


async def server_time(url: str) -> datetime | None:
    """Return what time it is at a LiveKit server, or None when it does not say."""
    address = "http" + url.removeprefix("ws") if url.startswith("ws") else url
    try:
        async with httpx.AsyncClient(timeout=5) as http:
            said = (await http.get(address)).headers.get("date")
        return parsedate_to_datetime(said) if said else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None


def clock(now: datetime, *, theirs: datetime | None, at_least: datetime) -> Check:
    """Compare this machine's clock with the server's, or with a moment that has surely passed."""
    fix = "set this machine's clock: tokens made with a wrong one are refused"
    shown = now.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    if theirs is not None:
        off = (now - theirs).total_seconds()
        if abs(off) > CLOCK_S:
            return Check("clock", "bad", f"{shown}, {off:+.0f} s from the LiveKit server's", fix)
        return Check("clock", "ok", f"{shown}, like the LiveKit server's")
    if now < at_least:
        return Check("clock", "bad", f"{shown}, which is before this program was written", fix)
    return Check("clock", "ok", shown)


async def database(address: str | None, *, own: Path) -> Check:
    """Check that the database can be opened and written; None: SQLite at `own`."""
    if address is None and not await asyncio.to_thread(own.exists):
        return Check("database", "ok", f"none yet; SQLite will be made at {own}")
    try:
        engine = open_engine(address or f"sqlite+aiosqlite:///{own}", busy_ms=1000)
    except DatabaseError as error:
        return Check("database", "bad", str(error))
    shown = engine.url.render_as_string(hide_password=True)
    try:
        async with asyncio.timeout(8), engine.execution_options(writes=True).connect() as open_one:
            await open_one.exec_driver_sql("CREATE TABLE interlocutor_doctor (id INTEGER)")
            await open_one.rollback()
    except (TimeoutError, OSError, SQLAlchemyError) as error:
        cause = getattr(error, "orig", None) or error
        fix = "make it reachable and writable, or set DATABASE_URL to one that is"
        return Check("database", "bad", f"{shown}: {cause or 'no answer in 8 s'}", fix)
    finally:
        await engine.dispose()
    return Check("database", "ok", f"{shown} can be written")
