"""How the persona's state moves with the way it is treated.

Arousal and trust, each 0 to 5, moved by fixed rules from the findings in a reply, never by a
language model: the same treatment always has the same effect, and one turn can only do so much.
"""

from dataclasses import dataclass

from agent.mind.appraisal import Appraisal, Signal
from personas.model import Scenario, Trigger

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
    Signal.JARGON: (0.1, -0.15),
    Signal.STACKED_QUESTIONS: (0.15, -0.1),
    Signal.LONG: (0.1, 0.0),
}
_RED_LINE = (0.7, -0.6)
_CALMING = (-0.5, 0.4)
_HARDER = {"easy": (1.25, 0.75), "medium": (1.0, 1.0), "hard": (0.75, 1.25)}
"""By difficulty: factor on what calms, factor on what provokes."""


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


def moved(mood: Mood, reply: str, appraisal: Appraisal, scenario: Scenario) -> Mood:
    """Return the mood after a reply: every kind of finding counts once, then the step is
    clamped."""
    effects = [_EFFECTS[signal] for signal in _EFFECTS if appraisal.has(signal)]
    effects += [_RED_LINE for _ in touched(scenario.mood.red_lines, reply)][:1]
    effects += [_CALMING for _ in touched(scenario.mood.calming_signals, reply)][:1]
    calming, provoking = _HARDER[scenario.difficulty]
    arousal = sum(a * (calming if a < 0 else provoking) for a, _ in effects)
    trust = sum(t * (calming if t > 0 else provoking) for _, t in effects)
    return Mood(
        arousal=_within(mood.arousal + max(-STEP, min(STEP, arousal))),
        trust=_within(mood.trust + max(-STEP, min(STEP, trust))),
    )


def touched(triggers: tuple[Trigger, ...], reply: str) -> list[Trigger]:
    """Return the triggers whose words occur in the reply, whatever its case and punctuation."""
    said = f" {_plain(reply)} "
    return [
        trigger
        for trigger in triggers
        if any(f" {_plain(phrase)} " in said for phrase in trigger.phrases)
    ]


def _plain(text: str) -> str:
    kept = (c if c.isalnum() else "" if c in "'’" else " " for c in text.lower())
    return " ".join("".join(kept).split())


def _within(value: float) -> float:
    return round(max(0.0, min(5.0, value)), 2)
