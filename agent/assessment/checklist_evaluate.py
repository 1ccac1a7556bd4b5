"""Tells of each step of a checklist whether a talk showed it, did not, or gave no chance.

Pure, and the same for every checklist. A step counts as seen only with words of the trainee to
show for it, or by the absence of what would spoil it; no chance is not the same as not done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.assessment.checklist import (
    Checklist,
    ChecklistError,
    Sign,
    Step,
    chosen,
    load_checklist,
)
from agent.assessment.checklist_talk import Seen, talk_of
from agent.mind.disclosure import sentences_of
from agent.mind.lexicon import Lexicon
from agent.mind.listening import Heard
from agent.mind.triggers import PhraseFinder
from agent.protocol import ChecklistItem, ChecklistResult, Evidence, Exchange
from personas.model import Scenario

_MOST_EVIDENCE = 2


@dataclass(frozen=True, slots=True)
class _Hit:
    """Where a sign was seen."""

    index: int
    place: int
    """Among the exchanges, from 0."""
    quote: str


def whole_talk(
    scenario: Scenario,
    exchanges: Sequence[Exchange],
    heard: Mapping[int, Heard],
    lexicon: Lexicon,
) -> list[ChecklistResult]:
    """Return the checklists of a scenario for a talk; one that cannot be read says so, since a
    report is not lost for it."""
    talk = talk_of(exchanges, heard, lexicon)
    made: list[ChecklistResult] = []
    for each in chosen(scenario):
        try:
            made.append(evaluate(load_checklist(each), talk, lexicon))
        except ChecklistError as error:
            made.append(ChecklistResult(id=each, version="", name=each, items=[], note=f"{error}."))
    return made


def evaluate(checklist: Checklist, talk: Sequence[Seen], lexicon: Lexicon) -> ChecklistResult:
    """Return what of a checklist a talk showed, with the words that showed it."""
    eye = _Eye(checklist, talk, lexicon)
    first: dict[str, int] = {}
    items: list[ChecklistItem] = []
    for step in checklist.steps:
        item, place = _look(step, eye)
        items.append(item)
        if item.status == "observed" and place is not None:
            first[step.id] = place
    in_order: bool | None = None
    if checklist.ordered and len(first) > 1:
        items = _with_order(items, first)
        in_order = not any(item.late for item in items)
    return ChecklistResult(
        id=checklist.id,
        version=checklist.version,
        name=checklist.name,
        items=items,
        in_order=in_order,
    )


class _Eye:
    """Looks for signs in one talk."""

    def __init__(self, checklist: Checklist, talk: Sequence[Seen], lexicon: Lexicon) -> None:
        self.talk = talk
        self._sentences = [
            [(sentence, lexicon.split(sentence)) for sentence in sentences_of(seen.reply)]
            for seen in talk
        ]
        speaks = checklist.language == lexicon.language
        self._phrases = {
            sign: PhraseFinder([(True, sign.phrases)], lexicon)
            for sign in checklist.signs()
            if sign.phrases and speaks
        }
        self._landmarks: Mapping[str, _Hit] = {}
        self._landmarks = {
            name: hits[0]
            for name, signs in checklist.landmarks.items()
            if (hits := next((found for sign in signs if (found := self.hits((sign,)))), None))
        }

    def landmark(self, name: str) -> _Hit | None:
        """Return where a landmark is; None: it never came."""
        return self._landmarks.get(name)

    def hits(self, signs: Sequence[Sign]) -> list[_Hit]:
        """Return every reply that shows any of the signs, in order."""
        found: list[_Hit] = []
        for place, seen in enumerate(self.talk):
            quote = next(
                (said for sign in signs if (said := self._sees(sign, place, seen)) is not None),
                None,
            )
            if quote is not None:
                found.append(_Hit(seen.index, place, quote))
        return found

    def _sees(self, sign: Sign, place: int, seen: Seen) -> str | None:
        """Return the words that show a sign in one reply, or None when it is not there."""
        if not self._may_stand(sign, place, seen):
            return None
        if sign.names_words():
            return self._words(sign, place, seen)
        mark = self.landmark(sign.at) if sign.at else None
        return mark.quote if mark else seen.reply

    def _may_stand(self, sign: Sign, place: int, seen: Seen) -> bool:
        if not any(letter.isalnum() for letter in seen.reply):
            return False
        if sign.unless and seen.found.has(*sign.unless):
            return False
        if sign.cues and not seen.cues & set(sign.cues):
            return False
        if sign.pause_s is not None and (seen.pause_s is None or seen.pause_s < sign.pause_s):
            return False
        if sign.first is not None and place >= sign.first:
            return False
        if sign.last is not None and place < len(self.talk) - sign.last:
            return False
        return self._by_landmarks(sign, place, seen)

    def _by_landmarks(self, sign: Sign, place: int, seen: Seen) -> bool:
        if sign.at:
            mark = self.landmark(sign.at)
            if mark is None or mark.place != place:
                return False
            rest = seen.reply[seen.reply.find(mark.quote) + len(mark.quote) :]
            if sign.words_after is not None and len(rest.split()) > sign.words_after:
                return False
        if sign.before:
            mark = self.landmark(sign.before)
            if mark is not None and place >= mark.place:
                return False
        if sign.after:
            mark = self.landmark(sign.after)
            if mark is None or place <= mark.place:
                return False
            if sign.within is not None and place > mark.place + sign.within:
                return False
        return True

    def _words(self, sign: Sign, place: int, seen: Seen) -> str | None:
        for finding in seen.found.findings:
            if finding.signal in sign.signals:
                return finding.quote
        for topic in sign.topics:
            if topic in seen.topics:
                return seen.topics[topic]
        if finder := self._phrases.get(sign):
            for sentence, text in self._sentences[place]:
                if finder.find(text):
                    return sentence
        return (seen.news or None) if sign.news else None


def _look(step: Step, eye: _Eye) -> tuple[ChecklistItem, int | None]:
    """Return a step as seen, and the place of the reply that first showed it."""
    replies = len(eye.talk)
    spoilt, shown = eye.hits(step.spoilt_by), eye.hits(step.shown_by)
    if len(spoilt) >= step.spoilt_from:
        why = f"{_where(spoilt)} shows the opposite. Wanted: {step.looks}"
        return _item(step, "not_observed", why, spoilt), None
    if step.shown_by and len(shown) >= step.times:
        return _item(step, "observed", f"{_where(shown)}: {step.looks}", shown), shown[0].place
    if why := _no_chance(step, eye):
        return _item(step, "no_chance", why, []), None
    if not step.shown_by:
        return _item(step, "observed", f"In all {replies} replies: {step.looks}", []), None
    if step.unseen:
        return _item(step, "no_chance", step.unseen, []), None
    if shown:
        why = f"Shown in {len(shown)} of the {step.times} replies it takes. Wanted: {step.looks}"
    else:
        why = f"Not heard in {replies} replies. Wanted: {step.looks}"
    return _item(step, "not_observed", why, shown), None


def _no_chance(step: Step, eye: _Eye) -> str:
    """Return why a talk gave no chance for a step; empty when it did."""
    said = sum(any(letter.isalnum() for letter in seen.reply) for seen in eye.talk)
    if not said:
        return "Nothing was said."
    if said < step.from_replies:
        return f"It takes a talk of {step.from_replies} replies; this had {said}."
    if step.after and eye.landmark(step.after) is None:
        return f"The talk never came to this point: {step.after.replace('_', ' ')}."
    if step.asked_by and not any(seen.cues & set(step.asked_by) for seen in eye.talk):
        asked = " or ".join(cue.value for cue in step.asked_by)
        return f"Nothing the persona said called for it ({asked})."
    return ""


def _with_order(items: Sequence[ChecklistItem], first: Mapping[str, int]) -> list[ChecklistItem]:
    """Return the items, those marked that came only after one listed behind them."""
    made: list[ChecklistItem] = []
    for number, item in enumerate(items):
        before = [
            other.name
            for other in items[number + 1 :]
            if item.id in first and other.id in first and first[other.id] < first[item.id]
        ]
        if before:
            why = f"{item.reason} It came only after “{before[0]}”."
            item = item.model_copy(update={"late": True, "reason": why})
        made.append(item)
    return made


def _where(hits: Sequence[_Hit]) -> str:
    return f"Reply {hits[0].index + 1}"


def _item(step: Step, status: str, reason: str, hits: Sequence[_Hit]) -> ChecklistItem:
    return ChecklistItem.model_validate(
        {
            "id": step.id,
            "name": step.name,
            "part": step.part,
            "status": status,
            "reason": reason,
            "evidence": [
                Evidence(exchange=hit.index, quote=hit.quote) for hit in hits[:_MOST_EVIDENCE]
            ],
        }
    )
