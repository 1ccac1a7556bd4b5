"""Tells in three to five sentences how a talk went: by rule, from what happened, nothing else.

Every number and every quote in it stands elsewhere in the report too, so that a reader can check
it. Where nothing is known, nothing is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from agent.assessment.moments import FELT, ease
from agent.assessment.rationale import quoted
from agent.protocol import Exchange, Outcome, PersonaState, SafetyReport

_AROUSAL = ((1.0, "calm"), (2.0, "a little tense"), (3.0, "tense"), (4.0, "upset"))
_TRUST = ((1.0, "without trust"), (2.0, "wary"), (3.0, "with some trust"), (4.0, "trusting"))
_ENDED: dict[Outcome, str] = {
    "escalation": "It escalated",
    "containment": "It was contained and not resolved",
    "de-escalation": "It de-escalated",
    "resolution": "It was resolved",
}
_HARM = {
    "self": "A risk of self-harm",
    "others": "A risk of harm to others",
    "health": "A danger to health",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a summary is made of."""

    start: PersonaState
    exchanges: Sequence[Exchange]
    closing_line: str
    outcome: Outcome | None
    facts_found: int
    facts_total: int
    safety: SafetyReport | None
    partial: bool


def summarise(told: Told) -> str:
    """Return the summary of a talk; of one without a reply, what is known of it."""
    sentences = _silence(told) if not told.exchanges else _talk(told)
    return " ".join(sentence for sentence in sentences if sentence)


def standing(state: PersonaState) -> str:
    """Return a state in words with its numbers."""
    words = f"{_word(state.arousal, _AROUSAL, 'very upset')} and "
    words += _word(state.trust, _TRUST, "very trusting")
    return f"{words} (arousal {state.arousal:.1f} and trust {state.trust:.1f} of 5)"


def _silence(told: Told) -> list[str]:
    line = f"They said {quoted(told.closing_line)} and had no answer." if told.closing_line else ""
    return [
        "You did not say anything.",
        line,
        f"They were {standing(told.start)}, and nothing was there to move them.",
        "There is nothing to grade.",
    ]


def _talk(told: Told) -> list[str]:
    return [_began(told), _moved(told), _found(told), _danger(told), _ended(told)]


def _began(told: Told) -> str:
    first = told.exchanges[0]
    who = f"You began with {quoted(first.reply_text)}"
    if first.persona_text:
        who = f"They began with {quoted(first.persona_text)}, and you said "
        who += quoted(first.reply_text)
    return f"{who}; they were {standing(told.start)}."


def _moved(told: Told) -> str:
    states = [told.start, *(each.state for each in told.exchanges)]
    moves = [ease(*pair) for pair in pairwise(states)]
    up = max(range(len(moves)), key=lambda place: moves[place])
    down = min(range(len(moves)), key=lambda place: moves[place])
    clauses = [
        f"reply {place + 1}, {quoted(told.exchanges[place].reply_text)}, {what}"
        for place, what, felt in (
            (up, "eased them most", moves[up] >= FELT),
            (down, "set them back most", moves[down] <= -FELT),
        )
        if felt
    ]
    if not clauses:
        return "No single reply moved them much."
    said = "; ".join(clauses)
    return f"{said[0].upper()}{said[1:]}."


def _found(told: Told) -> str:
    if not told.facts_total:
        return ""
    some = told.facts_found or "None"
    return f"{some} of {told.facts_total} topics that had to be asked for came to light."


def _danger(told: Told) -> str:
    if told.safety is None or told.safety.danger == "none":
        return ""
    done = sum(step.done for step in told.safety.steps)
    steps = f"{done} of {len(told.safety.steps)} steps"
    if told.safety.danger == "handled":
        return f"{_HARM[told.safety.about]} came up, and you took it up ({steps})."
    return f"{_HARM[told.safety.about]} came up, and was still open at the end ({steps})."


def _ended(told: Told) -> str:
    last = told.exchanges[-1].state
    how = _ENDED[told.outcome] if told.outcome else "It ended"
    if told.partial:
        how = f"It was cut off; until then, {how[0].lower()}{how[1:]}"
    words = f", and their last words were {quoted(told.closing_line)}" if told.closing_line else ""
    return f"{how}: at the end they were {standing(last)}{words}."


def _word(value: float, words: Sequence[tuple[float, str]], beyond: str) -> str:
    return next((word for below, word in words if value < below), beyond)
