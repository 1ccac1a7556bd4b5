"""Talks to be judged, and models that are functions."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from agent.judging.acted import ActedTalk, Answered
from agent.judging.model import Message, Schema
from agent.mind.mood import Mood
from personas import Library
from personas.model import Scenario

NURSE = Library().get("chest-pain-nurse")
VISITOR = Library().get("hospital-visitor")
FREELY = frozenset(fact.id for fact in NURSE.facts if fact.reveal == "freely")


class WordsOnly:
    """An encoder that never has vectors: words alone decide."""

    async def vectors(self, texts: Sequence[str], *, timeout_s: float) -> None:
        return None


class ScriptedModel:
    """Answers each call with the next of its answers, the last one again and again, and writes
    down what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.asked: list[list[Message]] = []
        self.schemas: list[Schema | None] = []

    async def __call__(self, messages: Sequence[Message], json_schema: Schema | None) -> str:
        self.asked.append(list(messages))
        self.schemas.append(json_schema)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return answer if isinstance(answer, str) else json.dumps(answer)


def answered(reply: str, line: str, *allowed: str, **more: Any) -> Answered:
    """Return a turn in which these facts might be told besides the free ones."""
    return Answered(reply, line, FREELY | set(allowed), Mood(2.0, 2.0), **more)


def talk_of(*turns: Answered, scenario: Scenario = NURSE) -> ActedTalk:
    return ActedTalk(scenario, turns)


def deduction(kind: str, points: int, quote: str) -> dict[str, Any]:
    return {"rationale": "So it is.", "quote": quote, "kind": kind, "points": points}


def claim(fact: str, quote: str, relation: str = "tells") -> dict[str, Any]:
    return {"rationale": "So it is.", "quote": quote, "fact": fact, "relation": relation}


def marked(*lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return a judge's answer with these claims, line by line."""
    return {"lines": [{"number": n, "claims": list(each)} for n, each in enumerate(lines, 1)]}


def without(document: dict[str, Any], *path: str | int) -> dict[str, Any]:
    """Return the document with the value at the path left out."""
    return changed(document, path, lambda place, key: place.pop(key))


def with_value(document: dict[str, Any], value: Any, *path: str | int) -> dict[str, Any]:
    """Return the document with another value at the path."""
    return changed(document, path, lambda place, key: place.__setitem__(key, value))


def changed(
    document: dict[str, Any], path: Sequence[str | int], change: Callable[[Any, Any], Any]
) -> dict[str, Any]:
    copy: Any = json.loads(json.dumps(document))
    place = copy
    for key in path[:-1]:
        place = place[key]
    change(place, path[-1])
    return copy
