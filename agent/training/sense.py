"""Trains `agent.mind.sense`: which signals a sentence carries, and how a trainer marks a reply.

A signal is only let in if it can be told on situations not trained on; its threshold is the lowest
score from which it was right often enough there, since a persona that hears an insult where there
was none is worse than one that misses a kindness. The marks learn from scores of sentences made
without their situation, so that they know how far those can be trusted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.mind.disclosure import Vector, sentences_of
from agent.mind.lexicon import Signal
from agent.mind.sense import FILE, WORTH, mean_of, summed_up
from agent.mind.wording import Wording, wording_of
from agent.training.linear import Doubles, Floats, fit_ridge, folds, gram_of
from agent.training.marks import Marks, Ordered, train_marks
from agent.training.replies import LabelledReply

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
WEIGHED = (
    Signal.GREETING,
    Signal.INTRODUCTION,
    Signal.OPEN_QUESTION,
    Signal.CLOSED_QUESTION,
    Signal.UNEARNED_UNDERSTANDING,
    Signal.CHECK_UNDERSTANDING,
    Signal.SIGNPOST,
    Signal.THANKS,
    Signal.JARGON,
)
"""Signals that are never found by meaning, phrases being exact, but tell of a mark."""
PRECISION = 0.75
"""How often a finding has to be right on situations not trained on."""
FEWEST_RIGHT = 8
"""Right findings from which a threshold is believed."""
PENALTY = 1.0
_MIDDLE_MARK, _MARK_SPREAD = 50.0, 40.0


@dataclass(frozen=True, slots=True)
class Told:
    """How well one signal is told on situations not trained on."""

    signal: Signal
    count: int
    needed: float
    precision: float
    recall: float


def texts_of_all(replies: Sequence[LabelledReply]) -> list[str]:
    """Return every text whose vector the training needs: replies, and their sentences both as
    labelled and as they are parted in a talk."""
    texts = (
        text
        for reply in replies
        for text in (reply.text(), *(s for s, _ in reply.reply), *sentences_of(reply.text()))
    )
    return list(dict.fromkeys(texts))


def train_sense(
    replies: Sequence[LabelledReply], vectors: Mapping[str, Vector], file: Path = FILE
) -> tuple[list[Told], list[Ordered], Marks]:
    """Train, store the models in `file`, and return what they are worth by cross-validation.

    `vectors`: one for each of `texts_of_all`.
    """
    texts = [reply.text() for reply in replies]
    wording = wording_of(texts)
    x, y, groups = _sentences(replies, wording, vectors)
    parts = [sentences_of(text) for text in texts]
    heard = wording.table(
        [(s, vectors[s], vectors[t]) for t, part in zip(texts, parts, strict=True) for s in part]
    )
    heard_in = [r.situation for r, part in zip(replies, parts, strict=True) for _ in part]
    gram = gram_of(x)
    said, scores = np.zeros_like(y), np.zeros((len(heard), y.shape[1]), np.float32)
    for out, also in zip(folds(groups), folds(heard_in), strict=True):
        kept = gram[np.ix_(~out, ~out)]
        slopes, bias = fit_ridge(x[~out], kept, y[~out], penalty=PENALTY)
        said[out], scores[also] = x[out] @ slopes + bias, heard[also] @ slopes + bias
    told = [_told(signal, said[:, at], y[:, at]) for at, signal in enumerate(LEARNT)]
    slopes, bias = fit_ridge(x, gram, y, penalty=PENALTY)
    ends = np.cumsum([len(part) for part in parts])
    summed = np.stack([summed_up(list(part)) for part in np.split(scores, ends[:-1])])
    whole = wording.table(
        [
            (text, vectors[text], mean_of([*(vectors[s] for s in part), vectors[text]]))
            for text, part in zip(texts, parts, strict=True)
        ]
    )
    marks, ordered = train_marks(replies, whole, summed)
    split = len(wording.places)
    np.savez_compressed(
        file,
        runs=np.array(list(wording.places)),
        rarity=wording.rarity.astype(np.float16),
        signals_names=np.array([*LEARNT, *WEIGHED, WORTH]),
        signals_by_run=slopes[:split].astype(np.float16),
        signals_by_rest=slopes[split:].astype(np.float16),
        signals_bias=bias,
        needed=np.array(
            [*(each.needed for each in told), *[np.inf] * (len(WEIGHED) + 1)], np.float32
        ),
        marks_names=np.array(marks.names),
        marks_by_run=marks.by_words[:split].astype(np.float16),
        marks_by_rest=marks.by_words[split:].astype(np.float16),
        marks_bias=marks.bias,
        by_heard=marks.by_heard,
    )
    return told, ordered, marks


def _sentences(
    replies: Sequence[LabelledReply], wording: Wording, vectors: Mapping[str, Vector]
) -> tuple[Floats, Doubles, list[str]]:
    """Return features and targets of every labelled sentence, and the situation it is from."""
    rows = [
        (reply, sentence, set(signals)) for reply in replies for sentence, signals in reply.reply
    ]
    x = wording.table([(s, vectors[s], vectors[reply.text()]) for reply, s, _ in rows])
    y = [
        [
            *(signal in found for signal in (*LEARNT, *WEIGHED)),
            (reply.overall - _MIDDLE_MARK) / _MARK_SPREAD,
        ]
        for reply, _, found in rows
    ]
    return x, np.array(y, float), [reply.situation for reply, _, _ in rows]


def _told(signal: Signal, score: Doubles, true: Doubles) -> Told:
    order = np.argsort(-score)
    right = np.cumsum(true[order])
    precision = right / np.arange(1, len(order) + 1)
    count = int(true.sum())
    good = np.nonzero((precision >= PRECISION) & (right >= FEWEST_RIGHT))[0]
    if not len(good):
        return Told(signal, count, float("inf"), 0.0, 0.0)
    last = int(good[-1])
    return Told(
        signal,
        count,
        round(float(score[order][last]), 4),
        round(float(precision[last]), 3),
        round(float(right[last] / max(1, true.sum())), 3),
    )
