"""Reads a lexicon: the words of one language by which replies are appraised.

Everything about a language is in its file (`en.yaml`); the code knows none. A word list or phrase
that cannot be read stops the start with a sentence, never a reply.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from agent.mind.lexicon.phrases import PhraseError, any_of, read_phrase
from agent.mind.lexicon.signal import Cue, Signal
from agent.mind.lexicon.words import Contractions, Text, split_words

_HERE = Path(__file__).parent
_REACH = 80
"""Characters before a phrase in which `unless_before` is looked for."""


class LexiconError(Exception):
    """No lexicon for this language, or one that cannot be read."""

    code = "lexicon_invalid"


def _parts(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in re.split(r"[;\n]", value) if part.strip())


_List = Annotated[tuple[str, ...], BeforeValidator(_parts)]
"""Words or phrases in one block of text, parted by ends of lines or semicolons: nothing to quote,
and "no" stays a word."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Group(_Strict):
    phrases: _List
    unless_before: _List = ()
    unless_after: _List = ()
    negatable: bool = False


class _Questions(_Strict):
    open: _List
    closed: _List
    not_after: _List


class _Negation(_Strict):
    words: _List
    not_with: _List
    stops: _List


class _Guess(_Strict):
    means: str
    unless_after: _List


class _SaidBack(_Strict):
    swaps: dict[str, str]
    object: dict[str, str]
    subject_after: _List
    subject_before: _List
    dropped: _List


class _File(_Strict):
    language: str
    version: str
    contractions: dict[str, str]
    suffixes: dict[str, str]
    spelled_like_a_word: dict[str, _Guess]
    classes: dict[str, _List]
    negation: _Negation
    questions: _Questions
    signals: dict[Signal, tuple[_Group, ...]]
    yields: dict[Signal, tuple[Signal, ...]]
    said_back: _SaidBack
    cues: dict[Cue, tuple[_Group, ...]]
    common: _List
    fillers: _List
    backchannels: _List
    acronyms: _List
    other_languages: dict[str, _List]


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases that mean the same thing and hold under the same conditions."""

    means: str
    pattern: re.Pattern[str]
    unless_before: re.Pattern[str] | None
    unless_after: re.Pattern[str] | None
    negatable: bool

    def match(self, text: Text, offset: int) -> tuple[int, int] | None:
        """Return the first and last word of the phrase that begins at `offset`, if one does."""
        found = self.pattern.match(text.line, offset)
        if found is None:
            return None
        if self.unless_after and self.unless_after.match(text.line, found.end()):
            return None
        if self.unless_before and self.unless_before.search(
            text.line, max(0, offset - _REACH), offset
        ):
            return None
        last = text.at.get(found.end(), len(text.words)) - 1
        return text.at[offset], last


@dataclass(frozen=True, slots=True)
class SaidBack:
    """How a sentence turns round when the one who was told says it back."""

    swaps: Mapping[str, str]
    object: Mapping[str, str]
    """The form a swapped word takes where it is no subject."""
    subject_after: frozenset[str]
    subject_before: frozenset[str]
    dropped: frozenset[str]
    """Words left out at the start."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language, ready to be matched."""

    language: str
    version: str
    contractions: Contractions
    rules: Mapping[str, tuple[Rule, ...]]
    """By the first two characters of a phrase; `means` is a `Signal`."""
    cues: Mapping[str, tuple[Rule, ...]]
    """The same for a persona's line; `means` is a `Cue`."""
    questions: Mapping[str, tuple[Rule, ...]]
    """Openings of questions; `means` is `open` or `closed`."""
    not_a_question_after: frozenset[str]
    negators: frozenset[str]
    negation_not_with: frozenset[str]
    negation_stops: frozenset[str]
    yields: Mapping[Signal, tuple[Signal, ...]]
    said_back: SaidBack
    common: frozenset[str]
    fillers: frozenset[str]
    backchannels: frozenset[str]
    acronyms: frozenset[str]
    other_languages: Mapping[str, frozenset[str]]

    def split(self, raw: str) -> Text:
        """Return a reply as words of this language."""
        return split_words(raw, self.contractions)


