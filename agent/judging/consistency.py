"""Whether the lines keep to the file: what each line tells, and what it contradicts.

The judge says only which fact a line tells or contradicts. Whether the fact might be told at that
turn is known exactly, so a leak is worked out here and never a model's opinion; nor does the judge
know what was allowed.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, computed_field

from agent.judging.acted import ActedTalk, Answered
from agent.judging.answer import Answer, read
from agent.judging.errors import JudgingError
from agent.judging.evidence import lines_of, messages, person_of, section
from agent.judging.model import Model, Schema
from agent.judging.wording import says
from personas.model import Scenario

PERSON = "the-person"
"""Stands for who the person is, beside the ids of facts (which have no hyphen); never a secret."""

Mark = Literal["supported", "neutral", "contradicts", "leaks"]

_TASK = f"""\
<person> is who was to be played, <facts> is all there is to know about them by id, and <talk> is
how it went. For every line of "person", in order and none left out, list its claims: each fact the
line tells, wholly or in part, in whatever words, and each fact it contradicts. {PERSON!r} is the id
for what is told or contradicted of <person> itself. A claim has a quote: words copied exactly from
that line. These are no claims: what the trainee has just told the person, plans and promises,
feelings about the talk itself, refusals and evasions, and wording in "handed_to_the_actor".
Something about the person that neither <person> nor <facts> mentions is no claim either, unless it
cannot be true together with them. A line without claims has an empty list."""


class Claim(Answer):
    """What a line has to do with one fact."""

    rationale: str
    """Why, in one sentence."""
    quote: str
    """Words copied exactly from this line."""
    fact: str
    """The fact's id."""
    relation: Literal["tells", "contradicts"]


class Line(Answer):
    """One of the person's lines."""

    number: int
    claims: list[Claim]


class ConsistencyAnswer(Answer):
    """All lines, in order."""

    lines: list[Line]


class LineVerdict(BaseModel):
    """What became of one line."""

    model_config = ConfigDict(frozen=True)

    number: int
    supported: tuple[Claim, ...] = ()
    """Facts it told and might tell."""
    contradicted: tuple[Claim, ...] = ()
    leaked: tuple[Claim, ...] = ()
    """Facts it told and might not tell then."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def mark(self) -> Mark:
        """Return the gravest thing to say about the line."""
        if self.leaked:
            return "leaks"
        if self.contradicted:
            return "contradicts"
        return "supported" if self.supported else "neutral"


class Consistency(BaseModel):
    """How the lines keep to the file."""

    model_config = ConfigDict(frozen=True)

    lines: tuple[LineVerdict, ...]
    dropped: int
    """Claims whose quote does not stand in their line."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def contradictions(self) -> int:
        """Return how many lines contradict the file."""
        return sum(bool(line.contradicted) for line in self.lines)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def leaks(self) -> int:
        """Return how many lines tell what was not to be told then."""
        return sum(bool(line.leaked) for line in self.lines)


async def judge_consistency(talk: ActedTalk, model: Model) -> Consistency:
    """Return what each line tells and contradicts; raises `JudgingError`."""
    asked = messages(
        section("person", person_of(talk.scenario)),
        section("facts", {fact.id: fact.truth for fact in talk.scenario.facts}),
        section("talk", lines_of(talk)),
        task=_TASK,
    )
    answer = read(await model(asked, _schema(talk.scenario)), ConsistencyAnswer)
    lines = sorted(answer.lines, key=lambda line: line.number)
    numbers = [line.number for line in lines]
    if numbers != list(range(1, len(talk.answered) + 1)):
        raise JudgingError(
            "lines_missing", f"lines 1 to {len(talk.answered)} were asked for, not {numbers}"
        )
    known = _ids(talk.scenario)
    for claim in (claim for line in lines for claim in line.claims):
        if claim.fact not in known:
            raise JudgingError("unknown_fact", f"the file has no fact {claim.fact!r}")
    pairs = list(zip(lines, talk.answered, strict=True))
    return Consistency(
        lines=tuple(_verdict(line, each) for line, each in pairs),
        dropped=sum(
            not says(each.line, claim.quote) for line, each in pairs for claim in line.claims
        ),
    )


def _verdict(line: Line, each: Answered) -> LineVerdict:
    claims = [claim for claim in line.claims if says(each.line, claim.quote)]
    told = [claim for claim in claims if claim.relation == "tells"]
    allowed = each.allowed | {PERSON}
    return LineVerdict(
        number=line.number,
        supported=tuple(claim for claim in told if claim.fact in allowed),
        contradicted=tuple(claim for claim in claims if claim.relation == "contradicts"),
        leaked=tuple(claim for claim in told if claim.fact not in allowed),
    )


def _ids(scenario: Scenario) -> list[str]:
    return [*(fact.id for fact in scenario.facts), PERSON]


def _schema(scenario: Scenario) -> Schema:
    """Return the answer's schema with the ids there are as the only ones."""
    schema: dict[str, Any] = ConsistencyAnswer.model_json_schema()
    schema["$defs"]["Claim"]["properties"]["fact"]["enum"] = _ids(scenario)
    return schema
