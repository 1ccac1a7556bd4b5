"""Another sample rate without another library: a windowed-sinc filter, applied phase by phase.

scipy or soxr would each be a dependency for this one function; numpy does five seconds in a few
milliseconds. Memory stays bounded for long recordings because each phase works in blocks.
"""

from fractions import Fraction
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Mono audio, -1 to 1."""

CROSSINGS = 16
"""Zero crossings of the sinc on either side: about 80 dB of stop band with the window below."""
KAISER_BETA = 8.0
BLOCK = 1 << 15
"""Output samples of one phase worked on at a time."""


def resample(samples: Samples, *, from_hz: float, to_hz: float) -> Samples:
    """Return the sound at another sample rate, of the same duration."""
    # 441 is the largest that common rates need (44.1 to 16 kHz); each one more costs a phase.
    ratio = Fraction(to_hz / from_hz).limit_denominator(441)
    if ratio == 1 or not len(samples):
        return samples
    up, down = ratio.numerator, ratio.denominator
    filters = _filters(up, down)
    taps = filters.shape[1]
    count = -(-len(samples) * up // down)
    padded = np.pad(samples, (taps // 2 - 1, taps + down))
    windows = np.lib.stride_tricks.sliding_window_view(padded, taps)
    result = np.empty(count, np.float32)
    for first in range(min(up, count)):
        # Output n lies at n * down / up of the input: whole part picks the window, rest the filter.
        whole, phase = divmod(first * down, up)
        of_phase = -(-(count - first) // up)
        for start in range(0, of_phase, BLOCK):
            stop = min(start + BLOCK, of_phase)
            rows = windows[whole + start * down : whole + (stop - 1) * down + 1 : down]
            result[first + start * up : first + (stop - 1) * up + 1 : up] = rows @ filters[phase]
    return result


def shift(samples: Samples, pitch: float) -> Samples:
    """Return the sound with pitch and formants times `pitch`, and so 1/`pitch` as long."""
    return resample(samples, from_hz=pitch, to_hz=1.0)


@lru_cache(maxsize=32)
def _filters(up: int, down: int) -> Samples:
    """Return one row of weights for each of the `up` places between two input samples."""
    cutoff = min(1.0, up / down) * 0.95
    half = int(np.ceil(CROSSINGS / cutoff))
    offsets = np.arange(-half + 1, half + 1)
    distance = offsets[None, :] - np.arange(up)[:, None] / up
    inside = np.clip(1 - (distance / half) ** 2, 0, None)
    weights = np.sinc(distance * cutoff) * np.i0(KAISER_BETA * np.sqrt(inside))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)
