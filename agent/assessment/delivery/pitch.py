"""The pitch of a voice, every 10 ms, by YIN.

After A. de Cheveigné and H. Kawahara, "YIN, a fundamental frequency estimator for speech and
music", J. Acoust. Soc. Am. 111(4), 2002: difference function, cumulative mean normalisation,
absolute threshold, parabolic interpolation. The difference function is taken for all frames at once
through the Fourier transform, so that a reply is measured in milliseconds.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from agent.assessment.delivery.band_limit import RATE_HZ, band_limit
from agent.local_models.resample import Samples

Values = npt.NDArray[np.float32]

FRAME_S = 0.01
LOWEST_HZ, HIGHEST_HZ = 60.0, 500.0
DIP = 0.15
"""The first dip of the normalised difference below this is the period (the paper: 0.1)."""
SLACK = 0.06
"""In noise no dip reaches `DIP`; then the first that comes this near to the deepest is taken, since
the deepest may be at twice the period."""
PERIODIC = 0.35
"""A frame whose dip is shallower than this has no pitch."""
LEAP_SEMITONES = 2.0
"""No voice moves further in 10 ms."""
STRAY_SEMITONES = 10.0
"""Further from the reply's median than this is an octave error, not a voice that moved."""

_SHORTEST, _LONGEST = int(RATE_HZ / HIGHEST_HZ), int(np.ceil(RATE_HZ / LOWEST_HZ)) + 1
_WINDOW = 2 * _LONGEST
"""Two of the longest periods."""
_SPAN = _WINDOW + _LONGEST
_TRANSFORM = 240
"""Not shorter than `_SPAN`, so that no lag wraps round; a product of small primes is quick."""
_HOP = int(RATE_HZ * FRAME_S)
_BLOCK = 180
"""Frames searched at a time, with the margins 2 s: bounds memory and fits the cache."""
_MARGIN_S = 0.1
"""Of sound around a block, more than a frame needs: hides the ends from `band_limit`."""


@dataclass(frozen=True, slots=True)
class Pitch:
    """The pitch of one reply."""

    median_hz: float
    sd_semitones: float
    """Standard deviation; about the same for all voices, larger the livelier the talk."""
    range_semitones: float
    """From the 10th to the 90th percentile."""


def track(samples: Samples, *, rate_hz: int) -> Values:
    """Return the pitch in Hz of each whole 10 ms of the sound, NaN where it has none."""
    frames = int(len(samples) / rate_hz / FRAME_S)
    blocks = [_track_block(samples, rate_hz, first) for first in range(0, frames, _BLOCK)]
    return beside_its_like(np.concatenate(blocks)[:frames]) if blocks else np.empty(0, np.float32)


def describe(hertz: Values) -> Pitch:
    """Return median and spread of at least one pitch, octave errors left out."""
    semitones = without_strays(to_semitones(hertz))
    low, middle, high = np.percentile(semitones, [10, 50, 90])
    return Pitch(
        median_hz=float(2 ** (middle / 12)),
        sd_semitones=float(np.std(semitones)),
        range_semitones=float(high - low),
    )


def to_semitones(hertz: Values) -> Values:
    """Return pitches in semitones over 1 Hz, NaN left out."""
    return np.asarray(12 * np.log2(hertz[~np.isnan(hertz)]), np.float32)


def without_strays(semitones: Values) -> Values:
    """Return what lies within `STRAY_SEMITONES` of the median."""
    distance = np.abs(semitones - np.median(semitones))
    return np.asarray(semitones[distance <= STRAY_SEMITONES], np.float32)


def beside_its_like(hertz: Values) -> Values:
    """Return the pitches with those taken out that neither neighbour comes near: where voice sets
    in or dies away, a frame holds less than it takes."""
    steps = np.abs(np.diff(np.log2(hertz), prepend=np.nan, append=np.nan)) * 12
    alone = ~((steps[:-1] <= LEAP_SEMITONES) | (steps[1:] <= LEAP_SEMITONES))
    return np.where(alone, np.float32(np.nan), hertz)


def _track_block(samples: Samples, rate_hz: int, first: int) -> Values:
    start = round((first * FRAME_S - _MARGIN_S) * rate_hz)
    length = round((_BLOCK * FRAME_S + 2 * _MARGIN_S) * rate_hz)
    piece = np.zeros(length, np.float32)
    known = samples[max(0, start) : start + length]
    piece[max(0, -start) : max(0, -start) + len(known)] = known
    limited = band_limit(piece, rate_hz=rate_hz)
    # The middle of what a frame looks at is the middle of its 10 ms.
    offset = round((_MARGIN_S + FRAME_S / 2) * RATE_HZ) - _SPAN // 2
    return _periods(_difference(limited[offset:]))


def _difference(limited: Values) -> Values:
    """Return for each frame the squared difference of its window and that moved by each lag."""
    spans = _frames(limited, _SPAN)
    moved = np.fft.rfft(spans, _TRANSFORM)
    still = np.fft.rfft(spans[:, :_WINDOW], _TRANSFORM)
    product = np.fft.irfft(moved * still.conj(), _TRANSFORM)[:, : _LONGEST + 1]
    until = np.concatenate([[0.0], np.cumsum(np.square(limited, dtype=np.float64))])
    energy = _frames((until[_WINDOW:] - until[:-_WINDOW]).astype(np.float32), _LONGEST + 1)
    return np.asarray(np.maximum(energy[:, :1] + energy - 2 * product, 0), np.float32)


def _frames(values: Values, width: int) -> Values:
    return np.lib.stride_tricks.sliding_window_view(values, width)[::_HOP][:_BLOCK]


def _periods(difference: Values) -> Values:
    lags = np.arange(1, _LONGEST + 1, dtype=np.float32)
    running = np.cumsum(difference[:, 1:], axis=1)
    normal = np.ones_like(difference)
    np.divide(difference[:, 1:] * lags, running, out=normal[:, 1:], where=running > 1e-9)

    inner = normal[:, _SHORTEST:_LONGEST]
    dips = (inner <= normal[:, _SHORTEST - 1 : _LONGEST - 1]) & (
        inner < normal[:, _SHORTEST + 1 : _LONGEST + 1]
    )
    depth = np.where(dips, inner, np.float32(1))
    limit = np.maximum(DIP, depth.min(axis=1) + SLACK)
    picked = np.argmax(depth <= limit[:, None], axis=1)
    rows = np.arange(len(difference))
    lag = picked + _SHORTEST

    before, at, after = (difference[rows, lag + step] for step in (-1, 0, 1))
    bend = before - 2 * at + after
    shift = np.zeros_like(at)
    np.divide(before - after, 2 * bend, out=shift, where=bend > 0)
    hertz = RATE_HZ / (lag + np.clip(shift, -1, 1))
    found = depth[rows, picked] < PERIODIC
    return np.where(found, hertz, np.nan).astype(np.float32)
