"""Levels, clipping and pauses come out as they were made."""

import numpy as np
import pytest
from delivery_world import HZ, noise, room, silence, sine, voice

from agent.assessment.delivery.loudness import Loudness, measure_loudness
from agent.assessment.delivery.missing import NotMeasured
from agent.assessment.delivery.timing import articulation_rate, measure_pauses, speech_rate
from agent.assessment.delivery.voice import Voice, find_voice, frame_levels
from agent.local_models.resample import Samples

pytestmark = pytest.mark.unit


def found(sound: Samples, *, rate_hz: int = HZ) -> Voice:
    heard = find_voice(sound, rate_hz=rate_hz)
    assert isinstance(heard, Voice), heard
    return heard


def loudness(sound: Samples) -> Loudness:
    measured = measure_loudness(found(sound), sound, rate_hz=HZ, gain_control=False)
    assert isinstance(measured, Loudness), measured
    return measured


@pytest.mark.parametrize("rate_hz", [8000, 16_000, 22_050, 44_100, 48_000])
def test_a_frame_has_the_level_of_its_sound(rate_hz: int) -> None:
    levels = frame_levels(sine(200, 2, rate_hz=rate_hz), rate_hz=rate_hz)

    assert len(levels) == 200
    # A sine of amplitude 0.3.
    assert levels.mean() == pytest.approx(20 * np.log10(0.3 / np.sqrt(2)), abs=0.05)


@pytest.mark.parametrize("step_db", [-20.0, -6.0, 3.0, 6.0])
def test_a_step_in_level_is_found_to_half_a_decibel(step_db: float) -> None:
    usual = loudness(room(voice(150, 4, dbfs=-30)))
    stepped = loudness(room(voice(150, 4, dbfs=-30 + step_db)))

    assert usual.level_dbfs == pytest.approx(-30, abs=1.5)
    assert stepped.level_dbfs - usual.level_dbfs == pytest.approx(step_db, abs=0.5)


def test_pauses_do_not_lower_the_level() -> None:
    without = loudness(room(voice(150, 4)))
    with_pauses = loudness(room(voice(150, 2), silence(3), voice(150, 2)))

    assert with_pauses.level_dbfs == pytest.approx(without.level_dbfs, abs=0.3)


def test_a_knock_on_the_desk_does_not_raise_the_level() -> None:
    knock = noise(0.04, dbfs=-3)

    knocked = loudness(room(voice(150, 2), knock, voice(150, 2)))

    assert knocked.level_dbfs == pytest.approx(loudness(room(voice(150, 4))).level_dbfs, abs=0.5)


def test_one_loud_syllable_does_not_raise_the_level() -> None:
    loud = voice(150, 0.16, dbfs=-12)

    with_it = loudness(room(voice(150, 2), loud, voice(150, 2)))

    assert with_it.level_dbfs == pytest.approx(loudness(room(voice(150, 4))).level_dbfs, abs=0.5)


def test_the_noise_floor_is_that_of_the_pauses() -> None:
    sound = np.concatenate([silence(1), voice(150, 4), silence(1)]) + noise(6, dbfs=-55)

    assert loudness(sound).noise_dbfs == pytest.approx(-55, abs=1)


def test_overload_is_no_level() -> None:
    sound = np.clip(room(voice(150, 4, dbfs=-20)) * 20, -1, 1)

    measured = measure_loudness(found(sound), sound, rate_hz=HZ, gain_control=False)

    assert isinstance(measured, NotMeasured)
    assert measured.code == "clipping"


def test_a_level_somebody_else_turns_is_no_level() -> None:
    sound = room(voice(150, 4))

    measured = measure_loudness(found(sound), sound, rate_hz=HZ, gain_control=True)

    assert isinstance(measured, NotMeasured)
    assert measured.code == "gain_control"


