"""What may be wrong with a scenario that can be read: warnings for its author.

An error stops a scenario from being played; a warning says where it will not be as good as it could
be, and how to mend it.
"""

import re
from collections.abc import Iterator
from itertools import combinations

from personas.bank import QuestionBank
from personas.model import Fact, Scenario

FEWEST = {
    "greeting": 3,
    "complaint": 4,
    "soothed": 5,
    "provoked": 5,
    "agreeing": 5,
    "resisting": 5,
    "unknown": 5,
    "deflecting": 3,
    "silence": 3,
    "closing": 2,
}
"""Lines of a list below which a talk of five minutes is likely to use it up."""
_MOST_WORDS = 40
_EVERYBODY_KNOWS = ("name", "age")


def warnings_of(scenario: Scenario, bank: QuestionBank) -> Iterator[str]:
    """Yield one sentence for each weakness, beginning with the field."""
    yield from _about_facts(scenario, bank)
    yield from _about_lines(scenario)
    yield from _about_secrets(scenario)
    if scenario.kind == "subject" and scenario.safety is None:
        yield "safety: is missing, so a threat to somebody is never the trainee's to take up"
    if scenario.rehearsal is None:
        yield "rehearsal: is missing, so `try` uses words that fit any scenario"


def spoken(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Yield every line the persona may say, with the field it stands in."""
    for name in type(scenario.lines).model_fields:
        for index, line in enumerate(getattr(scenario.lines, name)):
            yield f"lines.{name}.{index}", line
    for fact in scenario.facts:
        for kind in ("say", "guarded"):
            for index, line in enumerate(getattr(fact, kind)):
                yield f"facts.{fact.id}.{kind}.{index}", line
    for kind in ("red_lines", "calming_signals", "news"):
        for number, trigger in enumerate(getattr(scenario.mood, kind)):
            for index, line in enumerate(trigger.lines):
                yield f"mood.{kind}.{number}.lines.{index}", line
    if scenario.safety:
        for kind in ("lines", "relieved"):
            for index, line in enumerate(getattr(scenario.safety, kind)):
                yield f"safety.{kind}.{index}", line


def _about_facts(scenario: Scenario, bank: QuestionBank) -> Iterator[str]:
    answered = {topic for fact in scenario.facts for topic in fact.topics}
    for topic in _EVERYBODY_KNOWS:
        if topic in bank.topics and topic not in answered:
            yield f"facts: none answers the topic {topic!r}, so the persona does not know its own"
    for one, other in combinations(scenario.facts, 2):
        if both := set(one.topics) & set(other.topics):
            yield f"facts.{other.id}.topics: {', '.join(sorted(both))} also on {one.id!r}"
    for fact in scenario.facts:
        if not fact.topics and not fact.questions:
            yield f"facts.{fact.id}: no question reaches it: it has no topics and no questions"
        if fact.reveal in ("when_trusted", "never") and not fact.guarded:
            yield f"facts.{fact.id}.guarded: is empty, so keeping it back sounds like not knowing"
        if fact.say and len(fact.say) < 2:
            yield f"facts.{fact.id}.say: a second way of saying it keeps the persona from repeating"


def _about_lines(scenario: Scenario) -> Iterator[str]:
    for name, fewest in FEWEST.items():
        if (count := len(getattr(scenario.lines, name))) < fewest:
            yield f"lines.{name}: {count} of the {fewest} lines a talk of five minutes may need"
    seen: dict[str, str] = {}
    for field, line in spoken(scenario):
        if line.casefold() in seen:
            yield f"{field}: the same line as {seen[line.casefold()]}"
        seen.setdefault(line.casefold(), field)
        if len(line.split()) > _MOST_WORDS:
            yield f"{field}: {len(line.split())} words are more than a person says at once"
    for field, line in spoken(scenario):
        for phrase in scenario.diagnosis:
            if re.search(rf"\b{re.escape(phrase)}\b", line, re.IGNORECASE):
                yield f"{field}: says {phrase!r}, which the persona cannot know"


def _about_secrets(scenario: Scenario) -> Iterator[str]:
    card = scenario.card.model_dump_json()
    for fact in scenario.facts:
        if fact.reveal in ("when_trusted", "never"):
            for where, text in (("card", card), ("person.character", scenario.person.character)):
                if shared := _shared(fact, text):
                    yield f"{where}: gives away the fact {fact.id!r}: {shared!r}"


def _shared(fact: Fact, text: str) -> str | None:
    """Return five words in a row that a fact's truth shares with a text."""
    words = re.findall(r"[\w']+", fact.truth.lower())
    said = " ".join(re.findall(r"[\w']+", text.lower()))
    for start in range(len(words) - 4):
        if (run := " ".join(words[start : start + 5])) in said:
            return run
    return None
