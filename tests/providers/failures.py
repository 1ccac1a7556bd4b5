"""What a part did when its provider failed: what was raised, and how long it took."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from livekit.agents import APIConnectOptions, APIError

IMPATIENT = APIConnectOptions(max_retry=2, retry_interval=0.01, timeout=0.25)
"""Three attempts in all, so that a test of giving up is short."""
ATTEMPTS = IMPATIENT.max_retry + 1
SOON_S = 3.0
"""Longest that giving up may take with these; on a busy machine it takes under one."""


@dataclass(frozen=True, slots=True)
class Failure:
    """How it ended."""

    error: APIError
    took_s: float


async def failure_of(attempt: Callable[[], Awaitable[object]]) -> Failure:
    """Return how an attempt failed; raises AssertionError if it did not."""
    began = time.perf_counter()
    try:
        result = await attempt()
    except APIError as error:
        return Failure(error, time.perf_counter() - began)
    raise AssertionError(f"it should have failed and returned {result!r}")
