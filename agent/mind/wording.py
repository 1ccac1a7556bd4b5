"""Turns words into numbers for the models trained on labelled replies.

A text is its sentence vector and its runs of one to three words (tf-idf over the runs the training
set has); a sentence also carries the vector of the reply it stands in, since "of course" in a
refusal is not the "of course" of a promise.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_WORD = re.compile(r"[a-z']+|[?!]")
_LONGEST_RUN = 3
_FEWEST_TEXTS = 3
"""Texts of the training set a run of words has to occur in."""
AROUND = 0.7
"""Weight of the vector of the whole reply."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The runs of words a training set has."""

    places: Mapping[str, int]
    rarity: Floats
    """Inverse document frequency of each."""

    def features(
        self, text: str, vector: Floats, around: Floats
    ) -> tuple[NDArray[np.intp], Floats, Floats]:
        """Return the places of the runs in a text, their weights (length 1 together), and the rest
        of the features: the text's vector and that of the reply around it."""
        counts = Counter(self.places[run] for run in runs(text) if run in self.places)
        at = np.fromiter(counts, dtype=np.intp, count=len(counts))
        weights = self.rarity[at] * (1 + np.log(np.fromiter(counts.values(), dtype=np.float32)))
        length = float(np.linalg.norm(weights)) or 1.0
        return at, (weights / length).astype(np.float32), np.concatenate([vector, AROUND * around])

    def table(self, rows: Sequence[tuple[str, Floats, Floats]]) -> Floats:
        """Return the features of many texts as one dense table, a row a text."""
        width = len(self.places)
        table = np.zeros((len(rows), width + 2 * len(rows[0][1])), dtype=np.float32)
        for row, (text, vector, around) in enumerate(rows):
            at, weights, rest = self.features(text, vector, around)
            table[row, at] = weights
            table[row, width:] = rest
        return table


def runs(text: str) -> Iterable[str]:
    """Yield every run of one to three words of a text; question and exclamation marks count as
    words, other marks and capitals as nothing, for recognised speech has none."""
    words = _WORD.findall(text.lower().replace("’", "'"))
    for start in range(len(words)):
        for length in range(1, min(_LONGEST_RUN, len(words) - start) + 1):
            yield " ".join(words[start : start + length])


def wording_of(texts: Sequence[str]) -> Wording:
    """Return the runs of words that occur in enough of the texts."""
    seen = Counter(run for text in texts for run in set(runs(text)))
    kept = sorted(run for run, count in seen.items() if count >= _FEWEST_TEXTS)
    rarity = np.array([log((1 + len(texts)) / (1 + seen[run])) + 1 for run in kept], np.float32)
    return Wording({run: place for place, run in enumerate(kept)}, rarity)
