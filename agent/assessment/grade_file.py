"""Grades a file of replies, one line in and one line out, whatever stands in between.

The file may be another program's, so a broken line costs that line and no other.
"""

import json
import time
from collections.abc import Iterable
from typing import Any, TextIO

from pydantic import ValidationError

from agent.assessment.bench import Bench, Spoken
from agent.protocol import Grade, Ungraded

_SHOW_AFTER_S = 2.0


async def grade_file(lines: Iterable[str], bench: Bench, *, out: TextIO, progress: TextIO) -> int:
    """Grade each line, in order; return 1 when one of them could not be read."""
    began = shown = time.monotonic()
    bad = done = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            spoken = Spoken.model_validate(json.loads(line))
        except ValueError as error:
            bad += 1
            why = f"line {number}: {_short(error)}"
            print(why, file=progress)
            made: dict[str, Any] = {
                "id": _id_of(line),
                "ungraded": {"code": "bad_line", "message": why},
            }
        else:
            made = as_row(spoken.id, await bench.grade(spoken))
        print(json.dumps(made, ensure_ascii=False), file=out, flush=True)
        done += 1
        now = time.monotonic()
        if now - began > _SHOW_AFTER_S and now - shown > _SHOW_AFTER_S:
            shown = now
            print(f"{done} replies graded in {now - began:.0f} s", file=progress)
    return 1 if bad else 0


def as_row(reply_id: str | int, grade: Grade | Ungraded) -> dict[str, Any]:
    """Return what is written for one reply."""
    if isinstance(grade, Ungraded):
        return {"id": reply_id, **grade.model_dump(mode="json")}
    return {
        "id": reply_id,
        "overall": grade.overall,
        "skills": {skill.value: score for skill, score in grade.skills.items()},
        "evidence": [each.quote for each in grade.evidence],
        "advice": grade.advice,
        "better": grade.better,
    }


def _id_of(line: str) -> str | int | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    reply_id = found.get("id") if isinstance(found, dict) else None
    return reply_id if isinstance(reply_id, str | int) else None


def _short(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return f"no JSON: {error}"
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the line'}: {first['msg']}"
