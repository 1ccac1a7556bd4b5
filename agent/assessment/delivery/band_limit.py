"""Keeps the part of a sound that carries its pitch, at a rate low enough to search quickly.

YIN's authors recommend a low-pass before it: noise and formants above the first harmonics only
disturb the search. Cutting the spectrum does the low-pass and the lower rate in one step.
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from agent.local_models.resample import Samples

RATE_HZ = 4000
"""Rate of what is returned."""
_RISE_HZ = (40.0, 60.0)
"""Below is rumble, mains hum and offset."""
_FALL_HZ = (1000.0, 1400.0)


def band_limit(samples: Samples, *, rate_hz: int) -> Samples:
    """Return the sound between 60 and 1000 Hz at `RATE_HZ`.

    The ends run into each other (the transform is circular): give a margin and cut it off.
    """
    count = round(len(samples) * RATE_HZ / rate_hz)
    # Means of neighbours first: what that folds down lies above 14 kHz, where speech has little.
    if (step := rate_hz // 16_000) > 1:
        whole = len(samples) // step * step
        parts = [samples[first:whole:step] for first in range(step)]
        samples = np.asarray(sum(parts[1:], parts[0]) / np.float32(step), np.float32)
    spectrum = np.fft.rfft(samples)
    kept = _gain(count // 2 + 1, count)
    bins = min(len(spectrum), len(kept))
    limited = np.zeros(len(kept), np.complex64)
    limited[:bins] = spectrum[:bins] * kept[:bins]
    scale = np.float32(count / len(samples))
    return np.asarray(np.fft.irfft(limited, count) * scale, np.float32)


@lru_cache(maxsize=4)
def _gain(bins: int, count: int) -> npt.NDArray[np.float32]:
    hz = np.arange(bins) * RATE_HZ / count
    edges = [*_RISE_HZ, *_FALL_HZ]
    return np.interp(hz, edges, [0.0, 1.0, 1.0, 0.0]).astype(np.float32)
