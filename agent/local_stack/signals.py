"""Ctrl-C and SIGTERM: the first asks for an orderly end, the second ends this process at once.

What is then still running is left to the undertaker, which is there for just that.
"""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """The user asked for the end."""


async def until_stopped(
    work: Coroutine[Any, Any, T], *, on_first: Callable[[], None] = lambda: None
) -> T:
    """Run `work`; at a signal cancel it, let it tidy up, and raise `Stopped`."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    asked = 0

    def ask() -> None:
        nonlocal asked
        asked += 1
        if asked == 1:
            on_first()
            task.cancel()
        else:
            os._exit(130)

    for number in NUMBERS:
        loop.add_signal_handler(number, ask)
    try:
        return await task
    except asyncio.CancelledError:
        if not asked:
            raise
        raise Stopped from None
    finally:
        for number in NUMBERS:
            loop.remove_signal_handler(number)
