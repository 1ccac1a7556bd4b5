"""A better wording is made of what was said, never of a sentence that fits anyone."""

import pytest

from agent.assessment.better import better_wording, given_back
from agent.mind.lexicon import Cue
from agent.protocol import Skill

pytestmark = pytest.mark.unit


def better(line: str, *cues: Cue, weakest: Skill = Skill.LISTENING, keep: str = "") -> str:
    return better_wording(line, cues, weakest=weakest, keep=keep, kind="subject", index=1)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("I've been sat here since six!", "You've been sat here since six."),
        ("Honestly, my knee gave way on me.", "Your knee gave way on you."),
        (
            "Well, I was terrified, and we lost our keys.",
            "You were terrified, and you lost your keys.",
        ),
        ("Get me the manager now.", ""),
        ("I'll burn this place down.", ""),
        ("Am I going to die?", ""),
        ("You're robbing me blind, you lot.", ""),
        ("...", ""),
    ],
)
def test_what_they_say_of_themselves_is_given_back(line: str, expected: str) -> None:
    assert given_back(line) == expected


def test_the_missing_skill_and_the_cue_choose_the_move() -> None:
    line = "My knee gave way on me again."
    said = {
        better(line, cue, weakest=skill)
        for skill in (Skill.LISTENING, Skill.RESOLUTION, Skill.CLARITY, Skill.CALM)
        for cue in (Cue.DISTRESS, Cue.QUESTION)
    }

    assert len(said) >= 6
    assert all("our knee" in each for each in said)


def test_a_sentence_worth_keeping_is_kept_and_one_question_is_enough() -> None:
    made = better("My son was hit today.", Cue.DISTRESS, keep="How is he now?")

    assert made == "Your son was hit today. How is he now?"


def test_a_line_without_words_has_nothing_to_build_on() -> None:
    assert better("...") == ""
