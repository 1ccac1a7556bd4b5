"""Makes the report of an encounter from what was kept of it.

Pure, and good for a talk of no reply, of one, and for one cut off. Averages run over graded replies
only; the ungraded are counted and shown with their reason. Reading the whole talk takes a while, so
it belongs on a thread.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from agent.assessment import facts, tasks
from agent.assessment.checklist_evaluate import whole_talk
from agent.assessment.delivery_summary import delivery_summary
from agent.assessment.highlights import Matter, improvements, strengths
from agent.assessment.levels import mean_score
from agent.assessment.moments import best_and_worst, trajectory
from agent.assessment.oet import oet_estimate
from agent.assessment.outcome import outcome_of
from agent.assessment.percentile import percentile
from agent.assessment.rubric import Rubric
from agent.assessment.summary import Told, summarise
from agent.assessment.totals import criterion_result, skill_scores
from agent.encounter import Encounter, Reply
from agent.mind.disclosure import FactIndex, Vector
from agent.mind.lexicon import Lexicon, load_lexicon
from agent.mind.listening import Heard, Listener
from agent.protocol import (
    Exchange,
    Grade,
    GraderVersion,
    Latency,
    PersonaState,
    Report,
    SafetyReport,
    SafetyStepDone,
    TranscriptLine,
    Turn,
    Ungraded,
    UngradedReplies,
)
from personas.bank import load_bank


def make_report(
    encounter: Encounter,
    *,
    rubric: Rubric,
    grader: GraderVersion,
    providers: Mapping[str, str],
    duration_s: float,
    partial: bool,
    heard: Mapping[int, Heard] | None = None,
    vectors: Mapping[str, Vector] | None = None,
) -> Report:
    """Return the report of an encounter as it stands; `partial` when it was cut off.

    `heard`: what the persona heard in each reply, by exchange; what is missing is read again by
    words alone. `vectors`: unit vectors of `tasks.texts_to_compare`, by text; without them the
    card's tasks are found by words alone.
    """
    scenario = encounter.scenario
    lexicon = load_lexicon(scenario.language)
    replies = encounter.replies()
    exchanges = encounter.exchanges()
    heard = _heard(encounter, replies, heard or {}, lexicon)
    start = PersonaState(arousal=scenario.mood.arousal, trust=scenario.mood.trust)
    grades = [each.grade for each in exchanges if isinstance(each.grade, Grade)]
    criteria = [criterion_result(criterion, exchanges) for criterion in rubric.criteria]
    best, worst = best_and_worst(start, exchanges)
    safety = _safety(encounter)
    found, missed = facts.found(encounter), facts.missed(encounter, load_bank(scenario.language))
    outcome = (
        outcome_of(start, exchanges[-1].state, danger_left=encounter.danger == "open")
        if exchanges
        else None
    )
    seen = tasks.Seen(
        scenario=scenario,
        replies=replies,
        heard=heard,
        told_in=facts.told_in(encounter, replies, heard),
        facts_told=encounter.facts_told,
        safety_steps=encounter.safety_steps,
        danger_left=encounter.danger == "open",
        escalated=outcome == "escalation",
        grades=encounter.grades,
        vectors=vectors or {},
    )
    matter = Matter(
        rubric=rubric,
        exchanges=exchanges,
        criteria=criteria,
        tasks=tasks.results(seen, lexicon),
        facts_missed=missed,
        safety=safety,
        best=best,
    )
    return Report(
        encounter_id=encounter.encounter_id,
        scenario_id=scenario.id,
        title=scenario.card.title,
        mode=encounter.mode,
        started_at=_stamp(encounter.started_at),
        duration_s=round(max(0.0, duration_s), 1),
        rubric=rubric.released(),
        grader=grader,
        providers=dict(providers),
        outcome=outcome,
        overall=mean_score(grade.overall for grade in grades) if grades else None,
        skills=skill_scores(grades),
        criteria=criteria,
        exchanges=exchanges,
        closing_line=encounter.closing_line(),
        strengths=strengths(matter),
        improvements=improvements(matter),
        ungraded_count=len(exchanges) - len(grades),
        facts_found=found,
        facts_missed=missed,
        facts_total=len(facts.hidden(scenario)),
        tasks=list(matter.tasks),
        summary=summarise(
            Told(
                start=start,
                exchanges=exchanges,
                closing_line=encounter.closing_line(),
                outcome=outcome,
                facts_found=len(found),
                facts_total=len(facts.hidden(scenario)),
                safety=safety,
                partial=partial,
            )
        ),
        trajectory=trajectory(start, exchanges),
        best=best,
        worst=worst,
        ungraded=_ungraded(exchanges),
        delivery=delivery_summary(exchanges),
        transcript=[_line(turn) for turn in encounter.turns],
        safety=safety,
        checklists=whole_talk(scenario, exchanges, heard, lexicon),
        oet=oet_estimate(scenario, exchanges, heard, rubric=rubric, lexicon=lexicon),
        latency=Latency(
            p50_ms=_rounded(percentile(encounter.latencies_ms, 0.5)),
            p95_ms=_rounded(percentile(encounter.latencies_ms, 0.95)),
        ),
        partial=partial,
    )


def _heard(
    encounter: Encounter, replies: Sequence[Reply], known: Mapping[int, Heard], lexicon: Lexicon
) -> dict[int, Heard]:
    """Return what was heard in each reply; one that went on after it was heard is read again."""
    heard = {
        reply.index: known[reply.index]
        for reply in replies
        if reply.index in known and known[reply.index].words == reply.text
    }
    if len(heard) < len(replies):
        scenario = encounter.scenario
        listener = Listener(scenario, lexicon, FactIndex(scenario, load_bank(scenario.language)))
        for reply in replies:
            if reply.index not in heard:
                heard[reply.index] = listener.hear(reply.text, persona_line=reply.persona_text)
    return heard


def _ungraded(exchanges: Sequence[Exchange]) -> list[UngradedReplies]:
    """Return the replies without a grade, together where the reason is the same."""
    by_reason: dict[tuple[str, str], list[int]] = {}
    for each in exchanges:
        if isinstance(each.grade, Ungraded):
            reason = each.grade.ungraded
            by_reason.setdefault((reason.code, reason.message), []).append(each.index)
    return [
        UngradedReplies(code=code, message=message, exchanges=indices)
        for (code, message), indices in by_reason.items()
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


def _line(turn: Turn) -> TranscriptLine:
    return TranscriptLine(
        speaker=turn.speaker,
        text=turn.text,
        started_s=turn.started_s,
        ended_s=turn.ended_s,
        interrupted=turn.interrupted,
    )


def _stamp(at: datetime) -> str:
    """Return a time as ISO 8601 in UTC; one without a zone is taken for UTC."""
    known = at if at.tzinfo else at.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat(timespec="seconds")


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)
