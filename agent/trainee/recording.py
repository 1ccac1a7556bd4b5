"""The encounter as a stereo file: left what the trainee sent, right what they heard.

Both channels are on one time line, so latencies can be measured again from the file by anyone who
does not believe ours.
"""

import wave
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from agent.trainee.sound import RATE, Samples

Piece = tuple[float, Samples]
"""When a frame's first sample was spoken or heard, in seconds of one clock, and its samples."""
FOLLOWING = 50
"""Frames looked at to tell one late frame from a gap in the stream, after which all are late."""
GAP_S = 0.02
"""A lasting shift longer than this moves the sound; a shorter one is the event loop's jitter."""


@dataclass
class Recording:
    """Everything sent and heard, as it happened."""

    sent: list[Piece] = field(default_factory=list)
    heard: list[Piece] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write a WAV file of 16-bit stereo at 24 kHz; raises `OSError`."""
        starts = [pieces[0][0] for pieces in (self.sent, self.heard) if pieces]
        left = lay_out(self.sent, start=min(starts, default=0.0))
        right = lay_out(self.heard, start=min(starts, default=0.0))
        both = np.zeros((max(len(left), len(right)), 2), dtype="<i2")
        both[: len(left), 0] = left
        both[: len(right), 1] = right
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(both.tobytes())


def lay_out(pieces: list[Piece], *, start: float) -> Samples:
    """Return the pieces as one sound that begins at second `start`, silence where there are none.

    Frames leave and arrive every 10 ms, but are seen when the event loop gets to them. The earliest
    of those that follow tells where a frame belongs; else each delay would tear the sound.
    """
    if not pieces:
        return np.zeros(0, dtype=np.int16)
    lengths = np.array([len(samples) for _, samples in pieces])
    before = np.concatenate([[0], np.cumsum(lengths)[:-1]]) / RATE
    lateness = np.array([at for at, _ in pieces]) - before
    padded = np.pad(lateness, (0, FOLLOWING), mode="edge")
    earliest = np.lib.stride_tricks.sliding_window_view(padded, FOLLOWING + 1).min(axis=1)
    shift, places = earliest[0], []
    for each in earliest:
        if abs(each - shift) > GAP_S:
            shift = each
        places.append(shift)
    firsts = np.maximum(np.round((before + np.array(places) - start) * RATE), 0).astype(int)
    sound = np.zeros(int((firsts + lengths).max()), dtype=np.int16)
    for first, (_, samples) in zip(firsts, pieces, strict=True):
        sound[first : first + len(samples)] = samples
    return sound
