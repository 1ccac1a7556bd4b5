"""Appraises a reply by its words, in the voice path: what in it warms, helps, provokes or asks.

The lexicon's phrases are exact, take well under 2 ms and quote the words that gave a finding. What
they miss or are fooled by, such as sarcasm, comes from `sense` where there are sentence vectors:
then the finding quotes the sentence. How the reply came (`Manner`) adds silence and interruption.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.mind.lexicon import PROVOKING as PROVOKING
from agent.mind.lexicon import Cue as Cue
from agent.mind.lexicon import Lexicon as Lexicon
from agent.mind.lexicon import Signal as Signal
from agent.mind.lexicon import load_lexicon as load_lexicon
from agent.mind.lexicon.matching import Span, find, questions
from agent.mind.lexicon.words import Text
from agent.mind.sense import Sensed

LONG_WORDS = 60
"""More words than this in one reply are `LONG`."""
STACKED = 3
"""This many questions in one reply are `STACKED_QUESTIONS`."""
WARMTH = {
    Signal.EMPATHY: 2.0,
    Signal.VALIDATION: 2.0,
    Signal.REFLECTION: 1.5,
    Signal.APOLOGY: 1.0,
    Signal.INVITATION: 1.0,
    Signal.AUTONOMY: 1.0,
    Signal.SOLUTION: 1.0,
    Signal.OPEN_QUESTION: 0.5,
    Signal.TIMEFRAME: 0.5,
    Signal.INTRODUCTION: 0.5,
    Signal.THANKS: 0.5,
}
"""What each distinct signal adds to `Appraisal.warmth`."""
PROVOCATION = {
    Signal.INSULT: 3.0,
    Signal.THREAT: 3.0,
    Signal.CALM_DOWN: 2.0,
    Signal.INVALIDATION: 2.0,
    Signal.BLAME: 2.0,
    Signal.SHOUTING: 2.0,
    Signal.SARCASM: 2.0,
    Signal.DISMISSAL: 1.5,
    Signal.COMMAND: 1.0,
    Signal.UNEARNED_UNDERSTANDING: 1.0,
    Signal.INTERRUPTION: 0.5,
}
"""What each distinct signal adds to `Appraisal.provocation`."""
_MOST = 6.0
_HURTS = 0.6
"""Tone below which a reply hurts even where no word of it is known to."""
_TONE_WEIGHS = 2.0
_COURTEOUS = frozenset({Signal.GREETING, Signal.INTRODUCTION, Signal.THANKS, Signal.GOODBYE})
_QUESTIONS = frozenset({Signal.OPEN_QUESTION, Signal.CLOSED_QUESTION, Signal.INVITATION})
LONG_SILENCE_S = 8.0
"""Silence before a reply, in seconds, from which it is felt as such."""
_TAKES_THE_FLOOR = 3
"""Words from which talking over the persona is no mere "mhm"."""
_ACKNOWLEDGING = (Signal.EMPATHY, Signal.VALIDATION, Signal.REFLECTION)


@dataclass(frozen=True, slots=True)
class Finding:
    """A signal and the verbatim words that gave it."""

    signal: Signal
    quote: str
    start: int
    """Offset of the quote in the reply."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What was found in one reply."""

    findings: tuple[Finding, ...]
    """In the order of the reply; good and bad may stand side by side."""
    words: int
    questions: int
    tone: float = 0.0
    """How the whole is taken, from -1 (hurts) to 1 (helps); 0 where it was not sensed."""

    def has(self, *signals: Signal) -> bool:
        """Tell whether any of these signals was found."""
        return any(finding.signal in signals for finding in self.findings)

    def quotes(self, signal: Signal) -> tuple[str, ...]:
        """Return the words that gave a signal, in order."""
        return tuple(each.quote for each in self.findings if each.signal is signal)

    @property
    def signals(self) -> frozenset[Signal]:
        """Return the distinct signals found."""
        return frozenset(finding.signal for finding in self.findings)

    @property
    def warmth(self) -> float:
        """Return 0 (none) to 6: the weights of the distinct warm signals, added up."""
        return min(_MOST, sum(WARMTH.get(signal, 0.0) for signal in self.signals))

    def provokes(self) -> bool:
        """Tell whether the reply as a whole angers or hurts, all in all."""
        good, bad = max(0.0, self.tone), max(0.0, -self.tone)
        if not self.provocation and bad < _HURTS:
            return False
        return self.provocation + _TONE_WEIGHS * bad > self.warmth + _TONE_WEIGHS * good

    @property
    def provocation(self) -> float:
        """Return 0 (none) to 6: the weights of the distinct provoking signals, added up."""
        return min(_MOST, sum(PROVOCATION.get(signal, 0.0) for signal in self.signals))


