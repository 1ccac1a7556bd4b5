"""Sounds whose pitch, level and pauses are known because they were made so."""

import numpy as np

from agent.local_models.resample import Samples

HZ = 16_000
SYLLABLE_S, GAP_S = 0.16, 0.04
"""A made voice speaks five syllables a second."""


def sine(hertz: float, seconds: float, *, rate_hz: int = HZ) -> Samples:
    return tone(np.full(round(seconds * rate_hz), hertz), harmonics=1, rate_hz=rate_hz)


def sawtooth(hertz: float, seconds: float, *, rate_hz: int = HZ) -> Samples:
    harmonics = int(rate_hz / 2.2 / hertz)
    return tone(np.full(round(seconds * rate_hz), hertz), harmonics=harmonics, rate_hz=rate_hz)


def tone(hertz: np.ndarray, *, harmonics: int = 12, rate_hz: int = HZ) -> Samples:
    """A tone of a pitch given for every sample, its harmonics falling by 6 dB an octave."""
    phase = 2 * np.pi * np.cumsum(hertz) / rate_hz
    whole = sum(np.sin(n * phase) / n for n in range(1, harmonics + 1))
    return (0.3 * whole).astype(np.float32)


def voice(hertz: float, seconds: float, *, dbfs: float = -25.0, rate_hz: int = HZ) -> Samples:
    """Syllables of a pitch that falls and rises by two semitones, at a level within them."""
    t = np.arange(round(seconds * rate_hz)) / rate_hz
    sound = tone(hertz * 2 ** (2 * np.sin(2 * np.pi * 0.7 * t) / 12), rate_hz=rate_hz)
    sound *= 10 ** (dbfs / 20) / np.sqrt(np.mean(sound**2))
    return (sound * (t % (SYLLABLE_S + GAP_S) < SYLLABLE_S)).astype(np.float32)


def silence(seconds: float, *, rate_hz: int = HZ) -> Samples:
    return np.zeros(round(seconds * rate_hz), np.float32)


def noise(seconds: float, *, dbfs: float, rate_hz: int = HZ) -> Samples:
    made = np.random.default_rng(7).standard_normal(round(seconds * rate_hz))
    return (made * 10 ** (dbfs / 20)).astype(np.float32)


def in_noise(sound: Samples, *, snr_db: float, rate_hz: int = HZ) -> Samples:
    level = 10 * np.log10(np.mean(sound[sound != 0] ** 2))
    return sound + noise(len(sound) / rate_hz, dbfs=level - snr_db, rate_hz=rate_hz)


def room(*parts: Samples, rate_hz: int = HZ) -> Samples:
    """The parts one after the other, half a second of quiet room around and under them."""
    quiet = silence(0.5, rate_hz=rate_hz)
    whole = np.concatenate([quiet, *parts, quiet])
    return whole + noise(len(whole) / rate_hz, dbfs=-75, rate_hz=rate_hz)
