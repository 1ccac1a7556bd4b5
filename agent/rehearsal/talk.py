"""One talk with a scripted persona, reply by reply, graded as in a room."""

from dataclasses import dataclass

from agent.assessment.local_grader import LocalGrader
from agent.assessment.outcome import outcome_of
from agent.assessment.rubric import load_rubric
from agent.encounter import Reply
from agent.mind.lexicon import load_lexicon
from agent.mind.listening import Listener
from agent.mind.mood import Mood, initial
from agent.mind.script import Answer
from agent.protocol import Grade, Outcome, PersonaState, Ungraded
from agent.role import Encoder, Role
from personas.model import Scenario


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A reply and what came of it."""

    said: str
    answer: Answer
    grade: Grade | Ungraded


class Talk:
    """A talk in progress."""

    def __init__(
        self,
        scenario: Scenario,
        encoder: Encoder,
        listener: Listener | None = None,
        reader: Encoder | None = None,
    ) -> None:
        """`listener`: one that has `learned` the scenario before; `reader`: for the grades; raises
        `RubricError`."""
        self.scenario = scenario
        lexicon = load_lexicon(scenario.language)
        self._role = Role(scenario, lexicon, encoder, listener)
        self._learned = listener is not None
        self._grader = LocalGrader(load_rubric(scenario.rubric), lexicon, encoder, reader)
        self.exchanges: list[Exchanged] = []
        self.line = ""
        """The persona's last line; at first its opening, if it has one."""

    async def begin(self) -> str:
        """Get ready; return the persona's opening, empty when it waits to be spoken to."""
        if not self._learned:
            await self._role.learn()
        if self.scenario.lines.opening:
            self.line = self._role.speak_up("opening")
        return self.line

    async def say(self, reply: str) -> Exchanged:
        """Say something to the persona and return what came of it."""
        answer = await self._role.plan(reply)
        self._role.heard(reply)
        number = float(len(self.exchanges))
        grade = await self._grader.grade(
            Reply(
                index=len(self.exchanges),
                persona_text=self.line,
                persona_ended_s=None,
                text=reply,
                started_s=number,
                ended_s=number,
                spoken=False,
            ),
            scenario=self.scenario,
        )
        self.line = answer.line
        self.exchanges.append(Exchanged(reply, answer, grade))
        return self.exchanges[-1]

    def mood(self) -> Mood:
        """Return the persona's state as it is now."""
        return self._role.mind.mood

    def gain(self) -> float:
        """Return the fall in arousal plus the rise in trust since the start."""
        start, now = initial(self.scenario), self.mood()
        return round(start.arousal - now.arousal + now.trust - start.trust, 2)

    def outcome(self) -> Outcome:
        """Return the band the talk is in as it stands."""
        start, now = initial(self.scenario), self.mood()
        return outcome_of(
            PersonaState(arousal=start.arousal, trust=start.trust),
            PersonaState(arousal=now.arousal, trust=now.trust),
            danger_left=self._role.mind.danger == "open",
        )
