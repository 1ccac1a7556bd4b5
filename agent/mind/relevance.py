"""How likely a sentence asks for each of a persona's facts.

Compared with a fact are the questions that ask for it, what is true, and the ways of saying it: an
answer often shares more with a question than another question does. A few figures of each
comparison (`FEATURES`) go into a small forest of decision trees, trained by `python -m
agent.training questions` on questions held out of the files and on lines written for it.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from personas.model import Fact, Scenario

Floats = NDArray[np.float32]
FILE = Path(__file__).parent / "relevance.npz"
FEATURES = (
    "meaning",  # cosine with the nearest of the fact's questions
    "meaning_of_three",  # the same, mean of the three nearest
    "meaning_of_own",  # the nearest of those the scenario's author wrote
    "words",  # words shared with the nearest by words
    "meaning_of_truth",
    "meaning_of_saying",
    "words_of_saying",
    "ahead_of_facts",  # how much nearer than the nearest other fact
    "ahead_of_topics",  # how much nearer than the nearest topic no fact answers
    "covered_by_own",  # share of the sentence's rare words that the fact's own words have
    "covered",  # the same with the words of its topics
    "rarest_uncovered",
    "length",
    "same_question_word",
    "same_question_word_of_three",
    "to_you",
    "asks",
)
WORD_BONUS = 0.35
"""What words shared with a question add to its cosine."""
_LONGEST = 12
_ADDRESSED = 6
"""Words of a sentence from which one that says the persona's name does not ask for it."""
_RAREST = 8.0
_UNHEARD = 1.5
_QUESTION_WORDS = ("who", "whose", "when", "where", "why", "how", "what", "which")
_OF_MEASURE = ("long", "many", "much", "old", "often", "far", "bad")
_YOU = re.compile(r"\byou", re.IGNORECASE)
_STOP_WORDS = """
a an and are as at be been can could did do does for from had has have how i if in is it its
just know let like may me might must my of on or our please shall should so some tell than
that the their them then there these they this those to us was we were what when where which
who why will with would you your yourself
"""
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(frozen=True, slots=True)
class Question:
    """A known way of asking."""

    text: str
    fact: Fact | None
    """None: no fact of the scenario answers it."""
    topic: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A sentence beside everything a scenario knows to be asked."""

    features: Floats
    """Facts by `FEATURES`."""
    nearest: Floats
    """Facts: cosine and shared words of the nearest question."""
    topic: str | None
    """Topic of the nearest question of all."""
    topic_score: float


class Relevance:
    """The questions and facts of one scenario, ready to be compared with a sentence."""

    def __init__(
        self,
        scenario: Scenario,
        questions: Sequence[Question],
        vectors: Sequence[Floats],
        sayings: Sequence[Floats],
        rarity: "Rarity",
    ) -> None:
        """`vectors`: one for each question; `sayings`: one for each of `sayings_of(scenario)`."""
        self.facts = scenario.facts
        self._questions = questions
        self._rarity = rarity
        # Being addressed by name is not being asked for it.
        self._called = content(scenario.person.name)
        self._name = self._called | content("mr mrs ms miss dr sir madam")
        self._about_name = np.array([each.topic == "name" for each in questions])
        self._vectors = np.stack(vectors)
        place = {fact.id: index for index, fact in enumerate(scenario.facts)}
        owner = [place[each.fact.id] if each.fact else -1 for each in questions]
        self._rows = [np.flatnonzero(np.array(owner) == index) for index in range(len(place))]
        self._others = np.flatnonzero(np.array(owner) == -1)
        own = np.array(
            [each.fact is not None and each.text in each.fact.questions for each in questions]
        )
        self._own_rows = [rows[own[rows]] for rows in self._rows]
        self._words = _Table([self._words_of(each.text) for each in questions], owner)
        self._question_words = np.array([question_word(each.text) for each in questions])
        made = iter(sayings)
        self._truths: list[Floats] = []
        self._sayings: list[Floats] = []
        for fact in self.facts:
            self._truths.append(next(made))
            self._sayings.append(np.array([next(made) for _ in fact.say], np.float32))
        self._contents = [self._words_of(each.text) for each in questions]
        self._said = [content(" ".join((fact.truth, *fact.say))) for fact in self.facts]
        counts = Counter(word for words in self._said for word in words)
        self._said_weights = {
            word: log(1 + len(self._said) / count) for word, count in counts.items()
        }

    def compared(
        self, text: str, vector: Floats, *, asks: bool, without: str | None = None
    ) -> Compared:
        """Return a sentence compared with every fact; `without`: a question to leave out, so that
        it can be asked itself."""
        meaning = self._vectors @ vector
        said = self._words_of(text)
        shared = self._words.shared(said)
        left_out = np.zeros(len(meaning), dtype=bool)
        if without is not None:
            left_out = np.array([each.text == without for each in self._questions])
        if len(text.split()) >= _ADDRESSED and not self._called.isdisjoint(content(text)):
            left_out = left_out | self._about_name
        meaning[left_out], shared[left_out] = -1, 0
        both = meaning + WORD_BONUS * shared
        nearest = np.array([both[rows].max(initial=0.0) for rows in self._rows], np.float32)
        elsewhere = float(both[self._others].max(initial=0.0))
        features = np.stack(
            [
                self._features(index, text, vector, said, meaning, shared, both, left_out)
                for index in range(len(self.facts))
            ]
        ).astype(np.float32)
        for index, near in enumerate(nearest):
            features[index, 7] = near - np.delete(nearest, index).max(initial=0.0)
            features[index, 8] = near - elsewhere
        features[:, 12] = min(len(said), _LONGEST) / _LONGEST
        features[:, 15] = bool(_YOU.search(text))
        features[:, 16] = asks
        best = int(np.argmax(both))
        return Compared(features, nearest, self._questions[best].topic, float(both[best]))

    def _words_of(self, text: str) -> frozenset[str]:
        return content(text) - self._name

    def _features(
        self,
        index: int,
        text: str,
        vector: Floats,
        said: frozenset[str],
        meaning: Floats,
        shared: Floats,
        both: Floats,
        left_out: NDArray[np.bool_],
    ) -> Floats:
        rows, own = self._rows[index], self._own_rows[index]
        row = np.zeros(len(FEATURES), np.float32)
        sayings = self._sayings[index]
        near = np.sort(meaning[rows])[::-1]
        row[0] = near[0] if len(near) else 0
        row[1] = near[:3].mean() if len(near) else 0
        row[2] = meaning[own].max(initial=0.0)
        row[3] = shared[rows].max(initial=0.0)
        row[4] = self._truths[index] @ vector
        row[5] = (sayings @ vector).max() if len(sayings) else 0
        weights = {word: self._said_weights.get(word, _UNHEARD) for word in said}
        told = self._said[index]
        row[6] = sum(weights[w] for w in said if w in told) / (sum(weights.values()) or 1)
        kept = [self._contents[place] for place in own if not left_out[place]]
        narrow = told.union(*kept)
        wide = narrow.union(*(self._contents[place] for place in rows if not left_out[place]))
        rarity = {word: self._rarity.of(word) for word in said}
        total = sum(rarity.values()) or 1
        row[9] = sum(rarity[word] for word in said if word in narrow) / total
        row[10] = sum(rarity[word] for word in said if word in wide) / total
        row[11] = max((rarity[word] for word in said if word not in wide), default=0) / _RAREST
        if len(rows):
            top = rows[np.argsort(-both[rows])[:3]]
            same = self._question_words[top] == question_word(text)
            row[13], row[14] = same[0], same.mean()
        return row


class Rarity:
    """How rarely a word is asked with, by the question bank."""

    def __init__(self, questions: Sequence[str]) -> None:
        self._counts = Counter(word for text in questions for word in content(text))
        self._size = max(1, len(questions))

    def of(self, word: str) -> float:
        """Return the inverse document frequency of a word's stem."""
        return log(1 + self._size / (1 + self._counts[word]))


