"""Picks what to tell first at the end: three things done well and three to work on, where there is
matter for three.

Each names its reply, counted from 1 as people do, or the words it is about, and says what to do
next. The replies come first; what they leave room for comes from the tasks, the facts and the
voice.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from agent.assessment.rationale import quoted
from agent.assessment.rubric import Criterion, Rubric
from agent.protocol import (
    CriterionLevel,
    CriterionResult,
    Exchange,
    Grade,
    Moment,
    SafetyReport,
    TaskResult,
)

_MOST = 3
_QUOTE = re.compile("“[^”]*”")
_STRONG = 0.65
"""Share of the scale from which a level is a strength."""
_FAIR = 50
"""Overall number a reply needs for anything in it to be called a strength."""
_FINE = 75
"""Replies of this overall number and more need no improvement."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What there is to choose from."""

    rubric: Rubric
    exchanges: Sequence[Exchange]
    criteria: Sequence[CriterionResult] = ()
    tasks: Sequence[TaskResult] = ()
    facts_missed: Sequence[str] = ()
    safety: SafetyReport | None = None
    best: Moment | None = None


def strengths(matter: Matter) -> list[str]:
    """Return up to three things done well, each with the reply that shows it and how to go on."""
    if not matter.exchanges:
        return []
    fresh, again = _shown_criteria(matter)
    eased = [] if matter.best and matter.best.quote in " ".join(fresh) else _eased(matter)
    told = [*fresh, *eased, *_safe(matter), *_done(matter), *again]
    return list(dict.fromkeys(told))[:_MOST]


def improvements(matter: Matter) -> list[str]:
    """Return up to three things to work on, each with what to do: a danger left open first, then
    the weakest replies, no advice twice."""
    if not matter.exchanges:
        return []
    told = [*_unsafe(matter), *_weak_replies(matter), *_voice(matter)]
    told += [*_weak_criteria(matter), *_undone(matter), *_missed(matter)]
    return list(dict.fromkeys(told))[:_MOST]


def _shown_criteria(matter: Matter) -> tuple[list[str], list[str]]:
    """Return the criteria shown best, and apart from them those shown by the same words."""
    rubric = matter.rubric
    best: list[tuple[float, int, Criterion, Exchange, CriterionLevel]] = []
    for place, criterion in enumerate(rubric.criteria):
        judged = [(each, level) for each, level in _levels(matter) if level.id == criterion.id]
        shown = [found for found in judged if found[1].quotes and _fair(found[0])]
        if not shown:
            continue
        each, level = max(shown, key=lambda found: (found[1].level, -found[0].index))
        share = (level.level - rubric.lowest) / (rubric.highest - rubric.lowest)
        if share >= _STRONG:
            best.append((-share, place, criterion, each, level))
    fresh: dict[str, str] = {}
    again: list[str] = []
    pointed: set[int] = set()
    for _, _, criterion, each, level in sorted(best, key=lambda found: found[:2]):
        what = f"{criterion.name}: {level.rationale.rstrip('.')} (reply {each.index + 1})."
        if level.quotes[0] in fresh:
            again.append(f"{what} {_go_on(criterion, level, matter, pointed)}")
        else:
            fresh[level.quotes[0]] = f"{what} {_go_on(criterion, level, matter, pointed)}"
    return list(fresh.values()), again


def _fair(exchange: Exchange) -> bool:
    return isinstance(exchange.grade, Grade) and exchange.grade.overall >= _FAIR


def _go_on(criterion: Criterion, top: CriterionLevel, matter: Matter, pointed: set[int]) -> str:
    """Return where to do the same, each reply pointed to once, or what the next level looks
    like."""
    lower = [
        (level.level, each.index, each.reply_text)
        for each, level in _levels(matter)
        if level.id == criterion.id and level.level < top.level and each.index not in pointed
    ]
    if lower:
        _, index, text = min(lower)
        pointed.add(index)
        return f"Next: do the same where reply {index + 1} was, {quoted(text)}."
    if top.level < matter.rubric.highest:
        return f"Next: {_small(criterion.levels[top.level + 1])}"
    return "Next: keep it when the talk gets harder."


