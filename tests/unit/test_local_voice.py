"""Names of voices, and text cut into what is spoken at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.local_models.phrases import LONGEST, gap_after, respell, shorten
from agent.local_models.voice_name import read_voice

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("name", "pitch"),
    [
        ("heart", 1.0),
        ("heart@0.75", 0.75),
        ("heart@1.25", 1.25),
        pytest.param("sage", 1.0, id="OpenAI's"),
        pytest.param("sage@0.9", 1.0, id="a pitch of a voice we lack"),
        pytest.param("heart@2", 1.0, id="too high"),
        pytest.param("heart@nan", 1.0, id="no number"),
        pytest.param("heart@deep", 1.0, id="a word"),
        pytest.param("", 1.0, id="empty"),
    ],
)
def test_any_name_is_a_voice(name: str, pitch: float) -> None:
    assert read_voice(name) == ("heart", pitch)


def test_short_sentences_are_spoken_whole() -> None:
    assert shorten(["Hello, nurse.", " It hurts. "]) == ["Hello, nurse.", "It hurts."]


def test_a_long_sentence_is_cut_at_its_clauses() -> None:
    clause = "and then it was there again, "
    pieces = shorten([(clause * 20).strip()])

    assert len(pieces) > 1
    assert all(piece.endswith("again,") for piece in pieces)


@given(st.text(alphabet="ab ,.;", min_size=1, max_size=1500))
def test_cutting_keeps_every_letter_in_order_and_no_piece_is_too_long(text: str) -> None:
    pieces = shorten([text])

    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < len(piece) <= LONGEST for piece in pieces)


def test_the_pause_after_a_sentence_is_longer_than_after_a_clause() -> None:
    assert gap_after("It hurts.") == gap_after("“Really?”") > gap_after("it hurts,")


def test_no_at_the_end_of_a_sentence_is_not_a_number() -> None:
    assert respell("I said no. No, no.") == "I said No. No, No."
    assert respell("bed no. 5, piano.") == "bed no. 5, piano."
