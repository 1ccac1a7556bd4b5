"""Brings together what the rules say of a reply and what the trained models mark it.

All are kept, because each sees what the others are blind to: the rules know exact words, the
sentence models what each sentence does, the reader how the whole answers the line before. Decided
on the labelled replies, on situations not trained on: the models order far better
(`python -m agent.training` prints how well each does), a fifth of rule improves the sentence models
a little and the reader not at all, and faults by turn of phrase alone are wrong too often to count
where the marks speak against them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from agent.assessment.levels import level_of, mean_score
from agent.assessment.rubric import Rubric
from agent.assessment.ruling import Ruled
from agent.mind.appraisal import Appraisal
from agent.mind.lexicon import Signal
from agent.mind.sense import OVERALL
from agent.protocol import Skill

RULE_SHARE = 0.2
"""Of a number, beside the sentence models alone. Beside the reader the rules have none: they set
ceilings and tell the criteria of a skill apart."""
READER_SHARE = 0.85
"""Of the trained marks, where the reader had a line and a reply to read."""
STRETCH = 1.15
"""The sentence models' marks keep to the middle; this far they are drawn away from it."""
_MIDDLE = 50.0
DOUBT = 50.0
"""Trained mark from which a fault found by a turn of phrase is taken for a chance likeness, as in
"nobody is calling you stupid"."""
_OWN_WAY = 0.5
"""How far criteria of one skill differ as the rules differ on them."""
_ALWAYS = (Skill.TONE, Skill.LISTENING, Skill.CALM, Skill.CLARITY)


def blended(sensed: Mapping[str, float], read: Mapping[str, float] | None) -> dict[str, float]:
    """Return the trained marks, 1 to 100: those of the sentence models, and of the reader where it
    read the reply."""
    drawn = {
        name: min(100.0, max(1.0, _MIDDLE + (mark - _MIDDLE) * STRETCH))
        for name, mark in sensed.items()
    }
    if read is None:
        return drawn
    return {
        name: (1 - READER_SHARE) * mark + READER_SHARE * read[name] for name, mark in drawn.items()
    }


def doubted(marks: Mapping[str, float]) -> bool:
    """Tell whether the meaning of a reply speaks against the faults found in its words."""
    return marks[OVERALL] >= DOUBT


def skills_of(
    rubric: Rubric,
    ruled: Sequence[Ruled],
    marks: Mapping[str, float],
    also: Iterable[Skill],
    *,
    rule_share: float,
) -> dict[Skill, int]:
    """Return the number of each skill: those always shown, those ruled on and those in `also`."""
    by_rule: dict[Skill, list[int]] = {}
    for each in ruled:
        by_rule.setdefault(each.criterion.skill, []).append(rubric.score(each.level))
    shown = {*_ALWAYS, *by_rule, *also}
    return {
        skill: mean_score([_mixed(by_rule.get(skill), marks[skill], rule_share)])
        for skill in Skill
        if skill in shown
    }


def settled(rubric: Rubric, ruled: Sequence[Ruled], skills: Mapping[Skill, int]) -> list[Ruled]:
    """Return the levels that go with the numbers of the skills; where a skill has several
    criteria, they differ as the rules say."""
    made: list[Ruled] = []
    for each in ruled:
        skill = each.criterion.skill
        own = rubric.score(each.level)
        others = [rubric.score(o.level) for o in ruled if o.criterion.skill is skill]
        score = skills[skill] + _OWN_WAY * (own - sum(others) / len(others))
        level = level_of(score, lowest=rubric.lowest, highest=rubric.highest)
        made.append(replace(each, level=level))
    return made


def overall_of(
    rubric: Rubric,
    ruled: Sequence[Ruled],
    skills: Mapping[Skill, int],
    marks: Mapping[str, float],
    found: Appraisal,
    *,
    rule_share: float,
) -> int:
    """Return the overall number: among those of the skills, held down by what no kind word buys
    free."""
    rules = [rubric.score(each.level) for each in ruled]
    mixed = _mixed(rules, marks[OVERALL], rule_share)
    among = max(min(skills.values()), min(max(skills.values()), mixed))
    return min([mean_score([among]), *ceilings(rubric, found, marks)])


def ceilings(rubric: Rubric, found: Appraisal, marks: Mapping[str, float] | None) -> list[int]:
    """Return the ceilings that hold. One found in words the meaning speaks against is let go, but
    never for words in capitals."""
    holding = {Signal.SHOUTING} if marks is not None and doubted(marks) else set(rubric.ceilings)
    return [top for signal, top in rubric.ceilings.items() if signal in holding & found.signals]


def _mixed(rules: Sequence[float] | None, mark: float, rule_share: float) -> float:
    if not rules:
        return mark
    return rule_share * sum(rules) / len(rules) + (1 - rule_share) * mark
