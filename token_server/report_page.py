"""Makes the report a page that stands alone: one file to read, print, mail or keep.

What people said is put in as text by Jinja2's autoescape. Nothing is loaded and nothing runs.
"""

from dataclasses import dataclass
from datetime import datetime

from agent.protocol import DeliveryMeasure, Exchange, Grade, Report, Skill
from token_server import report_chart
from token_server.report_quotes import Piece, mark, place, quotes_of
from token_server.templating import load_template

SKILLS = {
    Skill.TONE: "Tone and voice",
    Skill.LISTENING: "Listening and empathy",
    Skill.CALM: "Calm and confidence",
    Skill.CLARITY: "Clear communication",
    Skill.SAFETY: "Safety awareness",
    Skill.RESOLUTION: "Conflict resolution",
}
OUTCOMES = {
    "escalation": "It escalated",
    "containment": "Contained, not resolved",
    "de-escalation": "De-escalated",
    "resolution": "Resolved",
}
"""The four bands, from the worst to the best."""
PARTS = {
    "hearing": "Hearing",
    "mind": "Mind",
    "voice": "Voice",
    "meaning": "Meaning",
    "grading": "Grading",
}
TASKS = {"done": "done", "partly": "partly", "not_seen": "not seen"}
STEPS = {"observed": "observed", "not_observed": "not observed", "no_chance": "no chance"}
DANGERS = {
    "none": "It never came up.",
    "open": "It came up and was still open at the end.",
    "handled": "It came up and was taken up.",
}
HARMS = {
    "self": "A risk of self-harm.",
    "others": "A risk of harm to others.",
    "health": "A danger to health.",
}


@dataclass(frozen=True, slots=True)
class Criticism:
    """One reply as the page shows it."""

    exchange: Exchange
    grade: Grade | None
    """None: ungraded, and the exchange says why."""
    reply: tuple[Piece, ...]
    loose_quotes: tuple[str, ...]
    """Quotes that do not stand in the reply word for word."""
    spoken: tuple[str, ...]
    """What was measured of how it was spoken, in words."""


def render(report: Report) -> str:
    """Return the report as one HTML page without scripts and without anything to load."""
    points = report_chart.points_of(report)
    return _PAGE.render(
        report=report,
        criticisms=[_criticism(report, exchange) for exchange in report.exchanges],
        points_of_chart=points,
        standings=report_chart.standings(report),
        chart=report_chart,
        skill_names=SKILLS,
        outcomes=OUTCOMES,
        tasks=TASKS,
        steps_said=STEPS,
        dangers=DANGERS,
        harms=HARMS,
        parts=[(PARTS.get(part, part), where) for part, where in report.providers.items()],
    )


def spoken(exchange: Exchange) -> tuple[str, ...]:
    """Return what was measured of how a reply was spoken, in words; what was not is left out."""
    said = exchange.delivery
    if not said.spoken:
        return ("Typed, so delivery is not measured.",)
    early = said.response_latency_s is not None and said.response_latency_s < 0
    told = (
        ("{:.0f} words a minute", said.words_per_minute),
        ("answered after {:.1f}\u00a0s", None if early else said.response_latency_s),
        ("began before they had finished", 1 if early else None),
        ("long pauses: {:.0f}", said.long_pauses),
        ("longest pause: {:.1f}\u00a0s", said.longest_pause_s),
        ("loudness: {:+.0f} dB against your usual voice", said.level_rise_db),
        ("pitch: {:+.1f} semitones against your usual voice", said.pitch_rise_semitones),
        ("interruptions: {:.0f}", said.interruptions),
        ("words of listening: {:.0f}", said.backchannels),
        ("share of the talking: {:.0%}", said.talk_share),
    )
    measured = tuple(words.format(value) for words, value in told if value is not None)
    return measured or ("Delivery was not measured.",)


def band(measure: DeliveryMeasure) -> str:
    """Return a reference band in words."""
    if measure.low is not None and measure.high is not None:
        return f"{measure.low:g} to {measure.high:g}"
    if measure.low is not None:
        return f"{measure.low:g} or more"
    if measure.high is not None:
        return f"at most {measure.high:g}" if measure.high else "none"
    return "no band"


def _criticism(report: Report, exchange: Exchange) -> Criticism:
    quotes = quotes_of(report, exchange.index)
    return Criticism(
        exchange=exchange,
        grade=exchange.grade if isinstance(exchange.grade, Grade) else None,
        reply=mark(exchange.reply_text, quotes),
        loose_quotes=tuple(q for q in quotes if place(exchange.reply_text, q) is None),
        spoken=spoken(exchange),
    )


def _clock(seconds: float) -> str:
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def _date(stamp: str) -> str:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


_PAGE = load_template("report.html", clock=_clock, date=_date, band=band)
