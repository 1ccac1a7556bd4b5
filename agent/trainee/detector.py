"""Finds where voice begins and ends in a stream of samples, by energy.

Deliberately plain: windows of 20 ms, three in a row above a threshold that stands clear of the
noise floor, then dated back to the first 5 ms that were loud. What it says depends on the samples
alone, never on when they came.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

import numpy as np

from agent.trainee.sound import RATE, VOICE_RMS, Samples, rms

WINDOW = RATE // 50
"""20 ms."""
FINE = RATE // 200
"""5 ms: how finely an edge is dated."""
LOUD_WINDOWS = 3
"""So many in a row are voice; fewer are a click."""
QUIET_WINDOWS = 15
"""300 ms: a shorter pause is inside a sentence."""
FLOOR_WINDOWS = 250
"""The noise floor is the quiet tenth of the last 5 s."""
LOUDEST_THRESHOLD = 1000.0
"""Voice without a pause must not raise its own threshold above this."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A place in the stream where voice begins or ends."""

    kind: Literal["onset", "offset"]
    sample: int
    """Counted from the start of the stream."""


class Detector:
    """Takes samples as they come, gives edges as soon as they are certain."""

    def __init__(self) -> None:
        self._position = 0
        self._rest: Samples = np.zeros(0, dtype=np.int16)
        self._recent: deque[Samples] = deque(maxlen=LOUD_WINDOWS + 1)
        self._loudness: deque[float] = deque(maxlen=FLOOR_WINDOWS)
        self._in_voice = False
        self._loud = 0
        self._quiet = 0
        self._last_loud = 0

    def push(self, samples: Samples) -> list[Edge]:
        """Return the edges that these samples made certain, oldest first."""
        waiting = np.concatenate([self._rest, samples])
        whole = len(waiting) // WINDOW * WINDOW
        self._rest = waiting[whole:]
        edges = [self._take(waiting[at : at + WINDOW]) for at in range(0, whole, WINDOW)]
        return [edge for edge in edges if edge is not None]

    def _take(self, window: Samples) -> Edge | None:
        threshold = self._threshold()
        loudness = rms(window)
        self._loudness.append(loudness)
        self._recent.append(window)
        self._position += WINDOW
        if loudness > threshold:
            self._loud += 1
            self._quiet = 0
            self._last_loud = self._position - WINDOW + _last_loud(window, threshold)
        else:
            self._loud = 0
            self._quiet += 1
        if not self._in_voice and self._loud == LOUD_WINDOWS:
            self._in_voice = True
            return Edge("onset", self._onset(threshold))
        if self._in_voice and self._quiet == QUIET_WINDOWS:
            self._in_voice = False
            return Edge("offset", self._last_loud)
        return None

    def _threshold(self) -> float:
        # Without a history there is no floor yet: the packaged voices begin from silence.
        if len(self._loudness) < LOUD_WINDOWS:
            return VOICE_RMS
        ordered = sorted(self._loudness)
        floor = ordered[len(ordered) // 10]
        return min(max(VOICE_RMS, 4 * floor), LOUDEST_THRESHOLD)

    def _onset(self, threshold: float) -> int:
        held = np.concatenate(list(self._recent))
        start = self._position - len(held)
        for at in range(0, len(held), FINE):
            if rms(held[at : at + FINE]) > threshold:
                return start + at
        return self._position - LOUD_WINDOWS * WINDOW


def _last_loud(window: Samples, threshold: float) -> int:
    for at in range(len(window) - FINE, -1, -FINE):
        if rms(window[at : at + FINE]) > threshold:
            return at + FINE
    return len(window)
