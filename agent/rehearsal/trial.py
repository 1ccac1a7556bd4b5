"""`python -m personas try ID`: what becomes of a persona with a poor, a mixed and a good trainee.

A scenario is only worth practising if treating the person well ends better than treating them
badly. A scenario brings the three trainees' words; one without is tried with words that fit any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

from agent.mind.lexicon import load_lexicon
from agent.protocol import Grade, Outcome
from agent.rehearsal.talk import Exchanged, Talk
from agent.role import Encoder, learned
from personas.model import Rehearsal, Scenario

NAMES = ("poor", "mixed", "good")
_EXPECTED: dict[str, tuple[Outcome, ...]] = {
    "poor": ("escalation",),
    "mixed": ("containment",),
    "good": ("de-escalation", "resolution"),
}
_ANY = Path(__file__).parent / "trainees.yaml"


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of a persona with one trainee."""

    trainee: str
    exchanges: tuple[Exchanged, ...]
    arousal: float
    trust: float
    gain: float
    outcome: Outcome

    def as_expected(self) -> bool:
        """Tell whether it ended as it should with such a trainee."""
        return self.outcome in _EXPECTED[self.trainee]


def rehearsal_of(scenario: Scenario) -> Rehearsal:
    """Return what the three trainees say: the scenario's own words, or words that fit any."""
    if scenario.rehearsal is not None:
        return scenario.rehearsal
    fitting = yaml.safe_load(_ANY.read_text(encoding="utf-8"))
    return Rehearsal.model_validate(fitting[scenario.kind])


async def tried(scenario: Scenario, encoder: Encoder, reader: Encoder | None = None) -> list[Trial]:
    """Play the three trainees, each with a persona of its own; return the trials in order."""
    words = rehearsal_of(scenario)
    listener = await learned(scenario, load_lexicon(scenario.language), encoder)
    trials = []
    for name in NAMES:
        talk = Talk(scenario, encoder, listener, reader)
        await talk.begin()
        for line in getattr(words, name):
            await talk.say(line)
        mood = talk.mood()
        trials.append(
            Trial(
                name, tuple(talk.exchanges), mood.arousal, mood.trust, talk.gain(), talk.outcome()
            )
        )
    return trials


def in_order(trials: Sequence[Trial]) -> bool:
    """Tell whether each trainee ended as expected, and better than the one before."""
    gains = [trial.gain for trial in trials]
    rising = all(one < other for one, other in pairwise(gains))
    return rising and all(trial.as_expected() for trial in trials)


def show_talks(trials: Sequence[Trial], screen: Console) -> None:
    """Print every talk with the persona's state and the grade after each reply."""
    for trial in trials:
        table = Table(title=f"{trial.trainee} trainee", show_lines=False, expand=True)
        for column, ratio in (("trainee", 5), ("persona", 5)):
            table.add_column(column, ratio=ratio)
        for column in ("arousal", "trust", "told", "grade"):
            table.add_column(column, justify="right", no_wrap=True)
        for each in trial.exchanges:
            mood = each.answer.mind.mood
            table.add_row(
                each.said,
                each.answer.line,
                f"{mood.arousal:.2f}",
                f"{mood.trust:.2f}",
                each.answer.fact.id if each.answer.fact else "",
                str(each.grade.overall) if isinstance(each.grade, Grade) else "-",
            )
        screen.print(table)


def show_endings(found: Sequence[tuple[Scenario, Sequence[Trial]]], screen: Console) -> None:
    """Print how each trainee ended, a row a scenario."""
    table = Table(title="endings: arousal / trust, band")
    table.add_column("scenario")
    for column in ("start", *NAMES, "in order"):
        table.add_column(column)
    for scenario, trials in found:
        ends = [f"{each.arousal:.2f} / {each.trust:.2f} {each.outcome}" for each in trials]
        start = f"{scenario.mood.arousal:.2f} / {scenario.mood.trust:.2f}"
        table.add_row(scenario.id, start, *ends, "yes" if in_order(trials) else "NO")
    screen.print(table)
