"""Trains how a trainer would mark a reply: overall, and each of the six skills.

Two views are mixed: the reply's own words and meaning, and what its sentences were heard to do.
Good replies are longer than poor ones, here as anywhere; so they are weighed until length tells
nothing, and the figures say what pairs of nearly the same length come to.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.mind.sense import OVERALL
from agent.training.linear import Doubles, Floats, fit_ridge, gram_of, unseen
from agent.training.replies import SKILLS, LabelledReply

Counts = NDArray[np.int_]
PENALTY = 1.0
HEARD_SHARE = 0.6
"""Weight of what the sentences do, beside the words."""
_LENGTHS = (4, 8, 13, 20, 30, 45)
_MIDDLE_MARK = 50
_MOST_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Ordered:
    """How well one mark is told on situations not trained on."""

    name: str
    count: int
    pairs: float
    """Share of pairs of one situation, 25 marks apart or more, in the right order."""
    same_length: float
    """The same for pairs of nearly the same length."""
    by_length: float
    """What counting words alone would get."""
    mean_error: float


@dataclass(frozen=True, slots=True)
class Marks:
    """The trained models, one column a mark."""

    names: tuple[str, ...]
    by_words: Floats
    by_heard: Floats
    bias: Floats
    unseen: Doubles
    """By replies and marks: what models say that were trained without the reply's situation."""


def train_marks(
    replies: Sequence[LabelledReply], words: Floats, heard: Floats
) -> tuple[Marks, list[Ordered]]:
    """Return models of the marks and what they are worth; `words` and `heard` have a row a
    reply."""
    middle, spread = heard.mean(0), np.maximum(heard.std(0), 1e-6)
    scaled = (heard - middle) / spread / np.sqrt(heard.shape[1])
    views = ((words, gram_of(words), 1 - HEARD_SHARE), (scaled, gram_of(scaled), HEARD_SHARE))
    lengths = np.array([len(reply.text().split()) for reply in replies])
    names = [OVERALL, *(skill.value for skill in SKILLS.values())]
    given = np.array(
        [[reply.overall, *(reply.skills[short] for short in SKILLS)] for reply in replies], float
    )
    # The same weights for all, so that marks every reply has are solved together.
    weights = balanced(lengths, given[:, 0])
    slopes = [np.zeros((x.shape[1], len(names)), np.float32) for x, _, _ in views]
    biases = np.zeros(len(names))
    said = np.zeros_like(given)
    there = ~np.isnan(given)
    for columns in _alike(there):
        rows = there[:, columns[0]]
        y = given[np.ix_(rows, columns)]
        groups = [reply.situation for reply, kept in zip(replies, rows, strict=True) if kept]
        for (x, gram, share), made in zip(views, slopes, strict=True):
            kept = gram[np.ix_(rows, rows)]
            alone = unseen(kept, y, groups, penalty=PENALTY, weights=weights[rows])
            by, base = fit_ridge(x[rows], kept, y, penalty=PENALTY, weights=weights[rows])
            said[np.ix_(rows, columns)] += share * alone
            made[:, columns] = share * by
            biases[columns] += share * base
    said = np.where(there, np.clip(said, 1, 100), np.nan)
    ordered = [
        ordered_of(name, replies, lengths, given[:, column], said[:, column])
        for column, name in enumerate(names)
    ]
    by_heard = slopes[1] / (spread * np.sqrt(heard.shape[1]))[:, None]
    bias = biases - middle @ by_heard
    trained = Marks(
        tuple(names),
        slopes[0],
        by_heard.astype(np.float32),
        bias.astype(np.float32),
        said,
    )
    return trained, ordered


def _alike(there: NDArray[np.bool_]) -> list[list[int]]:
    """Return the columns in groups of those that have the same rows."""
    groups: dict[bytes, list[int]] = {}
    for column in range(there.shape[1]):
        groups.setdefault(there[:, column].tobytes(), []).append(column)
    return list(groups.values())


def ordered_of(
    name: str, replies: Sequence[LabelledReply], lengths: Counts, given: Doubles, said: Doubles
) -> Ordered:
    """Return how well one mark is told: `given` by people, nan where not, and `said`."""
    rows = ~np.isnan(given)
    groups = [reply.situation for reply, kept in zip(replies, rows, strict=True) if kept]
    true, told, words = given[rows], said[rows], lengths[rows]
    return Ordered(
        name,
        len(true),
        in_order(groups, true, told),
        in_order(groups, true, told, words=words),
        in_order(groups, true, words.astype(float)),
        round(float(np.abs(told - true).mean()), 1),
    )


def balanced(words: Counts, marks: Doubles) -> Doubles:
    """Return weights under which good and poor replies of every length count the same in all, so
    that length is not taken for quality."""
    weights = np.ones(len(marks))
    lengths = np.digitize(words, _LENGTHS)
    for length in np.unique(lengths):
        for good in (True, False):
            cell = (lengths == length) & ((marks >= _MIDDLE_MARK) == good)
            if cell.any():
                weights[cell] = (lengths == length).sum() / (2 * cell.sum())
    return np.asarray(np.clip(weights, 1 / _MOST_WEIGHT, _MOST_WEIGHT))


def in_order(
    groups: Sequence[str],
    true: Doubles,
    said: Doubles,
    *,
    apart: float = 25,
    words: Counts | None = None,
) -> float:
    """Return the share of pairs within a group, `apart` marks or more apart, that are put in the
    right order; with `words` (counts), only pairs within a fifth of the same length."""
    right = count = 0
    names = np.array(groups)
    for name in np.unique(names):
        rows = np.nonzero(names == name)[0]
        clear = true[rows][:, None] - true[rows][None] >= apart
        if words is not None:
            longer = (words[rows][:, None] + 1) / (words[rows][None] + 1)
            clear &= (longer < 1.2) & (longer > 1 / 1.2)
        count += int(clear.sum())
        right += int((said[rows][:, None] - said[rows][None])[clear].__gt__(0).sum())
    return round(right / max(1, count), 3)
