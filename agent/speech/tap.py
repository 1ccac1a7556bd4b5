"""Lets something else hear what the session hears, before anything is done to it.

LiveKit evens out the level of what comes in (a quiet voice gets 19 dB), which helps recognition and
hides how loud anybody is. A frame processor is where the audio of the stream that is read anyway
can be had before that; the frames go on as they came.
"""

import time
from collections.abc import Callable

from livekit import rtc

HOLE_S = 1.0
"""Frames that come late by less were held up on the way and still follow each other."""

Take = Callable[[memoryview, int, float], None]
"""Takes mono PCM16 bytes, samples a second, and the second at which they began."""


class Tap(rtc.FrameProcessor[rtc.AudioFrame]):
    """Hands each frame to `take` with its time in seconds since `started_at`."""

    def __init__(
        self, take: Take, *, started_at: float, clock: Callable[[], float] = time.time
    ) -> None:
        """`started_at`: when second 0 was, by `clock`."""
        self._take = take
        self._started_at = started_at
        self._clock = clock
        self._next_s = float("-inf")
        self._enabled = True

    @property
    def enabled(self) -> bool:
        """Return whether frames are handed on."""
        return self._enabled

    @enabled.setter
    def enabled(self, value: bool) -> None:
        self._enabled = value

    def _process(self, frame: rtc.AudioFrame) -> rtc.AudioFrame:
        came_s = self._clock() - self._started_at - frame.duration
        # A frame cannot have been spoken after it came; one that came late has its place in line.
        if not 0 <= came_s - self._next_s < HOLE_S:
            self._next_s = came_s
        if frame.num_channels == 1:
            self._take(frame.data.cast("B"), frame.sample_rate, self._next_s)
        self._next_s += frame.duration
        return frame

    def _close(self) -> None:
        self._enabled = False
