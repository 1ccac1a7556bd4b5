"""How a line and the reply to it are put before the reader, in training and in use alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

MOST_OF_LINE = 48
"""Tokens of the line that are read: its last ones, since those are what is answered."""
MOST_TOKENS = 160
"""Of line and reply together; the rest of a longer reply is not read."""
_BEGIN, _END = 101, 102


@dataclass(frozen=True, slots=True)
class Pair:
    """A line and a reply as the encoder takes them."""

    ids: Sequence[int]
    kinds: Sequence[int]
    """For each token: 0, of the line; 1, of the reply."""


def load_tokenizer(source: Path) -> Tokenizer:
    """Return the tokenizer of the packaged model, without padding or limits."""
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def pair_of(tokenizer: Tokenizer, line: str, reply: str) -> Pair:
    """Return the tokens of a line and a reply: both in full where they fit."""
    before = tokenizer.encode(line, add_special_tokens=False).ids[-MOST_OF_LINE:]
    said = tokenizer.encode(reply, add_special_tokens=False).ids
    said = said[: MOST_TOKENS - len(before) - 3]
    return Pair(
        [_BEGIN, *before, _END, *said, _END],
        [0] * (len(before) + 2) + [1] * (len(said) + 1),
    )
