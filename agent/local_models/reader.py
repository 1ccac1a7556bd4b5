"""The tuned encoder in memory: reads a reply together with the line it answers."""

import threading
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import numpy as np

from agent.local_models.meaning import Vector
from agent.local_models.pairs import Pair, load_tokenizer, pair_of
from agent.local_models.tuning import SEPARATOR


class Reader:
    """Gives for each text, a line and a reply parted by `SEPARATOR`, the numbers the heads of the
    tuning are for: the mean over the reply's tokens, and the mean over all."""

    def __init__(self, converted: Path, source: Path, name: str) -> None:
        self.name = name
        self._tokenizer = load_tokenizer(source)
        self._encoder = ctranslate2.Encoder(str(converted), compute_type="float32", intra_threads=2)
        self._turn = threading.Lock()
        self.vectors([f"Hello.{SEPARATOR}Hello."])

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        """Return 768 numbers for each text; one without a separator is a reply to no line."""
        pairs = [self._pair(text) for text in texts]
        longest = max(len(pair.ids) for pair in pairs)
        kinds = [[*pair.kinds, *[0] * (longest - len(pair.kinds))] for pair in pairs]
        with self._turn:
            made = self._encoder.forward_batch([list(pair.ids) for pair in pairs], None, kinds)
            states = np.array(made.last_hidden_state)
        return [_pooled(state, pair) for state, pair in zip(states, pairs, strict=True)]

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Return how many tokens are read of the texts together."""
        return sum(len(self._pair(text).ids) for text in texts)

    def _pair(self, text: str) -> Pair:
        line, parted, reply = text.partition(SEPARATOR)
        return pair_of(self._tokenizer, line if parted else "", reply if parted else line)


def _pooled(state: Vector, pair: Pair) -> Vector:
    every = state[: len(pair.ids)]
    reply = every[np.array(pair.kinds) == 1]
    return np.concatenate([reply.mean(axis=0), every.mean(axis=0)]).astype(np.float32)
