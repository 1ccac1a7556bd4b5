"""Asks the tuned reader what a reply is worth as an answer to the line before it.

It reads some hundred words at once. Of a longer reply it reads how it begins and how it ends, and
the lesser counts: a threat at the end is not bought free by a kind beginning.
"""

from collections.abc import Mapping

from agent.local_models.tuning import SEPARATOR, Tuning
from agent.mind.disclosure import Vector
from agent.mind.sense import OVERALL
from agent.role import ANSWERING_S, Encoder

_WINDOW_WORDS = 85


async def read_reply(
    line: str, reply: str, reader: Encoder, tuning: Tuning
) -> Mapping[str, float] | None:
    """Return `overall` and the skills, on the scale of 1 to 100, as a trainer would mark them; None
    when nobody spoke before the reply, nothing was said in it, or the reader did not answer in
    time."""
    if not line.strip() or not any(letter.isalnum() for letter in reply):
        return None
    before = line.replace(SEPARATOR, " ")
    texts = [f"{before}{SEPARATOR}{said.replace(SEPARATOR, ' ')}" for said in _windows(reply)]
    vectors = await reader.vectors(texts, timeout_s=ANSWERING_S)
    if vectors is None or any(len(vector) != len(tuning.weights) for vector in vectors):
        return None
    return min((_marks(vector, tuning) for vector in vectors), key=lambda marks: marks[OVERALL])


def _windows(reply: str) -> list[str]:
    words = reply.split()
    if len(words) <= _WINDOW_WORDS:
        return [reply]
    return [" ".join(words[:_WINDOW_WORDS]), " ".join(words[-_WINDOW_WORDS:])]


def _marks(vector: Vector, tuning: Tuning) -> dict[str, float]:
    scores = vector @ tuning.weights + tuning.bias
    return {
        name: float(min(100.0, max(1.0, score)))
        for name, score in zip(tuning.marks, scores, strict=True)
    }
