"""Chooses the one thing to tell the trainee: the gravest fault first, else what was missing most.

The texts are the rubric's. What fits the persona's line comes before what fits any line, and the
choice moves on from exchange to exchange, so that two like replies are not told the same.
"""

from collections.abc import Collection, Mapping, Sequence

from agent.assessment.rationale import quoted
from agent.assessment.rubric import Advice, Rubric
from agent.mind.appraisal import Appraisal
from agent.mind.lexicon import Cue
from agent.protocol import Mode, Skill

_GOOD_ENOUGH = 0.6
"""Share of the scale from which a criterion needs no advice."""


def advise(
    rubric: Rubric,
    appraisal: Appraisal,
    levels: Mapping[str, int],
    *,
    cues: Collection[Cue],
    index: int,
    mode: Mode,
    weakest: Skill | None = None,
) -> str:
    """Return what to do next time; in practice mode also how it might sound.

    `weakest`: the skill to work on, of a reply that was not good enough to be told to go on.
    """
    quote = ""
    choice: Sequence[Advice] = ()
    for signal, texts in rubric.faults.items():
        if quotes := appraisal.quotes(signal):
            quote, choice = quotes[0], texts
            break
    if not choice:
        choice = _missing(rubric, levels, cues) or _of_skill(rubric, weakest) or rubric.onwards
    advice = _fitting(choice, cues, index)
    said = advice.say.replace("“{quote}”", quoted(quote))
    return said if mode == "exam" else f"{said} For example: “{advice.better}”"


def _missing(rubric: Rubric, levels: Mapping[str, int], cues: Collection[Cue]) -> Sequence[Advice]:
    """Return the advice on the criterion that lags most; those the line asked for go first."""
    span = rubric.highest - rubric.lowest
    lagging = [
        ((levels[criterion.id] - rubric.lowest) / span, not set(criterion.asked_by) & set(cues), at)
        for at, criterion in enumerate(rubric.criteria)
        if criterion.id in levels
    ]
    lagging = [each for each in lagging if each[0] < _GOOD_ENOUGH]
    return rubric.criteria[min(lagging)[2]].missing if lagging else ()


def _of_skill(rubric: Rubric, skill: Skill | None) -> Sequence[Advice]:
    return [each for c in rubric.criteria if c.skill is skill for each in c.missing]


def _fitting(choice: Sequence[Advice], cues: Collection[Cue], index: int) -> Advice:
    exact = [advice for advice in choice if advice.cue in cues]
    usable = exact or [advice for advice in choice if advice.cue is None] or list(choice)
    opening = [advice for advice in usable if advice.opening]
    if opening:
        usable = opening if index == 0 else [each for each in usable if not each.opening] or usable
    return usable[index % len(usable)]
