"""Which fact a reply asks for, by meaning first and by words where there are no vectors.

Computed before anything is said: a fact that may not be told now never reaches the prompt. The
sentence vectors come from outside (they have to be waited for); here is only arithmetic. A reply is
compared with the questions of every fact and with those of every topic of the question bank that
no fact answers, so that a question the file says nothing about finds that topic and no fact.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from agent.mind.relevance import (
    Floats,
    Question,
    Rarity,
    Relevance,
    Words,
    load_forest,
    sayings_of,
)
from personas.bank import QuestionBank
from personas.model import Fact, Scenario

Vector = Floats

CHANCE_NEEDED = 0.4
"""Probability from which a fact is taken to be asked for."""
UNASKED_CHANCE_NEEDED = 0.65
"""The same for a sentence that is no question by its form."""
TOPIC_NEEDED = 0.6
"""Cosine plus the bonus for shared words from which a question belongs to a topic."""
WORDS_NEEDED = 0.6
"""Dice coefficient of words from which a question fits, when there are no vectors."""
UNASKED_NEEDED = 0.2
"""More than that is needed of a sentence that is no question: "describe the pain" asks, "press
this if the pain gets worse" does not."""
_NEW_FACT_BONUS = 0.06
"""A fact not told yet wins over one already told when both fit about as well."""
_SENTENCE = re.compile(r"[^.!?;]+[.!?;]*")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reply asks for."""

    fact: Fact | None
    """None: something the file has no fact for."""
    score: float
    topics: frozenset[str]
    """The topics of the bank that its questions belong to."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply."""

    text: str
    asks: bool
    """Whether it is a question or an invitation by its form."""
    informs: bool = False
    """Whether it tells something; then it asks for nothing."""


class FactIndex:
    """The questions a scenario knows, ready to be compared with a reply."""

    def __init__(
        self, scenario: Scenario, bank: QuestionBank, vectors: Sequence[Vector] | None = None
    ) -> None:
        """`vectors`: one for each of `known_texts(scenario, bank)`, in that order; None: words
        only."""
        self._questions = questions_of(scenario, bank)
        self._words = Words(self._questions)
        self._forest = load_forest()
        self.relevance: Relevance | None = None
        if vectors is not None and self._forest is not None:
            count = len(self._questions)
            asked = [question for topic in bank.topics.values() for question in topic]
            self.relevance = Relevance(
                scenario, self._questions, vectors[:count], vectors[count:], Rarity(asked)
            )

    def asked(
        self,
        sentences: Sequence[Sentence],
        vectors: Sequence[Vector] | None,
        *,
        told: Collection[str],
    ) -> Asked | None:
        """Return what the sentences ask for; of several facts the one that fits best.

        `vectors`: one for each sentence, and more may follow.
        """
        best: tuple[float, Fact] | None = None
        highest = 0.0
        topics: set[str] = set()
        for number, sentence in enumerate(sentences):
            if sentence.informs:
                continue
            vector = None if vectors is None else vectors[number]
            for score, fact, topic in self._found(sentence, vector):
                highest = max(highest, score)
                if topic is not None:
                    topics.add(topic)
                # "I'm so sorry about your dad" does not want to hear of him again.
                if fact is not None and (sentence.asks or fact.id not in told):
                    preferred = score + _NEW_FACT_BONUS * (fact.id not in told)
                    if best is None or preferred > best[0]:
                        best = preferred, fact
        if best is None and not topics:
            return None
        return Asked(best[1] if best else None, round(highest, 3), frozenset(topics))

    def _found(
        self, sentence: Sentence, vector: Vector | None
    ) -> Iterator[tuple[float, Fact | None, str | None]]:
        """Yield the facts a sentence may ask for with how well each fits, or else its topic."""
        if vector is None or self.relevance is None or self._forest is None:
            yield from self._found_by_words(sentence)
            return
        compared = self.relevance.compared(sentence.text, vector, asks=sentence.asks)
        near = compared.topic if compared.topic_score >= TOPIC_NEEDED else None
        chances = self._forest.chances(compared.features)
        needed = CHANCE_NEEDED if sentence.asks else UNASKED_CHANCE_NEEDED
        fitting = np.flatnonzero(chances >= needed)
        for index in fitting:
            yield float(chances[index]), self.relevance.facts[index], near
        if not len(fitting) and near is not None and sentence.asks:
            yield compared.topic_score, None, near

    def _found_by_words(
        self, sentence: Sentence
    ) -> Iterator[tuple[float, Fact | None, str | None]]:
        scores = self._words.shared(sentence.text)
        needed = WORDS_NEEDED + (0 if sentence.asks else UNASKED_NEEDED)
        top = float(scores.max(initial=0.0))
        if top < needed:
            return
        for place in np.flatnonzero(scores >= max(needed, top - _NEW_FACT_BONUS)):
            question = self._questions[place]
            if question.fact is not None or (sentence.asks and scores[place] == top):
                yield float(scores[place]), question.fact, question.topic


def questions_of(scenario: Scenario, bank: QuestionBank) -> list[Question]:
    """Return every question a scenario knows: its facts' own, those of their topics, and those of
    the topics no fact answers."""
    return [*_own(scenario, bank), *_others(scenario, bank)]


def known_texts(scenario: Scenario, bank: QuestionBank) -> list[str]:
    """Return every text a scenario's index wants a vector of: its questions, then what its facts
    say."""
    questions = [question.text for question in questions_of(scenario, bank)]
    return [*questions, *sayings_of(scenario)]


def _own(scenario: Scenario, bank: QuestionBank) -> Iterator[Question]:
    for fact in scenario.facts:
        first = fact.topics[0] if fact.topics else None
        yield from (Question(text, fact, first) for text in fact.questions)
        for topic in fact.topics:
            yield from (Question(text, fact, topic) for text in bank.topics.get(topic, ()))


def _others(scenario: Scenario, bank: QuestionBank) -> Iterator[Question]:
    answered = {topic for fact in scenario.facts for topic in fact.topics}
    for topic in sorted(bank.topics.keys() - answered):
        yield from (Question(text, None, topic) for text in bank.topics[topic])


def sentences_of(reply: str) -> list[str]:
    """Return the sentences of a reply; speech without punctuation is one sentence."""
    return [found for part in _SENTENCE.findall(reply) if (found := part.strip())]
