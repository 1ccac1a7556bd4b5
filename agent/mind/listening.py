"""What a persona makes of one reply before taking it in: tone, question, news, its own sore points.

Everything that decides how the persona moves and what it may tell is gathered here once, so that
the scripted persona, a language model and the grader's reader all see the same reply.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from agent.mind.appraisal import Appraisal, Manner, Signal, appraise
from agent.mind.disclosure import Asked, FactIndex, Sentence, Vector, sentences_of
from agent.mind.lexicon import Lexicon
from agent.mind.relevance import question_word
from agent.mind.sense import Sense
from agent.mind.triggers import PhraseFinder
from personas.model import News, SafetyStep, Scenario, Trigger

_TELLING = (
    Signal.EXPLANATION,
    Signal.SOLUTION,
    Signal.TIMEFRAME,
    Signal.LIMIT,
    Signal.SAFETY,
    Signal.COMMAND,
)
_SHORT_CHECK = 6
"""Words up to which "does that make sense?" asks for nothing else."""
_FEWEST_WORDS, _MOST_WORDS = 4, 25
"""Of a sentence a person would say back."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What was made of one reply."""

    words: str
    appraisal: Appraisal
    asked: Asked | None = None
    red_lines: tuple[Trigger, ...] = ()
    calming_signals: tuple[Trigger, ...] = ()
    news: tuple[News, ...] = ()
    statements: tuple[str, ...] = ()
    """Sentences that told the persona something, as they were said."""
    steps: frozenset[str] = frozenset()
    """Ids of the safety steps it takes."""


def texts_of(reply: str) -> list[str]:
    """Return what a reply's vectors are made of: its sentences, and the whole."""
    return [*sentences_of(reply), reply]


class Listener:
    """Hears replies as one scenario's persona does."""

    def __init__(
        self, scenario: Scenario, lexicon: Lexicon, index: FactIndex, sense: Sense | None = None
    ) -> None:
        self._lexicon = lexicon
        self._index = index
        self._sense = sense
        mood = scenario.mood
        self._red_lines = PhraseFinder([(t, t.phrases) for t in mood.red_lines], lexicon)
        self._calming = PhraseFinder([(t, t.phrases) for t in mood.calming_signals], lexicon)
        self._news = PhraseFinder([(t, t.phrases) for t in mood.news], lexicon)
        self._steps = scenario.safety.steps if scenario.safety else ()
        self._said_steps = PhraseFinder([(step, step.phrases) for step in self._steps], lexicon)

    def hear(
        self,
        reply: str,
        *,
        vectors: Sequence[Vector] | None = None,
        told: Collection[str] = (),
        persona_line: str = "",
        manner: Manner | None = None,
    ) -> Heard:
        """Return what a reply is taken for; `vectors`: one for each of `texts_of(reply)`."""
        texts = sentences_of(reply)
        sensed = None
        if self._sense is not None and vectors is not None:
            sensed = self._sense.of(reply, texts, vectors, weighed=False)
        found = appraise(
            reply,
            self._lexicon,
            persona_line=persona_line,
            sensed=sensed,
            manner=manner,
        )
        alone = [appraise(text, self._lexicon) for text in texts]
        sentences = [_sentence(text, each) for text, each in zip(texts, alone, strict=True)]
        asked = self._index.asked(sentences, vectors, told=told)
        said = self._lexicon.split(reply)
        said_steps = self._said_steps.find(said)
        return Heard(
            words=reply,
            appraisal=found,
            asked=asked,
            red_lines=self._red_lines.find(said),
            calming_signals=self._calming.find(said),
            news=self._news.find(said),
            statements=tuple(
                text
                for text, each in zip(texts, alone, strict=True)
                if not each.questions
                and each.has(*_TELLING)
                and _FEWEST_WORDS <= each.words <= _MOST_WORDS
            ),
            steps=frozenset(
                step.id for step in self._steps if step in said_steps or _taken(step, found, asked)
            ),
        )


def sentence_of(text: str, lexicon: Lexicon) -> Sentence:
    """Return a sentence with what its form says: whether it asks, and whether it informs."""
    return _sentence(text, appraise(text, lexicon))


def _sentence(text: str, found: Appraisal) -> Sentence:
    asks = _asks(text, found)
    return Sentence(text, asks, informs=not asks and found.has(*_TELLING))


def _asks(text: str, found: Appraisal) -> bool:
    """Tell whether a sentence asks for something. An offer or a request for leave does not ("is
    that all right with you?"), unless it leads to a question ("can I ask what puts you off?")."""
    if found.has(Signal.INVITATION):
        return True
    if not found.questions:
        return False
    checks = found.has(Signal.TEACH_BACK, Signal.QUESTIONS_WELCOME) or (
        found.has(Signal.CHECK_UNDERSTANDING) and found.words <= _SHORT_CHECK
    )
    return bool(question_word(text)) or not (checks or found.has(Signal.AUTONOMY))


def _taken(step: SafetyStep, found: Appraisal, asked: Asked | None) -> bool:
    """Tell whether a reply takes a step by what it asks; one without topics or phrases is taken
    by any words about safety."""
    if not step.topics and not step.phrases:
        return found.has(Signal.SAFETY)
    return asked is not None and not asked.topics.isdisjoint(step.topics)
