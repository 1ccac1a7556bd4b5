"""What the persona makes of a reply, and the line the scripted persona says to it.

It plays when there is no language model, by the same state and the same facts as any other actor.
No line is said twice: a list that is used up gives way to its neighbours, a question asked again
is noticed, and a complaint moves on when it is repeated.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, product
from typing import Any, Literal

from agent.mind.appraisal import Signal
from agent.mind.lexicon import Lexicon
from agent.mind.listening import Heard
from agent.mind.mood import Mood, initial, moved
from agent.mind.teach_back import turned
from personas.model import Fact, Scenario

_SOOTHING = (Signal.EMPATHY, Signal.VALIDATION, Signal.APOLOGY, Signal.REFLECTION)
_OFFERING = (
    Signal.SOLUTION,
    Signal.AUTONOMY,
    Signal.LIMIT,
    Signal.TIMEFRAME,
    Signal.SIGNPOST,
)
_INFORMING = (Signal.EXPLANATION, Signal.CHECK_UNDERSTANDING, Signal.WARNING_SHOT)
_ASKING = (Signal.OPEN_QUESTION, Signal.CLOSED_QUESTION)
_STORY_TOPICS = frozenset({"reason", "what_happened"})
"""Topics whose questions ask for the story when no fact answers them."""
WILLING_AROUSAL = 3.25
"""Above this the persona resists what it is offered."""
WILLING_TRUST = 1.5
"""Below this too."""
_PASSES = 0.5
"""A threat made in a rage has passed once arousal is this far below where it came up."""
_OWN_QUESTION_EVERY = 3
"""Turns between two questions of the persona's own, unless it is asked for them."""
_SPARE: Mapping[str, tuple[str, ...]] = {
    "greeting": ("agreeing",),
    "complaint": ("resisting", "unknown"),
    "soothed": ("agreeing", "informed"),
    "provoked": ("resisting",),
    "agreeing": ("informed", "soothed"),
    "informed": ("agreeing", "soothed"),
    "resisting": ("provoked",),
    "closing": ("agreeing", "soothed"),
    "no_more": ("agreeing",),
    "nothing_said": ("unknown",),
    "danger": ("provoked",),
    "red_line": ("provoked",),
    "glad": ("soothed",),
}
"""Lists a used-up list borrows from."""

_MAY_BE_LED_IN = frozenset({"fact", "guarded", "complaint", "unknown", "resisting", "deflecting"})
"""Lists whose lines still make sense after "I said already."."""

Danger = Literal["none", "open", "handled"]


@dataclass(frozen=True, slots=True)
class Mind:
    """All that the persona carries from one turn to the next."""

    mood: Mood
    told: tuple[str, ...] = ()
    """Ids of facts already told, in order."""
    said: tuple[str, ...] = ()
    """Every line said, in order."""
    replies: tuple[str, ...] = ()
    """What the trainee has said, reply by reply."""
    signals: Mapping[Signal, int] = field(default_factory=dict)
    """How many replies carried each signal."""
    statements: tuple[str, ...] = ()
    """What the trainee told the persona and has not been said back."""
    story: int = 0
    """How many lines of the complaint have been told."""
    asked_at: int = 0
    """The turn in which the persona last asked a question of its own."""
    danger: Danger = "none"
    """Whether a threat to somebody's safety stands in the room."""
    steps: frozenset[str] = frozenset()
    """Ids of the safety steps taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The persona's side of one turn."""

    line: str
    """What the scripted persona says."""
    fact: Fact | None
    """The one fact that may be told now."""
    withheld: Fact | None
    """A fact that was asked for and must not be told now."""
    heard: Heard
    mind: Mind
    """The mind once this has been said."""
    kind: str
    """What sort of answer it is: a list of `Lines`, `fact`, `guarded`, `red_line`, …"""
    pause_s: float = 0.0
    """Seconds the persona takes before it answers; its own, never counted as latency."""
    own_question: str | None = None
    """A question the persona wants to ask now."""
    say_back: str | None = None
    """The trainee's words to be said back, turned round."""


def awake(scenario: Scenario) -> Mind:
    """Return the mind an encounter starts with."""
    return Mind(initial(scenario))


