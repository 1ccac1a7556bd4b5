"""The trained models together: what is made of a reply when all answer, and when some do not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from agent.assessment.combine import READER_SHARE, blended
from agent.assessment.key_sentence import dragging, lifting
from agent.assessment.understanding import models, understand
from agent.mind.disclosure import Vector
from agent.mind.lexicon import Signal
from agent.mind.sense import OVERALL, Sensed

pytestmark = pytest.mark.unit

LINE, REPLY = "Nobody tells me anything.", "I'll find out for you. Wait here."


@dataclass
class Gives:
    """Gives every text the same vector of so many numbers, or none."""

    numbers: int

    async def vectors(self, texts: Sequence[str], *, timeout_s: float) -> list[Vector] | None:
        if not self.numbers:
            return None
        return [np.full(self.numbers, self.numbers**-0.5, np.float32) for _ in texts]


async def test_the_reader_has_its_share_of_the_marks() -> None:
    alone = await understand(LINE, REPLY, encoder=Gives(384), reader=None, language="en")
    both = await understand(LINE, REPLY, encoder=Gives(384), reader=Gives(768), language="en")

    assert alone is not None
    assert both is not None
    assert (alone.read, both.read) == (False, True)
    assert both.sensed.marks != alone.sensed.marks
    assert both.sensed.lifts == alone.sensed.lifts


@pytest.mark.parametrize("numbers", [0, 384])
async def test_a_reader_that_is_late_or_another_is_done_without(numbers: int) -> None:
    alone = await understand(LINE, REPLY, encoder=Gives(384), reader=None, language="en")

    made = await understand(LINE, REPLY, encoder=Gives(384), reader=Gives(numbers), language="en")

    assert made == alone


@pytest.mark.parametrize(
    ("encoder", "language", "reply"),
    [
        (None, "en", REPLY),
        (Gives(0), "en", REPLY),
        (Gives(384), "de", REPLY),
        (Gives(384), "en", "…"),
    ],
)
async def test_without_the_sentences_nothing_is_understood(
    encoder: Gives | None, language: str, reply: str
) -> None:
    reader = Gives(768)

    assert await understand(LINE, reply, encoder=encoder, reader=reader, language=language) is None


def test_a_grade_names_the_models_behind_it() -> None:
    assert models(sensed=False, read=False) == ""
    assert models(sensed=True, read=False) == "+sense"
    assert models(sensed=True, read=True).startswith("+sense+reader-")


def test_marks_are_mixed_within_the_scale() -> None:
    mixed = blended({OVERALL: 90.0}, {OVERALL: 10.0})[OVERALL]

    assert blended({OVERALL: 120.0}, None) == {OVERALL: 100.0}
    assert blended({OVERALL: -20.0}, None) == {OVERALL: 1.0}
    assert mixed == pytest.approx((1 - READER_SHARE) * 96 + READER_SHARE * 10)


def test_only_a_sentence_that_clearly_moves_the_reply_is_named() -> None:
    reply = "Rules are rules. I'll ask her to ring you. Sit there."
    signals: dict[Signal, float] = {}
    sensed = Sensed(
        signals=tuple(
            (each, signals)
            for each in ("Rules are rules.", "I'll ask her to ring you.", "Sit there.")
        ),
        marks={OVERALL: 50.0},
        lifts=tuple({OVERALL: lift} for lift in (-8.0, 12.0, -1.0)),
    )
    level = Sensed(sensed.signals, sensed.marks, tuple({OVERALL: 1.0} for _ in range(3)))

    assert lifting(sensed, within=reply) == "I'll ask her to ring you."
    assert dragging(sensed, within=reply) == "Rules are rules."
    assert lifting(level, within=reply) == dragging(level, within=reply) == ""
