"""Waiting for something that happens elsewhere, never for ever."""

import asyncio
import time
from collections.abc import Callable

STEP_S = 0.01
"""One frame: nothing that is waited for here happens faster. Times are taken from frames, not from
when a wait noticed."""


async def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return True as soon as the condition holds, False when it did not within `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(STEP_S)
    return True
