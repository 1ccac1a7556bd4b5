"""Pitch, rate and pauses of real speech: the local voice at pitches and speeds that are known."""

from functools import lru_cache

import numpy as np
import pytest

from agent.assessment.delivery.measure import Measured, measure
from agent.assessment.delivery.pitch import Pitch, track
from agent.assessment.delivery.timing import Pauses
from agent.assessment.delivery.voice import Voice, find_voice, frame_levels
from agent.local_models.resample import Samples, resample, shift
from agent.local_models.speaking import RATE_HZ, Speaking
from agent.local_models.voice_name import VoiceName

pytestmark = pytest.mark.providers

TEXT = (
    "I can hear how worried you are about your son, Mrs. Brown. Tell me what happened this "
    "morning, in your own words, and take all the time you need. Nobody is going to rush you."
)


@pytest.fixture(scope="module")
def speaking() -> Speaking:
    return Speaking()


@lru_cache
def spoken(speaking: Speaking, pitch: float = 1.0, speed: float = 1.0) -> Samples:
    quiet = np.zeros(RATE_HZ // 2, np.float32)
    return np.concatenate(
        [quiet, *speaking.speak(TEXT, VoiceName("heart", pitch), speed=speed), quiet]
    )


def in_noise(sound: Samples, snr_db: float) -> Samples:
    level = np.sqrt(np.mean(sound[sound != 0] ** 2)) * 10 ** (-snr_db / 20)
    return sound + (np.random.default_rng(3).standard_normal(len(sound)) * level).astype(np.float32)


def audible(sound: Samples) -> np.ndarray:
    """Pitches of the frames that count: what dies away below is not measured."""
    levels = frame_levels(sound, rate_hz=RATE_HZ)
    pitches = track(sound, rate_hz=RATE_HZ)
    return np.where(levels > np.percentile(levels, 95) - 35, pitches, np.nan)


def measured(sound: Samples) -> Measured:
    return measure(sound, rate_hz=RATE_HZ, words=len(TEXT.split()))


def pitch_of(sound: Samples) -> Pitch:
    pitch = measured(sound).pitch
    assert isinstance(pitch, Pitch), pitch
    return pitch


@pytest.mark.parametrize("factor", [0.75, 0.85, 0.95, 1.1, 1.25])
def test_a_voice_made_higher_is_higher_by_the_same_factor(
    speaking: Speaking, factor: float
) -> None:
    usual, other = pitch_of(spoken(speaking)), pitch_of(spoken(speaking, factor))

    assert other.median_hz / usual.median_hz == pytest.approx(factor, rel=0.05)
    # In semitones a voice moves as much, however high it is.
    assert other.sd_semitones == pytest.approx(usual.sd_semitones, rel=0.2)


@pytest.mark.parametrize("factor", [0.8, 1.2, 1.4])
def test_frame_by_frame_the_octave_is_kept(speaking: Speaking, factor: float) -> None:
    sound = spoken(speaking)
    usual = audible(sound)
    other = audible(shift(sound, factor))

    there = np.round((np.arange(len(other)) + 0.5) * factor - 0.5).astype(int)
    off = 12 * np.log2(other / factor / usual[np.minimum(there, len(usual) - 1)])
    off = off[~np.isnan(off)]
    assert len(off) > 0.35 * len(other)
    assert np.mean(np.abs(off) > 6) < 0.02


@pytest.mark.parametrize("snr_db", [20, 10])
def test_noise_does_not_move_the_pitch(speaking: Speaking, snr_db: float) -> None:
    clean = audible(spoken(speaking))
    noisy = track(in_noise(spoken(speaking), snr_db), rate_hz=RATE_HZ)

    off = 12 * np.log2(noisy / clean)
    off = off[~np.isnan(off)]
    assert len(off) > 0.8 * np.count_nonzero(~np.isnan(clean))
    assert abs(np.median(off)) < 0.1
    assert np.mean(np.abs(off) > 6) < 0.02


@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_the_rate_of_the_recording_changes_nothing(speaking: Speaking, rate_hz: int) -> None:
    sound = spoken(speaking)
    again = measure(
        resample(sound, from_hz=RATE_HZ, to_hz=rate_hz), rate_hz=rate_hz, words=len(TEXT.split())
    )

    assert isinstance(again.pitch, Pitch)
    assert again.pitch.median_hz == pytest.approx(pitch_of(sound).median_hz, rel=0.01)
    assert again.speech_wpm == pytest.approx(measured(sound).speech_wpm, rel=0.01)


def test_slower_speech_has_a_lower_rate_by_as_much_as_it_is_longer(speaking: Speaking) -> None:
    usual, slow = spoken(speaking), spoken(speaking, speed=0.65)
    seconds = [len(sound) / RATE_HZ - 1.1 for sound in (usual, slow)]

    rates = [measured(sound).speech_wpm for sound in (usual, slow)]

    assert rates[1] / rates[0] == pytest.approx(seconds[0] / seconds[1], rel=0.05)


def test_a_silence_put_into_speech_is_found(speaking: Speaking) -> None:
    sound = spoken(speaking)
    voice = find_voice(sound, rate_hz=RATE_HZ)
    assert isinstance(voice, Voice)
    first, second = voice.stretches[0], voice.stretches[1]
    at = round((first.ended_s + second.started_s) / 2 * RATE_HZ)

    parted = np.concatenate([sound[:at], np.zeros(2 * RATE_HZ, np.float32), sound[at:]])
    pauses = measured(parted).pauses

    assert isinstance(pauses, Pauses)
    assert pauses.long_count == 1
    assert pauses.longest_s == pytest.approx(2 + second.started_s - first.ended_s, abs=0.03)


def test_a_gain_of_six_decibels_is_a_rise_of_six(speaking: Speaking) -> None:
    sound = spoken(speaking)
    known = measure(np.concatenate([sound] * 3), rate_hz=RATE_HZ).baseline

    louder = measure(2 * sound, rate_hz=RATE_HZ, baseline=known)

    assert louder.level_rise_db == pytest.approx(6.02, abs=0.3)
    assert louder.pitch_rise_semitones == pytest.approx(0, abs=0.1)
