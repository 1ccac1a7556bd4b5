"""Makes the report a page that stands alone: one file to read, print, mail or keep.

What people said is put in as text by Jinja2's autoescape, and quotes are marked by cutting the
reply at their places, never by writing markup around strings.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from jinja2 import Environment, PackageLoader, StrictUndefined

from agent.protocol import Exchange, Grade, Report, Skill

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
PARTS = {"hearing": "Hearing", "mind": "Mind", "voice": "Voice", "meaning": "Meaning"}
CHART_WIDTH, CHART_HEIGHT = 480, 200
CHART_LEFT, CHART_RIGHT, CHART_TOP, CHART_BOTTOM = 36, 76, 12, 30
NAME_HEIGHT = 18
SCALE_MAX = 5


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a reply, quoted as evidence or not."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A reply's place on the chart, in units of its view box."""

    label: str
    x: float
    arousal: float
    trust: float


@dataclass(frozen=True, slots=True)
class Criticism:
    """One reply as the page shows it."""

    exchange: Exchange
    grade: Grade | None
    """None: ungraded, and the exchange says why."""
    reply: tuple[Piece, ...]
    loose_quotes: tuple[str, ...]
    """Quotes that do not stand in the reply word for word."""


def render(report: Report) -> str:
    """Return the report as one HTML page without scripts and without anything to load."""
    points = trajectory(report)
    return _PAGE.render(
        report=report,
        criticisms=[_criticism(report, exchange) for exchange in report.exchanges],
        points_of_chart=points,
        label_y=_apart(points[-1]) if points else None,
        skills=[(SKILLS[skill], report.skills[skill]) for skill in Skill if skill in report.skills],
        skill_names=SKILLS,
        outcome=OUTCOMES[report.outcome] if report.outcome else None,
        parts=[(PARTS.get(part, part), where) for part, where in report.providers.items()],
        chart={
            "width": CHART_WIDTH,
            "height": CHART_HEIGHT,
            "left": CHART_LEFT,
            "right": CHART_WIDTH - CHART_RIGHT,
        },
        level_y=_level_y,
    )


def quotes_of(report: Report, index: int) -> list[str]:
    """Return every quote taken from one reply, by its grade or by a criterion, without doubles."""
    grades = [each.grade for each in report.exchanges if isinstance(each.grade, Grade)]
    evidence = [
        *(each for grade in grades for each in grade.evidence),
        *(each for criterion in report.criteria for each in criterion.evidence),
    ]
    return list(dict.fromkeys(e.quote for e in evidence if e.exchange == index and e.quote.strip()))


def mark(reply: str, quotes: list[str]) -> tuple[Piece, ...]:
    """Cut a reply where quotes begin and end; overlapping quotes become one marked stretch."""
    spans = [span for quote in quotes if (span := _place(reply, quote)) is not None]
    edges = sorted({0, len(reply), *(edge for span in spans for edge in span)})
    pieces: list[Piece] = []
    for start, end in pairwise(edges):
        quoted = any(span[0] <= start and end <= span[1] for span in spans)
        if pieces and pieces[-1].quoted == quoted:
            pieces[-1] = Piece(pieces[-1].text + reply[start:end], quoted)
        else:
            pieces.append(Piece(reply[start:end], quoted))
    return tuple(pieces)


def trajectory(report: Report) -> list[Point]:
    """Return where arousal and trust stood after each reply, laid out for the chart."""
    exchanges = report.exchanges
    room = CHART_WIDTH - CHART_LEFT - CHART_RIGHT
    step = room / (len(exchanges) - 1) if len(exchanges) > 1 else 0
    # A single reply stands in the middle: at the edge it would look like the start of a line.
    first = CHART_LEFT if len(exchanges) > 1 else CHART_LEFT + room / 2
    return [
        Point(
            label=str(each.index + 1),
            x=round(first + n * step, 1),
            arousal=_level_y(each.state.arousal),
            trust=_level_y(each.state.trust),
        )
        for n, each in enumerate(exchanges)
    ]


def _level_y(level: float) -> float:
    span = CHART_HEIGHT - CHART_TOP - CHART_BOTTOM
    return round(CHART_TOP + (1 - max(0.0, min(SCALE_MAX, level)) / SCALE_MAX) * span, 1)


def _apart(last: Point) -> dict[str, float]:
    """Return where the lines' names stand: beside their ends, but not on each other."""
    middle = (last.arousal + last.trust) / 2
    gap = max(abs(last.arousal - last.trust), NAME_HEIGHT) / 2
    up = -1 if last.arousal <= last.trust else 1
    return {"arousal": middle + up * gap + 5, "trust": middle - up * gap + 5}


def _criticism(report: Report, exchange: Exchange) -> Criticism:
    quotes = quotes_of(report, exchange.index)
    return Criticism(
        exchange=exchange,
        grade=exchange.grade if isinstance(exchange.grade, Grade) else None,
        reply=mark(exchange.reply_text, quotes),
        loose_quotes=tuple(q for q in quotes if _place(exchange.reply_text, q) is None),
    )


def _place(reply: str, quote: str) -> tuple[int, int] | None:
    start = reply.find(quote)
    if start < 0 and len(reply.lower()) == len(reply) and len(quote.lower()) == len(quote):
        # Some letters change length in lower case (İ): then positions would not fit the reply.
        start = reply.lower().find(quote.lower())
    return None if start < 0 else (start, start + len(quote))


def _clock(seconds: float) -> str:
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def _date(stamp: str) -> str:
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return stamp
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


_ENVIRONMENT = Environment(
    loader=PackageLoader("token_server"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["clock"] = _clock
_ENVIRONMENT.filters["date"] = _date
_PAGE = _ENVIRONMENT.get_template("report.html")
