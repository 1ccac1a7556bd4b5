"""The small language phrases are written in, so that a language is added by writing a file.

    calm down            these words, in full forms ("i am", not "i'm")
    (a|b c)   [a|b]      one of these; one of these or nothing
    frustrat~            any word beginning so
    _     ...            any one word; up to four words, or none
    <feeling>            a word of the class of that name
    ^     $              start, end of a sentence

A phrase never crosses the end of a sentence. It must begin with a word, since words are looked up
by their first two letters: that keeps an appraisal far under its 2 ms.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"\s*(\.\.\.|[()\[\]|^$_]|<[a-z_]+>|[^\s()\[\]|^$<>]+)")
_WORD = r"[^ .?]+ "


class PhraseError(ValueError):
    """A phrase cannot be read."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A phrase as a regular expression over words each followed by a space."""

    source: str
    keys: frozenset[str]
    """The first two characters it may begin with; empty when it may begin with anything."""


def read_phrase(phrase: str, classes: Mapping[str, Iterable[str]]) -> Pattern:
    """Return a phrase as a pattern; raises `PhraseError` naming the phrase."""
    tokens = _TOKEN.findall(phrase)
    source, keys, rest = _sequence(tokens, 0, classes, phrase)
    if rest != len(tokens):
        raise PhraseError(f"phrase {phrase!r} has a bracket too many")
    if not source:
        raise PhraseError(f"phrase {phrase!r} is empty")
    return Pattern(source, frozenset(keys or ()))


def any_of(phrases: Iterable[str], classes: Mapping[str, Iterable[str]]) -> str:
    """Return one regular expression for several phrases, longest first."""
    sources = [read_phrase(phrase, classes).source for phrase in phrases]
    return "(?:" + "|".join(sorted(sources, key=len, reverse=True)) + ")"


def _sequence(
    tokens: list[str], at: int, classes: Mapping[str, Iterable[str]], phrase: str
) -> tuple[str, set[str] | None, int]:
    """Read up to a closing bracket or bar: the expression, what it may begin with (None: nothing
    fixed yet, so what follows decides), and where it stopped."""
    source = ""
    keys: set[str] = set()
    open_start = True
    while at < len(tokens) and tokens[at] not in (")", "]", "|"):
        token = tokens[at]
        at += 1
        if token in ("(", "["):
            branches: list[str] = []
            firsts: set[str] = set()
            closing = ")" if token == "(" else "]"
            while True:
                inner, first, at = _sequence(tokens, at, classes, phrase)
                if not inner:
                    raise PhraseError(f"phrase {phrase!r} has an empty choice")
                branches.append(inner)
                firsts |= first or set()
                if at >= len(tokens) or tokens[at] not in ("|", closing):
                    raise PhraseError(f"phrase {phrase!r} lacks {closing!r}")
                at += 1
                if tokens[at - 1] == closing:
                    break
            part = f"(?:{'|'.join(branches)})" + ("?" if token == "[" else "")
            fixed = token == "("
        else:
            part, firsts, fixed = _piece(token, classes, phrase)
        if open_start:
            keys |= firsts
            open_start = not fixed
        source += part
    return source, keys if not open_start else None, at


def _piece(
    token: str, classes: Mapping[str, Iterable[str]], phrase: str
) -> tuple[str, set[str], bool]:
    """Return a token's expression, what it may begin with, and whether it takes up a word."""
    if token == "^":
        return "(?<=[.?] )", set(), False
    if token == "$":
        return "(?=[.?])", set(), False
    if token == "_":
        return _WORD, set(), True
    if token == "...":
        return f"(?:{_WORD}){{0,4}}?", set(), False
    if token.startswith("<"):
        name = token[1:-1]
        if name not in classes:
            raise PhraseError(f"phrase {phrase!r} names an unknown class {name!r}")
        members = [read_phrase(member, {}) for member in classes[name]]
        ordered = sorted((each.source for each in members), key=len, reverse=True)
        return f"(?:{'|'.join(ordered)})", {key for each in members for key in each.keys}, True
    if token.endswith("~"):
        if len(token) < 3:
            raise PhraseError(f"phrase {phrase!r}: at least two letters must stand before '~'")
        return re.escape(token[:-1]) + "[^ .?]* ", {token[:2]}, True
    return re.escape(token) + " ", {(token + " ")[:2]}, True
