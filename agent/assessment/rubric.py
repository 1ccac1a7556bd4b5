"""Reads rubrics: what is judged, by which words it is earned or lost, and what to advise.

A rubric is one YAML file named by its id, in our own words. Instruments of the field are followed
in what they look at, not in how they say it.
"""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from agent.assessment.instrument import Instrument, Strict, read_instrument
from agent.assessment.levels import score_of
from agent.mind.lexicon import Cue, Signal
from agent.protocol import RubricVersion, Skill

_FOLDER = Path(__file__).parent / "rubrics"


class RubricError(Exception):
    """No rubric of this id, or one that cannot be read."""

    code = "rubric_invalid"


class Advice(Strict):
    """One concrete thing to do, and how it might sound."""

    say: str = Field(min_length=10)
    """May hold `{quote}`, the words of the reply it is about."""
    better: str = Field(min_length=5)
    """A better way to have said it."""
    cue: Cue | None = None
    """Fits only a reply to such a line."""
    opening: bool = False
    """Fits only the trainee's first reply."""


class Criterion(Strict):
    """One thing a reply is judged on."""

    id: str = Field(pattern=r"^[a-z_]+$")
    name: str
    skill: Skill
    levels: dict[int, str]
    """What each level looks like, every level of the scale."""
    start: int
    """The level of a reply that had the chance and neither earned nor lost anything."""
    asked_by: tuple[Cue, ...] = ()
    """What in the persona's line makes this due."""
    unless: tuple[Signal, ...] = ()
    """Good work of another kind, for which what the line asks may wait."""
    shown_by: tuple[Signal, ...] = ()
    """Signals that put this to the test unasked. Empty: all that earn or lose."""
    from_words: int | None = None
    """Due in every reply of so many words."""
    opening: bool = False
    """Due in the trainee's first reply."""
    earns: dict[Signal, int] = Field(default_factory=dict)
    loses: dict[Signal, int] = Field(default_factory=dict)
    caps: dict[Signal, int] = Field(default_factory=dict)
    """The highest level that can be reached beside such a signal."""
    missing: tuple[Advice, ...] = Field(min_length=1)
    """Advice for a level that could have been higher."""

    def tests(self) -> frozenset[Signal]:
        """Return the signals by which a reply puts this criterion to the test by itself."""
        return frozenset(self.shown_by or (*self.earns, *self.loses, *self.caps))


class Rubric(Instrument):
    """What replies of one kind of encounter are judged by."""

    id: str
    version: str
    name: str
    kind: Literal["patient", "subject"]
    about: str
    """Where it comes from and what it is not."""
    lowest: int
    highest: int
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    ceilings: dict[Signal, int] = Field(default_factory=dict)
    """The highest overall number a reply can have beside such a signal: kind words do not buy a
    threat free."""
    faults: dict[Signal, tuple[Advice, ...]] = Field(default_factory=dict)
    """Advice for what was said, the gravest first."""
    onwards: tuple[Advice, ...] = Field(min_length=1)
    """Advice for a reply that was good already."""

    @model_validator(mode="after")
    def _holds_together(self) -> "Rubric":
        wanted = set(range(self.lowest, self.highest + 1))
        score_of(self.lowest, lowest=self.lowest, highest=self.highest)
        for criterion in self.criteria:
            if set(criterion.levels) != wanted:
                raise ValueError(
                    f"criterion {criterion.id!r} must describe levels {sorted(wanted)}"
                )
            if not {criterion.start, *criterion.caps.values()} <= wanted:
                raise ValueError(f"criterion {criterion.id!r} starts or is capped off the scale")
        if len({criterion.id for criterion in self.criteria}) < len(self.criteria):
            raise ValueError("a criterion's id is used twice")
        return self

    def released(self) -> RubricVersion:
        """Return id and version, as they stand in a report."""
        return RubricVersion(id=self.id, version=self.version)

    def score(self, level: int) -> int:
        """Return the number from 1 to 100 for a level of this rubric's scale."""
        return score_of(level, lowest=self.lowest, highest=self.highest)


def rubrics() -> list[str]:
    """Return the ids of the rubrics there are."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


@cache
def load_rubric(rubric_id: str) -> Rubric:
    """Return the rubric of this id; raises `RubricError` naming those known."""
    if rubric_id not in rubrics():
        raise RubricError(f"no rubric named {rubric_id!r}; known: {', '.join(rubrics())}")
    return read_rubric(_FOLDER / f"{rubric_id}.yaml")


def read_rubric(path: Path) -> Rubric:
    """Read one rubric file; raises `RubricError` naming the file and the field."""
    return read_instrument(path, Rubric, what="rubric", broken=RubricError)