@dataclass(frozen=True, slots=True)
class Manner:
    """How a reply came, beside its words."""

    cut_in: bool = False
    """It cut the persona off."""
    silence_s: float | None = None
    """Seconds from the persona's last word to its first; None: not known."""


def appraise(
    reply: str,
    lexicon: Lexicon,
    *,
    persona_line: str = "",
    sensed: Sensed | None = None,
    manner: Manner | None = None,
) -> Appraisal:
    """Return what a reply does; `persona_line` is what it answers, if anything."""
    text = lexicon.split(reply)
    spans = [*find(text, lexicon.rules, lexicon)]
    asked = questions(text, lexicon)
    spans.extend(_echoes(text, persona_line, spans, lexicon))
    spans = [*_settle(text, spans, lexicon), *_shouts(text, lexicon)]
    provoking = [span for span in spans if Signal(span.means) in PROVOKING]
    for question in asked:
        # "What's wrong with you?" asks nothing.
        if not any(span.overlaps(question) for span in provoking):
            spans.append(Span(f"{question.means}_question", question.first, question.last))
    spoken = text.spoken()
    findings = [
        Finding(Signal(span.means), text.quote(span.first, span.last), text.words[span.first].start)
        for span in spans
    ]
    words = len({word.start for word in spoken})
    if words and (extra := _whole(words, len(asked))):
        whole = reply[spoken[0].start : spoken[-1].end]
        findings.extend(Finding(signal, whole, spoken[0].start) for signal in extra)
    if sensed is not None:
        findings = _with_sensed(reply, findings, sensed.signals)
    if words and manner is not None:
        first = text.quote(1, min(len(spoken), _TAKES_THE_FLOOR))
        if manner.cut_in and words >= _TAKES_THE_FLOOR:
            findings.append(Finding(Signal.INTERRUPTION, first, spoken[0].start))
        if manner.silence_s is not None and manner.silence_s >= LONG_SILENCE_S:
            findings.append(Finding(Signal.SILENCE, first, spoken[0].start))
    findings.sort(key=lambda finding: (finding.start, finding.signal))
    return Appraisal(
        tuple(findings),
        words=words,
        questions=len(asked),
        tone=_tone(sensed, findings) if sensed is not None and words else 0.0,
    )


def cues(persona_line: str, lexicon: Lexicon) -> frozenset[Cue]:
    """Return what a persona's line asks of the reply to it."""
    text = lexicon.split(persona_line)
    found = {Cue(span.means) for span in find(text, lexicon.cues, lexicon)}
    # "Hello?" wants an answer, but asks nothing.
    if any(span.last > span.first for span in questions(text, lexicon)):
        found.add(Cue.QUESTION)
    return frozenset(found)


def content_words(text: Text, lexicon: Lexicon) -> dict[str, int]:
    """Return the stems of the words that carry meaning, each with the index it first stands at."""
    stems: dict[str, int] = {}
    for index, word in enumerate(text.words):
        if len(word.form) > 3 and word.form not in lexicon.common:
            stems.setdefault(word.form[:5], index)
    return stems


