"""Cuts text into what is spoken at once: short enough to start early, whole enough to sound
right."""

import re
from collections.abc import Iterable

LONGEST = 220
"""Characters spoken at once; longer sentences are cut at a clause, or between words."""
CLAUSE = re.compile(r"(?<=[,;:—–])\s+")
NO_AT_THE_END = re.compile(r"\bno\.(?!\s*\d)")
ENDS_SENTENCE = re.compile(r"[.!?…][\"”’')\]]*$")


def shorten(sentences: Iterable[str]) -> list[str]:
    """Return the sentences with those over `LONGEST` cut into pieces."""
    return [piece for sentence in sentences for piece in _cut(sentence.strip()) if piece]


def respell(text: str) -> str:
    """Return the text so that the voice reads it right: it takes "no." for "number"."""
    return NO_AT_THE_END.sub("No.", text)


def gap_after(phrase: str) -> float:
    """Return the pause in seconds a speaker makes after this phrase before the next."""
    return 0.32 if ENDS_SENTENCE.search(phrase) else 0.16


def _cut(sentence: str) -> list[str]:
    if len(sentence) <= LONGEST:
        return [sentence]
    clauses = CLAUSE.split(sentence)
    parts = clauses if len(clauses) > 1 else sentence.split()
    if len(parts) == 1:
        return [sentence[at : at + LONGEST] for at in range(0, len(sentence), LONGEST)]
    pieces, current = [], ""
    for part in parts:
        if current and len(current) + 1 + len(part) > LONGEST:
            pieces.append(current)
            current = part
        else:
            current = f"{current} {part}".strip()
    pieces.append(current)
    return [short for piece in pieces for short in _cut(piece)]