@pytest.mark.parametrize("rate_hz", [16_000, 44_100, 48_000])
def test_pauses_have_the_length_they_were_made_with(rate_hz: int) -> None:
    made = (0.4, 1.5, 0.3)
    parts = [voice(180, 1.56, rate_hz=rate_hz)]
    for pause_s in made:
        parts += [silence(pause_s, rate_hz=rate_hz), voice(180, 1.56, rate_hz=rate_hz)]

    heard = found(room(*parts, rate_hz=rate_hz), rate_hz=rate_hz)
    pauses = measure_pauses(heard)

    assert heard.stretches[0].started_s == pytest.approx(0.5, abs=0.03)
    assert pauses.count == 3
    assert pauses.long_count == 1
    assert pauses.longest_s == pytest.approx(1.5, abs=0.05)
    assert pauses.share == pytest.approx(sum(made) / (sum(made) + 4 * 1.56), abs=0.02)


@pytest.mark.parametrize(("gap_s", "pauses"), [(0.15, 0), (0.2, 0), (0.3, 1)])
def test_a_gap_under_a_quarter_of_a_second_is_articulation(gap_s: float, pauses: int) -> None:
    sound = room(voice(180, 1.56), silence(gap_s), voice(180, 1.56))

    assert measure_pauses(found(sound)).count == pauses


def test_a_breath_in_a_pause_is_no_speech() -> None:
    breath = noise(0.3, dbfs=-40)
    sound = room(voice(180, 2), silence(0.35), breath, silence(0.35), voice(180, 2))

    assert measure_pauses(found(sound)).longest_s == pytest.approx(1.0, abs=0.1)


def test_an_unvoiced_sound_at_the_start_of_a_word_is_speech() -> None:
    sound = room(noise(0.15, dbfs=-35), voice(180, 2))

    assert found(sound).stretches[0].started_s == pytest.approx(0.5, abs=0.03)


def test_the_burst_of_a_t_belongs_to_its_word() -> None:
    sound = room(noise(0.05, dbfs=-35), silence(0.06), voice(180, 2))

    assert found(sound).stretches[0].started_s == pytest.approx(0.5, abs=0.03)


def test_mains_hum_under_the_words_is_no_speech() -> None:
    words = np.concatenate([silence(1), voice(210, 2), silence(1), voice(210, 2), silence(1)])
    hum = 0.02 * sine(100, len(words) / HZ)

    heard, without = found(words + hum), found(room(words))

    assert len(heard.stretches) == 2
    assert np.median(heard.pitches_hz) == pytest.approx(np.median(without.pitches_hz), rel=0.02)


def test_rates_count_pauses_and_articulation_does_not() -> None:
    heard = found(room(voice(180, 2.96), silence(0.5), voice(180, 2.96)))

    assert articulation_rate(heard, 15) == pytest.approx(60 * 15 / 5.92, rel=0.02)
    assert speech_rate(heard, 15) == pytest.approx(60 * 15 / 6.42, rel=0.02)


def test_a_long_silence_is_not_slow_speech() -> None:
    rates = [
        speech_rate(found(room(voice(180, 2.96), silence(pause_s), voice(180, 2.96))), 15)
        for pause_s in (1.0, 4.0)
    ]

    assert rates[1] == pytest.approx(rates[0], rel=0.02)


@pytest.mark.parametrize(
    ("sound", "code"),
    [
        pytest.param(silence(0), "silence", id="nothing"),
        pytest.param(silence(5), "silence", id="muted"),
        pytest.param(noise(5, dbfs=-75), "silence", id="an open microphone in a quiet room"),
        pytest.param(noise(5, dbfs=-25), "no_voice", id="noise"),
        pytest.param(sine(120, 5), "too_noisy", id="a hum"),
        pytest.param(voice(150, 5) + noise(5, dbfs=-20), "too_noisy", id="voice under noise"),
    ],
)
def test_where_nobody_is_heard_nothing_is_found(sound: Samples, code: str) -> None:
    heard = find_voice(sound, rate_hz=HZ)

    assert isinstance(heard, NotMeasured)
    assert heard.code == code
