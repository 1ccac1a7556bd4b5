"""Finds a recogniser going round in circles: pure functions on its words.

A Whisper whose encoder saw less than 30 s may start the sentence again instead of stopping. A loop
always runs to the end of the text, so only the end is looked at.
"""

import re
from typing import NamedTuple

WORD = re.compile(r"\S+")


class Loop(NamedTuple):
    """The last `repeated` words say again what stands `period` words before them."""

    period: int
    repeated: int


def most_tokens(seconds: float) -> int:
    """Return how many tokens speech of this duration may have; fast talkers reach 6 a second."""
    return 12 + int(8 * seconds)


def find_loop(text: str) -> Loop | None:
    """Return the loop a text ends in, if any.

    A whole repetition ("no, no") or three words of one ("where is it? Where is it") count: people
    do repeat themselves, so this is a reason to look again, not a verdict.
    """
    words = [re.sub(r"\W", "", word).lower() for word in WORD.findall(text)]
    found: Loop | None = None
    for period in range(1, len(words)):
        repeated = 0
        while (
            repeated + period < len(words) and words[-1 - repeated] == words[-1 - repeated - period]
        ):
            repeated += 1
        if repeated >= min(period, 3) and (found is None or repeated > found.repeated):
            found = Loop(period, repeated)
    return found


def cut_loop(text: str) -> str:
    """Return the text with a loop at its end said only once."""
    loop = find_loop(text)
    if loop is None:
        return text
    return text[: list(WORD.finditer(text))[-loop.repeated].start()].rstrip()
