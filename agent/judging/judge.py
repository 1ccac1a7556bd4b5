"""The judge of a persona: reads a finished talk and says how real and how faithful it was."""

from pydantic import BaseModel, ConfigDict

from agent.judging.acted import ActedTalk
from agent.judging.breaches import Breach, breaches_of
from agent.judging.consistency import Consistency, judge_consistency
from agent.judging.errors import JudgingError
from agent.judging.model import Model
from agent.judging.realism import Realism, judge_realism

PROMPT_VERSION = "1"
"""Counted up when what a judge is asked changes: scores of different versions do not compare."""


class Verdict(BaseModel):
    """What there is to say about one talk."""

    model_config = ConfigDict(frozen=True)

    judge: str
    """The model that judged."""
    prompt_version: str
    realism: Realism
    consistency: Consistency
    breaches: tuple[Breach, ...]
    """What was found by rule, whatever the judge says."""

    def holds_up(self) -> bool:
        """Tell whether the persona seemed real, told no secret and contradicted nothing."""
        faithful = not (self.consistency.leaks or self.consistency.contradictions or self.breaches)
        return self.realism.looks_real and faithful


class Judge:
    """Judges talks with one model."""

    def __init__(self, model: Model, *, name: str) -> None:
        self._model = model
        self._name = name

    async def read(self, talk: ActedTalk) -> Verdict:
        """Return the verdict on a talk; raises `JudgingError` rather than guess a part of it."""
        if not talk.answered:
            raise JudgingError("nothing_to_judge", "the persona has said nothing in this talk")
        return Verdict(
            judge=self._name,
            prompt_version=PROMPT_VERSION,
            realism=await judge_realism(talk, self._model),
            consistency=await judge_consistency(talk, self._model),
            breaches=tuple(breaches_of(talk)),
        )
