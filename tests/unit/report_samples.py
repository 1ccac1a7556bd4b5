"""Builds small reports, so that a test names only what it is about."""

from typing import Any

from agent.protocol import (
    ChecklistItem,
    ChecklistResult,
    CriterionResult,
    Delivery,
    DeliveryMeasure,
    DeliverySummary,
    Evidence,
    Exchange,
    Grade,
    GraderVersion,
    Latency,
    Moment,
    OetCriterion,
    OetEstimate,
    PersonaState,
    Reason,
    Report,
    RubricVersion,
    SafetyReport,
    SafetyStepDone,
    Skill,
    Standing,
    TaskResult,
    TranscriptLine,
    Ungraded,
    UngradedReplies,
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


def rich(**changes: Any) -> Report:
    """Return a report with something in every part of it."""
    reason = Reason(code="too_short", message="the reply has only one word")
    asked = Evidence(exchange=0, quote="tell me about the pain")
    return report(
        exchange(),
        exchange(1, state=PersonaState(arousal=3.4, trust=1.2), grade=grade(31)),
        exchange(2, reply_text="Mm.", grade=Ungraded(ungraded=reason)),
        criteria=[
            CriterionResult(
                id="gathering",
                name="Gathering information",
                level=2,
                max=3,
                rationale="Asks one clear question at a time.",
                evidence=[asked],
            )
        ],
        strengths=["Open questions (reply 1).", "Name given (reply 1).", "Plain words (reply 2)."],
        improvements=["Answer the fear (reply 2).", "Sum up (reply 2).", "Say when (reply 3)."],
        closing_line="You did not even look at me.",
        facts_found=["pain place"],
        facts_missed=["Fears (“What worries you most about this?”)"],
        facts_total=2,
        summary="You began with “I am Kim”. Reply 2 set them back most. It was contained.",
        tasks=[
            TaskResult(task="Explore the pain.", status="done", evidence=[asked]),
            TaskResult(
                task="Respond to her feelings and explain what happens next.",
                status="partly",
                evidence=[asked],
                missing=["explain what happens next"],
            ),
            TaskResult(task="Check that she has understood.", status="not_seen"),
        ],
        trajectory=[
            Standing(exchange=None, arousal=2.8, trust=1.7, bars=5, cpi="anxiety"),
            Standing(exchange=0, arousal=2.5, trust=2, bars=5, cpi="anxiety", moved="eased"),
            Standing(exchange=1, arousal=3.4, trust=1.2, bars=5, cpi="defensive", moved="hardened"),
            Standing(exchange=2, arousal=3.4, trust=1.2, bars=5, cpi="defensive"),
        ],
        best=Moment(exchange=0, quote="tell me about the pain", why="Trust rose by 0.3."),
        worst=Moment(exchange=1, quote="please", why="Arousal rose by 0.9."),
        ungraded=[UngradedReplies(code=reason.code, message=reason.message, exchanges=[2])],
        delivery=DeliverySummary(
            measures=[
                DeliveryMeasure(
                    id="words_per_minute",
                    name="Speech rate",
                    unit="words a minute",
                    value=172,
                    low=110,
                    high=160,
                    replies=2,
                    comment="Faster than the band.",
                ),
                DeliveryMeasure(
                    id="level_rise_db",
                    name="Loudest",
                    unit="dB",
                    high=6,
                    comment="The microphone adjusts its level by itself.",
                ),
            ]
        ),
        transcript=[
            TranscriptLine(speaker="persona", text="It is my chest.", started_s=1, ended_s=3)
        ],
        safety=SafetyReport(
            about="health",
            danger="open",
            steps=[
                SafetyStepDone(label="Asks her to stay", done=True),
                SafetyStepDone(label="Brings the doctor", done=False),
            ],
        ),
        checklists=[
            ChecklistResult(
                id="leaps",
                version="1",
                name="Listen, empathise, ask, paraphrase, summarise",
                in_order=True,
                items=[
                    ChecklistItem(
                        id="ask",
                        name="Ask",
                        status="observed",
                        reason="Asked openly.",
                        evidence=[asked],
                    ),
                    ChecklistItem(
                        id="sum", name="Summarise", status="not_observed", reason="Nothing summed."
                    ),
                ],
            )
        ],
        oet=OetEstimate(
            criteria=[
                OetCriterion(
                    id="int",
                    name="Intelligibility",
                    kind="linguistic",
                    level=None,
                    max=6,
                    reason="It takes the sound.",
                ),
                OetCriterion(
                    id="rel",
                    name="Relationship building",
                    kind="clinical",
                    level=2,
                    max=3,
                    reason="Greets by name.",
                ),
            ],
            score=None,
            band=None,
            reason="Too few criteria could be estimated.",
            estimated_of=(3, 39),
        ),
    ).model_copy(update=changes)
