"""A scenario's own words: what touches this person more than it would touch another.

Written in scenario files as plain phrases; matched like the lexicon's, with short forms opened, so
that "I'll" finds "I will", and taken back by a "not" before them: "I'm not going to call security".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Generic, TypeVar

from agent.mind.lexicon import Lexicon
from agent.mind.lexicon.matching import find
from agent.mind.lexicon.reader import Rule
from agent.mind.lexicon.words import Text

T = TypeVar("T")


class PhraseFinder(Generic[T]):
    """Things that are meant when one of their phrases is said."""

    def __init__(
        self, meant: Iterable[tuple[T, Sequence[str]]], lexicon: Lexicon, *, negatable: bool = True
    ) -> None:
        self._lexicon = lexicon
        self._meant: dict[str, T] = {}
        rules: dict[str, list[Rule]] = {}
        for number, (thing, phrases) in enumerate(meant):
            self._meant[str(number)] = thing
            for line in sorted({_line(phrase, lexicon) for phrase in phrases} - {""}):
                rule = Rule(str(number), re.compile(re.escape(line)), None, None, negatable)
                rules.setdefault(line[:2], []).append(rule)
        self._rules: Mapping[str, tuple[Rule, ...]] = {
            key: tuple(each) for key, each in rules.items()
        }

    def find(self, text: Text) -> tuple[T, ...]:
        """Return what a reply means, each once, in the order of the file."""
        found = {span.means for span in find(text, self._rules, self._lexicon)}
        return tuple(thing for number, thing in self._meant.items() if number in found)


def _line(phrase: str, lexicon: Lexicon) -> str:
    words = lexicon.split(phrase).spoken()
    return "".join(f"{word.form} " for word in words)
