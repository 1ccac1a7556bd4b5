"""Trains the reader: what a reply is worth as an answer to the line before it.

The sentence models of `agent.training.sense` hear a reply by itself, with vectors made for likeness
of topic. Here the encoder's own upper layers learn, and see the line too: only so can the right
words at the wrong moment, mock kindness and a door closed politely be told from the real thing.
Needs JAX; the command, which trains twice, takes about half an hour on two cores.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

from agent.local_models.minilm import find_packaged_minilm
from agent.local_models.pairs import load_tokenizer, pair_of
from agent.local_models.tuning import FILE
from agent.mind.lexicon import Signal
from agent.mind.sense import OVERALL
from agent.training.layers import (
    WIDTH,
    Array,
    lower,
    pooled,
    products,
    thin_matrices,
    upper,
)
from agent.training.linear import Doubles
from agent.training.marks import Ordered, balanced, ordered_of
from agent.training.replies import SKILLS, LabelledReply

Tell = Callable[[str], None]
MARKS = (OVERALL, *(skill.value for skill in SKILLS.values()))
SIGNALS = tuple(Signal)
MIDDLE, SPREAD = 55.0, 25.0
"""Marks are learnt as distance from the middle, in spreads."""
PASSES = 4
RATE = 1e-3
_BATCH = 32
_DROPPED = 0.1
_SIGNAL_SHARE, _ORDER_SHARE = 1.5, 0.3
"""Of what is learnt for the sake of the marks: the signals in the reply, and the order of two."""
_CLEARLY = 0.3
"""Difference of two marks, in spreads, from which their order is learnt."""
_LENGTHS = (32, 48, 64, 96, 160)
"""Tokens to which pairs are filled up, so that few shapes are compiled."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Replies as the tuned layers take them."""

    replies: Sequence[LabelledReply]
    lengths: Sequence[int]
    states: Sequence[NDArray[np.float16]]
    """What the lower layers give, tokens by width."""
    kinds: Sequence[NDArray[np.int32]]
    there: Sequence[NDArray[np.bool_]]

    def batches(self, chance: random.Random | None = None) -> Iterator[list[int]]:
        """Yield the places of replies of one length, `_BATCH` at a time, some of them twice to fill
        the last; `chance`: in any order."""
        made = []
        for length in _LENGTHS:
            places = [at for at, own in enumerate(self.lengths) if own == length]
            if chance is not None:
                chance.shuffle(places)
            for start in range(0, len(places), _BATCH):
                part = places[start : start + _BATCH]
                made.append((part + places * _BATCH)[:_BATCH])
        if chance is not None:
            chance.shuffle(made)
        yield from made

    def of(self, batch: Sequence[int]) -> tuple[Array, Array, Array]:
        """Return states, kinds of token and which tokens there are, of a batch."""
        return (
            np.stack([self.states[at] for at in batch]).astype(np.float32),
            np.stack([self.kinds[at] for at in batch]),
            np.stack([self.there[at] for at in batch]),
        )


def prepare_replies(replies: Sequence[LabelledReply], weights: Array) -> Prepared:
    """Return the replies with what the lower layers make of them."""
    tokenizer = load_tokenizer(find_packaged_minilm())
    lengths, ids, kinds, there = [], [], [], []
    for reply in replies:
        pair = pair_of(tokenizer, reply.line, reply.text())
        length = min(each for each in _LENGTHS if each >= len(pair.ids))
        more = [0] * (length - len(pair.ids))
        lengths.append(length)
        ids.append(np.array([*pair.ids, *more], np.int32))
        kinds.append(np.array([*pair.kinds, *more], np.int32))
        there.append(np.arange(length) < len(pair.ids))
    bare = Prepared(replies, lengths, [], kinds, there)
    states: list[NDArray[np.float16]] = [np.empty(0, np.float16)] * len(replies)
    low = jax.jit(lower)
    for batch in bare.batches():
        given = (np.stack([each[at] for at in batch]) for each in (ids, kinds, there))
        made = np.asarray(low(weights, *given)).astype(np.float16)
        for at, state in zip(batch, made, strict=True):
            states[at] = state
    return Prepared(replies, lengths, states, kinds, there)