@dataclass(frozen=True, slots=True)
class Forest:
    """Decision trees whose values add up to the log odds of a fact being asked for."""

    feature: NDArray[np.intp]
    """Trees by nodes; a leaf leads to itself."""
    threshold: Floats
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    value: Floats
    base: float
    depth: int

    def chances(self, features: Floats) -> Floats:
        """Return the probability for each row of features."""
        trees = np.arange(len(self.feature))[None, :]
        at = np.zeros((len(features), len(self.feature)), dtype=np.intp)
        for _ in range(self.depth):
            asked = np.take_along_axis(features, self.feature[trees, at], axis=1)
            goes_left = asked <= self.threshold[trees, at]
            at = np.where(goes_left, self.left[trees, at], self.right[trees, at])
        odds = self.base + self.value[trees, at].sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-odds)), np.float32)


@cache
def load_forest() -> Forest | None:
    """Return the trained trees of the tree, or None where there are none."""
    if not FILE.is_file():
        return None
    with np.load(FILE, allow_pickle=False) as stored:
        return Forest(
            feature=stored["feature"].astype(np.intp),
            threshold=stored["threshold"].astype(np.float32),
            left=stored["left"].astype(np.intp),
            right=stored["right"].astype(np.intp),
            value=stored["value"].astype(np.float32),
            base=float(stored["base"]),
            depth=int(stored["depth"]),
        )


