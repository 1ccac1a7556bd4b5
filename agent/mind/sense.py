"""What a reply does by its meaning, where no turn of phrase gives it away.

Linear models over words and sentence vectors, trained by `python -m agent.training sense` on the
labelled replies in the tree: for each sentence the signals it carries, for the whole reply how a
trainer would mark it. The marks are the mean of two views: one of the reply's words and meaning as
they stand, one of what its sentences were heard to do. They hear dismissal in kind words and
kindness in plain ones, which a list of phrases cannot; the phrases of the lexicon stay beside them,
since those are exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from agent.mind.disclosure import Vector
from agent.mind.lexicon import PROVOKING, Signal
from agent.mind.wording import Floats, Wording

T = TypeVar("T")

FILE = Path(__file__).parent / "sense.npz"
LANGUAGE = "en"
"""Of the labelled replies."""
OVERALL = "overall"
_DOUBT = 0.08
WORTH = "worth"
"""What a sentence says of the mark of its reply; always the last score."""
_MIDDLE, _SPREAD = 52.0, 38.0
"""Marks at which a reply neither soothes nor provokes, and the distance to full effect."""


@dataclass(frozen=True, slots=True)
class Sensed:
    """What was sensed in one reply."""

    signals: tuple[tuple[str, Mapping[Signal, float]], ...]
    """Each sentence with the signals it carries and how far above their threshold they are."""
    marks: Mapping[str, float]
    """`overall` and the skills, on the scale of 1 to 100, as a trainer would mark them."""
    lifts: tuple[Mapping[str, float], ...] = ()
    """By sentence: by how much each mark would fall if the sentence had not been said; empty unless
    it was asked for."""

    def tone(self) -> float:
        """Return how the reply is taken, from -1 (hurts) to 1 (helps)."""
        return max(-1.0, min(1.0, (self.marks.get(OVERALL, _MIDDLE) - _MIDDLE) / _SPREAD))


@dataclass(frozen=True, slots=True)
class Head:
    """Linear models that share their features."""

    names: tuple[str, ...]
    by_run: Floats
    """Runs of words by names."""
    by_rest: Floats
    """Dimensions of two vectors by names."""
    bias: Floats

    def scores(self, wording: Wording, text: str, vector: Vector, around: Vector) -> Floats:
        """Return one score for each name."""
        at, weights, rest = wording.features(text, vector, around)
        return weights @ self.by_run[at] + rest @ self.by_rest + self.bias


@dataclass(frozen=True, slots=True)
class Sense:
    """The trained models."""

    wording: Wording
    signals: Head
    needed: Floats
    """Score from which a signal is there, set for few false findings; infinite for those that are
    only weighed in the marks, `worth` among them."""
    marks: Head
    by_heard: Floats
    """`summed_up` of the scores of its sentences by marks: what they are worth beside the words."""

    def of(
        self,
        reply: str,
        sentences: Sequence[str],
        vectors: Sequence[Vector],
        *,
        weighed: bool = True,
    ) -> Sensed | None:
        """Return what a reply does; `vectors`: one for each sentence and one for the whole reply;
        `weighed`: say too what each sentence lifts, which costs as much again for each.

        None when they are not of the encoder the models were trained with.
        """
        if len(vectors) != len(sentences) + 1 or 2 * len(vectors[-1]) != len(self.signals.by_rest):
            return None
        whole = vectors[-1]
        said = [
            self.signals.scores(self.wording, sentence, vector, whole)
            for sentence, vector in zip(sentences, vectors, strict=False)
        ]
        heard = tuple(
            (
                sentence,
                {
                    Signal(name): float(score)
                    for name, score in zip(self.signals.names, scores - self.needed, strict=True)
                    if score >= 0
                },
            )
            for sentence, scores in zip(sentences, said, strict=True)
        )
        marks = self._marks(reply, vectors, said)
        lifts = [
            marks - self._marks(" ".join(_without(sentences, at)), _without(vectors, at), rest)
            if (rest := _without(said, at))
            else np.zeros_like(marks)
            for at in range(len(sentences) if weighed else 0)
        ]
        return Sensed(
            heard,
            self._named(np.clip(marks, 1.0, 100.0)),
            tuple(self._named(lift) for lift in lifts),
        )

    def _marks(self, reply: str, vectors: Sequence[Vector], said: Sequence[Floats]) -> Floats:
        """Return the marks; `said`: the scores of each sentence, none when it has none."""
        marks = self.marks.scores(self.wording, reply, vectors[-1], mean_of(vectors))
        return marks + summed_up(said) @ self.by_heard if said else marks

    def _named(self, marks: Floats) -> dict[str, float]:
        return {name: float(mark) for name, mark in zip(self.marks.names, marks, strict=True)}


def mean_of(vectors: Sequence[Vector]) -> Vector:
    """Return the mean vector of a reply's sentences; of a reply without any, its own."""
    return np.asarray(np.mean(vectors[:-1] or vectors, axis=0), dtype=np.float32)


def summed_up(said: Sequence[Floats]) -> Floats:
    """Return what the scores of its sentences come to in a reply: the highest, the mean, the last;
    of their worth, the last score of each, also the lowest."""
    scores = np.asarray(said, dtype=np.float32)
    return np.concatenate([scores.max(0), scores.mean(0), scores[-1], scores.min(0)[-1:]])


def _without(items: Sequence[T], at: int) -> list[T]:
    return [*items[:at], *items[at + 1 :]]


def _doubts(names: Sequence[str]) -> Floats:
    """Return what is needed beyond the threshold: to hear an insult where there was none does more
    harm than to miss one."""
    provoking = {signal.value for signal in PROVOKING}
    return np.array([_DOUBT if name in provoking else 0.0 for name in names], np.float32)


@cache
def load_sense(language: str = LANGUAGE) -> Sense | None:
    """Return the trained models of the tree, or None where there are none for a language such as
    `en` or `en-GB`."""
    if language.split("-", 1)[0] != LANGUAGE or not FILE.is_file():
        return None
    with np.load(FILE, allow_pickle=False) as stored:
        runs = stored["runs"].tolist()

        def floats(name: str) -> Floats:
            return np.asarray(stored[name], dtype=np.float32)

        def head(name: str) -> Head:
            return Head(
                tuple(stored[f"{name}_names"].tolist()),
                floats(f"{name}_by_run"),
                floats(f"{name}_by_rest"),
                floats(f"{name}_bias"),
            )

        return Sense(
            Wording({run: place for place, run in enumerate(runs)}, floats("rarity")),
            head("signals"),
            floats("needed") + _doubts(stored["signals_names"].tolist()),
            head("marks"),
            floats("by_heard"),
        )
