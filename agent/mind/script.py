"""What the scripted persona says next, chosen from the scenario's own lines.

It plays when there is no language model, by the same state and the same facts as any other actor.
A line is not said again before its list has been used up, and a complaint moves on when it is
repeated.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from agent.mind.appraisal import Appraisal, Signal
from agent.mind.disclosure import Asked
from agent.mind.mood import Mood, initial, moved, touched
from personas.model import Fact, Scenario

_SOOTHING = (Signal.EMPATHY, Signal.VALIDATION, Signal.APOLOGY, Signal.REFLECTION)
_HELPING = (
    Signal.SOLUTION,
    Signal.AUTONOMY,
    Signal.EXPLANATION,
    Signal.LIMIT,
    Signal.TIMEFRAME,
    Signal.CHECK_UNDERSTANDING,
    Signal.SIGNPOST,
    Signal.WARNING_SHOT,
)
_ASKING = (Signal.OPEN_QUESTION, Signal.CLOSED_QUESTION, Signal.SAFETY)
_WILLING_AROUSAL = 3.25
"""Above this the persona resists what it is offered."""
_WILLING_TRUST = 1.5
"""Below this too."""


@dataclass(frozen=True, slots=True)
class Mind:
    """All that the persona carries from one turn to the next."""

    mood: Mood
    told: tuple[str, ...] = ()
    """Ids of facts already told, in order."""
    spoken: Mapping[str, int] = field(default_factory=dict)
    """How many lines of each list were said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The persona's side of one turn."""

    line: str
    """What the scripted persona says."""
    fact: Fact | None
    """The one fact that may be told now."""
    withheld: Fact | None
    """A fact that was asked for and must not be told now."""
    appraisal: Appraisal
    mind: Mind
    """The mind once this has been said."""


def awake(scenario: Scenario) -> Mind:
    """Return the mind an encounter starts with."""
    return Mind(initial(scenario))


def respond(
    scenario: Scenario, mind: Mind, reply: str, appraisal: Appraisal, asked: Asked | None
) -> Answer:
    """Return what the persona makes of a reply and says to it; changes nothing."""
    mind = replace(mind, mood=moved(mind.mood, reply, appraisal, scenario))
    fact = withheld = None
    if asked is not None and not appraisal.has(Signal.OUT_OF_ROLE):
        if may_be_told(asked.fact, mind.mood, scenario):
            fact = asked.fact
        else:
            withheld = asked.fact
    hurt = touched(scenario.mood.red_lines, reply)
    glad = touched(scenario.mood.calming_signals, reply)
    if appraisal.has(Signal.OUT_OF_ROLE):
        fact = None
        line, mind = _next(scenario.lines.deflecting, "deflecting", mind)
    elif hurt and hurt[0].lines:
        fact = None
        line, mind = _next(hurt[0].lines, f"red:{hurt[0].phrases[0]}", mind)
    elif appraisal.provocation > appraisal.warmth:
        fact = None
        line, mind = _next(scenario.lines.provoked, "provoked", mind)
    elif fact is not None:
        line, mind = _next(fact.say, f"fact:{fact.id}", mind)
        if fact.id not in mind.told:
            mind = replace(mind, told=(*mind.told, fact.id))
    elif withheld is not None and withheld.guarded:
        line, mind = _next(withheld.guarded, f"guarded:{withheld.id}", mind)
    elif glad and glad[0].lines:
        line, mind = _next(glad[0].lines, f"glad:{glad[0].phrases[0]}", mind)
    else:
        name = _stance(scenario, mind, appraisal)
        line, mind = _next(getattr(scenario.lines, name), name, mind)
    return Answer(line, fact, withheld, appraisal, mind)


def may_be_told(fact: Fact, mood: Mood, scenario: Scenario) -> bool:
    """Tell whether a fact that was asked for may be told in this mood."""
    if fact.reveal == "when_trusted":
        return mood.trust >= scenario.mood.trust_needed
    return fact.reveal != "never"


def aside(scenario: Scenario, mind: Mind, name: str) -> tuple[str, Mind]:
    """Return the next line of a list that answers no reply (opening, silence) and the mind
    after it."""
    return _next(getattr(scenario.lines, name), name, mind)


def _stance(scenario: Scenario, mind: Mind, appraisal: Appraisal) -> str:
    """Name the list of lines that fits a reply which neither asks for a fact nor provokes."""

    def has(*signals: Signal) -> bool:
        return any(appraisal.has(signal) for signal in signals)

    willing = mind.mood.arousal <= _WILLING_AROUSAL and mind.mood.trust >= _WILLING_TRUST
    story_left = mind.spoken.get("complaint", 0) < len(scenario.lines.complaint)
    if has(Signal.GOODBYE) and not has(*_HELPING, *_ASKING):
        return "closing" if willing else "resisting"
    if has(Signal.INVITATION) and story_left and not has(Signal.CHECK_UNDERSTANDING):
        return "complaint"
    if has(*_SOOTHING):
        return "soothed" if willing or not story_left else "complaint"
    if has(*_HELPING):
        return "agreeing" if willing else "resisting"
    if has(*_ASKING):
        return "complaint" if story_left and has(Signal.OPEN_QUESTION) else "unknown"
    if has(Signal.GREETING, Signal.INTRODUCTION):
        return "greeting"
    if not willing and story_left:
        return "complaint"
    return "agreeing" if willing else "resisting"


def _next(lines: tuple[str, ...], name: str, mind: Mind) -> tuple[str, Mind]:
    said = mind.spoken.get(name, 0)
    return lines[said % len(lines)], replace(mind, spoken={**mind.spoken, name: said + 1})
