"""Sentence vectors: MiniLM by CTranslate2, with mean pooling.

In float32, since graders are trained on these vectors and eight bits move them by up to 0.01.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Vector = npt.NDArray[np.float32]
"""`DIMENSIONS` numbers of length 1."""

DIMENSIONS = 384
MOST_TOKENS = 256
"""What the model was made for; the rest of a longer text is not seen."""
AT_ONCE = 32
REMEMBERED = 8192
"""Texts whose vectors are kept, 1.5 KB each."""


class Meaning:
    """The encoder in memory, with the vectors it made last."""

    name = "all-minilm-l6-v2"

    def __init__(self, converted: Path, source: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()
        self._encoder = ctranslate2.Encoder(str(converted), compute_type="float32", intra_threads=2)
        self._known: OrderedDict[str, Vector] = OrderedDict()
        self._turn = threading.Lock()
        self._compute(["Hello."])

    def vectors(self, texts: Sequence[str]) -> list[Vector]:
        """Return one unit vector for each text."""
        with self._turn:
            known = {text: self._known[text] for text in texts if text in self._known}
            # Alike lengths together waste little padding.
            new = sorted({text for text in texts if text not in known}, key=len)
            for start in range(0, len(new), AT_ONCE):
                batch = new[start : start + AT_ONCE]
                known.update(zip(batch, self._compute(batch), strict=True))
            for text, vector in known.items():
                self._known[text] = vector
                self._known.move_to_end(text)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return [known[text] for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> int:
        """Return how many tokens the texts have together."""
        return sum(len(entry.ids) for entry in self._tokenizer.encode_batch(list(texts)))

    def _compute(self, texts: Sequence[str]) -> list[Vector]:
        tokens = [entry.ids for entry in self._tokenizer.encode_batch(list(texts))]
        states = np.array(self._encoder.forward_batch(tokens).last_hidden_state)
        means = [state[: len(ids)].mean(axis=0) for state, ids in zip(states, tokens, strict=True)]
        return [np.asarray(mean / np.linalg.norm(mean), np.float32) for mean in means]
