"""What a scripted encounter came to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.protocol import GradeMessage, Report
from agent.trainee.events import Event

DISTURBED_MS = 100.0


@dataclass
class TraineeResult:
    """Everything the trainee saw, heard and measured."""

    encounter_id: str
    lines: int
    """How many lines there were to say."""
    answered: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    """One for each answer that began after its line: from the last voiced frame sent to the first
    voice heard. It includes transport both ways and the jitter buffer."""
    false_cutoffs: int = 0
    """How often the persona began to speak while a line was still being said, heard or not."""
    held_up_ms: float = 0.0
    """The longest this process kept a frame waiting, as on a busy machine: latencies may be too
    high by as much."""
    grades: list[GradeMessage] = field(default_factory=list)
    """In order of exchange, the last word on each."""
    report: Report | None = None
    report_json: str = ""
    """The report as it came."""
    events: list[Event] = field(default_factory=list)
    failure: str = ""
    """One sentence saying which line or what failed; empty: all went well."""

    @property
    def succeeded(self) -> bool:
        """True when every line was answered and the report came."""
        return not self.failure and self.answered == self.lines and self.report is not None


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share (0 to 1) of the values lie, interpolated linearly.

    Raises `ValueError` for no values, which have no percentile.
    """
    if not values:
        raise ValueError("no values, so no percentile")
    if not 0 <= share <= 1:
        raise ValueError(f"a share lies between 0 and 1, not {share!r}")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def save_report(result: TraineeResult, path: Path) -> None:
    """Write the report as it came, indented; raises `OSError`."""
    pretty = json.dumps(json.loads(result.report_json), ensure_ascii=False, indent=2)
    path.write_text(pretty + "\n", encoding="utf-8")


def summary(result: TraineeResult) -> str:
    """Return in one line how it went."""
    heard = "no latency measured"
    if result.latencies_ms:
        p50, p95 = (percentile(result.latencies_ms, share) for share in (0.5, 0.95))
        heard = f"latency as heard p50 {p50:.0f} ms, p95 {p95:.0f} ms"
    disturbed = ""
    if result.held_up_ms >= DISTURBED_MS:
        disturbed = (
            f"; this machine was too busy to measure well, by up to {result.held_up_ms:.0f} ms"
        )
    return (
        f"{result.answered} of {result.lines} lines answered, {heard},"
        f" {result.false_cutoffs} false cutoffs{disturbed}"
    )
