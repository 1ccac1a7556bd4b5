"""A recogniser going in circles is noticed, and people who repeat themselves are not maimed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.local_models.repetition import cut_loop, find_loop, most_tokens

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("looped", "once"),
    [
        ("Yes. Yes. Yes. Yes. Yes", "Yes."),
        ("Go on Go on Go on Go", "Go on"),
        (
            "How long have you had the chest pain? How long have you had",
            "How long have you had the chest pain?",
        ),
        (
            "That made you angry. I would be angry too. I would be angry too.",
            "That made you angry. I would be angry too.",
        ),
        ("Chest pain Chest pain Chest Pain", "Chest pain"),
    ],
)
def test_a_loop_is_found_and_said_once(looped: str, once: str) -> None:
    assert find_loop(looped) is not None
    assert cut_loop(looped) == once


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Yes.",
        "I am very, very sorry about that.",
        "What you said is what you meant.",
        "Is it here, or is it there?",
        "We can talk, and we can wait.",
    ],
)
def test_ordinary_speech_is_left_alone(text: str) -> None:
    assert find_loop(text) is None
    assert cut_loop(text) == text


def test_a_word_said_twice_is_worth_a_second_look() -> None:
    assert find_loop("No, no.") is not None


@given(st.lists(st.sampled_from(["go", "on", "yes", "no", "pain"]), max_size=30))
def test_cutting_only_ever_shortens_the_text_from_its_end(words: list[str]) -> None:
    text = " ".join(words)

    cut = cut_loop(text)

    assert text.startswith(cut)
    assert not text or cut


def test_the_bound_on_tokens_grows_with_the_sound() -> None:
    assert most_tokens(0.5) == 16
    assert most_tokens(10) == 92
