"""Pitch is found where it is known, at every rate and in noise, without octave errors."""

import numpy as np
import pytest
from delivery_world import HZ, in_noise, noise, sawtooth, silence, sine, tone

from agent.assessment.delivery.pitch import beside_its_like, describe, track
from agent.local_models.resample import Samples

pytestmark = pytest.mark.unit


def semitones_off(found: np.ndarray, true: np.ndarray | float) -> np.ndarray:
    off = 12 * np.log2(found / true)
    return off[~np.isnan(off)]


@pytest.mark.parametrize("snr_db", [np.inf, 20, 10])
@pytest.mark.parametrize("rate_hz", [16_000, 24_000, 48_000])
@pytest.mark.parametrize("hertz", [65.0, 120.0, 210.0, 490.0])
@pytest.mark.parametrize("make", [sine, sawtooth])
def test_a_steady_tone_has_its_pitch_in_every_frame(
    make, hertz: float, rate_hz: int, snr_db: float
) -> None:
    sound = make(hertz, 1.0, rate_hz=rate_hz)
    if np.isfinite(snr_db):
        sound = in_noise(sound, snr_db=snr_db, rate_hz=rate_hz)

    found = track(sound, rate_hz=rate_hz)
    off = semitones_off(found, hertz)

    assert len(found) == 100
    assert len(off) > 95
    assert abs(np.median(off)) < 0.1
    assert np.mean(np.abs(off) > 6) < 0.02


def glide() -> np.ndarray:
    return np.geomspace(90, 360, 3 * HZ)


def vibrato() -> np.ndarray:
    return 220 * 2 ** (np.sin(2 * np.pi * 5.5 * np.arange(3 * HZ) / HZ) / 12)


@pytest.mark.parametrize("snr_db", [60, 20, 10])
@pytest.mark.parametrize("hertz", [glide(), vibrato()], ids=["glide", "vibrato"])
def test_a_moving_pitch_is_followed(hertz: np.ndarray, snr_db: float) -> None:
    found = track(in_noise(tone(hertz), snr_db=snr_db), rate_hz=HZ)

    off = semitones_off(found, hertz[HZ // 200 :: HZ // 100])
    assert len(off) > 0.95 * len(found)
    assert np.percentile(np.abs(off), 90) < 0.5
    assert np.mean(np.abs(off) > 6) < 0.02


def test_the_spread_is_that_of_the_signal() -> None:
    # A sine of 1 semitone deviates by 0.71, and by 1.90 from its 10th to its 90th percentile.
    pitch = describe(track(tone(vibrato()), rate_hz=HZ))

    assert pitch.median_hz == pytest.approx(220, rel=0.01)
    assert pitch.sd_semitones == pytest.approx(0.71, abs=0.07)
    assert pitch.range_semitones == pytest.approx(1.90, abs=0.15)


def test_a_missing_fundamental_is_still_the_pitch() -> None:
    t = np.arange(HZ) / HZ
    telephone = sum(np.sin(2 * np.pi * 120 * n * t) for n in range(3, 8)).astype(np.float32)

    found = track(0.1 * telephone, rate_hz=HZ)

    assert np.nanmedian(found) == pytest.approx(120, rel=0.01)


def test_a_few_octave_errors_do_not_move_the_spread() -> None:
    true = np.full(98, 200, np.float32)

    pitch = describe(np.append(true, [100, 400]).astype(np.float32))

    assert pitch.median_hz == pytest.approx(200)
    assert pitch.sd_semitones < 0.01


@pytest.mark.parametrize(
    "sound",
    [
        pytest.param(noise(2, dbfs=-20), id="noise"),
        pytest.param(silence(2), id="silence"),
        pytest.param(sine(30, 2), id="a rumble below every voice"),
        pytest.param(sine(3000, 2), id="a whistle above every voice"),
    ],
)
def test_what_is_no_voice_has_no_pitch(sound: Samples) -> None:
    assert np.mean(~np.isnan(track(sound, rate_hz=HZ))) < 0.02


def test_a_pitch_that_no_neighbour_comes_near_is_none() -> None:
    nan = np.nan
    found = np.array([nan, 93, 184, 185, nan, 60, nan, 120, 121, 240], np.float32)

    kept = beside_its_like(found)

    assert kept[~np.isnan(kept)].tolist() == [184, 185, 120, 121]


@pytest.mark.parametrize("samples", [0, 1, 159])
def test_less_than_a_frame_has_no_frames(samples: int) -> None:
    assert len(track(np.ones(samples, np.float32), rate_hz=HZ)) == 0


def test_a_frame_is_where_its_sound_is() -> None:
    sound = np.concatenate([silence(2.5), sine(200, 0.5), silence(1)])

    voiced = np.flatnonzero(~np.isnan(track(sound, rate_hz=HZ)))

    assert voiced[0] == pytest.approx(250, abs=2)
    assert voiced[-1] == pytest.approx(299, abs=2)
