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

Topic = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$", max_length=40)]
"""Id of a topic of the question bank (`personas/questions`)."""
Push = Annotated[float, Field(ge=-1, le=1)]
"""A move on the arousal or trust scale."""

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
    topics: tuple[Topic, ...] = ()
    """Topics of the question bank this fact answers; each brings a dozen wordings."""
    questions: tuple[Phrase, ...] = ()
    """Further ways a trainee may ask for it; matched by meaning, not by wording."""
    say: tuple[Line, ...] = ()
    """Ways of telling it, for the scripted persona; told in order, so later ones may be shorter."""
    guarded: tuple[Line, ...] = ()
    """What is said instead while trust is too low (`when_trusted`) or always (`never`)."""

    @model_validator(mode="after")
    def _can_be_told(self) -> "Fact":
        if self.reveal in ("when_asked", "when_trusted") and not (self.questions or self.topics):
            raise ValueError(
                "a fact told when asked needs a topic or at least one example question"
            )
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


class News(Trigger):
    """Words that shake the persona, whoever says them and however kindly: a diagnosis, a death."""

    arousal: Push = 0.5
    trust: Push = 0.0
    pause_s: float = Field(default=3, ge=0, le=10)
    """Seconds of silence before the persona can say anything."""


class Mood(Strict):
    """Where the persona starts and what moves it."""

    arousal: Level = 2
    trust: Level = 2
    rest: Level = 1
    """Arousal towards which the persona settles while nothing provokes it."""
    trust_needed: Level = 3
    """Trust from which `when_trusted` facts may be told."""
    patience_s: float = Field(default=12, ge=2, le=60)
    """Silence in seconds before the persona says a few words."""
    pause_s: float = Field(default=0, ge=0, le=10)
    """Seconds an anxious or guarded persona takes before it answers what is hard to answer."""
    red_lines: tuple[Trigger, ...] = ()
    calming_signals: tuple[Trigger, ...] = ()
    news: tuple[News, ...] = ()


class SafetyStep(Strict):
    """One thing a trainee must do once somebody may come to harm. Any of its topics or phrases
    does it; with neither, any words about safety do."""

    id: FactId
    label: str = Field(min_length=3, max_length=120)
    """What it is, for the report."""
    topics: tuple[Topic, ...] = ()
    """Questions of these topics do it."""
    phrases: tuple[Phrase, ...] = ()
    """So do these words."""


class Safety(Strict):
    """A threat to the persona or to others that the trainee has to take up."""

    about: Literal["self", "others", "health"]
    above: Level | None = None
    """Arousal from which the threat is there."""
    facts: tuple[FactId, ...] = ()
    """Facts that bring it up when told."""
    steps: tuple[SafetyStep, ...] = Field(min_length=1, max_length=5)
    lines: tuple[Line, ...] = Field(min_length=1)
    """What the persona says when it comes up, and while nobody takes it up."""
    relieved: tuple[Line, ...] = Field(min_length=1)
    """What the persona says once every step is done."""


class Rehearsal(Strict):
    """What three trainees say in this situation, one reply after another, for trying it out. They
    must leave the persona in three different states: poor worst, good best."""

    poor: tuple[Line, ...] = Field(min_length=4, max_length=20)
    mixed: tuple[Line, ...] = Field(min_length=4, max_length=20)
    good: tuple[Line, ...] = Field(min_length=4, max_length=20)


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
    informed: tuple[Line, ...] = ()
    """Answers to information or an explanation while calm; without them, `agreeing`."""
    asking: tuple[Line, ...] = ()
    """The persona's own questions, in order, each once: when asked for them, or when told what
    happens next."""
    no_more: tuple[Line, ...] = ()
    """Answers to "any questions?" when there are none left; without them, `agreeing`."""
    softened: tuple[Line, ...] = ()
    """Up to five words before an answer to a warm question ("That's kind.")."""
    grudging: tuple[Line, ...] = ()
    """Up to five words before an answer while tense ("If you must know.")."""
    again: tuple[Line, ...] = ()
    """A few words before an answer given before ("Like I said,")."""
    teach_back: tuple[Line, ...] = ("So {said}.",)
    """Frames for saying back what the trainee said, which stands for `{said}`."""
    nothing_said: tuple[Line, ...] = ()
    """Answers to "say it back to me" when there is nothing to say back."""

    @model_validator(mode="after")
    def _frames_have_a_place(self) -> "Lines":
        for frame in self.teach_back:
            if frame.count("{said}") != 1 or frame.replace("{said}", "").count("{"):
                raise ValueError("a 'teach_back' line needs '{said}' once, and no other braces")
        return self


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
    checklists: tuple[Identifier, ...] = ()
    """Ids of the checklists the whole talk is held against; none: those for the kind."""
    card: Card
    person: Person
    voice: Voice = Voice()
    mood: Mood = Mood()
    diagnosis: tuple[Phrase, ...] = ()
    """Words the persona cannot know and never says first."""
    facts: tuple[Fact, ...] = Field(min_length=1)
    lines: Lines
    safety: Safety | None = None
    rehearsal: Rehearsal | None = None
    """None: the trainees every scenario can be tried with."""

    @model_validator(mode="after")
    def _holds_together(self) -> "Scenario":
        seen: set[str] = set()
        for fact in self.facts:
            if fact.id in seen:
                raise ValueError(f"fact id {fact.id!r} is used twice")
            seen.add(fact.id)
        if self.safety and (lost := set(self.safety.facts) - seen):
            raise ValueError(f"safety.facts names no fact of this file: {', '.join(sorted(lost))}")
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
