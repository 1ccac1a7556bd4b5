"""Builders for the tests of checklists and the speaking estimate: talks as they are looked at."""

from collections.abc import Sequence
from typing import Any

from assessment_world import LEXICON, SCENARIO

from agent.assessment.checklist import load_checklist
from agent.assessment.checklist_evaluate import evaluate
from agent.assessment.checklist_talk import Seen, talk_of
from agent.mind.disclosure import FactIndex
from agent.mind.listening import Heard, Listener
from agent.protocol import (
    ChecklistItem,
    ChecklistResult,
    Delivery,
    Exchange,
    PersonaState,
    Reason,
    Ungraded,
)
from personas.bank import load_bank
from personas.model import Scenario

UNGRADED = Ungraded(ungraded=Reason(code="not_yet", message="not yet"))
PATIENT = Scenario.model_validate(
    {
        **SCENARIO.model_dump(),
        "kind": "patient",
        "rubric": "clinical-communication",
        "mood": {
            "news": [{"phrases": ["is cancer", "bowel cancer"], "because": "It is the word."}]
        },
    }
)
LISTENER = Listener(PATIENT, LEXICON, FactIndex(PATIENT, load_bank("en")))


def exchanges_of(
    replies: Sequence[str], *, lines: Sequence[str] = (), pauses: Sequence[float | None] = ()
) -> list[Exchange]:
    """Return ungraded exchanges; `lines` and `pauses` by reply, as far as they are given."""
    return [
        Exchange(
            index=index,
            persona_text=lines[index] if index < len(lines) else "Mm.",
            reply_text=reply,
            started_s=10.0 * index,
            ended_s=10.0 * index + 5,
            grade=UNGRADED,
            delivery=Delivery(
                response_latency_s=pauses[index] if index < len(pauses) else None, spoken=False
            ),
            state=PersonaState(arousal=2, trust=2),
        )
        for index, reply in enumerate(replies)
    ]


def heard_in(exchanges: Sequence[Exchange]) -> dict[int, Heard]:
    """Return what the persona heard in each reply, by words alone."""
    return {
        each.index: LISTENER.hear(each.reply_text, persona_line=each.persona_text)
        for each in exchanges
    }


def seen_in(replies: Sequence[str], **given: Any) -> list[Seen]:
    """Return a talk of these replies as it is looked at."""
    exchanges = exchanges_of(replies, **given)
    return talk_of(exchanges, heard_in(exchanges), LEXICON)


def looked_at(checklist_id: str, replies: Sequence[str], **given: Any) -> ChecklistResult:
    """Return what a bundled checklist makes of these replies."""
    return evaluate(load_checklist(checklist_id), seen_in(replies, **given), LEXICON)


def item_of(result: ChecklistResult, step: str) -> ChecklistItem:
    """Return the item of one step."""
    return next(item for item in result.items if item.id == step)


def statuses(result: ChecklistResult) -> dict[str, str]:
    """Return the status by step."""
    return {item.id: item.status for item in result.items}
