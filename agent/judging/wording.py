"""Compares texts by their words, so that case, punctuation and the shape of quotes do not count."""

import re
from collections.abc import Iterable, Iterator

Words = tuple[str, ...]

RUN = 5
"""Words in a row by which a fact is recognised; fewer occur by chance."""
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words_of(text: str) -> Words:
    """Return the words of a text, in order."""
    return tuple(_WORD.findall(text.casefold().replace("’", "'")))


def says(text: str, phrase: str) -> bool:
    """Tell whether the phrase's words stand in the text, in a row; no words stand nowhere."""
    wanted = words_of(phrase)
    return wanted in _in_rows(words_of(text), len(wanted))


def runs(texts: Iterable[str]) -> frozenset[Words]:
    """Return every run of `RUN` words in the texts."""
    return frozenset(run for text in texts for run in _in_rows(words_of(text), RUN))


def _in_rows(words: Words, count: int) -> Iterator[Words]:
    if count:
        for start in range(len(words) - count + 1):
            yield words[start : start + count]
