"""Starts the parts together, waits until all are ready, and ends all when one ends."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

import httpx

from agent.local_stack.child import Child, Undertaker
from agent.local_stack.failure import PartFailed, StackError
from agent.local_stack.keys import Keys, keys_for
from agent.local_stack.livekit import check_server
from agent.local_stack.parts import Part, livekit_url, parts_of
from agent.local_stack.ports import problems
from agent.settings import Settings

POLL_S = 0.05


def ignore(name: str, text: str) -> None:
    """Take a line and do nothing with it."""


class Parts:
    """Some parts, running; use `running(...)`, which always stops them."""

    def __init__(self, parts: Iterable[Part], on_line: Callable[[str, str], None]) -> None:
        self._undertaker = Undertaker()
        self._children = [Child(part, self._undertaker, on_line) for part in parts]

    async def start(self, on_ready: Callable[[str, str], None] = ignore) -> None:
        """Start all and wait until each is ready; raises `PartFailed` for the first that is not.

        `on_ready(name, "3.2 s")` is called as they become ready.
        """
        began = monotonic()
        async with httpx.AsyncClient(timeout=2, trust_env=False) as http:
            for child in self._children:
                await child.start()

            async def one(child: Child) -> None:
                await _until_ready(child, http)
                on_ready(child.part.name, f"{monotonic() - began:.1f} s")

            waits = [asyncio.create_task(one(child)) for child in self._children]
            try:
                for wait in asyncio.as_completed(waits):
                    await wait
            finally:
                for task in waits:
                    task.cancel()
                await asyncio.gather(*waits, return_exceptions=True)

    async def first_end(self) -> PartFailed:
        """Wait until a part ends, which none should, and return what happened."""
        ends = {asyncio.create_task(child.ended()): child for child in self._children}
        try:
            done, _ = await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            return _ended(ends[done.pop()])
        finally:
            for task in ends:
                task.cancel()

    async def stop(self) -> None:
        """Stop all: first those whose last words need the others."""
        for first in (True, False):
            stops = [child.stop() for child in self._children if child.part.stops_first is first]
            await asyncio.gather(*stops)
        await asyncio.to_thread(self._undertaker.close)


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack that is up."""

    settings: Settings
    keys: Keys
    livekit_url: str
    parts: Parts = field(repr=False)

    @property
    def server_url(self) -> str:
        """Address of the token server and its page."""
        return self.settings.token_server_url()


@asynccontextmanager
async def running(
    parts: Iterable[Part],
    *,
    on_line: Callable[[str, str], None] = ignore,
    on_ready: Callable[[str, str], None] = ignore,
) -> AsyncIterator[Parts]:
    """Have the parts running and ready inside the block, and gone after it."""
    group = Parts(parts, on_line)
    try:
        await group.start(on_ready)
        yield group
    finally:
        await group.stop()


@asynccontextmanager
async def local_stack(
    settings: Settings,
    *,
    on_line: Callable[[str, str], None] = ignore,
    on_ready: Callable[[str, str], None] = ignore,
) -> AsyncIterator[Stack]:
    """Have the whole stack up inside the block; raises `StackError` when it cannot be."""
    keys = keys_for(settings)
    parts = parts_of(settings, keys)
    taken = problems(port for part in parts for port in part.ports)
    if taken:
        raise StackError("\n".join(taken))
    if settings.livekit_url:
        await check_server(settings.livekit_url, keys)
    async with running(parts, on_line=on_line, on_ready=on_ready) as group:
        yield Stack(settings, keys, livekit_url(settings), group)


async def _until_ready(child: Child, http: httpx.AsyncClient) -> None:
    part, deadline = child.part, monotonic() + child.part.ready_within_s
    last = "it never answered"
    while child.exit_code is None:
        answered = part.ready_url is None
        if part.ready_url:
            try:
                response = await http.get(part.ready_url)
                answered = response.status_code == 200
                last = f"{part.ready_url} answered {response.status_code}"
            except httpx.HTTPError:
                answered = False
        if answered and child.said_ready:
            return
        if monotonic() > deadline:
            if answered and part.ready_line:
                last = f"it did not print {part.ready_line.pattern!r}"
            raise PartFailed(
                part.name,
                f"was not ready after {part.ready_within_s:g} s: {last}",
                child.last_lines,
            )
        await asyncio.sleep(POLL_S)
    await child.ended()
    raise _ended(child)


def _ended(child: Child) -> PartFailed:
    code = child.exit_code or 0
    how = (
        f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
    )
    return PartFailed(child.part.name, how, child.last_lines)
