"""Finds the sentence that weighed most in a trained mark, by leaving each out in turn.

Evidence has to be words the trainee said: what moves the mark when it is taken away is what the
mark is about. A reply of one sentence is its own evidence.
"""

from agent.mind.sense import OVERALL, Sensed

_CLEARLY = 3.0
"""Marks by which a sentence must move its reply to be named for it."""


def key_sentence(sensed: Sensed, *, helps: bool, within: str) -> str:
    """Return the sentence that lifts the mark most or, not `helps`, pulls it down most; empty when
    none of them stands in `within` as it is."""
    said = _lifts(sensed, within)
    if not said:
        return ""
    return max(said, key=lambda each: each[1] if helps else -each[1])[0]


def lifting(sensed: Sensed, *, within: str) -> str:
    """Return the one sentence clearly worth keeping, or nothing."""
    said = _lifts(sensed, within)
    best = max(said, key=lambda each: each[1], default=("", 0.0))
    return best[0] if best[1] >= _CLEARLY else ""


def dragging(sensed: Sensed, *, within: str) -> str:
    """Return the one sentence that clearly pulls the reply down, or nothing."""
    said = _lifts(sensed, within)
    worst = min(said, key=lambda each: each[1], default=("", 0.0))
    return worst[0] if worst[1] <= -_CLEARLY else ""


def _lifts(sensed: Sensed, within: str) -> list[tuple[str, float]]:
    return [
        (sentence, lift[OVERALL])
        for (sentence, _), lift in zip(sensed.signals, sensed.lifts, strict=True)
        if sentence in within
    ]
