"""Makes the report of an encounter from what was kept of it.

Pure, and good for a talk of no reply, of one, and for one cut off. Averages run over graded replies
only; the ungraded are counted and shown with their reason.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC

from agent.assessment.highlights import improvements, strengths
from agent.assessment.levels import mean_score
from agent.assessment.outcome import outcome_of
from agent.assessment.percentile import percentile
from agent.assessment.rubric import Criterion, Rubric
from agent.encounter import Encounter
from agent.protocol import (
    CriterionLevel,
    CriterionResult,
    Evidence,
    Exchange,
    Grade,
    GraderVersion,
    Latency,
    PersonaState,
    Report,
    SafetyReport,
    SafetyStepDone,
    Skill,
)

_HIDDEN = ("when_asked", "when_trusted")


def make_report(
    encounter: Encounter,
    *,
    rubric: Rubric,
    grader: GraderVersion,
    providers: Mapping[str, str],
    duration_s: float,
    partial: bool,
) -> Report:
    """Return the report of an encounter as it stands; `partial` when it was cut off."""
    scenario = encounter.scenario
    exchanges = encounter.exchanges()
    grades = [each.grade for each in exchanges if isinstance(each.grade, Grade)]
    criteria = [_criterion(criterion, exchanges) for criterion in rubric.criteria]
    started = encounter.started_at
    if started.tzinfo is None:
        started = started.replace(tzinfo=UTC)
    return Report(
        encounter_id=encounter.encounter_id,
        scenario_id=scenario.id,
        title=scenario.card.title,
        mode=encounter.mode,
        started_at=started.astimezone(UTC).isoformat(timespec="seconds"),
        duration_s=round(max(0.0, duration_s), 1),
        rubric=rubric.released(),
        grader=grader,
        providers=dict(providers),
        outcome=(
            outcome_of(
                PersonaState(arousal=scenario.mood.arousal, trust=scenario.mood.trust),
                exchanges[-1].state,
                danger_left=encounter.danger == "open",
            )
            if exchanges
            else None
        ),
        overall=mean_score(grade.overall for grade in grades) if grades else None,
        skills=_skills(grades),
        criteria=criteria,
        exchanges=exchanges,
        closing_line=encounter.closing_line(),
        strengths=strengths(rubric, exchanges),
        improvements=improvements(exchanges),
        ungraded_count=len(exchanges) - len(grades),
        facts_found=_facts_found(encounter),
        facts_total=sum(fact.reveal in _HIDDEN for fact in scenario.facts),
        safety=_safety(encounter),
        latency=Latency(
            p50_ms=_rounded(percentile(encounter.latencies_ms, 0.5)),
            p95_ms=_rounded(percentile(encounter.latencies_ms, 0.95)),
        ),
        partial=partial,
    )


def _skills(grades: Sequence[Grade]) -> dict[Skill, int]:
    by_skill = {
        skill: [grade.skills[skill] for grade in grades if skill in grade.skills] for skill in Skill
    }
    return {skill: mean_score(scores) for skill, scores in by_skill.items() if scores}


def _criterion(criterion: Criterion, exchanges: Sequence[Exchange]) -> CriterionResult:
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


def _facts_found(encounter: Encounter) -> list[str]:
    """Return the topics of the hidden facts told, in the order they came to light."""
    hidden = {fact.id for fact in encounter.scenario.facts if fact.reveal in _HIDDEN}
    return [
        fact.replace("_", " ") for fact in dict.fromkeys(encounter.facts_told) if fact in hidden
    ]


def _safety(encounter: Encounter) -> SafetyReport | None:
    safety = encounter.scenario.safety
    if safety is None:
        return None
    return SafetyReport(
        about=safety.about,
        danger=encounter.danger,
        steps=[
            SafetyStepDone(label=step.label, done=step.id in encounter.safety_steps)
            for step in safety.steps
        ],
    )


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)
