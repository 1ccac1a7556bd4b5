"""What tuning changed in the packaged encoder, and what is read off its output.

The reader is MiniLM with its upper layers tuned on our labelled replies (`python -m agent.training
reader`). Only the difference is in the tree: each changed weight matrix gains the product of two
thin ones (LoRA: Hu et al. 2021, arXiv:2106.09685), so 90 MB of weights need not be kept twice.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
FILE = Path(__file__).parent / "reader.npz"
FAMILY = "interlocutor-reader"
SEPARATOR = "\x1f"
"""Between line and reply in a text sent to be read: a control character nobody says."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """One tuned reader."""

    name: str
    """Of the model, with a hash of its file: heads read only what they were trained with."""
    thin: Mapping[str, tuple[Floats, Floats]]
    """By name of a weight matrix (outputs by inputs): inputs by rank, and rank by outputs."""
    marks: tuple[str, ...]
    """What is read off, on the scale of 1 to 100: overall and the skills."""
    weights: Floats
    """Numbers the encoder gives by `marks`."""
    bias: Floats

    def short(self) -> str:
        """Return the name as a grade's version has it."""
        return self.name.removeprefix("interlocutor-")

    def changed(self, name: str, weight: Floats) -> Floats:
        """Return a weight matrix of the packaged model as it is after tuning."""
        if name not in self.thin:
            return weight
        down, up = self.thin[name]
        return np.asarray(weight + (down @ up).T, np.float32)


@cache
def load_tuning(file: Path = FILE) -> Tuning | None:
    """Return the reader of the tree, or None where there is none."""
    if not file.is_file():
        return None
    name = f"{FAMILY}-{hashlib.sha256(file.read_bytes()).hexdigest()[:8]}"
    with np.load(file, allow_pickle=False) as stored:

        def floats(key: str) -> Floats:
            return np.asarray(stored[key], dtype=np.float32)

        matrices = stored["matrices"].tolist()
        return Tuning(
            name,
            {each: (floats(f"{each}.down"), floats(f"{each}.up")) for each in matrices},
            tuple(stored["marks"].tolist()),
            floats("weights"),
            floats("bias"),
        )