def respond(scenario: Scenario, mind: Mind, heard: Heard, lexicon: Lexicon) -> Answer:
    """Return what the persona makes of a reply and says to it; changes nothing."""
    found = heard.appraisal
    mind = _taken_in(scenario, mind, heard)
    fact = withheld = None
    asked = heard.asked.fact if heard.asked else None
    if asked is not None and not found.has(Signal.OUT_OF_ROLE):
        if may_be_told(asked, mind.mood, scenario):
            fact = asked
        else:
            withheld = asked
    answer = Answer("", None, withheld, heard, mind, "")
    safety = scenario.safety
    hurt = [trigger.lines for trigger in heard.red_lines if trigger.lines]
    glad = [trigger.lines for trigger in heard.calming_signals if trigger.lines]
    news = heard.news[:1]
    if found.has(Signal.OUT_OF_ROLE):
        return _with(answer, scenario, "deflecting", withheld=None)
    if hurt:
        return _with(answer, scenario, "red_line", hurt[0])
    if found.provokes():
        return _with(answer, scenario, "provoked")
    if news and news[0].lines:
        return _with(answer, scenario, "news", news[0].lines, pause_s=news[0].pause_s)
    if fact is not None:
        return _told(answer, scenario, fact)
    if safety and mind.danger == "open" and not heard.steps:
        return _with(answer, scenario, "danger", safety.lines)
    if safety and mind.danger == "handled" and not set(safety.relieved) & set(mind.said):
        return _with(answer, scenario, "relieved", safety.relieved)
    if withheld is not None and withheld.guarded:
        pause = scenario.mood.pause_s
        return _with(answer, scenario, "guarded", withheld.guarded, pause_s=pause)
    if glad and not (found.has(Signal.INVITATION) and _story_left(scenario, mind)):
        return _with(answer, scenario, "glad", glad[0])
    if found.has(Signal.TEACH_BACK):
        return _say_back(answer, scenario, lexicon)
    name = _stance(scenario, mind, heard)
    if question := _own_question(scenario, mind, heard, name):
        mind = replace(answer.mind, asked_at=len(mind.replies))
        answer = replace(answer, mind=mind, own_question=question)
        return _with(answer, scenario, "asking", (question,))
    return _with(answer, scenario, name)


def may_be_told(fact: Fact, mood: Mood, scenario: Scenario) -> bool:
    """Tell whether a fact that was asked for may be told in this mood."""
    if fact.reveal == "when_trusted":
        return mood.trust >= scenario.mood.trust_needed
    return fact.reveal != "never"


def aside(scenario: Scenario, mind: Mind, name: str) -> tuple[str, Mind]:
    """Return the next line of a list that answers no reply (opening, silence) and the mind
    after it."""
    line = _choose(getattr(scenario.lines, name), scenario, mind, name)
    return line, replace(mind, said=(*mind.said, line))


def _taken_in(scenario: Scenario, mind: Mind, heard: Heard) -> Mind:
    """Return the mind after hearing a reply, before answering it."""
    safety = scenario.safety
    steps = mind.steps | heard.steps
    # Kindness does not take a threat up, but it does not make it worse either.
    unheeded = mind.danger == "open" and not heard.steps and not heard.appraisal.warmth
    mood = moved(
        mind.mood,
        heard,
        scenario,
        before=mind.signals,
        said_before=heard.words.casefold() in {each.casefold() for each in mind.replies},
        unheeded=unheeded,
    )
    danger = mind.danger
    if safety is not None:
        if danger == "none" and safety.above is not None and mood.arousal >= safety.above:
            danger = "open"
        if danger == "open" and steps >= {step.id for step in safety.steps}:
            danger = "handled"
        elif danger == "open" and safety.above is not None:
            raised = any(fact in mind.told for fact in safety.facts)
            if not raised and mood.arousal < safety.above - _PASSES:
                danger = "none"
    counts = dict(mind.signals)
    for signal in heard.appraisal.signals:
        counts[signal] = counts.get(signal, 0) + 1
    return replace(
        mind,
        mood=mood,
        replies=(*mind.replies, heard.words),
        signals=counts,
        statements=(*mind.statements, *heard.statements),
        danger=danger,
        steps=steps,
    )


def _told(answer: Answer, scenario: Scenario, fact: Fact) -> Answer:
    """Return the answer that tells a fact, led in by how the question was put."""
    mind, lines = answer.mind, scenario.lines
    told_before = fact.id in mind.told
    line = _choose(fact.say, scenario, mind, "fact")
    if told_before and line in fact.say:
        line = _led_in(line, lines.again, mind)
    elif fact.reveal == "when_trusted":
        pass  # What is hard to say needs no preface.
    elif not told_before and _tense(mind):
        line = _led_in(line, lines.grudging, mind, every=2)
    elif not told_before and answer.heard.appraisal.has(*_SOOTHING):
        line = _led_in(line, lines.softened, mind, every=2)
    base = [each for each in fact.say if line.endswith(each)]
    danger = mind.danger
    if scenario.safety and fact.id in scenario.safety.facts and danger == "none":
        needed = {step.id for step in scenario.safety.steps}
        danger = "handled" if mind.steps >= needed else "open"
    return replace(
        answer,
        line=line,
        fact=fact,
        kind="fact",
        pause_s=scenario.mood.pause_s if fact.reveal == "when_trusted" and not told_before else 0.0,
        mind=replace(
            mind,
            told=mind.told if told_before else (*mind.told, fact.id),
            said=(*mind.said, *dict.fromkeys([*base, line])),
            danger=danger,
        ),
    )


