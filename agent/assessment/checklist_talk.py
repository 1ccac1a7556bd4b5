"""A finished talk as checklists look at it: each reply with what it does, asks and tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from agent.assessment.pleas import without_pleas
from agent.assessment.rationale import drawn_out
from agent.mind.appraisal import Appraisal, appraise, cues
from agent.mind.disclosure import sentences_of
from agent.mind.lexicon import Cue, Lexicon, Signal
from agent.mind.listening import Heard
from agent.mind.triggers import PhraseFinder
from agent.protocol import Exchange


@dataclass(frozen=True, slots=True)
class Seen:
    """One exchange with what was made of it."""

    index: int
    reply: str
    """Without what was said about marks or instructions."""
    found: Appraisal
    cues: frozenset[Cue] = frozenset()
    """What the persona's line asked for."""
    topics: Mapping[str, str] = field(default_factory=dict)
    """The words that asked, by topic of the question bank."""
    news: str = ""
    """The words up to what was news to the persona; empty without any."""
    pause_s: float | None = None
    """From the persona's last word to the reply; None: not measured."""


def talk_of(
    exchanges: Sequence[Exchange], heard: Mapping[int, Heard], lexicon: Lexicon
) -> list[Seen]:
    """Return the exchanges as seen; `heard`: what the persona heard in each reply, by index.

    A reply that was not heard is looked at by its words alone, without topics and news.
    """
    return [_seen(each, heard.get(each.index), lexicon) for each in exchanges]


def _seen(exchange: Exchange, heard: Heard | None, lexicon: Lexicon) -> Seen:
    # Praise of oneself and talk about marks show nothing; offsets stay as they were.
    reply = without_pleas(exchange.reply_text, lexicon)
    if heard is not None and heard.words == reply:
        found = heard.appraisal
    else:
        found = appraise(reply, lexicon, persona_line=exchange.persona_text)
    topics = heard.asked.topics if heard is not None and heard.asked is not None else ()
    asked = _asked(reply, lexicon) if topics else ""
    return Seen(
        index=exchange.index,
        reply=reply,
        found=_whole_clauses(found, reply, lexicon),
        cues=cues(exchange.persona_text, lexicon),
        topics=dict.fromkeys(topics, asked) if asked else {},
        news=_news(reply, heard, lexicon) if heard is not None and heard.news else "",
        pause_s=exchange.delivery.response_latency_s,
    )


def _asked(reply: str, lexicon: Lexicon) -> str:
    """Return the words from the first sentence that asks to the end of the last one."""
    asking = [
        sentence
        for sentence in sentences_of(reply)
        if (alone := appraise(sentence, lexicon)).questions or alone.has(Signal.INVITATION)
    ]
    if not asking:
        return ""
    start = reply.find(asking[0])
    return reply[start : reply.find(asking[-1], start) + len(asking[-1])]


def _news(reply: str, heard: Heard, lexicon: Lexicon) -> str:
    """Return the sentence that told the news, as far as the news itself."""
    finder = PhraseFinder([(True, news.phrases) for news in heard.news], lexicon)
    for sentence in sentences_of(reply):
        for word in lexicon.split(sentence).spoken():
            if finder.find(lexicon.split(sentence[: word.end])):
                return sentence[: word.end]
    return ""


def _whole_clauses(found: Appraisal, reply: str, lexicon: Lexicon) -> Appraisal:
    """Return the appraisal with quotes that tell a reader something; those that begin between two
    words, as whole sentences may, are whole already."""
    text = lexicon.split(reply)
    starts = {word.start for word in text.words}
    if all(finding.start in starts for finding in found.findings):
        return drawn_out(found, text)
    return found
