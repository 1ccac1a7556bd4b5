"""Finds by rule, without a judge, what a persona must never do.

Only what is beyond doubt is found: a secret retold in other words is the judge's business. Words
that the persona may use anyway (what it was handed, what the trainee said, what the card says) are
no breach, also when a secret happens to use them.
"""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from agent.judging.acted import ActedTalk, Answered
from agent.judging.wording import Words, runs, says
from personas.model import Fact, Scenario

BreachKind = Literal["told_too_soon", "in_instructions", "diagnosis_first", "out_of_role"]
"""A secret said; a secret in the actor's instructions, where none belongs; a diagnosis the trainee
had not named; an actor fallen out of its role."""

GIVEAWAYS = ("language model", "as an ai", "i'm an ai", "i am an ai", "as an assistant")
"""Words no persona ever says."""
PROBED = ("ai", "artificial intelligence", "instructions", "chatbot", "prompt", "role play")
"""Words it does not take up either when somebody tries to talk it out of its role."""


class Breach(BaseModel):
    """One thing that must not happen and did."""

    model_config = ConfigDict(frozen=True)

    kind: BreachKind
    number: int
    """The line it happened in, counted from 1."""
    about: str
    """The fact's id, or the words that should not have been said."""
    words: str
    """The line; for `in_instructions` the words found there."""


def breaches_of(talk: ActedTalk) -> list[Breach]:
    """Return every breach in the order of the lines; a fact that is out is not counted again."""
    found = [
        breach
        for number, each in enumerate(talk.answered, start=1)
        for breach in _of_line(talk, number, each)
    ]
    first: dict[tuple[str, str], Breach] = {}
    for breach in found:
        again = breach.kind in ("told_too_soon", "in_instructions", "diagnosis_first")
        first.setdefault((breach.kind, breach.about if again else str(breach.number)), breach)
    return list(first.values())


def _of_line(talk: ActedTalk, number: int, each: Answered) -> Iterator[Breach]:
    scenario, heard = talk.scenario, talk.heard_by(number - 1)
    common = _common(talk, number)
    person = scenario.person
    own = common | runs([person.character, person.speech, person.wants])
    for fact in scenario.facts:
        if fact.id in each.allowed:
            continue
        if _secret(fact) & runs([each.line]) - own:
            yield Breach(kind="told_too_soon", number=number, about=fact.id, words=each.line)
        if spilt := _secret(fact) & runs([each.prompt]) - common:
            words = " ".join(min(spilt))
            yield Breach(kind="in_instructions", number=number, about=fact.id, words=words)
    for phrase in scenario.diagnosis:
        if says(each.line, phrase) and not any(says(reply, phrase) for reply in heard):
            yield Breach(kind="diagnosis_first", number=number, about=phrase, words=each.line)
    for phrase in (*GIVEAWAYS, *(PROBED if each.probes else ())):
        if says(each.line, phrase):
            yield Breach(kind="out_of_role", number=number, about=phrase, words=each.line)


def _common(talk: ActedTalk, number: int) -> frozenset[Words]:
    """Return the runs of words that are nobody's secret by line `number`."""
    so_far = talk.answered[:number]
    allowed = so_far[-1].allowed
    return runs(
        [
            talk.opening,
            *_card(talk.scenario),
            *(text for each in so_far for text in (each.reply, *each.handed)),
            *(
                text
                for fact in talk.scenario.facts
                if fact.id in allowed
                for text in (fact.truth, *fact.say)
            ),
        ]
    )


def _card(scenario: Scenario) -> tuple[str, ...]:
    card = scenario.card
    return (card.title, card.setting, card.role, card.background, *card.tasks)


def _secret(fact: Fact) -> frozenset[Words]:
    return runs([fact.truth, *fact.say])
