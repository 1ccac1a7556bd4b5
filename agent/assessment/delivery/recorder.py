"""The trainee's last minutes of sound in memory, only until they are measured.

Bounded, never written anywhere, and forgotten from the front: no audio outlives its measuring.
For one thread, the conversation's; what it hands out may go to another.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.local_models.resample import Samples

KEPT_S = 120.0
SLACK_S = 0.25
"""Frames come early and late by less than this; only a longer hole was a hole in the sound."""
_PIECE_S = 1.0
"""Frames are held together by the second: handing out twenty must not hold up the conversation."""


@dataclass(slots=True)
class _Piece:
    started_s: float
    pcm: bytearray


@dataclass(frozen=True, slots=True)
class Clip:
    """A part of what was recorded."""

    pcm: npt.NDArray[np.int16]
    """Mono; silence where nothing had come in. Empty when nothing at all had."""
    rate_hz: int
    started_s: float

    def samples(self) -> Samples:
        """Return the sound as `measure` takes it, -1 to 1; for the thread that measures."""
        return self.pcm.astype(np.float32) / np.float32(32768)


class Recorder:
    """Collects mono PCM16 frames with the times they were heard at."""

    def __init__(self, *, kept_s: float = KEPT_S) -> None:
        self._kept_s = kept_s
        self._pieces: deque[_Piece] = deque()
        self._rate_hz = 0

    @property
    def held_bytes(self) -> int:
        """Return how much sound is in memory: at most `kept_s` of it and a second."""
        return sum(len(piece.pcm) for piece in self._pieces)

    def push(self, pcm: bytes | bytearray | memoryview, *, rate_hz: int, at_s: float) -> None:
        """Take in a frame that began at `at_s`; a frame of another rate starts over."""
        if rate_hz != self._rate_hz:
            self.clear()
            self._rate_hz = rate_hz
        frame = bytes(pcm[: len(pcm) // 2 * 2])
        last = self._pieces[-1] if self._pieces else None
        if last and abs(at_s - self._end_s(last)) <= SLACK_S:
            at_s = self._end_s(last)
            if len(last.pcm) < _PIECE_S * rate_hz * 2:
                last.pcm += frame
                return
        self._pieces.append(_Piece(at_s, bytearray(frame)))
        self.forget(at_s - self._kept_s)
        # A clock that jumps back would leave all of it in the future, where nothing is too old.
        while len(self._pieces) > 1 and self.held_bytes > self._kept_s * rate_hz * 2:
            self._pieces.popleft()

    def between(self, from_s: float, to_s: float) -> Clip:
        """Return what was heard from one time to another, as far as it is still held."""
        inside = [
            piece
            for piece in self._pieces
            if piece.started_s < to_s and self._end_s(piece) > from_s
        ]
        if not inside:
            return Clip(np.empty(0, np.int16), self._rate_hz, from_s)
        start_s = max(from_s, min(piece.started_s for piece in inside))
        end_s = min(to_s, max(self._end_s(piece) for piece in inside))
        whole = np.zeros(round((end_s - start_s) * self._rate_hz), np.int16)
        for piece in inside:
            heard = np.frombuffer(piece.pcm, "<i2")
            at = round((piece.started_s - start_s) * self._rate_hz)
            heard = heard[max(0, -at) :][: len(whole) - max(0, at)]
            whole[max(0, at) : max(0, at) + len(heard)] = heard
        return Clip(whole, self._rate_hz, start_s)

    def forget(self, before_s: float) -> None:
        """Drop all that was heard before this time."""
        while self._pieces:
            first = self._pieces[0]
            gone = min(len(first.pcm) // 2, round((before_s - first.started_s) * self._rate_hz))
            if gone <= 0:
                return
            del first.pcm[: 2 * gone]
            first.started_s += gone / self._rate_hz
            if first.pcm:
                return
            self._pieces.popleft()

    def clear(self) -> None:
        """Drop all."""
        self._pieces.clear()

    def _end_s(self, piece: _Piece) -> float:
        return piece.started_s + len(piece.pcm) / 2 / self._rate_hz
