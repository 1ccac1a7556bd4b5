"""The persona as it stands in one encounter: what it makes of a reply, and what it remembers.

An answer may be planned before the trainee has finished (LiveKit asks for replies preemptively),
and planned again when they go on. So planning changes nothing; only a line that was heard is
remembered.
"""

from agent.meaning import PATIENT_TIMEOUT_S, Meaning
from agent.mind.appraisal import Lexicon, Signal, appraise
from agent.mind.disclosure import FactIndex, Sentence, questions_of, sentences_of
from agent.mind.script import Answer, Mind, aside, awake, respond
from personas.model import Scenario


class Role:
    """Plans and remembers the persona's answers."""

    def __init__(self, scenario: Scenario, lexicon: Lexicon, meaning: Meaning) -> None:
        self.scenario = scenario
        self.mind: Mind = awake(scenario)
        self._lexicon = lexicon
        self._meaning = meaning
        self._index = FactIndex(scenario)
        self._plans: dict[str, Answer] = {}
        """Answers planned since the last line that was heard, by reply."""

    async def learn(self) -> None:
        """Fetch the vectors of the scenario's questions; without them words alone decide."""
        vectors = await self._meaning.vectors(
            questions_of(self.scenario), timeout_s=PATIENT_TIMEOUT_S
        )
        self._index = FactIndex(self.scenario, vectors)

    async def plan(self, reply: str) -> Answer:
        """Return the answer to a reply, as things stand."""
        if reply not in self._plans:
            texts = sentences_of(reply)
            vectors = await self._meaning.vectors(texts)
            sentences = [Sentence(text, _asks(text, self._lexicon)) for text in texts]
            asked = self._index.asked(sentences, vectors, told=self.mind.told)
            appraisal = appraise(reply, self._lexicon)
            self._plans[reply] = respond(self.scenario, self.mind, reply, appraisal, asked)
        return self._plans[reply]

    def heard(self, reply: str) -> Answer | None:
        """Remember that the answer to this reply was spoken and heard; return it.

        A final transcript may differ in case or punctuation from the one the answer was planned
        for; then the latest plan is the one that was spoken.
        """
        if not self._plans:
            return None
        answer = self._plans.get(reply) or list(self._plans.values())[-1]
        self.mind = answer.mind
        self._plans.clear()
        return answer

    def speak_up(self, name: str) -> str:
        """Return the next line of a list that answers no reply (`opening`, `silence`)."""
        line, self.mind = aside(self.scenario, self.mind, name)
        return line


def _asks(sentence: str, lexicon: Lexicon) -> bool:
    found = appraise(sentence, lexicon)
    return found.questions > 0 or found.has(Signal.INVITATION)
