"""Reads checklists: what a whole talk should show, and by which words or at which place it is seen.

Rubrics judge single replies; the instruments for whole talks are lists of steps, seen or not. Each
is one YAML file named by its id, in our own words, and a new one is a new file. What shows a step
is data, so that the evaluator knows none of them.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator

from agent.assessment.instrument import Instrument, Strict, read_instrument
from agent.mind.lexicon import Cue, Signal
from personas.model import FactId, Identifier, Phrase, Scenario, Topic

_FOLDER = Path(__file__).parent / "checklists"

Kind = Literal["patient", "subject"]
Count = Annotated[int, Field(ge=1, le=20)]


class ChecklistError(Exception):
    """No checklist of this id, or one that cannot be read."""

    code = "checklist_invalid"


class Sign(Strict):
    """What is looked for in one reply: any of the signals, topics, phrases or news it names, as
    long as all of its conditions hold."""

    signals: tuple[Signal, ...] = ()
    topics: tuple[Topic, ...] = ()
    """Questions of these topics of the question bank."""
    phrases: tuple[Phrase, ...] = ()
    """Words in the checklist's language; short forms need not be written out."""
    news: bool = False
    """Words that are news to this scenario's persona."""
    unless: tuple[Signal, ...] = ()
    """Signals in the same reply that take it back."""
    cues: tuple[Cue, ...] = ()
    """Only in answer to a line that shows one of these."""
    pause_s: float | None = Field(default=None, gt=0, le=30)
    """Only after so many seconds of silence; not met where no times were measured."""
    first: Count | None = None
    """Only in the first so many replies."""
    last: Count | None = None
    """Only in the last so many replies."""
    at: str | None = None
    """Only in the reply of this landmark."""
    words_after: int | None = Field(default=None, ge=0)
    """With `at`: at most so many words follow the landmark's own in that reply."""
    before: str | None = None
    """Only before this landmark, or anywhere when it never came."""
    after: str | None = None
    """Only in later replies than this landmark's."""
    within: Count | None = None
    """With `after`: at most so many replies later."""

    @model_validator(mode="after")
    def _looks_for_something(self) -> "Sign":
        if not (self.names_words() or self.pause_s or self.at):
            raise ValueError("a sign names signals, topics, phrases, news, a pause or 'at'")
        if self.words_after is not None and not self.at:
            raise ValueError("'words_after' needs 'at'")
        if self.within is not None and not self.after:
            raise ValueError("'within' needs 'after'")
        return self

    def names_words(self) -> bool:
        """Tell whether it looks for something said."""
        return bool(self.signals or self.topics or self.phrases or self.news)

    def landmarks(self) -> set[str]:
        """Return the landmarks its conditions name."""
        return {name for name in (self.at, self.before, self.after) if name}


class Step(Strict):
    """One thing a talk should show."""

    id: FactId
    name: str = Field(min_length=3, max_length=80)
    looks: str = Field(min_length=10, max_length=240)
    """What it looks like when it is there: a sentence without subject, "Asks …"."""
    part: str = ""
    """The part of the talk or the criterion it belongs to."""
    shown_by: tuple[Sign, ...] = ()
    """Any of these shows it."""
    times: Count = 1
    """In so many replies."""
    spoilt_by: tuple[Sign, ...] = ()
    """Any of these shows the opposite, whatever else is there. Alone: seen by its absence."""
    spoilt_from: Count = 1
    """Replies that must spoil it before it is spoilt."""
    asked_by: tuple[Cue, ...] = ()
    """There is a chance only in a talk with such a line."""
    after: str | None = None
    """There is a chance only once this landmark has come."""
    from_replies: Count = 1
    """There is a chance only in a talk of so many replies."""
    unseen: str = ""
    """Why it may have been there unheard: then its absence is "no chance"."""

    @model_validator(mode="after")
    def _can_be_seen(self) -> "Step":
        if not self.shown_by and not self.spoilt_by:
            raise ValueError(f"step {self.id!r} says neither what shows nor what spoils it")
        return self

    def signs(self) -> tuple[Sign, ...]:
        """Return all that is looked for."""
        return (*self.shown_by, *self.spoilt_by)


class Checklist(Instrument):
    """The steps of one instrument."""

    id: Identifier
    version: str
    name: str
    about: str = Field(min_length=40)
    """Where it comes from and what it is not."""
    language: str = "en"
    """Of its phrases; in another language they are not looked for."""
    default_for: Kind | None = None
    """The kind of scenario it is used for when the scenario names no checklist."""
    ordered: bool = False
    """Whether the steps are to come in their order."""
    landmarks: dict[str, Annotated[tuple[Sign, ...], Field(min_length=1)]] = Field(
        default_factory=dict
    )
    """Points of the talk by name: the first reply with the first of the signs that is there."""
    steps: tuple[Step, ...] = Field(min_length=2)

    @model_validator(mode="after")
    def _holds_together(self) -> "Checklist":
        ids = [step.id for step in self.steps]
        if len(set(ids)) < len(ids):
            raise ValueError("a step's id is used twice")
        named = {mark for step in self.steps for sign in step.signs() for mark in sign.landmarks()}
        named |= {step.after for step in self.steps if step.after}
        if unknown := named - self.landmarks.keys():
            raise ValueError(f"no landmark named {', '.join(sorted(unknown))}")
        if any(sign.landmarks() for signs in self.landmarks.values() for sign in signs):
            raise ValueError("a landmark cannot be placed by another")
        return self

    def signs(self) -> Iterator[Sign]:
        """Yield all that is looked for."""
        for signs in self.landmarks.values():
            yield from signs
        for step in self.steps:
            yield from step.signs()


def checklists() -> list[str]:
    """Return the ids of the checklists there are."""
    return sorted(path.stem for path in _FOLDER.glob("*.yaml"))


def chosen(scenario: Scenario) -> list[str]:
    """Return the ids a scenario is looked at by: its own, else those for its kind."""
    return list(scenario.checklists) or [
        each for each in checklists() if load_checklist(each).default_for == scenario.kind
    ]


@cache
def load_checklist(checklist_id: str) -> Checklist:
    """Return the checklist of this id; raises `ChecklistError` naming those known."""
    if checklist_id not in checklists():
        known = ", ".join(checklists())
        raise ChecklistError(f"no checklist named {checklist_id!r}; known: {known}")
    return read_checklist(_FOLDER / f"{checklist_id}.yaml")


def read_checklist(path: Path) -> Checklist:
    """Read one checklist file; raises `ChecklistError` naming the file and the field."""
    return read_instrument(path, Checklist, what="checklist", broken=ChecklistError)
