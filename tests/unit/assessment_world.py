"""Builders for the tests of assessment: graders, replies, a scenario, an encounter."""

from datetime import UTC, datetime
from typing import Any

from agent.assessment.local_grader import LocalGrader
from agent.assessment.rubric import load_rubric
from agent.encounter import Encounter, Reply
from agent.mind.appraisal import load_lexicon
from agent.protocol import Grade, Turn, Ungraded
from personas.model import Lines, Scenario

LEXICON = load_lexicon("en")
GRADERS = {
    "patient": LocalGrader(load_rubric("clinical-communication"), LEXICON),
    "subject": LocalGrader(load_rubric("de-escalation"), LEXICON),
}
UPSET = "I've been waiting four hours and nobody tells me anything!"


def make_reply(text: str, line: str = UPSET, *, index: int = 1, wpm: float | None = None) -> Reply:
    """Return a typed reply or, with `wpm`, one spoken at that rate."""
    words = len(text.split())
    return Reply(
        index=index,
        persona_text=line,
        persona_ended_s=1.0,
        text=text,
        started_s=2.0,
        ended_s=2.0 + (words / wpm * 60 if wpm else 1.0),
        spoken=wpm is not None,
    )


def judge(text: str, line: str = UPSET, *, kind: str = "subject", **given: Any) -> Grade | Ungraded:
    """Return what the local grader makes of a reply."""
    return GRADERS[kind].judge(make_reply(text, line, **given))


def graded(text: str, line: str = UPSET, *, kind: str = "subject", **given: Any) -> Grade:
    """Return the grade of a reply that must have one."""
    grade = judge(text, line, kind=kind, **given)
    assert isinstance(grade, Grade), grade
    return grade


def code_of(text: str, line: str = UPSET, *, kind: str = "subject") -> str | None:
    """Return why a reply is ungraded, or None when it is graded."""
    grade = judge(text, line, kind=kind)
    return grade.ungraded.code if isinstance(grade, Ungraded) else None


SCENARIO = Scenario.model_validate(
    {
        "id": "desk",
        "kind": "subject",
        "rubric": "de-escalation",
        "card": {
            "title": "At the desk",
            "profession": "front desk",
            "setting": "A desk",
            "role": "You are on the desk",
            "background": "Somebody comes up to you.",
            "tasks": ["Help."],
        },
        "person": {
            "name": "Jo",
            "age": 40,
            "gender": "female",
            "character": "You have waited for a very long time.",
            "speech": "Fast and loud",
            "wants": "To be heard",
        },
        "mood": {"arousal": 3.5, "trust": 1.0},
        "facts": [
            {"id": "name", "reveal": "freely", "truth": "I am Jo.", "say": ["I'm Jo."]},
            {
                "id": "her_mother",
                "reveal": "when_asked",
                "truth": "My mother is in there.",
                "questions": ["who is in there"],
                "say": ["My mother."],
            },
            {
                "id": "the_fear",
                "reveal": "when_trusted",
                "truth": "I fear that she dies.",
                "questions": ["what do you fear"],
                "say": ["That she dies."],
            },
            {"id": "the_secret", "reveal": "never", "truth": "I was late."},
        ],
        "lines": {
            name: ["Well."] for name, field in Lines.model_fields.items() if field.is_required()
        },
    }
)


def make_encounter(*turns: tuple[str, str], **given: Any) -> Encounter:
    """Return an encounter of (speaker, text) turns, two seconds each."""
    encounter = Encounter(
        encounter_id="e1",
        room_name="enc_e1",
        scenario=SCENARIO,
        mode="practice",
        started_at=datetime(2026, 3, 1, 12, 0, tzinfo=UTC),
        **given,
    )
    for number, (speaker, text) in enumerate(turns):
        encounter.add(
            Turn.model_validate(
                {
                    "id": f"t{number}",
                    "speaker": speaker,
                    "text": text,
                    "started_s": number * 2.0,
                    "ended_s": number * 2.0 + 1.5,
                }
            )
        )
    return encounter


def grade_all(encounter: Encounter) -> Encounter:
    """Grade every reply of an encounter in place, and return it."""
    for reply in encounter.replies():
        encounter.grades[reply.index] = GRADERS["subject"].judge(reply)
    return encounter