def languages() -> list[str]:
    """Return the languages there is a lexicon for."""
    return sorted(path.stem for path in _HERE.glob("*.yaml"))


def load_lexicon(language: str = "en") -> Lexicon:
    """Return the lexicon of a language such as `en` or `en-GB`; raises `LexiconError`."""
    name = language.split("-", 1)[0]
    if name not in languages():
        raise LexiconError(f"no lexicon for language {language!r}; known: {', '.join(languages())}")
    return _bundled(name)


@cache
def _bundled(name: str) -> Lexicon:
    return read_lexicon(_HERE / f"{name}.yaml")


def read_lexicon(path: Path) -> Lexicon:
    """Read one lexicon file; raises `LexiconError` naming the file and what is wrong in it."""
    try:
        file = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        return _lexicon(file)
    except (OSError, yaml.YAMLError, ValidationError, PhraseError) as error:
        raise LexiconError(f"lexicon {path.name!r} cannot be read: {error}") from error


def _lexicon(file: _File) -> Lexicon:
    questions = {
        "open": (_Group(phrases=file.questions.open),),
        "closed": (_Group(phrases=file.questions.closed),),
    }
    return Lexicon(
        language=file.language,
        version=file.version,
        contractions=Contractions(
            words=file.contractions,
            suffixes=file.suffixes,
            spelled_like_a_word={
                word: (guess.means, frozenset(guess.unless_after))
                for word, guess in file.spelled_like_a_word.items()
            },
        ),
        rules=_rules(file.signals, file.classes),
        cues=_rules(file.cues, file.classes),
        questions=_rules(questions, file.classes),
        not_a_question_after=frozenset(file.questions.not_after),
        negators=frozenset(file.negation.words),
        negation_not_with=frozenset(file.negation.not_with),
        negation_stops=frozenset(file.negation.stops),
        yields=file.yields,
        said_back=SaidBack(
            swaps=file.said_back.swaps,
            object=file.said_back.object,
            subject_after=frozenset(file.said_back.subject_after),
            subject_before=frozenset(file.said_back.subject_before),
            dropped=frozenset(file.said_back.dropped),
        ),
        common=frozenset(file.common),
        fillers=frozenset(file.fillers),
        backchannels=frozenset(file.backchannels),
        acronyms=frozenset(file.acronyms),
        other_languages={name: frozenset(words) for name, words in file.other_languages.items()},
    )


def _rules(
    groups: Mapping[Signal, tuple[_Group, ...]]
    | Mapping[Cue, tuple[_Group, ...]]
    | Mapping[Literal["open", "closed"], tuple[_Group, ...]]
    | Mapping[str, tuple[_Group, ...]],
    classes: Mapping[str, Iterable[str]],
) -> dict[str, tuple[Rule, ...]]:
    """Return the rules by the first two characters of their phrases."""
    found: dict[str, list[Rule]] = {}
    for means, members in groups.items():
        for group in members:
            by_key: dict[str, list[str]] = {}
            for phrase in group.phrases:
                pattern = read_phrase(phrase, classes)
                if not pattern.keys:
                    raise PhraseError(f"phrase {phrase!r} must begin with a word")
                for key in pattern.keys:
                    by_key.setdefault(key, []).append(pattern.source)
            before = any_of(group.unless_before, classes) if group.unless_before else None
            after = any_of(group.unless_after, classes) if group.unless_after else None
            for key, sources in by_key.items():
                sources.sort(key=len, reverse=True)
                rule = Rule(
                    means=str(means),
                    pattern=re.compile("|".join(sources)),
                    unless_before=re.compile(rf"(?<![^ ]){before}\Z") if before else None,
                    unless_after=re.compile(after) if after else None,
                    negatable=group.negatable,
                )
                found.setdefault(key, []).append(rule)
    return {key: tuple(rules) for key, rules in found.items()}
