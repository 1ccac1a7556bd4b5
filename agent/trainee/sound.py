"""Sound as arrays of 16-bit samples: framing, loudness, and where the voice in it begins and ends.

Pure, so that every number the trainee reports can be checked against a made-up signal. One
threshold decides what is voice, for the trainee's own line and for what is heard, so that
neither end of a measured latency is flattered.
"""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]

RATE = 24_000
"""Samples per second of everything sent and heard."""
FRAME = RATE // 100
"""Samples in one frame of 10 ms, the unit in which sound leaves."""
VOICE_RMS = 150.0
"""Loudness from which sound counts as voice: about -47 dB of full scale, above what the codec
leaves behind after a word (80 measured) and well below quiet speech."""


def rms(samples: Samples) -> float:
    """Return the loudness of some samples, 0 to 32768; 0 for none."""
    if len(samples) == 0:
        return 0.0
    wide = samples.astype(np.float64)
    return float(np.sqrt(np.mean(wide * wide)))


def frames(samples: Samples) -> list[Samples]:
    """Cut sound into frames of 10 ms, the last one filled up with silence."""
    count = -(-len(samples) // FRAME)
    padded = np.zeros(count * FRAME, dtype=np.int16)
    padded[: len(samples)] = samples
    return [padded[start : start + FRAME] for start in range(0, len(padded), FRAME)]


def voiced_frames(cut: list[Samples]) -> tuple[int, int] | None:
    """Return the indexes of the first and the last frame with voice in it, or None.

    A recording far quieter than ordinary speech is judged by a twentieth of its own loudest frame.
    """
    loudness = [rms(frame) for frame in cut]
    threshold = max(8.0, min(VOICE_RMS, max(loudness, default=0.0) / 20))
    above = [index for index, value in enumerate(loudness) if value > threshold]
    return (above[0], above[-1]) if above else None


def room_noise(count: int) -> list[Samples]:
    """Return frames of the faint noise an open microphone sends, about -79 dB of full scale.

    Exact zeros would say "muted", which no microphone in use does.
    """
    noise = np.random.default_rng(7).integers(-6, 7, size=count * FRAME, dtype=np.int16)
    return frames(noise)


def mono(interleaved: Samples, *, channels: int) -> Samples:
    """Return one channel: the mean of those given."""
    if channels == 1:
        return interleaved
    usable = len(interleaved) // channels * channels
    by_channel = interleaved[:usable].reshape(-1, channels).astype(np.float64)
    mixed: Samples = by_channel.mean(axis=1).astype(np.int16)
    return mixed
