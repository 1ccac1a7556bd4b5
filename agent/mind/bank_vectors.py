"""The question bank's vectors, made once and kept in the tree: 2,000 questions take seconds.

Made by `python -m agent.training bank`. They are good for exactly the questions they were made of
and for the encoder they were made by: a bank that was edited, or another encoder, goes without.
"""

import hashlib
from functools import cache
from pathlib import Path

import numpy as np

from agent.mind.disclosure import Vector
from personas.bank import QuestionBank

FOLDER = Path(__file__).parent / "bank"
ALIKE = 0.99
"""Cosine from which the same words were made by the same encoder; half precision costs 1e-3."""


def fingerprint(bank: QuestionBank) -> str:
    """Return a hash of a bank's questions and their order."""
    return hashlib.sha256("\n".join(questions(bank)).encode()).hexdigest()


def questions(bank: QuestionBank) -> list[str]:
    """Return every question of a bank once, in order."""
    return list(dict.fromkeys(text for topic in bank.topics.values() for text in topic))


@cache
def _stored(path: Path) -> tuple[str, dict[str, Vector]]:
    with np.load(path, allow_pickle=False) as stored:
        texts = stored["texts"].tolist()
        vectors = stored["vectors"].astype(np.float32)
        return str(stored["fingerprint"]), dict(zip(texts, vectors, strict=True))


def load_bank_vectors(bank: QuestionBank) -> dict[str, Vector]:
    """Return the stored vectors by question; empty when there are none for this bank."""
    path = FOLDER / f"{bank.language}.npz"
    if not path.is_file():
        return {}
    made_of, vectors = _stored(path)
    return vectors if made_of == fingerprint(bank) else {}


def save_bank_vectors(bank: QuestionBank, vectors: list[Vector]) -> Path:
    """Store the vectors of `questions(bank)` in half precision; return the file."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{bank.language}.npz"
    np.savez_compressed(
        path,
        fingerprint=np.array(fingerprint(bank)),
        texts=np.array(questions(bank)),
        vectors=np.stack(vectors).astype(np.float16),
    )
    return path
