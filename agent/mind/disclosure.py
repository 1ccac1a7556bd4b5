"""Which fact a reply asks for, by meaning first and by words second.

Computed before anything is said: a fact that may not be told now never reaches the prompt. The
sentence vectors come from outside (they have to be waited for); here is only arithmetic. A reply is
compared with the questions of every fact and with those of every topic of the question bank that
no fact answers, so that a question the file says nothing about finds that topic and no fact.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from personas.bank import QuestionBank
from personas.model import Fact, Scenario

Vector = NDArray[np.float32]

MEANING_NEEDED = 0.6
"""Cosine of MiniLM vectors, plus the bonus for shared words, from which a question fits."""
WORDS_NEEDED = 0.6
"""The same for words alone (Dice coefficient), when there are no vectors."""
UNASKED_NEEDED = 0.2
"""More than that is needed of a sentence that is no question: "describe the pain" asks, "press
this if the pain gets worse" does not."""
_WORD_BONUS = 0.35
_NEW_FACT_BONUS = 0.06
"""A fact not told yet wins over one already told when both fit about as well."""
_OWN_BONUS = 0.03
"""A fact wins over a topic the file says nothing about when both fit about as well."""
_SENTENCE = re.compile(r"[^.!?;]+[.!?;]*")
_STOP_WORDS = """
a an and are as at be been can could did do does for from had has have how i if in is it its
just know let like may me might must my of on or our please shall should so some tell than
that the their them then there these they this those to us was we were what when where which
who why will with would you your yourself
"""
_STOP = frozenset(_STOP_WORDS.split())


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


@dataclass(frozen=True, slots=True)
class Question:
    """A known way of asking."""

    text: str
    fact: Fact | None
    topic: str | None


class FactIndex:
    """The questions a scenario knows, ready to be compared with a reply."""

    def __init__(
        self, scenario: Scenario, bank: QuestionBank, vectors: Sequence[Vector] | None = None
    ) -> None:
        """`vectors`: one for each of `questions_of(scenario, bank)`, in that order; None: words
        only."""
        self._questions = questions_of(scenario, bank)
        self._words = _Words(self._questions)
        self._vectors = None if vectors is None else np.stack(vectors)

    def asked(
        self,
        sentences: Sequence[Sentence],
        vectors: Sequence[Vector] | None,
        *,
        told: Collection[str],
    ) -> Asked | None:
        """Return what the sentences ask for; of several facts the one that fits best."""
        best: tuple[float, Fact] | None = None
        highest = 0.0
        topics: set[str] = set()
        for number, sentence in enumerate(sentences):
            if sentence.informs:
                continue
            scores, needed = self._scores(sentence, None if vectors is None else vectors[number])
            needed += 0 if sentence.asks else UNASKED_NEEDED
            place = int(np.argmax(scores + self._preference(told)))
            question, score = self._questions[place], float(scores[place])
            if score < needed or (question.fact is None and not sentence.asks):
                continue
            highest = max(highest, score)
            topics |= {question.topic} if question.topic else set()
            if question.fact is not None:
                preferred = score + _NEW_FACT_BONUS * (question.fact.id not in told)
                if best is None or preferred > best[0]:
                    best = preferred, question.fact
        if best is None and not topics:
            return None
        return Asked(best[1] if best else None, round(highest, 3), frozenset(topics))

    def _scores(
        self, sentence: Sentence, vector: Vector | None
    ) -> tuple[NDArray[np.float32], float]:
        overlap = self._words.shared(sentence.text)
        if vector is None or self._vectors is None:
            return overlap, WORDS_NEEDED
        return self._vectors @ vector + _WORD_BONUS * overlap, MEANING_NEEDED

    def _preference(self, told: Collection[str]) -> NDArray[np.float32]:
        return np.array(
            [
                0.0
                if each.fact is None
                else _OWN_BONUS + _NEW_FACT_BONUS * (each.fact.id not in told)
                for each in self._questions
            ],
            dtype=np.float32,
        )


def questions_of(scenario: Scenario, bank: QuestionBank) -> list[Question]:
    """Return every question a scenario knows: its facts' own, those of their topics, and those of
    the topics no fact answers."""
    return [*_own(scenario, bank), *_others(scenario, bank)]


def _own(scenario: Scenario, bank: QuestionBank) -> Iterator[Question]:
    for fact in scenario.facts:
        topic = fact.topics[0] if fact.topics else None
        yield from (Question(text, fact, topic) for text in fact.questions)
        for topic in fact.topics:
            yield from (Question(text, fact, topic) for text in bank.topics.get(topic, ()))


def _others(scenario: Scenario, bank: QuestionBank) -> Iterator[Question]:
    answered = {topic for fact in scenario.facts for topic in fact.topics}
    for topic in bank.topics.keys() - answered:
        yield from (Question(text, None, topic) for text in bank.topics[topic])


def sentences_of(reply: str) -> list[str]:
    """Return the sentences of a reply; speech without punctuation is one sentence."""
    return [found for part in _SENTENCE.findall(reply) if (found := part.strip())]


class _Words:
    """The words of the known questions, each with what it tells about which fact is meant (inverse
    document frequency): in a scenario about pain the word "pain" tells little."""

    def __init__(self, questions: Sequence[Question]) -> None:
        contents = [_content(question.text) for question in questions]
        owners = [
            question.fact.id if question.fact else f" {question.topic}" for question in questions
        ]
        groups: dict[str, set[str]] = {}
        for owner, words in zip(owners, contents, strict=True):
            for word in words:
                groups.setdefault(word, set()).add(owner)
        count = len(set(owners))
        self._places = {word: place for place, word in enumerate(sorted(groups))}
        self._weights = np.array(
            [log(1 + count / len(groups[word])) for word in self._places], dtype=np.float32
        )
        self._table = np.zeros((len(questions), len(self._places)), dtype=np.float32)
        for row, words in enumerate(contents):
            for word in words:
                place = self._places[word]
                self._table[row, place] = self._weights[place]
        self._sums = self._table.sum(axis=1)

    def shared(self, text: str) -> NDArray[np.float32]:
        """Return the Dice coefficient of a text's words with each question's, 0 to 1, each word by
        its weight; a word that no question has weighs 1."""
        said = _content(text)
        places = [self._places[word] for word in said if word in self._places]
        weight = float(self._weights[places].sum()) + len(said) - len(places)
        both = self._table[:, places].sum(axis=1)
        return np.asarray(2 * both / np.maximum(self._sums + weight, 1e-6), dtype=np.float32)


def _content(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", text.lower().replace("'", "").replace("’", ""))
    return frozenset(_stem(word) for word in words if word not in _STOP)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
