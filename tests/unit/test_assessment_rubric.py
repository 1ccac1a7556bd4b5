"""Rubrics as files, the table from levels to numbers, percentiles, outcome bands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.assessment import rubric as rubric_module
from agent.assessment.levels import mean_score, score_of
from agent.assessment.outcome import outcome_of
from agent.assessment.percentile import percentile
from agent.assessment.rationale import FAULTS, SHOWS
from agent.assessment.rubric import RubricError, load_rubric, read_rubric, rubrics
from agent.mind.lexicon import Signal
from agent.protocol import PersonaState, Skill

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("rubric_id", rubrics())
def test_every_rubric_covers_the_skills_a_reply_shows_by_words(rubric_id: str) -> None:
    rubric = load_rubric(rubric_id)

    assert {criterion.skill for criterion in rubric.criteria} == set(Skill) - {Skill.TONE}


@pytest.mark.parametrize("rubric_id", rubrics())
def test_every_signal_a_rubric_counts_can_be_put_in_words(rubric_id: str) -> None:
    rubric = load_rubric(rubric_id)

    used = {signal for c in rubric.criteria for signal in (*c.earns, *c.loses, *c.caps)}
    assert used <= set(SHOWS)


@pytest.mark.parametrize("rubric_id", rubrics())
def test_every_fault_that_caps_a_grade_has_advice(rubric_id: str) -> None:
    rubric = load_rubric(rubric_id)

    assert set(rubric.ceilings) <= set(rubric.faults)


def test_unknown_rubric_names_the_known_ones() -> None:
    with pytest.raises(
        RubricError, match=r"no rubric named 'x'; known: clinical-communication, de-escalation"
    ):
        load_rubric("x")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("skill: safety_awareness", "skill: luck", "skill"),
        ("      5: Asks about the danger", "      6: Asks about the danger", "must describe"),
        ("    start: 3", "    start: 9", "off the scale"),
        ("earns: {safety: 2", "earns: {saftey: 2", "saftey"),
        ("id: risk", "id: guiding", "used twice"),
        ("highest: 5", "highest: 9", "no score"),
        ("id: de-escalation", "id: other", "not the file's name"),
        ("version:", "version: [", "cannot be read"),
    ],
)
def test_broken_rubric_says_what_is_wrong(tmp_path: Path, old: str, new: str, problem: str) -> None:
    bundled = Path(rubric_module.__file__).parent / "rubrics" / "de-escalation.yaml"
    text = bundled.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "de-escalation.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(RubricError) as caught:
        read_rubric(path)

    assert "de-escalation.yaml" in str(caught.value)
    assert problem in str(caught.value)


@pytest.mark.parametrize(("lowest", "highest"), [(0, 3), (1, 5), (0, 6)])
def test_numbers_rise_with_levels_and_stay_between_1_and_100(lowest: int, highest: int) -> None:
    scores = [
        score_of(level, lowest=lowest, highest=highest) for level in range(lowest, highest + 1)
    ]

    assert scores == sorted(set(scores))
    assert scores[0] >= 1
    assert scores[-1] <= 100


@pytest.mark.parametrize(("level", "lowest", "highest"), [(4, 0, 3), (-1, 0, 3), (1, 0, 9)])
def test_level_off_the_table_is_an_error(level: int, lowest: int, highest: int) -> None:
    with pytest.raises(ValueError, match=f"no score for level {level}"):
        score_of(level, lowest=lowest, highest=highest)


def test_mean_of_scores_is_rounded_half_up() -> None:
    assert mean_score([70, 71]) == 71
    assert mean_score([70]) == 70


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([], 0.5, None),
        ([float("nan"), float("inf")], 0.5, None),
        ([7.0], 0.95, 7.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([1.0, 2.0, 3.0, 4.0], 0.5, 2.0),
        ([float(n) for n in range(1, 21)], 0.95, 19.0),
        ([float(n) for n in range(1, 22)], 0.95, 20.0),
        ([1.0, 2.0], 0.0, 1.0),
        ([1.0, 2.0], 1.0, 2.0),
    ],
)
def test_percentile_is_the_nearest_rank(
    values: list[float], share: float, expected: float | None
) -> None:
    assert percentile(values, share) == expected


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 1))
def test_percentile_is_a_value_that_enough_values_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-6


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ((3.5, 1.0), (4.25, 0.7), "escalation"),
        ((3.5, 1.0), (3.5, 1.0), "containment"),
        ((3.5, 1.0), (3.2, 1.4), "containment"),
        ((3.5, 1.0), (2.75, 1.5), "de-escalation"),
        ((3.5, 1.0), (1.0, 3.0), "resolution"),
        ((1.0, 3.0), (1.0, 3.0), "resolution"),
        ((1.0, 3.0), (1.5, 2.4), "escalation"),
        ((1.0, 3.0), (1.2, 2.9), "containment"),
    ],
)
def test_outcome_is_told_by_the_end_against_the_start(
    start: tuple[float, float], end: tuple[float, float], expected: str
) -> None:
    states = [PersonaState(arousal=arousal, trust=trust) for arousal, trust in (start, end)]

    assert outcome_of(states[0], states[1]) == expected


def test_signals_that_speak_against_a_reply_never_earn() -> None:
    for rubric_id in rubrics():
        for criterion in load_rubric(rubric_id).criteria:
            assert not set(criterion.earns) & FAULTS
            assert not {*criterion.loses, *criterion.caps} & (set(Signal) - FAULTS)
