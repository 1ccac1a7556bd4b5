"""Which hidden facts came to light, by which reply, and which topics were left.

What was told may be named; what was not is told by topic only. A fact's id and truth may say the
secret itself ("whisky"), so a topic that was left is named from the question bank, which belongs to
no scenario, with a question of the bank as the way to ask for it.
"""

import re
from collections.abc import Mapping, Sequence

from agent.encounter import Encounter, Reply
from agent.mind.listening import Heard
from personas.bank import QuestionBank
from personas.model import Fact, Scenario

_HIDDEN = ("when_asked", "when_trusted")
_TOLD_IN = 0.6
"""Share of the words of one way of telling a fact from which a line is taken to tell it."""
_NAMES = {
    "adherence": "taking the medicines",
    "advance_wishes": "wishes for the future",
    "agree_wait": "what they would agree to",
    "associated": "what came with it",
    "bad_experience": "what they went through before",
    "benefits_known": "what they know of the benefits",
    "better_with": "what makes it better",
    "character": "what it is like",
    "complained_before": "earlier complaints",
    "expectations_treatment": "what they expect",
    "happened_before": "earlier times",
    "how_came": "how they came",
    "matters_most": "what matters most",
    "need_now": "what would help now",
    "onset": "when it began",
    "over_the_counter": "medicines without a prescription",
    "own_idea": "their own idea of it",
    "radiation": "where it spreads to",
    "sent_where": "where they were sent",
    "severity": "how bad it is",
    "site": "where it is",
    "told_what": "what they were told",
    "told_whom": "whom they have told",
    "what_changed": "what has changed",
    "what_is_fair": "what would be fair",
    "who_visiting": "whom they visit",
    "why_refuse": "the reason for the no",
    "with_whom": "who is with them",
    "worse_with": "what makes it worse",
}
"""Topics whose id does not read as words."""
_WORD = re.compile(r"[^\W_]{3,}")


def hidden(scenario: Scenario) -> list[Fact]:
    """Return the facts that had to be asked for and may be told."""
    return [fact for fact in scenario.facts if fact.reveal in _HIDDEN]


def found(encounter: Encounter) -> list[str]:
    """Return the topics of the hidden facts told, in the order they came to light."""
    known = {fact.id for fact in hidden(encounter.scenario)}
    return [_worded(told) for told in dict.fromkeys(encounter.facts_told) if told in known]


def missed(encounter: Encounter, bank: QuestionBank) -> list[str]:
    """Return the topics that were left, each with a question that asks for it, none twice."""
    left: dict[str, None] = {}
    for fact in hidden(encounter.scenario):
        if fact.id in encounter.facts_told:
            continue
        named = [_asking(topic, bank) for topic in fact.topics if bank.topics.get(topic)]
        fresh = [each for each in named if each not in left]
        trusted = fact.reveal == "when_trusted"
        unnamed = f"Something told only {'once there is trust' if trusted else 'when asked'}"
        left[(fresh or named or [unnamed])[0]] = None
    return list(left)


def told_in(
    encounter: Encounter, replies: Sequence[Reply], heard: Mapping[int, Heard]
) -> dict[str, int]:
    """Return the exchange whose reply brought out each fact told, by id of the fact.

    The line after the reply is compared with the ways of telling the fact; where none of them fits,
    because a language model chose the words, it is the last reply that asked for it.
    """
    lines = [reply.persona_text for reply in replies[1:]] + [encounter.closing_line()]
    facts = {fact.id: fact for fact in encounter.scenario.facts}
    places: dict[str, int] = {}
    for told in dict.fromkeys(encounter.facts_told):
        if told not in facts or not replies:
            continue
        fits = [_fit(facts[told], line) for line in lines]
        best = max(range(len(lines)), key=lambda place: fits[place])
        asked = [index for index, each in heard.items() if _asks(each, told)]
        if fits[best] >= _TOLD_IN:
            places[told] = replies[best].index
        elif asked:
            places[told] = max(asked)
    return places


def _asks(heard: Heard, fact_id: str) -> bool:
    return (
        heard.asked is not None and heard.asked.fact is not None and heard.asked.fact.id == fact_id
    )


def _fit(fact: Fact, line: str) -> float:
    said = _words(line)
    ways = [words for text in (*fact.say, fact.truth) if (words := _words(text))]
    return max((len(words & said) / len(words) for words in ways), default=0.0)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _worded(identifier: str) -> str:
    return identifier.replace("_", " ")


def _asking(topic: str, bank: QuestionBank) -> str:
    name = _NAMES.get(topic, _worded(topic))
    return f"{name[:1].upper()}{name[1:]} (“{bank.topics[topic][0]}”)"
