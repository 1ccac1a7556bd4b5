"""Reads what the model answered: the shape it must have, and what came in that shape.

Rationale first, then the words quoted, then the level: a model that must choose the level first
explains it afterwards, whatever it was.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import shorten
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, StringConstraints

from agent.assessment.llm.fault import Fault, GradingFailed
from agent.assessment.rubric import Rubric

ABSENT = "not applicable"
"""Stands for the level of what the reply gave no chance to show."""
_LONGEST = 400
"""Characters of any one text for the trainee; models that ramble are cut at a word."""
_LEVEL = re.compile(r"-?\d{1,3}")


def _cut(text: str) -> str:
    return shorten(text, _LONGEST, placeholder=" …")


def _unquoted(text: str) -> str:
    # Only quotes that were checked may stand in quotation marks.
    return _cut(re.sub(r'["“”«»]', "", text))


def _listed(given: Any) -> Any:
    return [given] if isinstance(given, str) else given or []


_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)]


class _Verdict(BaseModel):
    id: str
    why: Annotated[str, AfterValidator(_unquoted)] = ""
    quotes: Annotated[list[str], BeforeValidator(_listed)] = []
    level: Any


class _Answer(BaseModel):
    criteria: list[Any]
    why: Annotated[_Text, AfterValidator(_unquoted)]
    advice: Annotated[_Text, AfterValidator(_cut)]
    better: Annotated[_Text, AfterValidator(_cut)]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model made of one criterion, not checked yet."""

    criterion: str
    why: str
    quotes: tuple[str, ...]
    level: int | None
    """None: not applicable. May lie off the scale."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model made of one reply, not checked yet."""

    verdicts: Mapping[str, Verdict]
    """By id of the criterion; of several for one the last."""
    unread: frozenset[str]
    """Ids of criteria whose verdict could not be read."""
    why: str
    advice: str
    better: str


def levels_of(rubric: Rubric) -> list[str]:
    """Return the words that may stand for a level."""
    return [ABSENT, *map(str, range(rubric.lowest, rubric.highest + 1))]


def schema_of(rubric: Rubric) -> dict[str, Any]:
    """Return the JSON schema of an answer, of the keywords that every strict endpoint knows."""
    text = {"type": "string"}
    verdict = {
        "id": {"type": "string", "enum": [criterion.id for criterion in rubric.criteria]},
        "why": text,
        "quotes": {"type": "array", "items": text},
        "level": {"type": "string", "enum": levels_of(rubric)},
    }
    return _object(
        {
            "criteria": {"type": "array", "items": _object(verdict)},
            "why": text,
            "advice": text,
            "better": text,
        }
    )


def read_answer(text: str) -> Answer:
    """Return what an answer says; raises `GradingFailed` when it is not of the shape asked for."""
    # Models that think aloud do so first, and those not held to a schema put JSON in a fence.
    said = text.rpartition("</think>")[2]
    try:
        document = json.loads(said[said.find("{") : said.rfind("}") + 1])
        answer = _Answer.model_validate(document)
    except (ValueError, RecursionError) as error:
        raise GradingFailed(Fault.MALFORMED, "the grader's answer could not be read") from error
    verdicts: dict[str, Verdict] = {}
    unread: set[str] = set()
    for item in answer.criteria:
        try:
            verdict = _verdict(_Verdict.model_validate(item))
        except ValueError:
            name = item.get("id") if isinstance(item, dict) else None
            if isinstance(name, str):
                verdicts.pop(name.strip(), None)
                unread.add(name.strip())
            continue
        verdicts[verdict.criterion] = verdict
        unread.discard(verdict.criterion)
    return Answer(
        verdicts, frozenset(unread), answer.why, answer.advice, answer.better.strip('"“” ')
    )


def _verdict(given: _Verdict) -> Verdict:
    return Verdict(given.id.strip(), given.why, tuple(given.quotes), _level(given.level))


def _level(given: Any) -> int | None:
    if given is None:
        return None
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if isinstance(given, str):
        said = given.strip().lower()
        if said == ABSENT:
            return None
        if _LEVEL.fullmatch(said):
            return int(said)
    raise ValueError(f"no level: {given!r}")


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
