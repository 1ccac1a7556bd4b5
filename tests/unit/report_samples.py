"""Builds small reports, so that a test names only what it is about."""

from typing import Any

from agent.protocol import (
    Delivery,
    Evidence,
    Exchange,
    Grade,
    GraderVersion,
    Latency,
    PersonaState,
    Report,
    RubricVersion,
    Skill,
    Ungraded,
)


def grade(overall: int = 74, **changes: Any) -> Grade:
    """Return a grade of one reply."""
    made = Grade(
        overall=overall,
        skills={Skill.LISTENING: 80, Skill.CLARITY: 68},
        rationale="You asked openly.",
        evidence=[Evidence(exchange=0, quote="tell me about the pain")],
        advice="Name what you heard before the next question.",
    )
    return made.model_copy(update=changes)


def exchange(index: int = 0, **changes: Any) -> Exchange:
    """Return one exchange, graded unless told otherwise."""
    made = Exchange(
        index=index,
        persona_text="It is my chest.",
        reply_text="I am Kim, tell me about the pain please.",
        started_s=4 + 20 * index,
        ended_s=9 + 20 * index,
        grade=grade(),
        delivery=Delivery(words_per_minute=130, response_latency_s=0.8),
        state=PersonaState(arousal=2.5, trust=2),
    )
    return made.model_copy(update=changes)


def report(*exchanges: Exchange, **changes: Any) -> Report:
    """Return the report of an encounter with these exchanges."""
    made = Report(
        encounter_id="e1",
        scenario_id="chest-pain-nurse",
        title="Chest pain at triage",
        mode="practice",
        started_at="2030-05-04T09:30:00+00:00",
        duration_s=187,
        rubric=RubricVersion(id="clinical", version="1"),
        grader=GraderVersion(kind="local", model="rules", version="1"),
        providers={"hearing": "this machine", "mind": "scripted", "voice": "this machine"},
        outcome="containment" if exchanges else None,
        overall=74 if exchanges else None,
        skills={Skill.LISTENING: 80, Skill.CLARITY: 68} if exchanges else {},
        criteria=[],
        exchanges=list(exchanges),
        strengths=["You introduced yourself."] if exchanges else [],
        improvements=["Check understanding."] if exchanges else [],
        ungraded_count=sum(isinstance(each.grade, Ungraded) for each in exchanges),
        latency=Latency(p50_ms=400, p95_ms=700),
    )
    return made.model_copy(update=changes)
