"""Makes the progress a page that stands alone, in the style of the report page.

Names and titles are put in as text by Jinja2's autoescape. Nothing is loaded and nothing runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from token_server.progress import LATEST, Progress, SkillPoint
from token_server.report_page import OUTCOMES, SKILLS
from token_server.templating import load_template

WIDTH, HEIGHT, EDGE = 240, 48, 6
"""The sparkline's view box, and the room around the line for its dots."""
DOTS_MAX = 24
"""With more points than this only the last one gets a dot: they would lie on each other."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One score on a sparkline, in units of its view box."""

    x: float
    y: float
    partial: bool
    shown: bool
    """Whether there is room for its dot."""


def render(progress: Progress, *, trainee_name: str | None) -> str:
    """Return the progress as one HTML page without scripts and without anything to load."""
    return _PAGE.render(
        progress=progress,
        trainee_name=trainee_name,
        skills=[
            (name, progress.skills[skill], dots(progress.skills[skill].points))
            for skill, name in SKILLS.items()
            if skill in progress.skills
        ],
        outcomes=OUTCOMES,
        latest=LATEST,
        width=WIDTH,
        height=HEIGHT,
    )


def dots(points: Sequence[SkillPoint]) -> list[Dot]:
    """Return where the scores stand, from left to right, on a scale of 0 to 100."""
    last = len(points) - 1
    step = (WIDTH - 2 * EDGE) / last if last else 0
    # A single point stands in the middle: at the edge it would look like the start of a line.
    start = EDGE if last else WIDTH / 2
    return [
        Dot(
            x=round(start + number * step, 1),
            y=round(HEIGHT - EDGE - point.score / 100 * (HEIGHT - 2 * EDGE), 1),
            partial=point.partial,
            shown=number == last or last < DOTS_MAX,
        )
        for number, point in enumerate(points)
    ]


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y, %H:%M}"


_PAGE = load_template("progress.html", day=_day)
