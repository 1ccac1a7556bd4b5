"""Where in a recording somebody speaks: every measure stands on this.

Sound is speech where it stands out from the noise and belongs to a stretch with voice in it; so a
breath, a click or a hum is none, and the unvoiced sounds of words are.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from agent.assessment.delivery.missing import NotMeasured
from agent.assessment.delivery.pitch import FRAME_S, Values, track
from agent.local_models.resample import Samples

SILENT_DBFS = -60.0
"""A recording in which nothing is louder holds nobody: microphone muted, or far away."""
LEAST_SNR_DB = 8.0
"""Voice that stands out less from the noise is not told from it reliably."""
CLOSURE_S = 0.1
"""A shorter gap belongs to a sound, as before the release of a p, t or k."""
PAUSE_S = 0.25
"""The usual threshold of a silent pause (field.md section 6); a shorter gap is articulation."""
_VOICED_S = 0.05
"""A stretch with less voice than this is a noise."""
_DIGITAL_ZERO_DBFS = -100.0


class Stretch(NamedTuple):
    """From when to when, in seconds."""

    started_s: float
    ended_s: float


@dataclass(frozen=True, slots=True)
class Voice:
    """The voice in a recording, every 10 ms."""

    levels_db: Values
    """Root mean square of each voiced frame, dBFS."""
    pitches_hz: Values
    """Pitch of each voiced frame."""
    stretches: tuple[Stretch, ...]
    """Speech without a pause, in order, from the start of the recording."""
    noise_dbfs: float
    """Level of what is heard when nobody speaks; -100 for digital silence."""
    snr_db: float
    """Loud syllables over that."""

    @property
    def seconds(self) -> float:
        """Return how long was spoken, pauses left out."""
        return sum(stretch.ended_s - stretch.started_s for stretch in self.stretches)


def find_voice(samples: Samples, *, rate_hz: int) -> Voice | NotMeasured:
    """Return the voice in a recording, or why none was found in it."""
    levels = frame_levels(samples, rate_hz=rate_hz)
    if not len(levels) or levels.max() < SILENT_DBFS:
        return NotMeasured("silence", "Nothing was heard from the microphone.")
    pitches = track(samples, rate_hz=rate_hz)
    periodic = ~np.isnan(pitches)
    if periodic.sum() * FRAME_S < _VOICED_S:
        return NotMeasured("no_voice", "There was sound, but no voice in it.")
    noise = float(np.percentile(levels, 5))
    loud = float(np.percentile(levels[periodic], 95))
    if loud - noise < LEAST_SNR_DB:
        return NotMeasured("too_noisy", "The voice did not stand out from the noise around it.")
    # Of a quiet recording the last 35 dB of the voice count, of a noisy one what rises above it:
    # a little for what has a pitch, more for a hiss that may be the noise itself.
    voiced = periodic & (levels > max(loud - 35, noise + 1.5))
    audible = voiced | (levels > max(loud - 35, noise + 0.25 * (loud - noise)))
    runs = _closed(_runs(audible), CLOSURE_S)
    counts = np.concatenate([[0], np.cumsum(voiced)])
    spoken = [run for run in runs if (counts[run[1]] - counts[run[0]]) * FRAME_S >= _VOICED_S]
    if not spoken:
        return NotMeasured("no_voice", "There was sound, but no voice in it.")
    return Voice(
        levels_db=levels[voiced],
        pitches_hz=pitches[voiced],
        stretches=tuple(
            Stretch(first * FRAME_S, last * FRAME_S) for first, last in _closed(spoken, PAUSE_S)
        ),
        noise_dbfs=noise,
        snr_db=loud - noise,
    )


def frame_levels(samples: Samples, *, rate_hz: int) -> Values:
    """Return the root mean square of each whole 10 ms in dBFS, smoothed over 30 ms.

    A full-scale sine has -3 dBFS. Digital silence is given as -100.
    """
    frames = int(len(samples) / rate_hz / FRAME_S)
    if not frames:
        return np.empty(0, np.float32)
    # Also rates that 100 does not divide keep in step with the clock.
    edges = np.round(np.arange(frames + 1) * FRAME_S * rate_hz).astype(np.intp)
    power = np.add.reduceat(np.square(samples[: edges[-1]]), edges[:-1]) / np.diff(edges)
    around = np.pad(power, 1, mode="edge")
    smooth = (around[:-2] + around[1:-1] + around[2:]) / 3
    floor = 10 ** (_DIGITAL_ZERO_DBFS / 10)
    return np.asarray(10 * np.log10(np.maximum(smooth, floor)), np.float32)


def _runs(mask: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def _closed(runs: list[tuple[int, int]], shorter_than_s: float) -> list[tuple[int, int]]:
    """Return the runs with those joined that less than this lies between."""
    joined: list[tuple[int, int]] = []
    for first, last in runs:
        # Half a frame of grace: the times are whole frames, the limit is not.
        if joined and (first - joined[-1][1] + 0.5) * FRAME_S < shorter_than_s:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined
