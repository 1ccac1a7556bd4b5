"""The number for tone and voice: wide bands cost nothing, faults cost, one figure alone is none."""

import dataclasses

import pytest

from agent.assessment.delivery.bands import RATE
from agent.assessment.delivery.baseline import Baseline
from agent.assessment.delivery.measure import Measured
from agent.assessment.delivery.missing import NotMeasured
from agent.assessment.delivery.pitch import Pitch
from agent.assessment.delivery.score import DeliveryScore, score

pytestmark = pytest.mark.unit

MISSING = NotMeasured("silence", "Nothing was heard.")
NOTHING = Measured(*[MISSING] * 10, baseline=Baseline())


def reply(
    *,
    wpm: float | None = 135,
    louder: float | None = 0,
    higher: float | None = 0,
    melody: float | None = 2.5,
) -> Measured:
    return dataclasses.replace(
        NOTHING,
        speech_wpm=MISSING if wpm is None else wpm,
        level_rise_db=MISSING if louder is None else louder,
        pitch_rise_semitones=MISSING if higher is None else higher,
        pitch=MISSING if melody is None else Pitch(150, melody, 2.5 * melody),
    )


def scored(measured: Measured, **situation: bool) -> DeliveryScore:
    found = score(measured, **situation)
    assert found is not None
    return found


def test_a_calm_modulated_reply_is_worth_the_most() -> None:
    assert scored(reply()).score == 91


@pytest.mark.parametrize("wpm", [95, 110, 140, 160])
def test_any_calm_rate_is_worth_the_same(wpm: float) -> None:
    assert scored(reply(wpm=wpm)).score == 91


@pytest.mark.parametrize("wpm", [60, 100, 140])
def test_in_a_crisis_slow_is_right(wpm: float) -> None:
    assert scored(reply(wpm=wpm), in_crisis=True).score == 91


def test_faster_is_worse_and_worse_still_in_a_crisis() -> None:
    rates = (140, 170, 190, 230)
    calm = [scored(reply(wpm=wpm)).score for wpm in rates]
    crisis = [scored(reply(wpm=wpm), in_crisis=True).score for wpm in rates]

    assert calm == sorted(calm, reverse=True)
    assert all(hot <= cool for hot, cool in zip(crisis, calm, strict=True))
    assert calm[2] == 30
    assert crisis[1] == 30


@pytest.mark.parametrize(
    ("measured", "after", "usually"),
    [
        pytest.param(reply(louder=6), 30, 81, id="6 dB louder"),
        pytest.param(reply(louder=10), 8, 81, id="10 dB louder"),
        pytest.param(reply(higher=3), 30, 81, id="3 semitones higher"),
        pytest.param(reply(higher=5), 8, 81, id="5 semitones higher"),
        pytest.param(reply(louder=5.9, higher=2.9), 82, 82, id="not quite"),
        pytest.param(reply(louder=-9, higher=-4), 91, 91, id="quieter and lower"),
    ],
)
def test_raising_the_voice_costs_most_right_after_an_escalation(
    measured: Measured, after: int, usually: int
) -> None:
    assert scored(measured, after_escalation=True).score == after
    assert scored(measured).score == usually


def test_flat_is_not_good() -> None:
    assert scored(reply(melody=0.6)).score < scored(reply(melody=1.2)).score < 91


def test_a_fault_is_not_made_up_for() -> None:
    found = scored(reply(louder=11), after_escalation=True)

    assert found.score == 8
    assert found.findings[0].measure == "loudness"


@pytest.mark.parametrize(
    "measured",
    [
        NOTHING,
        reply(louder=None, higher=None, melody=None),
        reply(wpm=None, louder=None, higher=None),
    ],
    ids=["nothing", "only a rate", "only melody"],
)
def test_too_little_is_no_score(measured: Measured) -> None:
    assert score(measured) is None


@pytest.mark.parametrize(
    ("measured", "advice"),
    [
        pytest.param(reply(wpm=195), "Speak more slowly: 195 words a minute", id="fast"),
        pytest.param(reply(wpm=70), "Speak a little faster: 70 words a minute", id="very slow"),
        pytest.param(reply(louder=8), "Lower your voice: it was 8 dB louder", id="loud"),
        pytest.param(reply(higher=4), "Let your voice drop: it was 4 semitones", id="high"),
        pytest.param(reply(melody=0.5), "Let your voice move more: 0.5 semitones", id="flat"),
        pytest.param(reply(), "Keep this pace: 135 words a minute", id="good"),
        pytest.param(reply(wpm=None, louder=None), "Keep this up: pitch and melody", id="no rate"),
    ],
)
def test_the_advice_is_one_sentence_naming_the_worst_measure(
    measured: Measured, advice: str
) -> None:
    said = scored(measured, after_escalation=True).advice

    assert said.startswith(advice)
    assert said.endswith(".")
    assert ". " not in said


@pytest.mark.parametrize(
    ("wpm", "level"), [(89, 3), (90, 4), (160, 4), (161, 3), (181, 2), (250, 1)]
)
def test_the_bands_of_the_rate_are_the_published_ones(wpm: float, level: int) -> None:
    assert RATE.level(wpm) == level
