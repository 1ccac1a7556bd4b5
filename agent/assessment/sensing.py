"""Asks the trained models about a reply, within the time a talk allows.

Longer replies are better on average, in the data and in life, but a lecture is not. The models have
hardly seen any, so past a limit more words cost marks and never earn any.
"""

from dataclasses import replace

from agent.mind.appraisal import LONG_WORDS
from agent.mind.disclosure import sentences_of
from agent.mind.sense import Sense, Sensed
from agent.role import ANSWERING_S, Encoder

LECTURE_WORDS = 120
"""More words than any of the labelled replies has (115)."""
_COST = 5.0
"""Marks a lecture loses against its opening."""


async def sense_reply(reply: str, encoder: Encoder, sense: Sense) -> Sensed | None:
    """Return what a reply does by its meaning; None when nothing was said in it, or its vectors
    did not come in time."""
    said = spoken_sentences(reply)
    if not said:
        return None
    opening = _opening(said)
    texts = [*said, " ".join(said), *([" ".join(opening)] if opening else [])]
    vectors = await encoder.vectors(texts, timeout_s=ANSWERING_S)
    if vectors is None:
        return None
    sensed = sense.of(" ".join(said), said, vectors[: len(said) + 1])
    if sensed is None or not opening:
        return sensed
    first = sense.of(texts[-1], opening, [*vectors[: len(opening)], vectors[-1]])
    if first is None:
        return sensed
    lower = {
        name: max(1.0, min(mark, first.marks[name] - _COST)) for name, mark in sensed.marks.items()
    }
    return replace(sensed, marks=lower)


def spoken_sentences(reply: str) -> list[str]:
    """Return the sentences of a reply in which something is said; what was blanked out leaves none
    behind."""
    return [each for each in sentences_of(reply) if any(letter.isalnum() for letter in each)]


def _opening(said: list[str]) -> list[str]:
    """Return what a listener keeps of a lecture: its sentences up to `LONG_WORDS` words; none of a
    reply that is no lecture, or of one without an early full stop."""
    if sum(len(sentence.split()) for sentence in said) <= LECTURE_WORDS:
        return []
    words = 0
    for place, sentence in enumerate(said):
        words += len(sentence.split())
        if words > LONG_WORDS:
            return said[:place]
    return []
