"""Lays out the curve of arousal and trust, in units of the picture's view box.

Pure numbers; the template draws them. A reply that moved the persona gets a numbered mark.
"""

from dataclasses import dataclass

from agent.protocol import Report, Standing

WIDTH, HEIGHT = 640, 250
LEFT, RIGHT, TOP, BOTTOM = 40, 98, 40, 34
MARK_Y = 16
"""Where the numbered marks stand, above the curve."""
MARK_ROOM = 22
"""Marks nearer than this would lie on each other."""
LABEL_ROOM = 26
NAME_HEIGHT = 18
SCALE_MAX = 5


@dataclass(frozen=True, slots=True)
class Point:
    """The start or a reply on the chart."""

    label: str
    x: float
    arousal: float
    trust: float
    moved: str | None
    """`eased` or `hardened`."""
    numbered: bool
    """Whether there is room for its number below."""
    marked: bool
    """Whether there is room for its mark above."""


def standings(report: Report) -> list[Standing]:
    """Return where the persona stood, also for a report from before there was a trajectory."""
    if report.trajectory:
        return report.trajectory
    return [
        Standing(
            exchange=each.index, arousal=each.state.arousal, trust=each.state.trust, bars=0, cpi=""
        )
        for each in report.exchanges
    ]


def points_of(report: Report) -> list[Point]:
    """Return the points of the chart from left to right; empty when nothing was said."""
    stood = standings(report)
    room = WIDTH - LEFT - RIGHT
    step = room / (len(stood) - 1) if len(stood) > 1 else 0
    # A single point stands in the middle: at the edge it would look like the start of a line.
    first = LEFT if len(stood) > 1 else LEFT + room / 2
    points: list[Point] = []
    last_label = last_mark = -float("inf")
    for number, each in enumerate(stood):
        x = round(first + number * step, 1)
        numbered = x - last_label >= LABEL_ROOM
        marked = each.moved is not None and x - last_mark >= MARK_ROOM
        last_label = x if numbered else last_label
        last_mark = x if marked else last_mark
        points.append(
            Point(
                label="start" if each.exchange is None else str(each.exchange + 1),
                x=x,
                arousal=level_y(each.arousal),
                trust=level_y(each.trust),
                moved=each.moved,
                numbered=numbered,
                marked=marked,
            )
        )
    return points


def level_y(level: float) -> float:
    """Return the height of a level from 0 to 5; what lies outside is drawn at the edge."""
    span = HEIGHT - TOP - BOTTOM
    return round(TOP + (1 - max(0.0, min(SCALE_MAX, level)) / SCALE_MAX) * span, 1)


def names_y(last: Point) -> dict[str, float]:
    """Return where the curves' names stand: beside their ends, but not on each other."""
    middle = (last.arousal + last.trust) / 2
    gap = max(abs(last.arousal - last.trust), NAME_HEIGHT) / 2
    up = -1 if last.arousal <= last.trust else 1
    return {"arousal": middle + up * gap + 5, "trust": middle - up * gap + 5}


def moved(points: list[Point], how: str) -> str:
    """Return the numbers of the replies that did this, as a list to read."""
    return ", ".join(point.label for point in points if point.moved == how)
