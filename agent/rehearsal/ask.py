"""`python -m personas ask ID`: one trainee line in, one answer out, for programs and tuning."""

import json
from collections.abc import Iterable
from typing import TextIO

from agent.mind.appraisal import Appraisal
from agent.rehearsal.talk import Exchanged, Talk


async def ask(talk: Talk, lines: Iterable[str], out: TextIO, *, as_json: bool) -> None:
    """Say each line in turn and write the answer, as a JSON object a line or as plain text; empty
    lines are passed over. All lines are one talk."""
    await talk.begin()
    for line in lines:
        if reply := line.strip():
            exchanged = await talk.say(reply)
            text = json.dumps(as_document(exchanged)) if as_json else exchanged.answer.line
            print(text, file=out, flush=True)


def as_document(exchanged: Exchanged) -> dict[str, object]:
    """Return an exchange as plain data."""
    answer = exchanged.answer
    mind = answer.mind
    return {
        "reply": answer.line,
        "facts_told": [answer.fact.id] if answer.fact else [],
        "facts_told_so_far": list(mind.told),
        "fact_withheld": answer.withheld.id if answer.withheld else None,
        "kind": answer.kind,
        "pause_s": answer.pause_s,
        "appraisal": _appraisal(answer.heard.appraisal),
        "state": {"arousal": mind.mood.arousal, "trust": mind.mood.trust},
        "danger": mind.danger,
        "safety_steps": sorted(mind.steps),
    }


def _appraisal(found: Appraisal) -> dict[str, object]:
    return {
        "findings": [
            {"signal": finding.signal.value, "quote": finding.quote} for finding in found.findings
        ],
        "warmth": found.warmth,
        "provocation": found.provocation,
        "words": found.words,
        "questions": found.questions,
    }
