"""How a reply sounded: by the voice where it was measured, and never better than its words."""

import pytest

from agent.assessment.tone import judge_tone
from agent.mind.appraisal import appraise, load_lexicon
from agent.protocol import Delivery

pytestmark = pytest.mark.unit

LEXICON = load_lexicon("en")


def score(text: str, **measured: float) -> int | None:
    tone = judge_tone(Delivery(**measured), appraise(text, LEXICON))
    return None if tone is None else tone.score


def test_what_was_measured_of_the_voice_counts_for_more_than_its_rate():
    assert score("Where is the pain?", words_per_minute=140, tone_score=30) == 30
    assert score("Where is the pain?", words_per_minute=230, tone_score=86) == 86


def test_harsh_words_in_a_calm_voice_are_harsh():
    assert score("Shut up and sit down.", tone_score=95) == 30


def test_harsh_words_make_a_bad_voice_no_better():
    assert score("Shut up and sit down.", tone_score=8) == 8


def test_without_a_measured_voice_the_rate_is_what_there_is():
    assert score("Where is the pain?", words_per_minute=140) == 78
    assert score("Where is the pain?") is None
