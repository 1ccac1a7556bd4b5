"""Another sample rate keeps the sound; another pitch moves it."""

import numpy as np
import pytest

from agent.local_models.resample import Samples, resample, shift

pytestmark = pytest.mark.unit


def tone(frequency_hz: float, rate_hz: int, seconds: float = 1.0) -> Samples:
    return np.sin(2 * np.pi * frequency_hz * np.arange(round(rate_hz * seconds)) / rate_hz).astype(
        np.float32
    )


def loudest_hz(samples: Samples, rate_hz: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * rate_hz / len(samples)


@pytest.mark.parametrize("from_hz", [8000, 16_000, 22_050, 24_000, 44_100, 48_000])
def test_a_tone_stays_itself_at_any_rate(from_hz: int) -> None:
    heard = resample(tone(1000, from_hz), from_hz=from_hz, to_hz=16_000)

    assert len(heard) == pytest.approx(16_000, abs=2)
    inside = slice(800, 15_000)
    np.testing.assert_allclose(heard[inside], tone(1000, 16_000)[inside], atol=0.02)


def test_what_the_new_rate_cannot_carry_is_gone_rather_than_folded_back() -> None:
    heard = resample(tone(11_000, 48_000), from_hz=48_000, to_hz=16_000)

    assert np.abs(heard[800:-800]).max() < 0.001


def test_a_recording_longer_than_a_block_has_no_seam() -> None:
    heard = resample(tone(440, 24_000, 5), from_hz=24_000, to_hz=16_000)

    np.testing.assert_allclose(heard[800:-800], tone(440, 16_000, 5)[800:-800], atol=0.01)


@pytest.mark.parametrize("pitch", [0.75, 0.9, 1.07, 1.25])
def test_a_shift_moves_the_pitch_and_shortens_by_as_much(pitch: float) -> None:
    shifted = shift(tone(400, 24_000), pitch)

    assert loudest_hz(shifted, 24_000) == pytest.approx(400 * pitch, rel=0.01)
    assert len(shifted) == pytest.approx(24_000 / pitch, rel=0.01)


def test_nothing_stays_nothing_and_the_same_rate_changes_nothing() -> None:
    samples = tone(300, 16_000)

    assert resample(samples, from_hz=16_000, to_hz=16_000) is samples
    assert len(resample(samples[:0], from_hz=48_000, to_hz=16_000)) == 0


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_a_few_samples_are_enough(length: int) -> None:
    samples = np.ones(length, np.float32)

    assert len(resample(samples, from_hz=24_000, to_hz=16_000)) == -(-length * 2 // 3)
    assert len(resample(samples, from_hz=16_000, to_hz=24_000)) == -(-length * 3 // 2)
