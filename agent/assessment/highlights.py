"""Picks what to tell first at the end: at most three things done well and three to work on.

Each names its exchange, counted from 1 as people do, and the words it is about.
"""

from collections.abc import Sequence

from agent.assessment.rationale import quoted
from agent.assessment.rubric import Rubric
from agent.protocol import CriterionLevel, Exchange, Grade

_MOST = 3
_STRONG = 0.65
"""Share of the scale from which a level is a strength."""
_FINE = 75
"""Replies of this overall number and more need no improvement."""


def strengths(rubric: Rubric, exchanges: Sequence[Exchange]) -> list[str]:
    """Return the criteria shown best, each with the reply that shows it."""
    best: list[tuple[float, int, str]] = []
    for place, criterion in enumerate(rubric.criteria):
        shown = [
            (level.level, -each.index, each, level)
            for each, level in _levels(exchanges)
            if level.id == criterion.id and level.quotes
        ]
        if not shown:
            continue
        top, _, each, level = max(shown, key=lambda found: found[:2])
        share = (top - rubric.lowest) / (rubric.highest - rubric.lowest)
        if share >= _STRONG:
            what = f"{criterion.name}: {level.rationale} (reply {each.index + 1})."
            best.append((-share, place, what))
    return [what for _, _, what in sorted(best)[:_MOST]]


def improvements(exchanges: Sequence[Exchange]) -> list[str]:
    """Return the advice on the weakest replies, the weakest first, no advice twice."""
    weak = [
        (each.grade, each)
        for each in exchanges
        if isinstance(each.grade, Grade) and each.grade.overall < _FINE
    ]
    told: dict[str, str] = {}
    for grade, each in sorted(weak, key=lambda found: (found[0].overall, found[1].index)):
        where = f"Reply {each.index + 1}, {quoted(each.reply_text)}"
        told.setdefault(grade.advice, f"{where}: {grade.advice}")
    return list(told.values())[:_MOST]


def _levels(exchanges: Sequence[Exchange]) -> list[tuple[Exchange, CriterionLevel]]:
    return [
        (each, level)
        for each in exchanges
        if isinstance(each.grade, Grade)
        for level in each.grade.criteria
    ]