def _eased(matter: Matter) -> list[str]:
    if matter.best is None:
        return []
    where = f"Reply {matter.best.exchange + 1}, {quoted(matter.best.quote)}"
    return [f"{where}, helped most. Next: say such words earlier."]


def _safe(matter: Matter) -> Iterator[str]:
    if matter.safety is not None and matter.safety.danger == "handled":
        steps = "; ".join(step.label for step in matter.safety.steps if step.done)
        yield f"Safety: you took the danger up ({quoted(steps, 120)}). Next: do it as early."


def _done(matter: Matter) -> Iterator[str]:
    for task in matter.tasks:
        if task.status == "done" and task.evidence:
            first = task.evidence[0]
            yield (
                f"Task done: {quoted(task.task, 90)}, with {quoted(first.quote)} "
                f"(reply {first.exchange + 1}). Next: ask how that is for them."
            )


def _unsafe(matter: Matter) -> Iterator[str]:
    if matter.safety is None or matter.safety.danger != "open":
        return
    for step in matter.safety.steps:
        if not step.done:
            last = matter.exchanges[-1].index + 1
            yield (
                f"Safety: the danger was still open after reply {last}. Next time, before anything "
                f"else, take the step “{step.label}”."
            )
            return


def _weak_replies(matter: Matter) -> list[str]:
    weak = [
        (each.grade, each)
        for each in matter.exchanges
        if isinstance(each.grade, Grade) and each.grade.overall < _FINE
    ]
    told: dict[str, str] = {}
    for grade, each in sorted(weak, key=lambda found: (found[0].overall, found[1].index)):
        where = f"Reply {each.index + 1}, {quoted(each.reply_text)}"
        # The same advice on other words is the same advice.
        advice = grade.advice
        if grade.better:
            # What fits this line says more than what fits many.
            advice = f"{advice.split(' For example:')[0]} For example: “{grade.better}”"
        told.setdefault(_QUOTE.sub("", grade.advice), f"{where}: {advice}")
    return list(told.values())


def _voice(matter: Matter) -> Iterator[str]:
    """Yield the advice on the reply that sounded worst, where its sound was at fault."""
    spoken = [
        (each.delivery.tone_score, each)
        for each in matter.exchanges
        if each.delivery.tone_score is not None and each.delivery.advice
    ]
    if not spoken:
        return
    score, each = min(spoken, key=lambda found: found[0])
    if score < _FINE:
        yield f"Your voice in reply {each.index + 1}, {quoted(each.reply_text)}: " + (
            each.delivery.advice
        )


def _weak_criteria(matter: Matter) -> Iterator[str]:
    advice = {criterion.id: criterion.missing[0] for criterion in matter.rubric.criteria}
    lowest = matter.rubric.lowest
    lagging = [
        ((each.level - lowest) / (each.max - lowest), each)
        for each in matter.criteria
        if each.level is not None and each.evidence and each.id in advice
    ]
    for share, each in sorted(lagging, key=lambda found: found[0]):
        if share < _STRONG:
            where = each.evidence[-1]
            yield (
                f"{each.name}, as in reply {where.exchange + 1}, {quoted(where.quote)}: "
                f"{advice[each.id].say} For example: “{advice[each.id].better}”"
            )


def _undone(matter: Matter) -> Iterator[str]:
    """Yield the tasks of which something was not seen, those with nothing seen first."""
    for status in ("not_seen", "partly"):
        for task in matter.tasks:
            if task.status == status:
                if status == "not_seen":
                    rest = "not seen in any reply. Next time, have words ready for it."
                else:
                    where = ", ".join(str(each.exchange + 1) for each in task.evidence)
                    rest = f"seen in part (reply {where}), but not “{'”, “'.join(task.missing)}”. "
                    rest += "Next time, make room for that."
                yield f"Task {quoted(task.task, 90)}: {rest}"


def _missed(matter: Matter) -> Iterator[str]:
    for topic in matter.facts_missed:
        if "“" in topic:
            yield f"No reply brought this up: {topic}. Next time, ask."


def _levels(matter: Matter) -> list[tuple[Exchange, CriterionLevel]]:
    return [
        (each, level)
        for each in matter.exchanges
        if isinstance(each.grade, Grade)
        for level in each.grade.criteria
    ]


def _small(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
