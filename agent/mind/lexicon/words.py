"""A reply as words: lower case, contractions opened, each with its place in the original.

Phrases are matched on words and quoted from the original, so a quote is always verbatim however
the recogniser spelled, capitalised or punctuated it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_PIECE = re.compile(
    r"\d+(?:[.:]\d+)+"
    r"|[^\W_]+(?:['’ʼ`][^\W_]+)*"
    r"|(?P<end>[.?!;…]+)"
    r"|(?P<pause>[,:–—\n])"
)
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "`": "'"})
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof", "st"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word in its full form, or the end of a sentence: `.` or `?`."""

    form: str
    start: int
    """Offset in the original of the word it came from; equal for both halves of "I'm"."""
    end: int
    after_pause: bool = False
    """A comma, colon or dash stands before it."""

    @property
    def ends_sentence(self) -> bool:
        return self.form in (".", "?")


@dataclass(frozen=True, slots=True)
class Text:
    """A reply split into words. `line` joins their forms by spaces, so that phrases can match it;
    it begins and ends with the end of a sentence."""

    raw: str
    words: tuple[Word, ...]
    line: str
    at: Mapping[int, int]
    """From the offset in `line` where a word begins to its index."""

    def quote(self, first: int, last: int) -> str:
        """Return the original from word `first` to word `last`, both included."""
        return self.raw[self.words[first].start : self.words[last].end]

    def sentence(self, index: int) -> tuple[int, int]:
        """Return the first and last word of the sentence that word `index` is in."""
        first = last = index
        while not self.words[first - 1].ends_sentence:
            first -= 1
        while not self.words[last + 1].ends_sentence:
            last += 1
        return first, last

    def spoken(self) -> list[Word]:
        """Return the words without the ends of sentences."""
        return [word for word in self.words if not word.ends_sentence]


@dataclass(frozen=True, slots=True)
class Contractions:
    """How one language's short forms are opened."""

    words: Mapping[str, str]
    suffixes: Mapping[str, str]
    spelled_like_a_word: Mapping[str, tuple[str, frozenset[str]]]
    """Short forms that lost their apostrophe and are a word without it: what they mean, and the
    words after which they are that word."""


def split_words(raw: str, contractions: Contractions) -> Text:
    """Split a reply into words, short forms opened."""
    words = [Word(".", 0, 0)]
    pause = False
    for piece in _PIECE.finditer(raw):
        if piece["pause"]:
            pause = True
            continue
        if piece["end"]:
            if piece["end"] == "." and words[-1].form in _TITLES:
                continue
            form = "?" if "?" in piece["end"] else "."
            if words[-1].ends_sentence:
                if form == "?" and len(words) > 1:
                    words[-1] = Word("?", words[-1].start, words[-1].end)
            else:
                words.append(Word(form, *piece.span()))
            pause = False
            continue
        spelled = piece[0].lower().translate(_APOSTROPHES)
        for form in _open(spelled, words[-1].form, contractions):
            words.append(Word(form, *piece.span(), after_pause=pause))
            pause = False
    if not words[-1].ends_sentence:
        words.append(Word(".", len(raw), len(raw)))
    at: dict[int, int] = {}
    offset = 0
    for index, word in enumerate(words):
        at[offset] = index
        offset += len(word.form) + 1
    line = " ".join(word.form for word in words) + " "
    return Text(raw, tuple(words), line, at)


def _open(spelled: str, before: str, contractions: Contractions) -> list[str]:
    if whole := contractions.words.get(spelled):
        return whole.split()
    if (guess := contractions.spelled_like_a_word.get(spelled)) and before not in guess[1]:
        return guess[0].split()
    if "'" in spelled:
        for suffix, meaning in contractions.suffixes.items():
            base = spelled.removesuffix(suffix)
            if base and base != spelled:
                return [base, meaning]
    return [spelled]
