"""Each measure of a reply is a value, or says why it is not."""

import dataclasses

import numpy as np
import pytest
from delivery_world import HZ, in_noise, noise, room, silence, voice

from agent.assessment.delivery.baseline import Baseline
from agent.assessment.delivery.loudness import Loudness
from agent.assessment.delivery.measure import Measured, measure
from agent.assessment.delivery.missing import NotMeasured
from agent.assessment.delivery.overlap import Line, Overlap
from agent.assessment.delivery.pitch import Pitch
from agent.local_models.resample import Samples

pytestmark = pytest.mark.unit


def code(value: object) -> str | None:
    return value.code if isinstance(value, NotMeasured) else None


def codes(measured: Measured) -> set[str | None]:
    fields = [each.name for each in dataclasses.fields(measured) if each.name != "baseline"]
    return {code(getattr(measured, name)) for name in fields}


def usual(*, hertz: float = 150, dbfs: float = -30, seconds: float = 24) -> Baseline:
    return measure(room(voice(hertz, seconds, dbfs=dbfs)), rate_hz=HZ).baseline


def test_a_reply_of_known_voice_is_measured_whole() -> None:
    sound = room(voice(150, 3.96, dbfs=-30), silence(0.6), voice(150, 1.96, dbfs=-30))

    found = measure(
        sound,
        rate_hz=HZ,
        started_s=100,
        words=14,
        persona=(Line(90, 99.7),),
        baseline=usual(),
    )

    assert codes(found) == {None}
    assert found.speech_s == pytest.approx(5.92, abs=0.05)
    assert found.first_word_s == pytest.approx(0.8, abs=0.03)
    assert found.speech_wpm == pytest.approx(60 * 14 / 6.52, rel=0.02)
    assert found.articulation_wpm == pytest.approx(60 * 14 / 5.92, rel=0.02)
    assert found.pitch_rise_semitones == pytest.approx(0, abs=0.5)
    assert found.level_rise_db == pytest.approx(0, abs=0.3)
    assert isinstance(found.overlap, Overlap)
    assert found.overlap.talk_share == pytest.approx(6.52 / (6.52 + 9.7), abs=0.01)


@pytest.mark.parametrize("rise_db", [-6.0, 3.0, 6.0, 12.0])
def test_a_louder_reply_is_louder_by_as_much(rise_db: float) -> None:
    louder = measure(room(voice(150, 4, dbfs=-30 + rise_db)), rate_hz=HZ, baseline=usual())

    assert louder.level_rise_db == pytest.approx(rise_db, abs=0.5)


@pytest.mark.parametrize("semitones", [-2.0, 3.0, 7.0])
def test_a_higher_reply_is_higher_by_as_much(semitones: float) -> None:
    higher = voice(150 * 2 ** (semitones / 12), 24)

    found = measure(room(higher), rate_hz=HZ, baseline=usual())

    assert found.pitch_rise_semitones == pytest.approx(semitones, abs=0.1)


@pytest.mark.parametrize(
    ("sound", "expected"),
    [
        pytest.param(silence(5), {"silence"}, id="silence"),
        pytest.param(silence(0), {"silence"}, id="no sound at all"),
        pytest.param(noise(5, dbfs=-20), {"no_voice"}, id="noise"),
        pytest.param(voice(150, 5) + noise(5, dbfs=-20), {"too_noisy"}, id="voice under noise"),
    ],
)
def test_where_no_voice_is_nothing_is_measured(sound: Samples, expected: set[str]) -> None:
    found = measure(sound, rate_hz=HZ, words=12, persona=(Line(0, 1),), baseline=usual())

    assert codes(found) == expected


def test_typed_words_are_not_measured() -> None:
    assert codes(measure(silence(0), rate_hz=HZ, words=5, spoken=False)) == {"typed"}


def test_under_three_seconds_of_voice_only_its_times_are_measured() -> None:
    sound = room(voice(150, 2.8), silence(3))

    found = measure(sound, rate_hz=HZ, words=6, persona=(Line(-5, 0),), baseline=usual())

    assert code(found.speech_wpm) == code(found.pitch) == code(found.loudness) == "too_short"
    assert code(found.pauses) == code(found.level_rise_db) == "too_short"
    assert found.first_word_s == pytest.approx(0.5, abs=0.03)
    assert isinstance(found.overlap, Overlap)


def test_overload_spoils_the_level_and_not_the_pitch() -> None:
    sound = np.clip(room(voice(150, 5)) * 20, -1, 1)

    found = measure(sound, rate_hz=HZ, baseline=usual())

    assert code(found.loudness) == code(found.level_rise_db) == "clipping"
    assert isinstance(found.pitch, Pitch)
    assert found.baseline.level_s == pytest.approx(24, abs=0.1)
    assert found.baseline.speech_s == pytest.approx(29, abs=0.1)


def test_noise_hides_pauses_first_and_the_rate_later() -> None:
    sound = in_noise(room(voice(150, 5)), snr_db=10)

    found = measure(sound, rate_hz=HZ, words=12, baseline=usual())

    assert code(found.pauses) == code(found.articulation_wpm) == "too_noisy"
    assert found.speech_wpm == pytest.approx(60 * 12 / 4.96, rel=0.05)
    assert isinstance(found.pitch, Pitch)
    assert isinstance(found.loudness, Loudness)


def test_without_words_or_persona_only_what_needs_them_is_missing() -> None:
    found = measure(room(voice(150, 5)), rate_hz=HZ, words=0)

    assert code(found.speech_wpm) == "no_words"
    assert code(found.first_word_s) == code(found.overlap) == "no_persona"
    assert not isinstance(found.pauses, NotMeasured)


def test_there_is_no_rise_before_twenty_seconds_of_voice() -> None:
    reply = room(voice(150, 9.96))
    known: Baseline | None = None
    rises = []
    for _ in range(4):
        found = measure(reply, rate_hz=HZ, baseline=known)
        known = found.baseline
        rises.append((code(found.pitch_rise_semitones), code(found.level_rise_db)))

    assert rises == [("no_baseline",) * 2] * 3 + [(None, None)]


def test_the_baseline_stands_once_it_is_complete() -> None:
    complete = usual(seconds=32)

    after = measure(room(voice(300, 9, dbfs=-10)), rate_hz=HZ, baseline=complete).baseline

    assert after.median_hz == complete.median_hz
    assert after.level_dbfs == complete.level_dbfs


def test_a_reply_to_an_escalation_is_measured_and_not_learnt_from() -> None:
    before = usual(seconds=22)

    found = measure(room(voice(300, 6)), rate_hz=HZ, baseline=before, learn=False)

    assert found.pitch_rise_semitones == pytest.approx(12, abs=0.5)
    assert found.baseline is before


def test_the_first_word_over_the_persona_has_a_negative_latency() -> None:
    lines = (Line(-8, 1.0), Line(30, 40))

    found = measure(room(voice(150, 4)), rate_hz=HZ, words=9, persona=lines)

    assert found.first_word_s == pytest.approx(-0.5, abs=0.03)


def test_a_rate_too_low_for_voice_is_refused() -> None:
    with pytest.raises(ValueError, match="4000"):
        measure(silence(5), rate_hz=4000)


def test_nothing_of_the_sound_is_kept() -> None:
    sound = room(voice(150, 24))

    found = measure(sound, rate_hz=HZ, words=50)

    arrays = [found.baseline.levels_db, found.baseline.pitches_hz]
    assert all(array.base is None and len(array) <= len(sound) // 160 for array in arrays)