def sayings_of(scenario: Scenario) -> list[str]:
    """Return what each fact's vectors are made of: its truth, then its ways of saying it."""
    return [text for fact in scenario.facts for text in (fact.truth, *fact.say)]


def content(text: str) -> frozenset[str]:
    """Return the stems of a text's words that carry meaning."""
    words = re.findall(r"[a-z]+", text.lower().replace("'", "").replace("’", ""))
    return frozenset(_stem(word) for word in words if word not in _STOP)


def question_word(text: str) -> str:
    """Return the word that says what kind of answer is wanted ("how long", "who"); empty for yes
    or no."""
    words = re.findall(r"[a-z]+", text.lower())
    for place, word in enumerate(words):
        if word in _QUESTION_WORDS:
            after = words[place + 1] if place + 1 < len(words) else ""
            return f"how {after}" if word == "how" and after in _OF_MEASURE else word
    return ""


class Words:
    """Texts by their words, to be compared by words alone."""

    def __init__(self, questions: Sequence[Question]) -> None:
        owners = [each.fact.id if each.fact else f" {each.topic}" for each in questions]
        self._table = _Table([content(each.text) for each in questions], owners)

    def shared(self, text: str) -> Floats:
        """Return for each question how much a text shares with it, 0 to 1."""
        return self._table.shared(content(text))


class _Table:
    """Questions by words, each word with what it tells about which fact is meant (inverse document
    frequency): in a scenario about pain the word "pain" tells little."""

    def __init__(self, contents: Sequence[frozenset[str]], owners: Sequence[object]) -> None:
        groups: dict[str, set[object]] = {}
        for owner, words in zip(owners, contents, strict=True):
            for word in words:
                groups.setdefault(word, set()).add(owner)
        count = len(set(owners))
        self._places = {word: place for place, word in enumerate(sorted(groups))}
        self._weights = np.array(
            [log(1 + count / len(groups[word])) for word in self._places], np.float32
        )
        self._table = np.zeros((len(contents), len(self._places)), np.float32)
        for row, words in enumerate(contents):
            for word in words:
                self._table[row, self._places[word]] = self._weights[self._places[word]]
        self._sums = self._table.sum(axis=1)

    def shared(self, said: frozenset[str]) -> Floats:
        """Return the Dice coefficient with each question, 0 to 1; a word that no question has
        weighs 1."""
        places = [self._places[word] for word in said if word in self._places]
        weight = float(self._weights[places].sum()) + len(said) - len(places)
        both = self._table[:, places].sum(axis=1)
        return np.asarray(2 * both / np.maximum(self._sums + weight, 1e-6), np.float32)


def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