def _say_back(answer: Answer, scenario: Scenario, lexicon: Lexicon) -> Answer:
    statements = answer.mind.statements
    if not statements:
        name = "nothing_said" if scenario.lines.nothing_said else "unknown"
        return _with(answer, scenario, name)
    said = turned(statements[-1], lexicon)
    frames = [frame.replace("{said}", said) for frame in scenario.lines.teach_back]
    answer = replace(answer, say_back=said, mind=replace(answer.mind, statements=statements[:-1]))
    return _with(answer, scenario, "teach_back", tuple(_capital(frame) for frame in frames))


def _own_question(scenario: Scenario, mind: Mind, heard: Heard, stance: str) -> str | None:
    """Return the persona's next question of its own, if this is the moment for it."""
    left = [line for line in scenario.lines.asking if line not in mind.said]
    if not left or not _willing(mind):
        return None
    if heard.appraisal.has(Signal.QUESTIONS_WELCOME):
        return left[0]
    rested = len(mind.replies) - mind.asked_at >= _OWN_QUESTION_EVERY
    told_something = stance in ("informed", "agreeing") and bool(heard.statements)
    return left[0] if rested and told_something else None


def _stance(scenario: Scenario, mind: Mind, heard: Heard) -> str:
    """Name the list of lines that fits a reply which neither asks for a fact nor provokes."""
    has = heard.appraisal.has
    willing = _willing(mind)
    story_left = _story_left(scenario, mind)
    topics = heard.asked.topics if heard.asked else frozenset[str]()
    if has(Signal.GOODBYE) and not has(*_OFFERING, *_INFORMING, *_ASKING):
        return "closing" if willing else "resisting"
    if has(Signal.QUESTIONS_WELCOME):
        if willing:
            return "no_more" if scenario.lines.no_more else "agreeing"
        return "complaint" if story_left else "resisting"
    if story_left and (has(Signal.INVITATION) or topics & _STORY_TOPICS):
        return "complaint"
    if topics - _STORY_TOPICS and not has(*_OFFERING):
        return "unknown"
    if has(*_SOOTHING):
        return "soothed" if willing or not story_left else "complaint"
    if has(*_OFFERING):
        return "agreeing" if willing else "resisting"
    if has(*_INFORMING) or has(Signal.SAFETY):
        if not willing:
            return "resisting"
        return "informed" if scenario.lines.informed else "agreeing"
    if has(*_ASKING):
        return "complaint" if story_left and has(Signal.OPEN_QUESTION) else "unknown"
    if has(Signal.GREETING, Signal.INTRODUCTION):
        return "greeting"
    if not willing:
        return "complaint" if story_left else "resisting"
    return "informed" if scenario.lines.informed and heard.appraisal.words > 3 else "agreeing"


def _story_left(scenario: Scenario, mind: Mind) -> bool:
    return mind.story < len(scenario.lines.complaint)


def _willing(mind: Mind) -> bool:
    return mind.mood.arousal <= WILLING_AROUSAL and mind.mood.trust >= WILLING_TRUST


def _tense(mind: Mind) -> bool:
    return mind.mood.arousal >= WILLING_AROUSAL or mind.mood.trust < WILLING_TRUST


def _with(
    answer: Answer,
    scenario: Scenario,
    kind: str,
    lines: Sequence[str] = (),
    **changes: Any,
) -> Answer:
    """Return the answer with the next line of a list said."""
    mind = answer.mind
    line = _choose(lines or getattr(scenario.lines, kind), scenario, mind, kind)
    mind = replace(
        mind, said=(*mind.said, line), story=mind.story + (line in scenario.lines.complaint)
    )
    return replace(answer, line=line, kind=kind, mind=mind, **changes)


def _choose(lines: Sequence[str], scenario: Scenario, mind: Mind, kind: str) -> str:
    """Return the first line not said yet; of a list used up, one borrowed or led in anew."""
    borrowed: list[tuple[str, ...]] = [
        getattr(scenario.lines, name) for name in _SPARE.get(kind, ())
    ]
    leads = scenario.lines.again if kind in _MAY_BE_LED_IN else ()
    for line in chain(lines, *borrowed, _combined(lines, leads)):
        if line not in mind.said:
            return line
    # Everything there is has been said: what was said longest ago is the least noticed.
    last_said = {line: place for place, line in enumerate(mind.said)}
    return min(lines, key=lambda line: last_said.get(line, -1))


def _combined(lines: Sequence[str], leads: Iterable[str]) -> Iterable[str]:
    return (f"{lead} {line}" for line, lead in product(lines, leads))


def _led_in(line: str, leads: Sequence[str], mind: Mind, *, every: int = 1) -> str:
    """Return the line with a lead-in not used yet, in every so many turns only: a trait shown in
    each line is a caricature."""
    if len(mind.replies) % every:
        return line
    for lead in leads:
        if not any(each.startswith(f"{lead} ") for each in mind.said):
            return f"{lead} {line}"
    return next((made for made in _combined([line], leads) if made not in mind.said), line)


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]
