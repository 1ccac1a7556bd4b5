"""The same treatment always has the same effect, and one reply can only do so much."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mind_world import saying

from agent.mind.appraisal import Signal, load_lexicon
from agent.mind.disclosure import FactIndex
from agent.mind.listening import Heard, Listener
from agent.mind.mood import STEP, Mood, moved
from personas import Library
from personas.bank import load_bank

pytestmark = pytest.mark.unit

SCENARIO = Library().get("hospital-visitor")
levels = st.floats(0, 5).map(lambda value: round(value, 2))
moods = st.builds(Mood, levels, levels)
replies = st.lists(st.sampled_from(list(Signal)), max_size=8).map(lambda signals: saying(*signals))
counts = st.dictionaries(st.sampled_from(list(Signal)), st.integers(0, 20))


def after(mood: Mood, heard: Heard, scenario=SCENARIO, **more) -> Mood:
    return moved(mood, heard, scenario, **{"before": {}, **more})


@given(
    moods,
    replies,
    st.sampled_from(["easy", "medium", "hard"]),
    counts,
    st.booleans(),
    st.booleans(),
)
def test_a_mood_stays_on_its_scales_and_moves_one_step_at_most(
    mood, heard, difficulty, before, said_before, unheeded
):
    scenario = SCENARIO.model_copy(update={"difficulty": difficulty})

    now = after(mood, heard, scenario, before=before, said_before=said_before, unheeded=unheeded)

    assert 0 <= now.arousal <= 5
    assert 0 <= now.trust <= 5
    assert abs(now.arousal - mood.arousal) <= STEP + 0.01
    assert abs(now.trust - mood.trust) <= STEP + 0.01


@given(moods, st.sampled_from(list(Signal)))
def test_saying_the_same_thing_twice_in_a_reply_counts_once(mood, signal):
    assert after(mood, saying(signal, signal)) == after(mood, saying(signal))


@pytest.mark.parametrize(
    "signal", [Signal.EMPATHY, Signal.APOLOGY, Signal.REFLECTION, Signal.AUTONOMY, Signal.SOLUTION]
)
def test_good_treatment_calms_and_earns_trust(signal):
    now = after(Mood(3, 2), saying(signal))

    assert now.arousal < 3
    assert now.trust > 2


@pytest.mark.parametrize(
    "signal",
    [
        Signal.CALM_DOWN,
        Signal.COMMAND,
        Signal.INVALIDATION,
        Signal.THREAT,
        Signal.INSULT,
        Signal.SARCASM,
        Signal.DISMISSAL,
        Signal.INTERRUPTION,
    ],
)
def test_bad_treatment_provokes_and_costs_trust(signal):
    now = after(Mood(3, 2), saying(signal))

    assert now.arousal > 3
    assert now.trust < 2


def test_what_soothes_wears_off_and_what_provokes_does_not():
    def effect(signal, times):
        return after(Mood(3, 2), saying(signal), before={signal: times}).arousal - 3

    assert effect(Signal.EMPATHY, 0) < effect(Signal.EMPATHY, 3) < 0
    assert effect(Signal.INSULT, 0) == effect(Signal.INSULT, 3)


def test_the_same_words_again_soothe_nobody():
    heard = saying(Signal.EMPATHY)

    again = after(Mood(3, 2), heard, said_before=True)

    assert again.trust == 2
    assert again.arousal == pytest.approx(after(Mood(3, 2), saying()).arousal)


def test_a_persona_left_in_peace_settles_towards_its_rest():
    mood = Mood(4, 2)
    for _ in range(200):
        mood = after(mood, saying())

    assert mood.arousal == pytest.approx(SCENARIO.mood.rest, abs=0.2)
    assert after(Mood(0.2, 2), saying()).arousal == 0.2


def test_a_red_line_provokes_whatever_the_appraisal_found():
    heard = saying(red_lines=SCENARIO.mood.red_lines[:1])

    assert after(Mood(3, 2), heard).arousal > 3


def test_passing_over_a_threat_to_safety_makes_it_worse():
    assert after(Mood(3, 2), saying(), unheeded=True).arousal > 3


@pytest.mark.parametrize(
    ("reply", "heard"),
    [
        ("It's... NOT my job!", True),
        ("I'll have to call security.", True),
        ("I am not going to call security.", False),
        ("the rulesets of chess", False),
    ],
)
def test_red_lines_are_heard_in_speech_and_taken_back_by_a_not(reply: str, heard: bool):
    lexicon = load_lexicon("en")
    listener = Listener(SCENARIO, lexicon, FactIndex(SCENARIO, load_bank("en")))

    assert bool(listener.hear(reply).red_lines) is heard


def test_hard_people_calm_less_and_flare_more_than_easy_ones():
    easy, hard = (SCENARIO.model_copy(update={"difficulty": each}) for each in ("easy", "hard"))

    def effect(scenario, signal):
        return after(Mood(3, 2), saying(signal), scenario).arousal - 3

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
