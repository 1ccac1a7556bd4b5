"""Cuts a reply where quotes of it begin and end, so that they can be marked.

The pieces are text and stay text: the template puts marks around them, never markup into them.
"""

from dataclasses import dataclass
from itertools import pairwise

from agent.protocol import Grade, Report


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a reply, quoted as evidence or not."""

    text: str
    quoted: bool


def quotes_of(report: Report, index: int) -> list[str]:
    """Return every quote taken from one reply, by its grade or by a criterion, without doubles."""
    grades = [each.grade for each in report.exchanges if isinstance(each.grade, Grade)]
    evidence = [
        *(each for grade in grades for each in grade.evidence),
        *(each for criterion in report.criteria for each in criterion.evidence),
    ]
    return list(dict.fromkeys(e.quote for e in evidence if e.exchange == index and e.quote.strip()))


def mark(reply: str, quotes: list[str]) -> tuple[Piece, ...]:
    """Cut a reply where quotes begin and end; overlapping quotes become one marked stretch."""
    spans = [span for quote in quotes if (span := place(reply, quote)) is not None]
    edges = sorted({0, len(reply), *(edge for span in spans for edge in span)})
    pieces: list[Piece] = []
    for start, end in pairwise(edges):
        quoted = any(span[0] <= start and end <= span[1] for span in spans)
        if pieces and pieces[-1].quoted == quoted:
            pieces[-1] = Piece(pieces[-1].text + reply[start:end], quoted)
        else:
            pieces.append(Piece(reply[start:end], quoted))
    return tuple(pieces)


def place(reply: str, quote: str) -> tuple[int, int] | None:
    """Return where a quote stands in a reply, whatever its capitals; None when it does not."""
    start = reply.find(quote)
    if start < 0 and len(reply.lower()) == len(reply) and len(quote.lower()) == len(quote):
        # Some letters change length in lower case (İ): then positions would not fit the reply.
        start = reply.lower().find(quote.lower())
    return None if start < 0 else (start, start + len(quote))
