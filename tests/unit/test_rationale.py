"""The one sentence on a reply whose meaning was judged."""

import pytest

from agent.assessment.rationale import because_of_meaning
from agent.mind.appraisal import Finding
from agent.mind.lexicon import Signal
from agent.protocol import Skill

pytestmark = pytest.mark.unit

SKILLS = {Skill.LISTENING: 40, Skill.CLARITY: 80}
ASKED = Finding(Signal.SAFETY, "What tablets do you take", 34)
HURTS = "It's probably just stress."


def test_a_mixed_reply_is_told_what_was_right_and_what_took_from_it() -> None:
    said = because_of_meaning([ASKED], HURTS, drags=HURTS, verdict="mixed", skills=SKILLS, cues=())

    assert said == (
        "“What tablets do you take” looks after safety, but “It's probably just stress.” takes "
        "from it, above all in listening and empathy."
    )


def test_no_words_are_both_right_and_wrong() -> None:
    said = because_of_meaning(
        [ASKED], f"{ASKED.quote}?", drags=f"{ASKED.quote}?", verdict="mixed", skills=SKILLS, cues=()
    )

    assert said.count("tablets") == 1
    assert "more is needed in listening and empathy" in said