def _tone(sensed: Sensed, findings: Iterable[Finding]) -> float:
    """Return the sensed tone, halved where every telling word found says otherwise."""
    tone = sensed.tone()
    signals = {finding.signal for finding in findings}
    warm, harsh = not signals.isdisjoint(WARMTH), not signals.isdisjoint(PROVOCATION)
    against = (harsh and not warm) if tone > 0 else (warm and not harsh)
    if tone < 0 and not harsh and signals & _COURTEOUS and signals <= _COURTEOUS | _QUESTIONS:
        # A greeting says nothing yet, which the labelled replies take for coldness.
        return 0.0
    return tone / 2 if against else tone


def _with_sensed(
    reply: str,
    findings: list[Finding],
    sensed: Sequence[tuple[str, Mapping[Signal, float]]],
) -> list[Finding]:
    """Add what only the meaning of a sentence shows, and take back warmth that is sarcasm."""
    kept = list(findings)
    end = 0
    for sentence, heard in sensed:
        start = reply.find(sentence, end)
        if start < 0:
            continue
        end = start + len(sentence)
        inside = [each for each in kept if start <= each.start < end]
        if Signal.SARCASM in heard:
            kept = [each for each in kept if each not in inside or each.signal not in WARMTH]
        kept.extend(
            Finding(signal, sentence.strip(), start)
            for signal in heard
            if signal not in {each.signal for each in inside}
        )
    return kept


def _whole(words: int, asked: int) -> list[Signal]:
    return [
        *([Signal.LONG] if words > LONG_WORDS else []),
        *([Signal.STACKED_QUESTIONS] if asked >= STACKED else []),
    ]


def _echoes(
    text: Text, persona_line: str, spans: Iterable[Span], lexicon: Lexicon
) -> Iterable[Span]:
    """Yield sentences about "you" that take up two or more of the persona's own words."""
    if not persona_line:
        return
    said = content_words(lexicon.split(persona_line), lexicon).keys()
    shared = [index for stem, index in content_words(text, lexicon).items() if stem in said]
    taken = [span for span in spans if Signal(span.means) in PROVOKING | {Signal.REFLECTION}]
    for first, last in {text.sentence(index) for index in shared}:
        inside = sum(first <= index <= last for index in shared)
        about_you = any(word.form in ("you", "your") for word in text.words[first : last + 1])
        asks = text.words[last + 1].form == "?"
        echo = Span(Signal.REFLECTION, first, last)
        if (
            inside >= 2
            and about_you
            and not asks
            and not any(echo.overlaps(each) for each in taken)
        ):
            yield echo


def _settle(text: Text, spans: list[Span], lexicon: Lexicon) -> list[Span]:
    """Drop findings that another one explains better."""
    kept: list[Span] = []
    for span in spans:
        stronger = lexicon.yields.get(Signal(span.means), ())
        if any(other.means in stronger and other.overlaps(span) for other in spans):
            continue
        if span.means == Signal.UNEARNED_UNDERSTANDING:
            first, last = text.sentence(span.first)
            if any(
                first <= other.first <= last
                and other.means in _ACKNOWLEDGING
                and other.last > span.last
                for other in spans
            ):
                continue
        kept.append(span)
    return kept


def _shouts(text: Text, lexicon: Lexicon) -> Iterable[Span]:
    """Yield runs of two or more words in capitals, known abbreviations apart.

    A recogniser that writes everything in capitals shouts nothing: without a lower-case letter, a
    run counts only where there are exclamation marks or fewer than ten words.
    """
    spoken = text.spoken()
    if len(spoken) >= 10 and "!" not in text.raw and text.raw.upper() == text.raw:
        return
    run: list[int] = []
    for index, word in enumerate(text.words):
        written = text.raw[word.start : word.end]
        if written.isupper() and word.form not in lexicon.acronyms and len(written) > 1:
            run.append(index)
            continue
        if written.isalnum() and len(written) > 1:
            yield from _shout(text, run)
            run = []
    yield from _shout(text, run)


def _shout(text: Text, run: list[int]) -> Iterable[Span]:
    if len({text.words[index].start for index in run}) >= 2:
        yield Span(Signal.SHOUTING, run[0], run[-1])
