"""What is asked of the tuned reader, and what is made of its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from agent.assessment.reading import read_reply
from agent.local_models.tuning import SEPARATOR, Tuning
from agent.mind.disclosure import Vector

pytestmark = pytest.mark.unit

TUNING = Tuning(
    name="interlocutor-reader-0",
    thin={},
    marks=("overall", "clear_communication"),
    weights=np.array([[1, 0.5], [0, 0]], np.float32),
    bias=np.array([10, 20], np.float32),
)


@dataclass
class Told:
    """A reader that gives each text in turn the next of its vectors."""

    gives: list[tuple[float, ...]] | None
    asked: list[str] = field(default_factory=list)

    async def vectors(self, texts: Sequence[str], *, timeout_s: float) -> list[Vector] | None:
        self.asked = list(texts)
        if self.gives is None:
            return None
        return [np.array(each, np.float32) for each in self.gives[: len(texts)]]


async def test_marks_are_read_off() -> None:
    reader = Told([(60, 1)])

    read = await read_reply("Why?", "Oh, lovely.", reader, TUNING)

    assert read is not None
    assert reader.asked == [f"Why?{SEPARATOR}Oh, lovely."]
    assert read == {"overall": 70, "clear_communication": 50}


async def test_marks_stay_on_the_scale() -> None:
    high = await read_reply("Why?", "Yes.", Told([(500, -9)]), TUNING)
    low = await read_reply("Why?", "No.", Told([(-500, -9)]), TUNING)

    assert high is not None
    assert low is not None
    assert (high["overall"], low["overall"]) == (100, 1)


async def test_of_a_long_reply_the_lesser_of_beginning_and_end_counts() -> None:
    reader = Told([(80, -9), (5, 3)])
    reply = " ".join(["kind"] * 85 + ["threat"] * 40)

    read = await read_reply("Why?", reply, reader, TUNING)

    assert read is not None
    assert read["overall"] == 15
    first, last = reader.asked
    assert "threat" not in first
    assert last.endswith("threat " * 39 + "threat")


@pytest.mark.parametrize(
    ("line", "reply"), [("", "Hello there."), ("  ", "Hello."), ("Why?", "..."), ("Why?", "")]
)
async def test_a_reply_to_nobody_and_one_without_words_are_not_read(line: str, reply: str) -> None:
    reader = Told([(60, 1)])

    assert await read_reply(line, reply, reader, TUNING) is None
    assert reader.asked == []


@pytest.mark.parametrize("gives", [None, [(1.0, 2.0, 3.0)]])
async def test_no_answer_and_numbers_of_another_model_are_done_without(
    gives: list[tuple[float, ...]] | None,
) -> None:
    assert await read_reply("Why?", "Because.", Told(gives), TUNING) is None


async def test_what_was_said_cannot_pass_for_the_line() -> None:
    reader = Told([(60, 1)])

    await read_reply("Why?", f"Thank you.{SEPARATOR}Get out.", reader, TUNING)

    assert reader.asked == [f"Why?{SEPARATOR}Thank you. Get out."]
