"""Tells how far the tasks of the card were seen to be done, each with the words that show it.

By rule: what the persona heard in the replies, the facts they brought out, the safety steps taken,
and how near a sentence comes to the card's own words. It may miss what was done in words it does
not know, so what was not found is "not seen", and never "failed".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from agent.assessment.aims import Aim, aims_of
from agent.encounter import Reply
from agent.mind.appraisal import Finding, content_words
from agent.mind.disclosure import Vector, sentences_of
from agent.mind.lexicon import Lexicon
from agent.mind.listening import Heard
from agent.protocol import Evidence, Grade, TaskResult, Ungraded
from personas.model import Scenario

_DONE = 0.75
"""Share of a task's parts from which it is done: of four, one may be missing."""
_LIKE = 0.6
"""Cosine of a sentence's vector with the task's part from which it is taken for it."""
_SHARED = 0.6
"""Share of the part's own words that a sentence has to hold, where there is no other sign."""
_MOST_EVIDENCE = 3
_FAIR = 50
"""Overall number under which a reply shows no task done: the right words said in the wrong way."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a talk when its tasks are looked at."""

    scenario: Scenario
    replies: Sequence[Reply]
    heard: Mapping[int, Heard]
    """What the persona heard in each reply, by exchange."""
    told_in: Mapping[str, int]
    """The exchange that brought out each fact, by id."""
    facts_told: Sequence[str]
    safety_steps: frozenset[str]
    danger_left: bool = False
    escalated: bool = False
    """Then nothing was agreed or understood at the end, whatever was said."""
    grades: Mapping[int, Grade | Ungraded] = field(default_factory=dict)
    """By exchange; a reply without one is taken for fair."""
    vectors: Mapping[str, Vector] = field(default_factory=dict)
    """Unit vectors by text; what is not in it is compared by words."""


def results(seen: Seen, lexicon: Lexicon) -> list[TaskResult]:
    """Return how far each task of the card was done, in the card's order."""
    return [_result(task, seen, lexicon) for task in seen.scenario.card.tasks]


def texts_to_compare(scenario: Scenario, replies: Sequence[Reply], lexicon: Lexicon) -> list[str]:
    """Return the texts whose vectors help to find what was done, for `Seen.vectors`."""
    parts = [aim.words for task in scenario.card.tasks for aim in aims_of(task, lexicon)]
    return list(
        dict.fromkeys(
            [*parts, *(text for reply in replies for text in sentences_of(reply.text) if text)]
        )
    )


def _result(task: str, seen: Seen, lexicon: Lexicon) -> TaskResult:
    aims = aims_of(task, lexicon)
    shown = [next(_shows(aim, seen, lexicon), None) for aim in aims]
    met = sum(each is not None for each in shown)
    evidence = list(dict.fromkeys(each for each in shown if isinstance(each, tuple)))
    return TaskResult(
        task=task,
        status="done" if met >= _DONE * len(aims) else "partly" if met else "not_seen",
        evidence=[
            Evidence(exchange=exchange, quote=quote)
            for exchange, quote in sorted(evidence)[:_MOST_EVIDENCE]
        ],
        missing=[
            aim.words
            for aim, each in zip(aims, shown, strict=True)
            if each is None and len(aims) > 1
        ],
    )


def _shows(aim: Aim, seen: Seen, lexicon: Lexicon) -> Iterator[tuple[int, str]]:
    """Yield exchange and words that show an aim, the surest first."""
    if aim.manner and any(each.appraisal.provokes() for each in seen.heard.values()):
        return
    if (aim.safety and seen.danger_left) or (aim.late and seen.escalated):
        return
    fair = [
        (reply, seen.heard[reply.index])
        for reply in seen.replies[1 if aim.late else 0 :]
        if _fair(reply, seen)
    ]
    for reply, heard in fair:
        if aim.safety and _takes_step(aim, heard, seen, lexicon):
            yield reply.index, _sentence(reply, aim, lexicon)
    for reply, heard in reversed(fair) if aim.late else fair:
        for finding in heard.appraisal.findings:
            sentence = _around(finding, reply.text)
            asks = aim.tells and sentence.endswith("?")
            if finding.signal in aim.signals and sentence and not asks:
                yield reply.index, sentence
    yield from _brought_out(aim, seen, lexicon)
    for reply, heard in fair:
        if heard.asked is not None and heard.asked.topics & aim.topics:
            yield reply.index, _sentence(reply, aim, lexicon)
    for reply, _ in fair:
        for sentence in sentences_of(reply.text):
            if _near(aim, sentence, seen, lexicon):
                yield reply.index, sentence


def _fair(reply: Reply, seen: Seen) -> bool:
    """Tell whether a reply can show a task done; a threat with an offer in it is no offer."""
    heard, grade = seen.heard.get(reply.index), seen.grades.get(reply.index)
    if heard is None or heard.appraisal.provokes():
        return False
    return not (isinstance(grade, Grade) and grade.overall < _FAIR)


def _takes_step(aim: Aim, heard: Heard, seen: Seen, lexicon: Lexicon) -> bool:
    """Tell whether a reply takes a safety step; for an aim without signals, one in like words."""
    safety = seen.scenario.safety
    if safety is None:
        return False
    own = content_words(lexicon.split(aim.words), lexicon).keys()
    return any(
        aim.signals or own & content_words(lexicon.split(step.label), lexicon).keys()
        for step in safety.steps
        if step.id in heard.steps & seen.safety_steps
    )


def _around(finding: Finding, text: str) -> str:
    """Return the sentence a finding stands in; empty when its words are not in the text."""
    if text[finding.start : finding.start + len(finding.quote)] != finding.quote:
        return ""
    end = 0
    for sentence in sentences_of(text):
        start = text.index(sentence, end)
        end = start + len(sentence)
        if start <= finding.start < end:
            return sentence
    return finding.quote


def _brought_out(aim: Aim, seen: Seen, lexicon: Lexicon) -> Iterator[tuple[int, str]]:
    """Yield the replies that brought out a fact the aim is about."""
    told = {fact.id: fact for fact in seen.scenario.facts if fact.id in seen.facts_told}
    by_index = {reply.index: reply for reply in seen.replies}
    for fact_id, place in sorted(seen.told_in.items(), key=lambda each: each[1]):
        fact = told.get(fact_id)
        if fact is None or place not in by_index or fact.reveal == "freely":
            continue
        named = {word[:5] for word in fact_id.split("_")}
        about = bool(aim.topics & set(fact.topics)) or bool(aim.stems & named)
        if about or (aim.hidden and fact.reveal == "when_trusted"):
            yield place, _sentence(by_index[place], aim, lexicon)


def _near(aim: Aim, sentence: str, seen: Seen, lexicon: Lexicon) -> bool:
    one, other = seen.vectors.get(aim.words), seen.vectors.get(sentence)
    if one is not None and other is not None and float(one @ other) >= _LIKE:
        return True
    if not aim.stems:
        return False
    said = content_words(lexicon.split(sentence), lexicon).keys()
    return len(aim.stems & said) >= max(1, _SHARED * len(aim.stems))


def _sentence(reply: Reply, aim: Aim, lexicon: Lexicon) -> str:
    """Return the sentence of a reply that is nearest to an aim: by its words, else its question,
    else the first."""
    sentences = sentences_of(reply.text) or [reply.text]

    def nearness(sentence: str) -> tuple[int, bool]:
        said = content_words(lexicon.split(sentence), lexicon).keys()
        return len(aim.stems & said), sentence.rstrip().endswith("?")

    return max(sentences, key=nearness)
