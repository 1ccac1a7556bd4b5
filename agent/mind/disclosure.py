"""Which fact a reply asks for, by meaning first and by words second.

Computed before anything is said: a fact that may not be told now never reaches the prompt. The
sentence vectors come from outside (they have to be waited for); here is only arithmetic.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from personas.model import Fact, Scenario

Vector = NDArray[np.float32]

MEANING_NEEDED = 0.6
"""Cosine of MiniLM vectors, plus the bonus for shared words, from which a question fits a fact."""
WORDS_NEEDED = 0.6
"""The same for words alone (Dice coefficient), when there are no vectors."""
UNASKED_NEEDED = 0.2
"""More than that is needed of a sentence that is no question: "describe the pain" asks, "press
this if the pain gets worse" does not."""
_WORD_BONUS = 0.35
_NEW_FACT_BONUS = 0.06
"""A fact not told yet wins over one already told when both fit about as well."""
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
    """A fact the reply asks for."""

    fact: Fact
    score: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a reply."""

    text: str
    asks: bool
    """Whether it is a question or an invitation by its form."""


class FactIndex:
    """The example questions of a scenario's facts, ready to be compared with a reply."""

    def __init__(self, scenario: Scenario, vectors: Sequence[Vector] | None = None) -> None:
        """`vectors`: one for each of `questions_of(scenario)`, in that order; None: words only."""
        self._facts = [fact for fact in scenario.facts for _ in fact.questions]
        self._words = [_content(question) for question in questions_of(scenario)]
        self._weights = _weights(scenario)
        self._vectors = None if vectors is None or not self._facts else np.stack(vectors)

    def asked(
        self,
        sentences: Sequence[Sentence],
        vectors: Sequence[Vector] | None,
        *,
        told: Sequence[str],
    ) -> Asked | None:
        """Return the fact that one of the sentences asks for best, or None."""
        best: Asked | None = None
        for number, sentence in enumerate(sentences):
            words = _content(sentence.text)
            overlap = np.array([_shared(words, known, self._weights) for known in self._words])
            if vectors is None or self._vectors is None:
                scores, needed = overlap, WORDS_NEEDED
            else:
                scores = self._vectors @ vectors[number] + _WORD_BONUS * overlap
                needed = MEANING_NEEDED
            needed += 0 if sentence.asks else UNASKED_NEEDED
            for fact, score in zip(self._facts, scores.tolist(), strict=True):
                if score < needed:
                    continue
                score += _NEW_FACT_BONUS * (fact.id not in told)
                if best is None or score > best.score:
                    best = Asked(fact, round(score, 3))
        return best


def questions_of(scenario: Scenario) -> list[str]:
    """Return every example question of the scenario's facts, in order."""
    return [question for fact in scenario.facts for question in fact.questions]


def sentences_of(reply: str) -> list[str]:
    """Return the sentences of a reply; speech without punctuation is one sentence."""
    return [found for part in _SENTENCE.findall(reply) if (found := part.strip())]


def _content(text: str) -> frozenset[str]:
    words = re.findall(r"[a-z]+", text.lower().replace("'", ""))
    return frozenset(_stem(word) for word in words if word not in _STOP)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word


def _weights(scenario: Scenario) -> dict[str, float]:
    """Return what a word tells about which fact is meant (inverse document frequency): in a
    scenario about pain the word "pain" tells little."""
    facts = [frozenset().union(*map(_content, fact.questions)) for fact in scenario.facts]
    words = frozenset().union(*facts)
    return {word: log(1 + len(facts) / sum(word in fact for fact in facts)) for word in words}


def _shared(said: frozenset[str], known: frozenset[str], weights: Mapping[str, float]) -> float:
    """Return the Dice coefficient of two sets of words, 0 to 1, each word by its weight; a word
    that no question has weighs 1."""

    def weight(words: frozenset[str]) -> float:
        return sum(weights.get(word, 1.0) for word in words)

    return 2 * weight(said & known) / ((weight(said) + weight(known)) or 1)
