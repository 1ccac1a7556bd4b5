"""How the persona's state moves with the way it is treated.

Arousal and trust, each 0 to 5, moved by fixed rules from the findings in a reply, never by a
language model: the same treatment always has the same effect, and one turn can only do so much.
What soothes wears off when it is said again and again, and a persona left in peace settles.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.mind.appraisal import PROVOKING, Signal
from agent.mind.listening import Heard
from personas.model import Scenario

STEP = 1.0
"""The most that one reply can move arousal or trust."""

_EFFECTS: dict[Signal, tuple[float, float]] = {
    # signal: (arousal, trust)
    Signal.GREETING: (0.0, 0.05),
    Signal.INTRODUCTION: (-0.1, 0.2),
    Signal.INVITATION: (-0.2, 0.25),
    Signal.OPEN_QUESTION: (-0.1, 0.1),
    Signal.EMPATHY: (-0.45, 0.45),
    Signal.VALIDATION: (-0.4, 0.4),
    Signal.APOLOGY: (-0.3, 0.3),
    Signal.REFLECTION: (-0.35, 0.35),
    Signal.AUTONOMY: (-0.25, 0.25),
    Signal.LIMIT: (-0.05, 0.0),
    Signal.SOLUTION: (-0.35, 0.3),
    Signal.TIMEFRAME: (-0.2, 0.15),
    Signal.EXPLANATION: (-0.1, 0.15),
    Signal.CHECK_UNDERSTANDING: (-0.05, 0.15),
    Signal.WARNING_SHOT: (0.1, 0.15),
    Signal.SAFETY: (-0.05, 0.1),
    Signal.THANKS: (-0.15, 0.15),
    Signal.CALM_DOWN: (0.7, -0.5),
    Signal.COMMAND: (0.4, -0.3),
    Signal.INVALIDATION: (0.6, -0.6),
    Signal.UNEARNED_UNDERSTANDING: (0.2, -0.2),
    Signal.BLAME: (0.6, -0.5),
    Signal.THREAT: (0.8, -0.7),
    Signal.INSULT: (1.0, -0.9),
    Signal.SHOUTING: (0.5, -0.3),
    Signal.SARCASM: (0.7, -0.6),
    Signal.DISMISSAL: (0.5, -0.45),
    Signal.INTERRUPTION: (0.3, -0.25),
    Signal.SILENCE: (0.15, -0.1),
    Signal.JARGON: (0.1, -0.15),
    Signal.STACKED_QUESTIONS: (0.15, -0.1),
    Signal.LONG: (0.1, 0.0),
}
_RED_LINE = (0.5, -0.4)
_CALMING = (-0.5, 0.4)
_UNHEEDED = (0.35, -0.15)
"""A reply that passes over a threat to somebody's safety."""
_HARDER = {"easy": (1.25, 0.75), "medium": (1.0, 1.0), "hard": (0.75, 1.25)}
"""By difficulty: factor on what calms, factor on what provokes."""
_HELPED, _HURT = (-0.35, 0.35), (0.6, -0.55)
"""A reply whose tone is 1 or -1, beside what its findings do."""
_HARD_TO_CALM = 0.5
"""Share of a calming effect that stays: people do not turn in one sentence."""
_BELOW_REST = 0.5
_EASING = 2.0
"""From this far above the calmest a person gets, each step of calming is smaller than the last."""
_FULL_TRUST = 3.5
"""The same for the distance to full trust."""
_WEARS = 0.88
"""What is left of a calming signal's effect each time it comes again."""
_WORN = 0.4
"""It keeps at least this much."""
_SETTLES = 0.04
"""Share of the way to rest that arousal goes by itself in a turn that does not provoke."""


@dataclass(frozen=True, slots=True)
class Mood:
    """The persona's state after a reply."""

    arousal: float
    """0 calm, 5 out of control."""
    trust: float
    """0 none, 5 full."""

    def bars(self) -> int:
        """Return the Behavioural Activity Rating Scale value, 4 (quiet) to 7 (violent)."""
        return 4 + sum(self.arousal >= edge for edge in (2.0, 3.5, 4.75))

    def cpi(self) -> str:
        """Return the level of the Crisis Development Model the behaviour belongs to."""
        if self.arousal >= 4.75:
            return "risk behaviour"
        if self.arousal >= 3:
            return "defensive"
        return "anxiety" if self.arousal >= 1.5 else "tension reduction"


def initial(scenario: Scenario) -> Mood:
    """Return the mood the scenario starts with."""
    return Mood(scenario.mood.arousal, scenario.mood.trust)


def moved(
    mood: Mood,
    heard: Heard,
    scenario: Scenario,
    *,
    before: Mapping[Signal, int],
    said_before: bool = False,
    unheeded: bool = False,
) -> Mood:
    """Return the mood after a reply: every kind of finding counts once, then the step is clamped.

    `before`: how many replies carried each signal; `said_before`: these very words were said
    before, so nothing in them soothes; `unheeded`: they pass over a threat to safety.
    """
    effects = [
        _worn(_EFFECTS[signal], before.get(signal, 0))
        for signal in _EFFECTS
        if heard.appraisal.has(signal)
    ]
    effects += [_RED_LINE for _ in heard.red_lines][:1]
    effects += [_CALMING for _ in heard.calming_signals][:1]
    effects += [(news.arousal, news.trust) for news in heard.news][:1]
    effects += [_UNHEEDED] * unheeded
    tone = heard.appraisal.tone
    good, bad = max(0.0, tone), max(0.0, -tone)
    effects += [(_HELPED[0] * good, _HELPED[1] * good), (_HURT[0] * bad, _HURT[1] * bad)]
    calming, provoking = _HARDER[scenario.difficulty]
    calming *= _HARD_TO_CALM
    if said_before:
        calming = 0.0
    # Nobody becomes calmer than they ever are, nor trusts a stranger wholly in five minutes.
    calmest = max(0.0, scenario.mood.rest - _BELOW_REST)
    room = min(1.0, max(0.0, mood.arousal - calmest) / _EASING)
    doubt = min(1.0, (5.0 - mood.trust) / _FULL_TRUST)
    arousal = sum(a * (calming * room if a < 0 else provoking) for a, _ in effects)
    trust = sum(t * (calming * doubt if t > 0 else provoking) for _, t in effects)
    if not heard.appraisal.has(*PROVOKING) and not heard.red_lines and not unheeded:
        arousal += _SETTLES * min(0.0, scenario.mood.rest - mood.arousal)
    return Mood(
        arousal=_within(mood.arousal + max(-STEP, min(STEP, arousal))),
        trust=_within(mood.trust + max(-STEP, min(STEP, trust))),
    )


def _worn(effect: tuple[float, float], times: int) -> tuple[float, float]:
    """Return an effect as it is after having been used; what provokes does not wear off."""
    left = max(_WORN, _WEARS**times)
    arousal, trust = effect
    return (arousal * left if arousal < 0 else arousal, trust * left if trust > 0 else trust)


def _within(value: float) -> float:
    return round(max(0.0, min(5.0, value)), 2)
