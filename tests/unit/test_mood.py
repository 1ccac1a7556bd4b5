"""The same treatment always has the same effect, and one reply can only do so much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mind.appraisal import Appraisal, Finding, Signal
from agent.mind.mood import STEP, Mood, moved, touched
from personas import Library

pytestmark = pytest.mark.unit

SCENARIO = Library().get("hospital-visitor")
levels = st.floats(0, 5).map(lambda value: round(value, 2))
moods = st.builds(Mood, levels, levels)
appraisals = st.lists(st.sampled_from(list(Signal)), max_size=8).map(
    lambda signals: saying(*signals)
)


def saying(*signals: Signal) -> Appraisal:
    return Appraisal(tuple(Finding(signal, "…", 0) for signal in signals), words=5, questions=0)


@given(moods, appraisals, st.sampled_from(["easy", "medium", "hard"]))
def test_a_mood_stays_on_its_scales_and_moves_one_step_at_most(mood, appraisal, difficulty):
    after = moved(mood, "words", appraisal, SCENARIO.model_copy(update={"difficulty": difficulty}))

    assert 0 <= after.arousal <= 5
    assert 0 <= after.trust <= 5
    assert abs(after.arousal - mood.arousal) <= STEP + 0.01
    assert abs(after.trust - mood.trust) <= STEP + 0.01


@given(moods, st.sampled_from(list(Signal)))
def test_saying_the_same_thing_twice_in_a_reply_counts_once(mood, signal):
    once = moved(mood, "words", saying(signal), SCENARIO)

    assert moved(mood, "words", saying(signal, signal), SCENARIO) == once


@pytest.mark.parametrize(
    "signal", [Signal.EMPATHY, Signal.APOLOGY, Signal.REFLECTION, Signal.AUTONOMY, Signal.SOLUTION]
)
def test_good_treatment_calms_and_earns_trust(signal):
    after = moved(Mood(3, 2), "words", saying(signal), SCENARIO)

    assert after.arousal < 3
    assert after.trust > 2


@pytest.mark.parametrize(
    "signal", [Signal.CALM_DOWN, Signal.COMMAND, Signal.INVALIDATION, Signal.THREAT, Signal.INSULT]
)
def test_bad_treatment_provokes_and_costs_trust(signal):
    after = moved(Mood(3, 2), "words", saying(signal), SCENARIO)

    assert after.arousal > 3
    assert after.trust < 2


def test_a_red_line_provokes_whatever_the_appraisal_found():
    after = moved(Mood(3, 2), "Those are the rules, sir.", saying(), SCENARIO)

    assert after.arousal > 3


def test_red_lines_are_heard_whatever_their_case_and_punctuation():
    red = SCENARIO.mood.red_lines

    assert touched(red, "It's... NOT my job!")
    assert not touched(red, "the rulesets of chess")


def test_hard_people_calm_less_and_flare_more_than_easy_ones():
    easy, hard = (SCENARIO.model_copy(update={"difficulty": each}) for each in ("easy", "hard"))

    def effect(scenario, signal):
        return moved(Mood(3, 2), "words", saying(signal), scenario).arousal - 3

    assert abs(effect(hard, Signal.EMPATHY)) < abs(effect(easy, Signal.EMPATHY))
    assert effect(hard, Signal.CALM_DOWN) > effect(easy, Signal.CALM_DOWN)


@pytest.mark.parametrize(
    ("arousal", "bars", "cpi"),
    [
        (0.5, 4, "tension reduction"),
        (2.0, 5, "anxiety"),
        (3.6, 6, "defensive"),
        (4.9, 7, "risk behaviour"),
    ],
)
def test_arousal_is_told_in_the_fields_scales(arousal, bars, cpi):
    mood = Mood(arousal, 2)

    assert (mood.bars(), mood.cpi()) == (bars, cpi)
