"""What a scenario file may hold.

The `Card` is all a trainee may see beforehand; everything else is the persona's secret. They are
separate types, and `Scenario.public()` is the only way to what may leave the server, so a secret
cannot be serialised to a client by accident.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Identifier = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
FactId = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=64)]
Line = Annotated[str, Field(min_length=1, max_length=400)]
"""One thing the persona says: one or two short sentences."""
Phrase = Annotated[str, Field(min_length=2, max_length=120)]
Level = Annotated[float, Field(ge=0, le=5)]
"""A place on the arousal or trust scale, 0 to 5."""

Reveal = Literal["freely", "when_asked", "when_trusted", "never"]
"""When a fact may be told: unasked, to a fitting question, to a fitting question once trust is
earned, or not at all."""


class Strict(BaseModel):
    """Base of everything read from a file: unknown keys are errors, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Card(Strict):
    """What the trainee reads before the encounter. Public."""

    title: str = Field(min_length=3, max_length=80)
    """The name of the situation in a list."""
    profession: str = Field(min_length=2, max_length=40)
    """Whose work this is practice for, such as nursing or security."""
    setting: str = Field(min_length=3, max_length=160)
    """Where it happens."""
    role: str = Field(min_length=3, max_length=200)
    """Who the trainee is."""
    background: str = Field(min_length=10, max_length=1500)
    """What the trainee knows when they walk in."""
    tasks: tuple[Line, ...] = Field(min_length=1, max_length=5)
    """What the trainee should try to do."""
    prepare_s: int = Field(default=180, ge=0, le=900)
    """Seconds suggested for reading the card."""
    talk_s: int = Field(default=300, ge=30, le=1800)
    """Seconds suggested for the conversation."""


class LocalVoice(Strict):
    """The packaged voice, shifted to fit the persona."""

    pitch: float = Field(default=1.0, ge=0.75, le=1.25)
    """Factor on pitch and vocal tract; below 1 is deeper."""
    speed: float = Field(default=1.0, ge=0.7, le=1.3)
    """Factor on the rate of speech."""


class Voice(Strict):
    """How the persona sounds with each provider of speech."""

    local: LocalVoice = LocalVoice()
    openai: str = "sage"
    """A voice name of OpenAI's speech models."""
    deepgram: str = "aura-2-thalia-en"
    """A voice name of Deepgram's speech models."""
    manner: str = Field(default="", max_length=300)
    """A direction for voices that take one: pace, mood, accent."""


class Person(Strict):
    """Who the persona is. Secret: it goes into the actor's prompt, never to a client."""

    name: str = Field(min_length=1, max_length=60)
    age: int = Field(ge=1, le=110)
    gender: Literal["female", "male", "nonbinary"]
    character: str = Field(min_length=20, max_length=1500)
    """Life, temperament and what is going on inside, addressed to the actor as "you"."""
    speech: str = Field(min_length=5, max_length=400)
    """How they talk."""
    wants: str = Field(min_length=5, max_length=400)
    """What they want from this conversation."""


class Fact(Strict):
    """Something the persona knows and may tell."""

    id: FactId
    reveal: Reveal
    truth: str = Field(min_length=3, max_length=400)
    """The fact itself, in the persona's first person, for the actor's prompt."""
    questions: tuple[Phrase, ...] = ()
    """Ways a trainee may ask for it; matched by meaning, not by wording."""
    say: tuple[Line, ...] = ()
    """Ways of telling it, for the scripted persona; told in order, so later ones may be shorter."""
    guarded: tuple[Line, ...] = ()
    """What is said instead while trust is too low (`when_trusted`) or always (`never`)."""

    @model_validator(mode="after")
    def _can_be_told(self) -> "Fact":
        if self.reveal in ("when_asked", "when_trusted") and not self.questions:
            raise ValueError("a fact told when asked needs at least one example question")
        if self.reveal != "never" and not self.say:
            raise ValueError("a fact that may be told needs at least one way of saying it ('say')")
        return self


class Trigger(Strict):
    """Words that move this persona more than they would move another."""

    phrases: tuple[Phrase, ...] = Field(min_length=1)
    because: str = Field(min_length=3, max_length=200)
    """Why these words hit this person, for the report."""
    lines: tuple[Line, ...] = ()
    """What the scripted persona answers to them."""


class Mood(Strict):
    """Where the persona starts and what moves it."""

    arousal: Level = 2
    trust: Level = 2
    trust_needed: Level = 3
    """Trust from which `when_trusted` facts may be told."""
    patience_s: float = Field(default=12, ge=2, le=60)
    """Silence in seconds before the persona says a few words."""
    red_lines: tuple[Trigger, ...] = ()
    calming_signals: tuple[Trigger, ...] = ()


class Lines(Strict):
    """What the scripted persona says apart from facts. Each list is spoken without repeating a
    line until all have been used."""

    opening: tuple[Line, ...] = ()
    """First words of a persona who speaks first (subjects only)."""
    greeting: tuple[Line, ...] = Field(min_length=1)
    """Answers to a greeting or an introduction: no story."""
    complaint: tuple[Line, ...] = Field(min_length=1)
    """The story or grievance when invited to tell it, in the order it unfolds."""
    soothed: tuple[Line, ...] = Field(min_length=1)
    """Answers to empathy or an apology."""
    provoked: tuple[Line, ...] = Field(min_length=1)
    """Answers to a provoking reply."""
    agreeing: tuple[Line, ...] = Field(min_length=1)
    """Answers to a proposal, a choice or an explanation while calm."""
    resisting: tuple[Line, ...] = Field(min_length=1)
    """The same while upset or untrusting."""
    unknown: tuple[Line, ...] = Field(min_length=1)
    """Answers to a question the file has no fact for."""
    deflecting: tuple[Line, ...] = Field(min_length=1)
    """Answers in role to talk about AI, instructions, scores or the card."""
    silence: tuple[Line, ...] = Field(min_length=1)
    """A few words when nothing is said for `patience_s`."""
    closing: tuple[Line, ...] = Field(min_length=1)
    """Answers to a goodbye."""


class PublicScenario(Strict):
    """What any client may know of a scenario."""

    id: Identifier
    kind: Literal["patient", "subject"]
    difficulty: Literal["easy", "medium", "hard"]
    language: str
    card: Card


class Scenario(Strict):
    """A situation with its persona, its card and its facts: one file of the library."""

    schema_version: Literal[1] = 1
    id: Identifier
    kind: Literal["patient", "subject"]
    difficulty: Literal["easy", "medium", "hard"] = "medium"
    language: str = Field(default="en", pattern=r"^[a-z]{2}(-[A-Z]{2})?$")
    rubric: Identifier
    """Id of the rubric the replies are graded by."""
    card: Card
    person: Person
    voice: Voice = Voice()
    mood: Mood = Mood()
    facts: tuple[Fact, ...] = Field(min_length=1)
    lines: Lines

    @model_validator(mode="after")
    def _holds_together(self) -> "Scenario":
        seen: set[str] = set()
        for fact in self.facts:
            if fact.id in seen:
                raise ValueError(f"fact id {fact.id!r} is used twice")
            seen.add(fact.id)
        if self.kind == "patient" and self.lines.opening:
            raise ValueError("a patient does not speak first: leave 'lines.opening' out")
        return self

    def public(self) -> PublicScenario:
        """Return the part of the scenario that clients may see."""
        return PublicScenario(
            id=self.id,
            kind=self.kind,
            difficulty=self.difficulty,
            language=self.language,
            card=self.card,
        )
