"""Says in one sentence why, with the words that earned or lost it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Literal

from agent.mind.appraisal import PROVOKING, Appraisal, Finding
from agent.mind.lexicon import Cue, Signal
from agent.mind.lexicon.words import Text
from agent.protocol import Skill

Verdict = Literal["good", "mixed", "poor"]
AREAS: dict[Skill, str] = {
    Skill.TONE: "tone",
    Skill.LISTENING: "listening and empathy",
    Skill.CALM: "calm and confidence",
    Skill.CLARITY: "clear communication",
    Skill.SAFETY: "safety awareness",
    Skill.RESOLUTION: "working towards an agreement",
}

SHOWS: dict[Signal, str] = {
    Signal.EMPATHY: "names what they are going through",
    Signal.VALIDATION: "takes their side of it seriously",
    Signal.REFLECTION: "gives back what was heard",
    Signal.APOLOGY: "takes responsibility",
    Signal.AUTONOMY: "leaves them a choice",
    Signal.SAFETY: "looks after safety",
    Signal.LIMIT: "sets a limit with respect",
    Signal.INVITATION: "invites the story",
    Signal.SOLUTION: "offers a next step",
    Signal.TIMEFRAME: "says when",
    Signal.WARNING_SHOT: "prepares for the news",
    Signal.TEACH_BACK: "has it said back",
    Signal.QUESTIONS_WELCOME: "makes room for their questions",
    Signal.CHECK_UNDERSTANDING: "checks what was understood",
    Signal.EXPLANATION: "gives the reason",
    Signal.SIGNPOST: "says what comes next",
    Signal.OPEN_QUESTION: "asks openly",
    Signal.INTRODUCTION: "says who is speaking",
    Signal.CLOSED_QUESTION: "asks one clear thing",
    Signal.THANKS: "thanks them",
    Signal.GREETING: "greets them",
    Signal.INSULT: "attacks the person",
    Signal.THREAT: "threatens",
    Signal.SHOUTING: "is shouted",
    Signal.CALM_DOWN: "orders a feeling",
    Signal.BLAME: "looks for whose fault it is",
    Signal.INVALIDATION: "makes the concern small",
    Signal.COMMAND: "gives an order",
    Signal.UNEARNED_UNDERSTANDING: "claims to understand without saying what",
    Signal.SARCASM: "says something kind and means the opposite",
    Signal.DISMISSAL: "brushes them off",
    Signal.INTERRUPTION: "cuts them off",
    Signal.STACKED_QUESTIONS: "asks several things at once",
    Signal.JARGON: "is a term they may not know",
    Signal.LONG: "says more than they can take in",
}
"""What each signal does, to follow a quote; within the good and the bad, the weightiest first."""

FAULTS = frozenset(
    {*PROVOKING, Signal.INTERRUPTION, Signal.STACKED_QUESTIONS, Signal.JARGON, Signal.LONG}
)
"""Signals that speak against a reply."""

_LEFT_OPEN: dict[Cue, str] = {
    Cue.DANGER: "the sign of danger",
    Cue.DISTRESS: "what they feel",
    Cue.REFUSAL: "their no",
    Cue.COMPLAINT: "their complaint",
    Cue.QUESTION: "their question",
    Cue.TELLING: "what they have told",
}


_LONGEST_CLAUSE = 14
"""Words to which a quote is drawn out."""


def drawn_out(found: Appraisal, text: Text) -> Appraisal:
    """Return the appraisal with each quote drawn out to the end of its clause, if that is near:
    "Would you rather sit down" tells a reader more than "Would you"."""
    at = {word.start: index for index, word in reversed(list(enumerate(text.words)))}
    made: list[Finding] = []
    for finding in found.findings:
        first, end = at.get(finding.start), finding.start + len(finding.quote)
        if first is None:
            # A whole sentence, heard by its meaning, may begin with a mark; it needs no drawing.
            made.append(finding)
            continue
        last = first
        while not (text.words[last + 1].ends_sentence or text.words[last].end >= end):
            last += 1
        while not (text.words[last + 1].ends_sentence or text.words[last + 1].after_pause):
            last += 1
        if last - first < _LONGEST_CLAUSE and text.words[last].end > end:
            finding = replace(finding, quote=text.quote(first, last))
        made.append(finding)
    return replace(found, findings=tuple(made))


def apart(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings without those whose words stand in an earlier one."""
    kept: list[Finding] = []
    for finding in findings:
        if not any(finding.quote in other.quote or other.quote in finding.quote for other in kept):
            kept.append(finding)
    return kept


def telling(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings worth showing, the weightiest first, each signal once."""
    order = list(SHOWS)
    first: dict[Signal, Finding] = {}
    for finding in findings:
        if finding.signal in SHOWS:
            first.setdefault(finding.signal, finding)
    return sorted(first.values(), key=lambda finding: order.index(finding.signal))


def because(findings: Iterable[Finding], cues: Collection[Cue]) -> str:
    """Return one sentence on a reply, from what was found in it and what the line before asked."""
    ranked = telling(findings)
    good = apart(finding for finding in ranked if finding.signal not in FAULTS)[:2]
    bad = apart(finding for finding in ranked if finding.signal in FAULTS)[:2]
    if good and bad:
        return f"{_clauses(good[:1])}, but {_clauses(bad[:1])}."
    if good or bad:
        return f"{_clauses(good or bad)}."
    for cue, what in _LEFT_OPEN.items():
        if cue in cues:
            return f"Nothing in it answers {what}."
    return "Nothing in it takes the conversation further."


def quoted(quote: str, most: int = 60) -> str:
    """Return words in quotation marks, cut at a word when longer than `most` characters."""
    if len(quote) <= most:
        return f"“{quote}”"
    return f"“{quote[:most].rsplit(' ', 1)[0]} …”"


def _clauses(findings: list[Finding]) -> str:
    return " and ".join(f"{quoted(each.quote)} {SHOWS[each.signal]}" for each in findings)


def because_of_meaning(
    findings: Collection[Finding],
    key: str,
    *,
    drags: str,
    verdict: Verdict,
    skills: Mapping[Skill, int],
    cues: Collection[Cue],
) -> str:
    """Return one sentence on a reply whose meaning was judged; `key`: its weightiest sentence;
    `drags`: the one that clearly pulls it down, if any.

    Words found by rule say why where they point the same way; otherwise the sentence itself does,
    with the skill that stands out.
    """
    ranked = telling(findings)
    good = apart(finding for finding in ranked if finding.signal not in FAULTS)[:2]
    bad = apart(finding for finding in ranked if finding.signal in FAULTS)[:2]
    if not key:
        return because(findings, cues)
    if verdict == "good":
        best = AREAS[max(skills, key=lambda skill: skills[skill])]
        return f"{_clauses(good)}." if good else f"{quoted(key)} helps most, above all in {best}."
    if bad:
        return f"{_clauses(good[:1])}, but {_clauses(bad[:1])}." if good else f"{_clauses(bad)}."
    worst = AREAS[min(skills, key=lambda skill: skills[skill])]
    if verdict == "poor":
        return f"{quoted(key)} weighs against it most, above all in {worst}."
    if good and drags and good[0].quote not in drags:
        return f"{_clauses(good[:1])}, but {quoted(drags)} takes from it, above all in {worst}."
    if good:
        return f"{_clauses(good[:1])}, but more is needed in {worst}."
    return f"{quoted(key)} does some of the work, but more is needed in {worst}."
