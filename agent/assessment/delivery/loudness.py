"""How loud the voice was, and whether the recording can tell.

A level in dBFS says as much about the microphone as about the speaker: only its change against the
trainee's own baseline means anything. Automatic gain control cannot be told reliably from the
sound of a single reply (a slow gain looks like a voice that rises or falls), so it has to be said
by whoever opened the microphone; a noise gate only silences pauses and leaves the voice its level.
"""

from dataclasses import dataclass

import numpy as np

from agent.assessment.delivery.missing import NotMeasured
from agent.assessment.delivery.pitch import Values
from agent.assessment.delivery.voice import Voice
from agent.local_models.resample import Samples

CLIPPED_AT = 0.98
"""Share of full scale from which a sample counts as cut off: codecs round the flat tops."""
CLIPPED_SHARE = 0.005
"""Of the samples while someone speaks; more, and the level is the microphone's limit."""
_HIGHEST_LEFT_OUT = 0.05
"""Share of the loudest frames that do not count: a knock on the desk is no raised voice."""


@dataclass(frozen=True, slots=True)
class Loudness:
    """The level of the voice in one reply."""

    level_dbfs: float
    """Root mean square over the voiced frames, the loudest 5 % left out."""
    range_db: float
    """Between the 10th and the 90th percentile of the voiced frames."""
    noise_dbfs: float
    """In the pauses."""
    clipped_share: float
    """Of the samples while the trainee spoke."""


def measure_loudness(
    voice: Voice, samples: Samples, *, rate_hz: int, gain_control: bool
) -> Loudness | NotMeasured:
    """Return the level of the voice, or why it tells nothing."""
    if gain_control:
        why = "The microphone adjusts its level by itself, so loudness cannot be compared."
        return NotMeasured("gain_control", why)
    clipped = clipped_share(voice, samples, rate_hz=rate_hz)
    if clipped > CLIPPED_SHARE:
        why = f"The microphone was overloaded in {clipped:.1%} of the speech; turn it down."
        return NotMeasured("clipping", why)
    low, high = np.percentile(voice.levels_db, [10, 90])
    return Loudness(
        level_dbfs=level_of(voice.levels_db),
        range_db=float(high - low),
        noise_dbfs=voice.noise_dbfs,
        clipped_share=clipped,
    )


def level_of(levels_db: Values) -> float:
    """Return the root mean square of at least one frame in dBFS, without the loudest 5 %."""
    ordered = np.sort(levels_db)
    kept = ordered[: max(1, round(len(ordered) * (1 - _HIGHEST_LEFT_OUT)))]
    return float(10 * np.log10(np.mean(10 ** (kept / 10))))


def clipped_share(voice: Voice, samples: Samples, *, rate_hz: int) -> float:
    """Return which share of the samples while someone spoke stands at the limit."""
    cut = count = 0
    for stretch in voice.stretches:
        spoken = samples[round(stretch.started_s * rate_hz) : round(stretch.ended_s * rate_hz)]
        cut += int(np.count_nonzero(np.abs(spoken) >= CLIPPED_AT))
        count += len(spoken)
    return cut / count if count else 0.0
