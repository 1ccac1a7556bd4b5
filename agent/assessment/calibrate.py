"""Compares a grader with replies that experts have marked; the format is in `__main__`.

The grader's figures stand beside those of two baselines that understand nothing, and beside how
well the experts agree with each other: a grader better than the first and near the second is of
use. Every reply is graded twice, since a mark that changes by itself is none.
"""

from collections.abc import Iterable, Sequence
from statistics import mean
from typing import Annotated, Any

from pydantic import Field, field_validator

from agent.assessment.agreement import agreement
from agent.assessment.bench import Bench, Spoken
from agent.mind.appraisal import WARMTH, appraise
from agent.mind.lexicon import load_lexicon
from agent.protocol import Grade, Score, Skill

OVERALL = "overall"
_SHORT = {
    "tone": Skill.TONE,
    "listening": Skill.LISTENING,
    "calm": Skill.CALM,
    "clarity": Skill.CLARITY,
    "safety": Skill.SAFETY,
    "resolution": Skill.RESOLUTION,
}
Marks = Annotated[tuple[Score, ...], Field(min_length=1)]
_COLUMNS = ("n", "exact", "within_one", "kappa", "mae", "bias", "pairs_25", "pairs_10_25")


class Marked(Spoken):
    """A reply with the marks of one expert or more, always in the same order."""

    overall: Marks
    skills: dict[Skill, Marks] = Field(default_factory=dict)

    @field_validator("overall", mode="before")
    @classmethod
    def _one_or_more(cls, given: object) -> object:
        return [given] if isinstance(given, int) else given

    @field_validator("skills", mode="before")
    @classmethod
    def _full_names(cls, given: object) -> object:
        if not isinstance(given, dict):
            return given
        return {
            _SHORT.get(name, name): [marks] if isinstance(marks, int) else marks
            for name, marks in given.items()
            if marks is not None
        }

    def situation(self) -> str:
        """Return what stands before the slash of the id; replies without one are one group."""
        return str(self.id).rpartition("/")[0]

    def marks(self, name: str) -> tuple[int, ...]:
        """Return the experts' marks of `overall` or a skill, none if not marked."""
        return self.overall if name == OVERALL else self.skills.get(Skill(name), ())


def read_marked(lines: Iterable[str]) -> list[Marked]:
    """Return the marked replies; raises `ValueError` naming the line that is wrong."""
    marked: list[Marked] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                marked.append(Marked.model_validate_json(line))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from error
    if not marked:
        raise ValueError("no marked replies to compare with")
    return marked


async def calibrate(marked: Sequence[Marked], bench: Bench) -> dict[str, Any]:
    """Return the figures: by mark, those of the grader, of the baselines and of the experts."""
    first = [await bench.grade(each) for each in marked]
    again = [await bench.grade(each) for each in marked]
    same = [_numbers(one) == _numbers(other) for one, other in zip(first, again, strict=True)]
    ungraded = [
        {"id": each.id, "code": grade.ungraded.code}
        for each, grade in zip(marked, first, strict=True)
        if not isinstance(grade, Grade)
    ]
    naive = _baselines(marked)
    figures: dict[str, Any] = {}
    for name in (OVERALL, *(skill.value for skill in Skill)):
        rows: dict[str, list[float | None]] = {
            "grader": [_numbers(grade).get(name) for grade in first],
            **naive,
            "human": [(marks[1] if len(marks := e.marks(name)) > 1 else None) for e in marked],
        }
        figures[name] = {
            who: _against(marked, name, said, first_only=who == "human")
            for who, said in rows.items()
        }
    return {
        "replies": len(marked),
        "graded": len(marked) - len(ungraded),
        "ungraded": ungraded,
        "repeatability": round(sum(same) / len(same), 3),
        "figures": figures,
    }


def show(result: dict[str, Any]) -> str:
    """Return the figures as a table for people."""
    lines = [
        f"{result['graded']} of {result['replies']} replies graded; "
        f"the same twice: {result['repeatability']:.0%}",
        "",
        f"{'mark':<24}{'by':<9}" + "".join(f"{name:>12}" for name in _COLUMNS),
    ]
    for name, by in result["figures"].items():
        for who, row in by.items():
            if row["n"]:
                cells = "".join(f"{_cell(row[column]):>12}" for column in _COLUMNS)
                lines.append(f"{name:<24}{who:<9}{cells}")
    lines += [
        "",
        "exact, within_one: of five bands; pairs: in order, 25 marks or more apart, or 10 to 25;",
        "length, empathy: counting words, or kind phrases, spread over the experts' range;",
        "human: the second expert against the first; ungraded: "
        + (", ".join(f"{each['id']} ({each['code']})" for each in result["ungraded"]) or "none"),
    ]
    return "\n".join(lines)


def _against(
    marked: Sequence[Marked], name: str, said: Sequence[float | None], *, first_only: bool
) -> dict[str, Any]:
    rows = [
        (mark, float(marks[0]) if first_only else mean(marks), each.situation())
        for each, mark in zip(marked, said, strict=True)
        if mark is not None and (marks := each.marks(name))
    ]
    return agreement([r[0] for r in rows], [r[1] for r in rows], [r[2] for r in rows])


def _numbers(grade: object) -> dict[str, float]:
    if not isinstance(grade, Grade):
        return {}
    return {OVERALL: grade.overall, **{skill.value: mark for skill, mark in grade.skills.items()}}


def _baselines(marked: Sequence[Marked]) -> dict[str, list[float | None]]:
    lexicon = load_lexicon("en")
    found = [appraise(each.reply, lexicon) for each in marked]
    overall = sorted(mean(each.overall) for each in marked)
    length = [float(each.words) for each in found]
    kind = [float(sum(f.signal in WARMTH for f in each.findings)) for each in found]
    return {"length": _spread(length, overall), "empathy": _spread(kind, overall)}


def _spread(values: Sequence[float], like: Sequence[float]) -> list[float | None]:
    """Return marks in the order of the values, ties alike, spread as the sorted marks `like`."""
    order = sorted(values)
    made: list[float | None] = []
    for value in values:
        first = order.index(value)
        last = first + order.count(value)
        made.append(mean(like[first:last]))
    return made


def _cell(value: float | None) -> str:
    return "-" if value is None else str(value)
