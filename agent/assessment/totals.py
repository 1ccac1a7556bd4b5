"""Adds the grades of the replies up to the numbers of the talk; the ungraded count in none."""

from collections.abc import Sequence

from agent.assessment.levels import mean_score
from agent.assessment.rubric import Criterion
from agent.protocol import CriterionLevel, CriterionResult, Evidence, Exchange, Grade, Skill


def skill_scores(grades: Sequence[Grade]) -> dict[Skill, int]:
    """Return the mean of each skill over the replies that gave it a chance."""
    by_skill = {
        skill: [grade.skills[skill] for grade in grades if skill in grade.skills] for skill in Skill
    }
    return {skill: mean_score(scores) for skill, scores in by_skill.items() if scores}


def criterion_result(criterion: Criterion, exchanges: Sequence[Exchange]) -> CriterionResult:
    """Return a criterion's mean level, with words from its best replies and from its worst."""
    judged = [
        (each.index, level)
        for each in exchanges
        if isinstance(each.grade, Grade)
        for level in each.grade.criteria
        if level.id == criterion.id and level.level in criterion.levels
    ]
    result = CriterionResult(
        id=criterion.id,
        name=criterion.name,
        level=None,
        max=max(criterion.levels),
        rationale="The encounter gave no chance to judge this.",
    )
    if not judged:
        return result
    mean = sum(level.level for _, level in judged) / len(judged)
    level = int(mean + 0.5)
    times = "one reply" if len(judged) == 1 else f"{len(judged)} replies"
    return result.model_copy(
        update={
            "level": level,
            "rationale": f"{criterion.levels[level]} Judged in {times}, mean level {mean:.1f}.",
            "evidence": _evidence(judged),
        }
    )


def _evidence(judged: Sequence[tuple[int, CriterionLevel]]) -> list[Evidence]:
    """Return words of the two best replies and of the worst, none of them twice."""
    quoting = [(index, level) for index, level in judged if level.quotes]
    ranked = sorted(quoting, key=lambda each: (-each[1].level, each[0]))
    chosen = ranked if len(ranked) <= 3 else [*ranked[:2], ranked[-1]]
    return [
        Evidence(exchange=index, quote=level.quotes[0])
        for index, level in sorted(chosen, key=lambda each: each[0])
    ]