def train(prepared: Prepared, weights: Array, tell: Tell, *, seed: int = 0) -> Array:
    """Return what was learnt from the replies: thin matrices and heads."""
    given = np.array([_marks(reply) for reply in prepared.replies], np.float32)
    present = _present(prepared.replies).astype(np.float32)
    words = np.array([len(reply.text().split()) for reply in prepared.replies])
    weight = balanced(words, np.array([reply.overall for reply in prepared.replies], float))
    key = jax.random.PRNGKey(seed)
    count = len(MARKS) + len(SIGNALS)
    learnt: Array = {
        "thin": thin_matrices(key),
        "heads": (jnp.zeros((2 * WIDTH, count)), jnp.zeros(count)),
    }
    steps = PASSES * len(list(prepared.batches()))
    pace = optax.warmup_cosine_decay_schedule(0, RATE, steps // 12, steps, RATE / 50)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(pace, weight_decay=0.01))

    def loss(learnt: Array, batch: Array, targets: Array, key: Array) -> Array:
        marks, signals, weight = targets
        said = _scores(weights, learnt, batch, key)
        told, found = said[:, : len(MARKS)], said[:, len(MARKS) :]
        known = ~jnp.isnan(marks)
        true = jnp.where(known, marks, 0.0)
        # The overall mark counts twice.
        counts = known * weight[:, None] * jnp.array([2.0] + [1.0] * (len(MARKS) - 1))
        off = (counts * (told - true) ** 2).sum() / counts.sum()
        better = true[:, :1] - true[:, :1].T > _CLEARLY
        order = jax.nn.softplus(-3 * (told[:, :1] - told[:, :1].T))
        order = (better * order).sum() / jnp.maximum(better.sum(), 1)
        missed = optax.sigmoid_binary_cross_entropy(found, signals).mean()
        return off + _ORDER_SHARE * order + _SIGNAL_SHARE * missed

    def step(learnt: Array, state: Array, batch: Array, targets: Array, key: Array) -> Array:
        value, slope = jax.value_and_grad(loss)(learnt, batch, targets, key)
        change, state = optimiser.update(slope, state, learnt)
        return optax.apply_updates(learnt, change), state, value

    step_by_step = jax.jit(step)
    state = optimiser.init(learnt)
    chance = random.Random(seed)
    for turn in range(PASSES):
        values = []
        for batch in prepared.batches(chance):
            key, own = jax.random.split(key)
            targets = (given[batch], present[batch], weight[batch].astype(np.float32))
            learnt, state, value = step_by_step(learnt, state, prepared.of(batch), targets, own)
            values.append(float(value))
        tell(f"  pass {turn + 1} of {PASSES}: loss {np.mean(values):.3f}")
    return learnt


def predict(prepared: Prepared, weights: Array, learnt: Array) -> Doubles:
    """Return the marks of the replies, by replies and `MARKS`."""
    said = np.zeros((len(prepared.replies), len(MARKS)))
    scores = jax.jit(lambda batch: _scores(weights, learnt, batch, None)[:, : len(MARKS)])
    for batch in prepared.batches():
        said[batch] = np.asarray(scores(prepared.of(batch)))
    return np.clip(said * SPREAD + MIDDLE, 1, 100)


def told(replies: Sequence[LabelledReply], said: Doubles) -> list[Ordered]:
    """Return how well each mark is told of replies not trained on."""
    given = np.array([_marks(reply) for reply in replies]) * SPREAD + MIDDLE
    words = np.array([len(reply.text().split()) for reply in replies])
    return [
        ordered_of(name, replies, words, given[:, column], said[:, column])
        for column, name in enumerate(MARKS)
    ]


def store(learnt: Array, file: Path = FILE) -> None:
    """Write the reader into the tree: what changed in the encoder, and the heads of the marks."""
    slopes, bias = (np.array(each, np.float32)[..., : len(MARKS)] for each in learnt["heads"])
    thin = products(learnt["thin"])
    arrays: dict[str, Any] = {}
    for name, (down, up) in thin.items():
        arrays[f"{name}.down"] = down.astype(np.float16)
        arrays[f"{name}.up"] = up.astype(np.float16)
    np.savez_compressed(
        file,
        matrices=np.array(list(thin)),
        marks=np.array(MARKS),
        weights=(slopes * SPREAD).astype(np.float16),
        bias=bias * SPREAD + MIDDLE,
        **arrays,
    )


def _scores(weights: Array, learnt: Array, batch: Array, key: Array | None) -> Array:
    state, kinds, there = batch
    state = upper(weights, learnt["thin"], state, there, key, _DROPPED)
    slopes, bias = learnt["heads"]
    return pooled(state, kinds, there) @ slopes + bias


def _present(replies: Sequence[LabelledReply]) -> Doubles:
    return np.array(
        [
            [float(any(signal in found for _, found in reply.reply)) for signal in SIGNALS]
            for reply in replies
        ]
    )


def _marks(reply: LabelledReply) -> list[float]:
    given = [reply.overall, *(reply.skills[short] for short in SKILLS)]
    return [float("nan") if mark is None else (mark - MIDDLE) / SPREAD for mark in given]
