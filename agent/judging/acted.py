"""A finished talk with a persona, with what the persona might tell at each turn."""

from dataclasses import dataclass

from agent.mind.mood import Mood
from personas.model import Scenario


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply of the trainee and the line the persona answered it with."""

    reply: str
    line: str
    allowed: frozenset[str]
    """Ids of the facts that might be told in this line: told freely, told before, or asked for
    now."""
    mood: Mood
    """The persona's state when it answered."""
    handed: tuple[str, ...] = ()
    """Wordings the actor was given for this line, besides facts: a piece of the story, a question
    of its own, the trainee's words to say back."""
    prompt: str = ""
    """The actor's instructions for this line."""
    probes: bool = False
    """Whether the reply tries to talk the actor out of its role."""


@dataclass(frozen=True, slots=True)
class ActedTalk:
    """A talk from beginning to end."""

    scenario: Scenario
    answered: tuple[Answered, ...]
    opening: str = ""
    """The author's first line, spoken before any reply; not judged."""

    def heard_by(self, number: int) -> list[str]:
        """Return what the trainee had said when line `number` (from 0) was spoken."""
        return [each.reply for each in self.answered[: number + 1]]
