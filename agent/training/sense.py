"""Trains `agent.mind.sense`: which signals a sentence carries, and how a trainer marks a reply.

A signal is only let in if it can be told on situations not trained on; its threshold is the lowest
score from which it was right often enough there, since a persona that hears an insult where there
was none is worse than one that misses a kindness.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from agent.mind.disclosure import Vector
from agent.mind.lexicon import Signal
from agent.mind.sense import FILE, OVERALL
from agent.mind.wording import wording_of
from agent.training.linear import Doubles, Floats, fit_ridge, folds
from agent.training.replies import SKILLS, LabelledReply

LEARNT = (
    Signal.EMPATHY,
    Signal.VALIDATION,
    Signal.APOLOGY,
    Signal.REFLECTION,
    Signal.AUTONOMY,
    Signal.LIMIT,
    Signal.SOLUTION,
    Signal.TIMEFRAME,
    Signal.EXPLANATION,
    Signal.INVITATION,
    Signal.SAFETY,
    Signal.COMMAND,
    Signal.CALM_DOWN,
    Signal.INVALIDATION,
    Signal.THREAT,
    Signal.INSULT,
    Signal.BLAME,
    Signal.SARCASM,
    Signal.DISMISSAL,
)
PRECISION = 0.75
"""How often a finding has to be right on situations not trained on."""
FEWEST_RIGHT = 8
"""Right findings from which a threshold is believed."""
PENALTY = 1.0
_LENGTHS = (4, 8, 13, 20, 30, 45)
_MIDDLE_MARK = 50
_MOST_WEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Told:
    """How well one signal is told on situations not trained on."""

    signal: Signal
    count: int
    needed: float
    precision: float
    recall: float


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


def train_sense(
    replies: Sequence[LabelledReply], vectors: Mapping[str, Vector]
) -> tuple[list[Told], list[Ordered]]:
    """Train, store the models, and return what they are worth by cross-validation.

    `vectors`: of every sentence and of every whole reply.
    """
    texts = [reply.text() for reply in replies]
    wording = wording_of(texts)
    sentences = [
        (reply, sentence, set(signals)) for reply in replies for sentence, signals in reply.reply
    ]
    x = wording.table([(s, vectors[s], vectors[reply.text()]) for reply, s, _ in sentences])
    y = np.array([[signal in found for signal in LEARNT] for _, _, found in sentences], float)
    unseen = _unseen(x, y, [reply.situation for reply, _, _ in sentences])
    counts = Counter(signal for _, _, found in sentences for signal in found)
    told = [
        _told(signal, unseen[:, place], y[:, place], counts[signal])
        for place, signal in enumerate(LEARNT)
    ]
    kept = [place for place, each in enumerate(told) if each.recall > 0]
    slopes, bias = fit_ridge(x, y[:, kept], penalty=PENALTY)
    whole = wording.table([(text, vectors[text], vectors[text]) for text in texts])
    marks, ordered = _marks(replies, texts, whole)
    split = len(wording.places)
    names = list(marks)
    by_mark = np.stack([marks[name][0] for name in names], axis=1)
    np.savez_compressed(
        FILE,
        runs=np.array(list(wording.places)),
        rarity=wording.rarity.astype(np.float16),
        signals_names=np.array([LEARNT[place].value for place in kept]),
        signals_by_run=slopes[:split].astype(np.float16),
        signals_by_rest=slopes[split:].astype(np.float16),
        signals_bias=bias,
        needed=np.array([told[place].needed for place in kept], np.float32),
        marks_names=np.array(names),
        marks_by_run=by_mark[:split].astype(np.float16),
        marks_by_rest=by_mark[split:].astype(np.float16),
        marks_bias=np.array([marks[name][1] for name in names], np.float32),
    )
    return told, ordered


def _unseen(
    x: Floats, y: Doubles, situations: Sequence[str], weights: Doubles | None = None
) -> Doubles:
    """Return what models say of each row that were trained without its situation."""
    said = np.zeros_like(y)
    for out in folds(situations):
        slopes, bias = fit_ridge(
            x[~out], y[~out], penalty=PENALTY, weights=None if weights is None else weights[~out]
        )
        said[out] = x[out] @ slopes + bias
    return said


def _told(signal: Signal, score: Doubles, true: Doubles, count: int) -> Told:
    order = np.argsort(-score)
    right = np.cumsum(true[order])
    precision = right / np.arange(1, len(order) + 1)
    good = np.nonzero((precision >= PRECISION) & (right >= FEWEST_RIGHT))[0]
    if not len(good):
        return Told(signal, count, 1.0, 0.0, 0.0)
    last = int(good[-1])
    return Told(
        signal,
        count,
        round(float(score[order][last]), 4),
        round(float(precision[last]), 3),
        round(float(right[last] / max(1, true.sum())), 3),
    )


def _marks(
    replies: Sequence[LabelledReply], texts: Sequence[str], x: Floats
) -> tuple[dict[str, tuple[Floats, float]], list[Ordered]]:
    """Return slopes and intercept for each mark, and what they are worth."""
    made: dict[str, tuple[Floats, float]] = {}
    ordered: list[Ordered] = []
    for name in (None, *SKILLS):
        given = [reply.overall if name is None else reply.skills[name] for reply in replies]
        rows = np.array([mark is not None for mark in given])
        y = np.array([mark for mark in given if mark is not None], float)[:, None]
        groups = [reply.situation for reply, there in zip(replies, rows, strict=True) if there]
        words = np.array(
            [len(text.split()) for text, there in zip(texts, rows, strict=True) if there]
        )
        weights = _balanced(words, y[:, 0])
        unseen = _unseen(x[rows], y, groups, weights)[:, 0]
        slopes, bias = fit_ridge(x[rows], y, penalty=PENALTY, weights=weights)
        key = OVERALL if name is None else SKILLS[name].value
        made[key] = slopes[:, 0], float(bias[0])
        error = np.abs(np.clip(unseen, 1, 100) - y[:, 0]).mean()
        ordered.append(
            Ordered(
                key,
                len(y),
                in_order(groups, y[:, 0], unseen),
                in_order(groups, y[:, 0], unseen, words=words),
                in_order(groups, y[:, 0], words.astype(float)),
                round(float(error), 1),
            )
        )
    return made, ordered


def _balanced(words: np.ndarray, marks: Doubles) -> Doubles:
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
    words: np.ndarray | None = None,
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
