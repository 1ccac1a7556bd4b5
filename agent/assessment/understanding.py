"""What a reply means, as far as the trained models can tell: by itself, and as an answer.

The sentence models say what each sentence does and which weighs most; the reader, which sees the
line before, says what the whole is worth. The reader may be missing. Without the sentence models
there is nothing to show as evidence: then nothing is understood and the rules stand alone.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agent.assessment.combine import blended
from agent.assessment.reading import read_reply
from agent.assessment.sensing import sense_reply, spoken_sentences
from agent.local_models.tuning import load_tuning
from agent.mind.sense import Sensed, load_sense
from agent.role import Encoder


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of one reply."""

    sensed: Sensed
    """By sentence; its marks are those of all models together."""
    read: bool
    """The reader's marks are among them."""


def models(*, sensed: bool, read: bool) -> str:
    """Return the trained models behind a grade, as its version names them."""
    tuning = load_tuning()
    if not sensed:
        return ""
    return f"+sense+{tuning.short()}" if read and tuning else "+sense"


async def understand(
    line: str, said: str, *, encoder: Encoder | None, reader: Encoder | None, language: str
) -> Understood | None:
    """Return what a reply to a line means; None when no model knows the language, nothing was
    said, or the sentences' vectors did not come in time."""
    sense = load_sense(language)
    if sense is None or encoder is None:
        return None
    sensed, read = await asyncio.gather(
        sense_reply(said, encoder, sense), _read(line, said, reader)
    )
    if sensed is None:
        return None
    marks = blended(sensed.marks, read)
    return Understood(replace(sensed, marks=marks), read=read is not None)


async def _read(line: str, said: str, reader: Encoder | None) -> Mapping[str, float] | None:
    tuning = load_tuning()
    if reader is None or tuning is None:
        return None
    return await read_reply(line, " ".join(spoken_sentences(said)), reader, tuning)
