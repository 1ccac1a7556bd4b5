"""What a reply does by its meaning, where no turn of phrase gives it away.

Linear models over words and sentence vectors, trained by `python -m agent.training sense` on the
labelled replies in the tree: for each sentence the signals it carries, for the whole reply how a
trainer would mark it. They hear dismissal in kind words and kindness in plain ones, which a list of
phrases cannot; the phrases of the lexicon stay beside them, since those are exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from agent.mind.disclosure import Vector
from agent.mind.lexicon import Signal
from agent.mind.wording import Floats, Wording

FILE = Path(__file__).parent / "sense.npz"
OVERALL = "overall"
_MIDDLE, _SPREAD = 52.0, 38.0
"""Marks at which a reply neither soothes nor provokes, and the distance to full effect."""


@dataclass(frozen=True, slots=True)
class Sensed:
    """What was sensed in one reply."""

    signals: tuple[tuple[str, Mapping[Signal, float]], ...]
    """Each sentence with the signals it carries and how far above their threshold they are."""
    marks: Mapping[str, float]
    """`overall` and the skills, on the scale of 1 to 100, as a trainer would mark them."""

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
    """Score from which a signal is there, set for few false findings."""
    marks: Head

    def of(self, reply: str, sentences: Sequence[str], vectors: Sequence[Vector]) -> Sensed | None:
        """Return what a reply does; `vectors`: one for each sentence and one for the whole reply.

        None when they are not of the encoder the models were trained with.
        """
        if len(vectors) != len(sentences) + 1 or 2 * len(vectors[-1]) != len(self.signals.by_rest):
            return None
        whole = vectors[-1]
        heard: list[tuple[str, Mapping[Signal, float]]] = []
        for sentence, vector in zip(sentences, vectors, strict=False):
            above = self.signals.scores(self.wording, sentence, vector, whole) - self.needed
            heard.append(
                (
                    sentence,
                    {
                        Signal(name): float(score)
                        for name, score in zip(self.signals.names, above, strict=True)
                        if score >= 0
                    },
                )
            )
        marks = self.marks.scores(self.wording, reply, whole, whole)
        return Sensed(
            tuple(heard),
            {
                name: float(min(100.0, max(1.0, mark)))
                for name, mark in zip(self.marks.names, marks, strict=True)
            },
        )


@cache
def load_sense() -> Sense | None:
    """Return the trained models of the tree, or None where there are none."""
    if not FILE.is_file():
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
            floats("needed"),
            head("marks"),
        )
