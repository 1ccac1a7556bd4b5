"""Says how an encounter ended, from the persona's state at the end against the start.

Gain is the fall in arousal plus the rise in trust, both on their scales from 0 to 5. The start
counts, so that a hard scenario is not lost before it begins.

    escalation      gain <= -1
    containment     in between: it got neither better nor worse
    de-escalation   gain >= 1.25
    resolution      a gain as for de-escalation, and at the end arousal <= 1.25 and trust >= 3;
                    a persona as calm as that from the start need only not be lost

A threat to somebody's safety that nobody took up leaves it at containment at best.
"""

from agent.protocol import Outcome, PersonaState

ESCALATED = -1.0
EASED = 1.25
CALM = 1.25
TRUSTING = 3.0


def outcome_of(start: PersonaState, end: PersonaState, *, danger_left: bool = False) -> Outcome:
    """Return the band an encounter ended in."""
    gain = (start.arousal - end.arousal) + (end.trust - start.trust)
    if gain <= ESCALATED:
        return "escalation"
    if danger_left:
        return "containment"
    if _settled(end) and (gain >= EASED or _settled(start)):
        return "resolution"
    return "de-escalation" if gain >= EASED else "containment"


def _settled(state: PersonaState) -> bool:
    return state.arousal <= CALM and state.trust >= TRUSTING
