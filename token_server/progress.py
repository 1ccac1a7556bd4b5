"""Adds finished encounters up to what changed from one attempt to the next.

Pure: attempts in, numbers out. A skill an encounter gave no chance for is left out there and never
counted as zero; an encounter that was cut off counts, and is marked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from pydantic import BaseModel

from agent.protocol import Outcome, Score, Skill

LATEST = 500
"""Only so many attempts are added up, the latest."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A finished encounter with an overall score."""

    encounter_id: str
    at: datetime
    """When it was created."""
    scenario_id: str
    title: str
    overall: int
    skills: Mapping[Skill, int]
    """Only the skills it gave a chance for."""
    outcome: Outcome | None
    partial: bool
    """True: cut off before its end."""


class SkillPoint(BaseModel):
    """What one encounter was worth in one skill."""

    encounter_id: str
    at: datetime
    score: Score
    partial: bool
    """True: the encounter was cut off before its end."""


class SkillProgress(BaseModel):
    """One skill over time."""

    attempts: int
    """Encounters that gave a chance for it."""
    first: Score
    latest: Score
    mean: float
    """To one decimal."""
    points: list[SkillPoint]
    """Oldest first."""


class ScenarioPoint(BaseModel):
    """One attempt at a scenario."""

    encounter_id: str
    at: datetime
    overall: Score
    outcome: Outcome | None
    partial: bool
    """True: the encounter was cut off before its end."""


class ScenarioProgress(BaseModel):
    """One scenario over time."""

    scenario_id: str
    title: str
    """As the latest report has it."""
    attempts: int
    overall: list[Score]
    """Oldest first."""
    best: Score
    latest: Score
    outcomes: list[Outcome | None]
    """Oldest first, as many as `overall`."""
    points: list[ScenarioPoint]
    """The same attempts with their encounters, oldest first."""


class Progress(BaseModel):
    """Finished encounters over time; those without an overall score do not count."""

    attempts: int
    """The latest 500 at most."""
    skills: dict[Skill, SkillProgress]
    """Only skills that were graded at least once."""
    scenarios: list[ScenarioProgress]
    """In the order in which they were first tried."""


def progress_of(attempts: Iterable[Attempt]) -> Progress:
    """Return the progress over the latest attempts, whatever order they come in."""
    inorder = sorted(attempts, key=lambda each: (each.at, each.encounter_id))[-LATEST:]
    by_skill = {skill: [each for each in inorder if skill in each.skills] for skill in Skill}
    by_scenario: dict[str, list[Attempt]] = {}
    for each in inorder:
        by_scenario.setdefault(each.scenario_id, []).append(each)
    return Progress(
        attempts=len(inorder),
        skills={skill: _skill(skill, graded) for skill, graded in by_skill.items() if graded},
        scenarios=[_scenario(tried) for tried in by_scenario.values()],
    )


def _skill(skill: Skill, graded: list[Attempt]) -> SkillProgress:
    scores = [each.skills[skill] for each in graded]
    return SkillProgress(
        attempts=len(scores),
        first=scores[0],
        latest=scores[-1],
        mean=round(fmean(scores), 1),
        points=[
            SkillPoint(
                encounter_id=each.encounter_id, at=each.at, score=score, partial=each.partial
            )
            for each, score in zip(graded, scores, strict=True)
        ],
    )


def _scenario(tried: list[Attempt]) -> ScenarioProgress:
    overall = [each.overall for each in tried]
    return ScenarioProgress(
        scenario_id=tried[-1].scenario_id,
        title=tried[-1].title,
        attempts=len(tried),
        overall=overall,
        best=max(overall),
        latest=overall[-1],
        outcomes=[each.outcome for each in tried],
        points=[
            ScenarioPoint(
                encounter_id=each.encounter_id,
                at=each.at,
                overall=each.overall,
                outcome=each.outcome,
                partial=each.partial,
            )
            for each in tried
        ],
    )
