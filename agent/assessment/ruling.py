"""Says what level a criterion has by rule: what was found in the words, and what that earns."""

from collections.abc import Collection
from dataclasses import dataclass

from agent.assessment.rubric import Criterion, Rubric
from agent.mind.appraisal import Appraisal, Finding, cues
from agent.mind.lexicon import Cue, Lexicon, Signal


@dataclass(frozen=True, slots=True)
class Ruled:
    """A criterion's level by rule, and what speaks for and against the reply in it."""

    criterion: Criterion
    level: int
    earned: tuple[Signal, ...]
    lost: tuple[Signal, ...]


def rule(rubric: Rubric, found: Appraisal, asked: Collection[Cue], *, opening: bool) -> list[Ruled]:
    """Return the level of every criterion the reply had the chance to show."""
    return [
        _ruled(rubric, criterion, found)
        for criterion in rubric.criteria
        if _due(criterion, found, asked, opening=opening)
    ]


def asked_of(line: str, rubric: Rubric, lexicon: Lexicon) -> frozenset[Cue]:
    """Return what the persona's line asks for. A subject is upset until they say otherwise."""
    found = cues(line, lexicon)
    if rubric.kind == "subject" and line and not found & {Cue.AGREEMENT, Cue.CLOSING}:
        return found | {Cue.COMPLAINT}
    return found


def _ruled(rubric: Rubric, criterion: Criterion, found: Appraisal) -> Ruled:
    present = found.signals
    earned = _earned(criterion, found)
    lost = [s for s in (*criterion.loses, *criterion.caps) if s in present]
    level = criterion.start
    level += sum(criterion.earns[signal] for signal in earned)
    level -= sum(points for signal, points in criterion.loses.items() if signal in present)
    level = min([level, *(cap for signal, cap in criterion.caps.items() if signal in present)])
    level = max(rubric.lowest, min(rubric.highest, level))
    return Ruled(criterion, level, tuple(earned), tuple(dict.fromkeys(lost)))


def _earned(criterion: Criterion, found: Appraisal) -> list[Signal]:
    """Return the signals that count for a criterion, the same words only once: an open question
    that invites the story is one deed."""
    counted: list[Finding] = []
    for signal in sorted(criterion.earns, key=lambda signal: -criterion.earns[signal]):
        for finding in found.findings:
            if finding.signal is signal and not any(_overlap(finding, each) for each in counted):
                counted.append(finding)
                break
    return [finding.signal for finding in counted]


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.start + len(other.quote) and other.start < one.start + len(one.quote)


def _due(criterion: Criterion, found: Appraisal, asked: Collection[Cue], *, opening: bool) -> bool:
    """Tell whether a reply had the chance to show this: by itself, or because it was asked for."""
    if criterion.tests() & found.signals or (criterion.opening and opening):
        return True
    if criterion.from_words is not None and found.words >= criterion.from_words:
        return True
    return bool(set(criterion.asked_by) & set(asked)) and not found.has(*criterion.unless)
