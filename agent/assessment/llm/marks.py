"""Turns checked levels into the numbers of a grade, by the rubric's table; no model is asked."""

from collections.abc import Sequence

from agent.assessment.levels import mean_score
from agent.assessment.rubric import Rubric
from agent.assessment.tone import judge_tone
from agent.mind.appraisal import Appraisal
from agent.protocol import CriterionLevel, Delivery, Skill


def skills_of(
    rubric: Rubric, levels: Sequence[CriterionLevel], delivery: Delivery, found: Appraisal
) -> dict[Skill, int]:
    """Return a number from 1 to 100 for each skill the reply gave a chance for."""
    skill_of = {criterion.id: criterion.skill for criterion in rubric.criteria}
    scores: dict[Skill, list[int]] = {}
    for level in levels:
        scores.setdefault(skill_of[level.id], []).append(rubric.score(level.level))
    # A pace alone tells nothing of a reply that gave no other chance.
    if levels and (tone := judge_tone(delivery, found)):
        scores[Skill.TONE] = [tone.score]
    return {skill: mean_score(scores[skill]) for skill in Skill if skill in scores}


def overall_of(rubric: Rubric, skills: dict[Skill, int], found: Appraisal) -> int:
    """Return the mean of the skills, held down by what no kind word buys free."""
    ceilings = [top for signal, top in rubric.ceilings.items() if found.has(signal)]
    return min([mean_score(skills.values()), *ceilings])
