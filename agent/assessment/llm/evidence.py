"""Holds the model's verdicts against the reply: only words that were said count as evidence.

Nothing is mended. A verdict with a quote nobody said, or a level that does not exist, is left out
and named, since the nearest right number would be one we made up.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.assessment.llm.answer import Answer, Verdict
from agent.assessment.rubric import Criterion, Rubric
from agent.protocol import CriterionLevel, Evidence

_JOINS = "'’\u0300-\u036f\u00ad\u200b-\u200d"
"""Apostrophes, accents written apart, and what is invisible: no end of a word."""
_WORD = re.compile(rf"[^\W_]+(?:[{_JOINS}]+[^\W_]+)*[\u0300-\u036f]*")
_UNHEARD = re.compile("['’\u00ad\u200b-\u200d]")
_MOST_QUOTES = 3
_MOST_EVIDENCE = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """What held."""

    levels: list[CriterionLevel]
    """In the rubric's order; only criteria the reply gave a chance for."""
    left_out: Mapping[str, str]
    """Why a verdict did not hold, by id of the criterion."""


def find_quote(quote: str, said: str) -> str | None:
    """Return the quote as it stands in what was said, or None when those words were not said in
    that order. Case, punctuation and spaces do not matter."""
    wanted = [word for word, _ in _words(quote)]
    there = _words(said)
    for first in range(len(there) - len(wanted) + 1):
        found = there[first : first + len(wanted)]
        if wanted and [word for word, _ in found] == wanted:
            return said[found[0][1].start() : found[-1][1].end()]
    return None


def check(answer: Answer, rubric: Rubric, *, reply: str, seen: str) -> Checked:
    """Return what holds of an answer; `seen`: the reply as the model saw it, without pleas."""
    levels: list[CriterionLevel] = []
    left_out: dict[str, str] = {}
    for criterion in rubric.criteria:
        if criterion.id in answer.unread:
            left_out[criterion.id] = "not readable"
        verdict = answer.verdicts.get(criterion.id)
        if verdict is None or verdict.level is None:
            continue
        quotes = _as_said(verdict.quotes, reply, seen)
        if fault := _fault(verdict, criterion, quotes):
            left_out[criterion.id] = fault
            continue
        levels.append(
            CriterionLevel(
                id=criterion.id,
                level=verdict.level,
                rationale=verdict.why or criterion.levels[verdict.level],
                quotes=list(dict.fromkeys(quotes or ()))[:_MOST_QUOTES],
            )
        )
    return Checked(levels, left_out)


def evidence_of(index: int, levels: Iterable[CriterionLevel]) -> list[Evidence]:
    """Return the words that decided, none of them within another."""
    kept: list[str] = []
    for quote in (quote for level in levels for quote in level.quotes):
        if not any(quote in other or other in quote for other in kept):
            kept.append(quote)
    return [Evidence(exchange=index, quote=quote) for quote in kept[:_MOST_EVIDENCE]]


def _as_said(quotes: Iterable[str], reply: str, seen: str) -> list[str] | None:
    """Return the quotes in the reply's own spelling, or None when one was not said. Words the
    model never saw, or that only met because a plea between them was blanked, are no quote."""
    found = []
    for quote in quotes:
        if not quote.strip():
            continue
        words = find_quote(quote, reply) if find_quote(quote, seen) else None
        if words is None:
            return None
        found.append(words)
    return found


def _fault(verdict: Verdict, criterion: Criterion, quotes: list[str] | None) -> str | None:
    if verdict.level not in criterion.levels:
        return "level off the scale"
    if quotes is None:
        return "quote not said"
    # What was left undone has no words to quote; what was done well has.
    if verdict.level > criterion.start and not quotes:
        return "no quote"
    return None


def _words(text: str) -> list[tuple[str, re.Match[str]]]:
    return [
        (unicodedata.normalize("NFKC", _UNHEARD.sub("", match.group())).casefold(), match)
        for match in _WORD.finditer(text)
    ]
