"""The persona as it stands in one encounter: what it makes of a reply, and what it remembers.

An answer may be planned before the trainee has finished (LiveKit asks for replies preemptively),
and planned again when they go on. So planning changes nothing; only a line that was heard is
remembered.
"""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from agent.mind.appraisal import Lexicon, Manner
from agent.mind.bank_vectors import ALIKE, load_bank_vectors
from agent.mind.disclosure import FactIndex, Vector, known_texts
from agent.mind.listening import Listener, texts_of
from agent.mind.script import Answer, Mind, aside, awake, respond
from agent.mind.sense import load_sense
from personas.bank import load_bank
from personas.model import Scenario

LEARNING_S = 20.0
"""Longest wait for the vectors of a scenario, before anyone speaks."""
ANSWERING_S = 0.4
"""Longest wait for the vectors of a reply: as long as nobody notices."""


class Encoder(Protocol):
    """Whoever turns sentences into vectors."""

    async def vectors(self, texts: Sequence[str], *, timeout_s: float) -> list[Vector] | None:
        """Return one unit vector for each text, or None if they cannot be had in time."""
        ...


async def learned(scenario: Scenario, lexicon: Lexicon, meaning: Encoder) -> Listener:
    """Return a listener that knows the vectors of the questions its scenario knows; without an
    encoder it goes by words."""
    bank = load_bank(scenario.language)
    texts = known_texts(scenario, bank)
    known = load_bank_vectors(bank)
    probe = next((text for text in texts if text in known), None)
    if probe is not None:
        made = await meaning.vectors([probe], timeout_s=LEARNING_S)
        if made is None or len(made[0]) != len(known[probe]) or made[0] @ known[probe] < ALIKE:
            known = {}
    unknown = list(dict.fromkeys(text for text in texts if text not in known))
    made = await meaning.vectors(unknown, timeout_s=LEARNING_S)
    if made is None:
        return Listener(scenario, lexicon, FactIndex(scenario, bank))
    known = {**known, **dict(zip(unknown, made, strict=True))}
    index = FactIndex(scenario, bank, [known[text] for text in texts])
    return Listener(scenario, lexicon, index, load_sense(scenario.language))


class Role:
    """Plans and remembers the persona's answers."""

    def __init__(
        self,
        scenario: Scenario,
        lexicon: Lexicon,
        meaning: Encoder,
        listener: Listener | None = None,
    ) -> None:
        """`listener`: one that has `learned` the scenario, to do without `learn`."""
        self.scenario = scenario
        self.mind: Mind = awake(scenario)
        self._lexicon = lexicon
        self._meaning = meaning
        self._listener = listener or Listener(
            scenario, lexicon, FactIndex(scenario, load_bank(scenario.language))
        )
        self._plans: dict[str, Answer] = {}
        """Answers planned since the last line that was heard, by reply."""
        self._line = ""
        self._stopped_at: float | None = None
        self._cut_in = False
        self._silence_s: float | None = None

    async def learn(self) -> None:
        """Fetch the vectors of the questions the scenario knows; without them words alone
        decide."""
        self._listener = await learned(self.scenario, self._lexicon, self._meaning)

    def persona_stopped(self, at: float) -> None:
        """Note that the persona stopped speaking at second `at`."""
        self._stopped_at, self._silence_s = at, None

    def cut_off(self) -> None:
        """Note that the trainee cut the persona off."""
        self._cut_in = True

    def trainee_began(self, at: float) -> None:
        """Note that the trainee began to speak at second `at`."""
        if self._stopped_at is not None and self._silence_s is None:
            self._silence_s = max(0.0, at - self._stopped_at)

    async def plan(self, reply: str) -> Answer:
        """Return the answer to a reply, as things stand."""
        if reply not in self._plans:
            vectors = await self._meaning.vectors(texts_of(reply), timeout_s=ANSWERING_S)
            # Some ten milliseconds of arithmetic: too long for the loop that carries the audio.
            heard = await asyncio.to_thread(
                self._listener.hear,
                reply,
                vectors=vectors,
                told=self.mind.told,
                persona_line=self._line,
                manner=Manner(self._cut_in, self._silence_s),
            )
            self._plans[reply] = respond(self.scenario, self.mind, heard, self._lexicon)
        return self._plans[reply]

    def heard(self, reply: str, line: str | None = None) -> Answer | None:
        """Remember that the answer to this reply was spoken and heard; return it. `line`: what
        was really said, where a language model chose the words.

        A final transcript may differ in case or punctuation from the one the answer was planned
        for; then the latest plan is the one that was spoken.
        """
        if not self._plans:
            return None
        answer = self._plans.get(reply) or list(self._plans.values())[-1]
        self.mind = answer.mind
        self._line = line or answer.line
        self._cut_in = False
        self._plans.clear()
        return answer

    def speak_up(self, name: str) -> str:
        """Return the next line of a list that answers no reply (`opening`, `silence`)."""
        line, self.mind = aside(self.scenario, self.mind, name)
        return line
