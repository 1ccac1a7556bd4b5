"""What is said back is what was said, turned round, and no word more."""

import pytest

from agent.mind.lexicon import load_lexicon
from agent.mind.teach_back import turned

pytestmark = pytest.mark.unit

LEXICON = load_lexicon("en")


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("You should take one every morning.", "I should take one every morning"),
        ("So if you get short of breath, ring us.", "if I get short of breath, ring us"),
        ("I'll call you tomorrow before ten.", "you'll call me tomorrow before ten"),
        ("You're going to see the doctor with me.", "I'm going to see the doctor with you"),
        ("Okay, weigh yourself before breakfast", "weigh myself before breakfast"),
        (
            "We'll check your blood again, and then you can go home.",
            "we'll check my blood again, and then I can go home",
        ),
        ("The nurse is going to bring you a form", "the nurse is going to bring me a form"),
    ],
)
def test_a_sentence_is_turned_round(said: str, back: str):
    assert turned(said, LEXICON) == back
