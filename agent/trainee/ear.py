"""What the trainee hears, and when.

The time of a sound is the time its frame arrived here, after network and jitter buffer: when a
person would have heard it. Times are passed in, so the ear can be tested without a room.
"""

from bisect import bisect_right
from collections import deque
from dataclasses import dataclass

from agent.trainee.detector import Detector
from agent.trainee.sound import RATE, Samples

REMEMBERED_FRAMES = 500
"""5 s of arrival times: an edge is known at most 0.4 s after it happened."""


@dataclass(slots=True)
class Voice:
    """A stretch of the persona's voice, in seconds of the monotonic clock."""

    started: float
    ended: float | None = None
    """None while it lasts."""


class Ear:
    """Turns frames as they arrive into stretches of voice."""

    def __init__(self) -> None:
        self.voices: list[Voice] = []
        self._detector = Detector()
        self._heard = 0
        self._frames: deque[tuple[int, float]] = deque(maxlen=REMEMBERED_FRAMES)

    def take(self, samples: Samples, *, at: float) -> None:
        """Take in a frame that arrived at second `at`."""
        self._frames.append((self._heard, at))
        self._heard += len(samples)
        for edge in self._detector.push(samples):
            if edge.kind == "onset":
                self.voices.append(Voice(self._time_of(edge.sample)))
            elif self.voices:
                self.voices[-1].ended = self._time_of(edge.sample - 1)

    def lost(self, *, at: float) -> None:
        """Take note that the persona's track ended at second `at`, and what it said with it."""
        if self.voices and self.voices[-1].ended is None:
            self.voices[-1].ended = at
        self._detector = Detector()
        self._heard = 0
        self._frames.clear()

    def quiet_s(self, now: float) -> float:
        """Return for how many seconds there has been no voice; infinite before the first."""
        if not self.voices:
            return float("inf")
        ended = self.voices[-1].ended
        return 0.0 if ended is None else now - ended

    def _time_of(self, sample: int) -> float:
        known = list(self._frames)
        index = max(bisect_right(known, (sample, float("inf"))) - 1, 0)
        first, arrived = known[index]
        return arrived + (sample - first) / RATE
