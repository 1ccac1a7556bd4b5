"""Where the sound is in a stretch of audio: pure functions on levels.

Silence costs the trainee waiting time when it stands before speech, and Whisper invents words for
it when it stands alone.
"""

import numpy as np
import numpy.typing as npt

from agent.local_models.resample import Samples

AUDIBLE = 0.003
"""Root mean square of 5 ms from which the packaged voice is taken to speak (-50 dBFS)."""
FRAME_S = 0.005
NOTHING = 0.0004
"""Loudest level of a recording with nobody in it (-68 dBFS)."""


def levels(samples: Samples, frame: int) -> npt.NDArray[np.float32]:
    """Return the root mean square of each whole frame of `frame` samples."""
    whole = samples[: len(samples) // frame * frame].reshape(-1, frame)
    return np.asarray(np.sqrt(np.mean(whole * whole, axis=1)), np.float32)


def trim(samples: Samples, *, rate_hz: int, lead_s: float, tail_s: float) -> Samples:
    """Return the audible part with at most `lead_s` before and `tail_s` after; empty if none."""
    frame = int(FRAME_S * rate_hz)
    loud = np.flatnonzero(levels(samples, frame) > AUDIBLE)
    if not len(loud):
        return samples[:0]
    start = max(0, int(loud[0]) * frame - round(lead_s * rate_hz))
    return samples[start : (int(loud[-1]) + 1) * frame + round(tail_s * rate_hz)]


def is_silent(samples: Samples, *, rate_hz: int) -> bool:
    """Tell whether a recording is too short or too quiet to hold a word."""
    frame = rate_hz // 50
    return len(samples) < 5 * frame or float(levels(samples, frame).max()) < NOTHING


def windows(samples: Samples, *, rate_hz: int, longest_s: float) -> list[tuple[int, int]]:
    """Return start and end, in samples, of pieces no longer than `longest_s`, cut where it is
    quietest in the last third."""
    longest, frame = int(longest_s * rate_hz), rate_hz // 10
    cuts = [0]
    while len(samples) - cuts[-1] > longest:
        earliest = cuts[-1] + longest * 2 // 3
        quiet = int(np.argmin(levels(samples[earliest : cuts[-1] + longest], frame)))
        cuts.append(earliest + quiet * frame + frame // 2)
    return list(zip(cuts, [*cuts[1:], len(samples)], strict=True))
