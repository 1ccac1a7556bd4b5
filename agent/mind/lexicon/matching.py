"""Finds phrases in words: where one begins, whether it is negated, what is a question.

Recognised speech often has no punctuation, so questions are found by the order of their words and
only then by their mark.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agent.mind.lexicon.reader import Lexicon, Rule
from agent.mind.lexicon.words import Text

_NEGATION_REACH = 6
"""Words before a phrase in which "not" takes it back: "I'm not telling you to calm down"."""
_LONGEST_QUESTION = 25
"""Words of a question quoted when no mark says where it ends."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something found, from one word to another, both included."""

    means: str
    first: int
    last: int

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two share a word."""
        return self.first <= other.last and other.first <= self.last


def find(text: Text, rules: Mapping[str, tuple[Rule, ...]], lexicon: Lexicon) -> Iterator[Span]:
    """Yield what the rules find, in order; of the same kind the earlier one wins an overlap."""
    taken: dict[str, int] = {}
    for offset, index in text.at.items():
        for rule in rules.get(text.line[offset : offset + 2], ()):
            if taken.get(rule.means, -1) >= index:
                continue
            place = rule.match(text, offset)
            if place is None or (rule.negatable and negated(text, index, lexicon)):
                continue
            taken[rule.means] = place[1]
            yield Span(rule.means, *place)


def negated(text: Text, index: int, lexicon: Lexicon) -> bool:
    """Tell whether a "not" shortly before word `index`, in the same clause, takes it back.

    A condition does not ("if you don't calm down"), nor a "not" that urges ("why don't you").
    """
    words = text.words
    seen = 0
    while seen < _NEGATION_REACH:
        if words[index].after_pause:
            return False
        index -= 1
        seen += 1
        form = words[index].form
        if words[index].ends_sentence or form in lexicon.negation_stops:
            return False
        if form in lexicon.negators:
            before = {words[max(0, index - back)].form for back in (1, 2, 3)}
            urging = words[index + 1].form == "you"
            return not urging and not before & lexicon.negation_not_with
    return False


def questions(text: Text, lexicon: Lexicon) -> list[Span]:
    """Return the questions of a reply in order, each `open` or `closed`."""
    starts = [
        span
        for span in find(text, lexicon.questions, lexicon)
        if _may_begin(text, span.first, lexicon)
    ]
    found: list[Span] = []
    covered = -1
    for span in starts:
        if span.first > covered:
            found.append(span)
            covered = span.last
    found = [
        Span(span.means, span.first, _end(text, span, found[position + 1 : position + 2]))
        for position, span in enumerate(found)
    ]
    for index, word in enumerate(text.words):
        if word.form == "?" and index > 1:
            first, last = text.sentence(index - 1)
            if not any(first <= span.first <= last for span in found):
                found.append(Span("closed", first, last))
    return sorted(found, key=lambda span: span.first)


def _may_begin(text: Text, index: int, lexicon: Lexicon) -> bool:
    before = text.words[index - 1]
    if before.ends_sentence or text.words[index].after_pause:
        return True
    # Commas and full stops may be missing, so a question may begin anywhere but where its first
    # words are part of something else ("I know what is…", "so can I").
    return before.form not in lexicon.not_a_question_after


def _end(text: Text, span: Span, following: list[Span]) -> int:
    last = text.sentence(span.first)[1]
    if following:
        last = min(last, following[0].first - 1)
    return max(span.last, min(last, span.first + _LONGEST_QUESTION - 1))
