"""Where the persona stood after each reply, and which reply helped or hurt most.

A moment is judged by two things together: what the reply did to the persona and how it was graded.
Either alone is fooled: a kind word may come too late to be felt, and a threat may silence.
"""

from collections.abc import Sequence
from itertools import pairwise

from agent.mind.mood import Mood
from agent.protocol import Exchange, Grade, Moment, PersonaState, Standing

FELT = 0.3
"""Fall in arousal plus rise in trust from which a reply is said to have moved the persona; the most
one reply can do is 2."""
_MOST = 2.0
_MIDDLE = 50.0
_STANDS_OUT = 0.1
"""Merit, from -1 to 1, that a moment needs to be shown."""
_LONGEST_QUOTE = 240
_CHANGED = 0.05
"""A smaller change is not worth a word."""


def trajectory(start: PersonaState, exchanges: Sequence[Exchange]) -> list[Standing]:
    """Return the persona's state at the start and after each reply; empty without a reply."""
    if not exchanges:
        return []
    states = [start, *(each.state for each in exchanges)]
    return [
        _standing(None, start, 0.0),
        *(
            _standing(each.index, after, ease(before, after))
            for each, (before, after) in zip(exchanges, pairwise(states), strict=True)
        ),
    ]


def ease(before: PersonaState, after: PersonaState) -> float:
    """Return the fall in arousal plus the rise in trust; negative when it got harder."""
    return round((before.arousal - after.arousal) + (after.trust - before.trust), 2)


def best_and_worst(
    start: PersonaState, exchanges: Sequence[Exchange]
) -> tuple[Moment | None, Moment | None]:
    """Return the reply that helped most and the one that hurt most; None where none stands out."""
    states = [start, *(each.state for each in exchanges)]
    judged = [
        (_merit(each, before, after), each, before)
        for each, (before, after) in zip(exchanges, pairwise(states), strict=True)
        if each.reply_text.strip()
    ]
    if not judged:
        return None, None
    top = max(judged, key=lambda found: found[0])
    low = min(judged, key=lambda found: found[0])
    return (
        _moment(top[1], top[2], good=True) if top[0] >= _STANDS_OUT else None,
        _moment(low[1], low[2], good=False) if low[0] <= -_STANDS_OUT else None,
    )


def _standing(exchange: int | None, state: PersonaState, eased: float) -> Standing:
    mood = Mood(state.arousal, state.trust)
    return Standing(
        exchange=exchange,
        arousal=state.arousal,
        trust=state.trust,
        bars=mood.bars(),
        cpi=mood.cpi(),
        moved=("eased" if eased > 0 else "hardened") if abs(eased) >= FELT else None,
    )


def _merit(exchange: Exchange, before: PersonaState, after: PersonaState) -> float:
    """Return -1 to 1: the mean of what the reply did and how it was graded; without a grade, half
    of what it did, since the other half is not known."""
    did = max(-1.0, min(1.0, ease(before, after) / _MOST))
    if not isinstance(exchange.grade, Grade):
        return did / 2
    return (did + (exchange.grade.overall - _MIDDLE) / _MIDDLE) / 2


def _moment(exchange: Exchange, before: PersonaState, *, good: bool) -> Moment:
    grade = exchange.grade
    why = f"{_change(before, exchange.state)}, and it was not graded."
    if isinstance(grade, Grade):
        why = f"{_change(before, exchange.state)}; graded {grade.overall} of 100. {grade.rationale}"
    return Moment(exchange=exchange.index, quote=_quote(exchange, good=good), why=why)


def _change(before: PersonaState, after: PersonaState) -> str:
    changes = [
        f"{name} {'rose' if change > 0 else 'fell'} by {abs(change):.1f}"
        for name, change in (
            ("arousal", after.arousal - before.arousal),
            ("trust", after.trust - before.trust),
        )
        if abs(change) >= _CHANGED
    ]
    if not changes:
        return "It left them as they were"
    told = " and ".join(changes)
    return told[0].upper() + told[1:]


def _quote(exchange: Exchange, *, good: bool) -> str:
    """Return the words that count most: those of the best or worst criterion, else of the evidence,
    else the reply itself as far as it fits."""
    grade = exchange.grade
    if isinstance(grade, Grade):
        levels = [each.level for each in grade.criteria]
        # Only these: what a criterion that came off better quotes does not speak against the
        # reply.
        telling = max(levels, default=0) if good else min(levels, default=0)
        quotes = [q for each in grade.criteria if each.level == telling for q in each.quotes]
        if good is (grade.overall >= _MIDDLE):
            # Evidence explains the number, which need not be why it was this moment.
            quotes += [each.quote for each in grade.evidence if each.exchange == exchange.index]
        for quote in quotes:
            if quote.strip() and quote in exchange.reply_text:
                return quote
    text = exchange.reply_text.strip()
    return text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE].rsplit(" ", 1)[0]
