"""Whether the person seems real: 100 less what gives the actor away, each with the words that did.

The kinds, their points and the bound are those of the DeEscalWild benchmark (arXiv 2604.13075). A
kind counts once a talk, by its worst place: all five at their worst make exactly 100.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, computed_field

from agent.judging.acted import ActedTalk
from agent.judging.answer import Answer, read
from agent.judging.errors import JudgingError
from agent.judging.evidence import lines_of, messages, person_of, section
from agent.judging.model import Model
from agent.judging.wording import says

LOOKS_REAL = 85
"""Score from which a talk passes for one with a real person."""

Kind = Literal["emotional_flow", "ai_language", "profile", "logic", "looping"]
COSTS: Mapping[Kind, tuple[int, int]] = {
    "emotional_flow": (10, 30),
    "ai_language": (15, 15),
    "profile": (20, 20),
    "logic": (20, 20),
    "looping": (15, 15),
}
"""The least and the most points each kind takes away."""

_TASK = """\
<person> is who was to be played and <talk> is how it went. "person" are the actor's lines, the only
ones you judge. "state" (each 0 to 5) is the state the person was in by then.
Ask of the lines: could these be a real person's words, said aloud? Look for
- emotional_flow, 10 to 30 points: calms down, gives in or opens up though nothing the trainee said
  brings it about, or jumps from one extreme to the other. 10 a little too quick, 20 clearly
  unbelievable, 30 absurd.
- ai_language, 15 points: words of an assistant or of a text: polished, balanced, a list, set
  phrases of concern, feelings explained as a counsellor would, help offered to the trainee.
- profile, 20 points: not this person: age, character, way of talking or what they want.
- logic, 20 points: does not answer what was said, knows what it cannot know, or says the opposite
  of what it said before.
- looping, 15 points: says again what it said, in much the same words, and adds nothing.
Being rude, short, slow to answer or unfair is real. So is coming round after a reason. One thing is
counted under one kind. Each deduction has a quote: words copied exactly from one of the person's
lines, nothing left out or added. Where there is nothing to find, the list is empty."""


class Found(Answer):
    """One thing that gives the actor away."""

    rationale: str
    """Why a real person would not say this here, in one sentence."""
    quote: str
    """The person's own words, copied exactly from one line."""
    kind: Kind
    points: int
    """What it takes away: within the range of its kind."""


class RealismAnswer(Answer):
    """All that gives the actor away."""

    deductions: list[Found]


class Realism(BaseModel):
    """How real the person seemed."""

    model_config = ConfigDict(frozen=True)

    deductions: tuple[Found, ...]
    """Those whose quote stands in the talk."""
    dropped: int
    """Deductions whose quote does not."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def score(self) -> int:
        """Return 0 to 100; each kind counts once, by its worst place."""
        worst: dict[Kind, int] = {}
        for each in self.deductions:
            worst[each.kind] = max(each.points, worst.get(each.kind, 0))
        return 100 - sum(worst.values())

    @computed_field  # type: ignore[prop-decorator]
    @property
    def looks_real(self) -> bool:
        """Tell whether the talk passes for one with a real person."""
        return self.score >= LOOKS_REAL


async def judge_realism(talk: ActedTalk, model: Model) -> Realism:
    """Return how real the person seems to the model; raises `JudgingError`."""
    asked = messages(
        section("person", person_of(talk.scenario)), section("talk", lines_of(talk)), task=_TASK
    )
    answer = read(await model(asked, RealismAnswer.model_json_schema()), RealismAnswer)
    for found in answer.deductions:
        least, most = COSTS[found.kind]
        if not least <= found.points <= most:
            raise JudgingError(
                "out_of_range", f"{found.kind} takes {least} to {most} points, not {found.points}"
            )
    kept = [
        found
        for found in answer.deductions
        if any(says(each.line, found.quote) for each in talk.answered)
    ]
    return Realism(deductions=tuple(kept), dropped=len(answer.deductions) - len(kept))
