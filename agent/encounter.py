"""One practice run as plain data: who said what, when, and what became of it.

Consecutive turns of one speaker merge, so that an exchange is always one persona line and the one
reply to it, however the pipeline cut them up. Pure: time is passed in, nothing waits.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from agent.protocol import Delivery, Exchange, Grade, Mode, PersonaState, Reason, Turn, Ungraded
from personas.model import Scenario

PENDING = Ungraded(ungraded=Reason(code="not_yet", message="the reply has not been graded yet"))


@dataclass(frozen=True, slots=True)
class Reply:
    """What the trainee said in answer to one persona line, before anything is made of it."""

    index: int
    persona_text: str
    """Empty when the trainee spoke first."""
    persona_ended_s: float | None
    text: str
    started_s: float
    ended_s: float
    spoken: bool
    spoken_words: int | None = None
    """How many words were heard, typed ones left out; None: all of `text` was spoken."""
    lines: tuple[Turn, ...] = ()
    """The persona's turns since the reply before."""
    measured: Delivery | None = None
    """What was measured from the sound of the reply, once it was."""

    def delivery(self) -> Delivery:
        """Return how the reply was spoken: as measured, else what its times tell."""
        return self.measured or self.timed()

    def timed(self) -> Delivery:
        """Return what the times alone tell of how the reply was spoken."""
        if not self.spoken:
            return Delivery(spoken=False)
        seconds = self.ended_s - self.started_s
        words = len(self.text.split()) if self.spoken_words is None else self.spoken_words
        gap = None if self.persona_ended_s is None else self.started_s - self.persona_ended_s
        return Delivery(
            # Under 3 s of voice a rate says more about the sentence than about the speaker.
            words_per_minute=round(words / seconds * 60, 1) if seconds >= 3 else None,
            response_latency_s=None if gap is None else round(gap, 2),
        )


@dataclass
class Encounter:
    """Everything said and found in one encounter, in order."""

    encounter_id: str
    room_name: str
    scenario: Scenario
    mode: Mode
    started_at: datetime
    """Wall clock, UTC, of second 0 of the encounter."""
    turns: list[Turn] = field(default_factory=list)
    typed: set[str] = field(default_factory=set)
    """Ids of turns that were typed, not spoken."""
    grades: dict[int, Grade | Ungraded] = field(default_factory=dict)
    """By index of the exchange."""
    deliveries: dict[int, Delivery] = field(default_factory=dict)
    """What was measured from the sound of each reply, by index of the exchange."""
    states: dict[int, PersonaState] = field(default_factory=dict)
    """The persona's state after each exchange."""
    facts_told: list[str] = field(default_factory=list)
    """Ids of hidden facts in the order they came to light."""
    danger: Literal["none", "open", "handled"] = "none"
    """Whether somebody's safety is at stake and was taken up."""
    safety_steps: frozenset[str] = frozenset()
    """Ids of the safety steps the trainee took."""
    latencies_ms: list[float] = field(default_factory=list)
    """From the trainee's last word to the persona's first, one for each answer."""

    def add(self, turn: Turn, *, typed: bool = False) -> None:
        """Take in a committed turn; the same id again replaces the earlier one."""
        if typed:
            self.typed.add(turn.id)
        for position, known in enumerate(self.turns):
            if known.id == turn.id:
                self.turns[position] = turn
                return
        self.turns.append(turn)
        self.turns.sort(key=lambda each: each.started_s)

    def replies(self) -> list[Reply]:
        """Return the trainee's replies so far, consecutive turns merged, numbered from 0."""
        replies: list[Reply] = []
        persona: list[Turn] = []
        trainee: list[Turn] = []
        for turn in [*self.turns, None]:
            if trainee and (turn is None or turn.speaker == "persona"):
                replies.append(self._reply(len(replies), persona, trainee))
                persona, trainee = [], []
            if turn is not None:
                (persona if turn.speaker == "persona" else trainee).append(turn)
        return replies

    def exchanges(self) -> list[Exchange]:
        """Return the replies with what was made of each."""
        neutral = PersonaState(arousal=self.scenario.mood.arousal, trust=self.scenario.mood.trust)
        made: list[Exchange] = []
        for reply in self.replies():
            state = self.states.get(reply.index, made[-1].state if made else neutral)
            made.append(
                Exchange(
                    index=reply.index,
                    persona_text=reply.persona_text,
                    reply_text=reply.text,
                    started_s=reply.started_s,
                    ended_s=reply.ended_s,
                    grade=self.grades.get(reply.index, PENDING),
                    delivery=reply.delivery(),
                    state=state,
                )
            )
        return made

    def arousal_before(self, index: int) -> float:
        """Return the persona's arousal when a reply began, as far as it is known."""
        known = [at for at in self.states if at < index]
        return self.states[max(known)].arousal if known else self.scenario.mood.arousal

    def closing_line(self) -> str:
        """Return what the persona said after the last reply."""
        lines: list[str] = []
        for turn in reversed(self.turns):
            if turn.speaker == "trainee":
                break
            lines.append(turn.text)
        return " ".join(reversed(lines))

    def _reply(self, index: int, persona: list[Turn], trainee: list[Turn]) -> Reply:
        heard = [turn for turn in trainee if turn.id not in self.typed]
        return Reply(
            index=index,
            persona_text=" ".join(turn.text for turn in persona),
            persona_ended_s=persona[-1].ended_s if persona else None,
            text=" ".join(turn.text for turn in trainee),
            started_s=trainee[0].started_s,
            ended_s=trainee[-1].ended_s,
            spoken=bool(heard),
            spoken_words=sum(len(turn.text.split()) for turn in heard),
            lines=tuple(persona),
            measured=self.deliveries.get(index),
        )
