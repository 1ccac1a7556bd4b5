"""Agreement of marks, by cases that can be counted on the fingers."""

import pytest

from agent.assessment.agreement import agreement, band, weighted_kappa
from agent.assessment.levels import level_of, score_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("mark", "expected"), [(1, 0), (20, 0), (21, 1), (40, 1), (60, 2), (80, 3), (81, 4), (100, 4)]
)
def test_bands_are_fifths_of_the_scale(mark: int, expected: int) -> None:
    assert band(mark) == expected


def test_figures_of_four_marks() -> None:
    figures = agreement([90, 55, 50, 10], [80, 60, 30, 15], ["a", "a", "a", "b"])

    assert (figures["n"], figures["exact"], figures["within_one"]) == (4, 0.5, 1.0)
    assert (figures["mae"], figures["bias"]) == (10.0, 5.0)
    assert (figures["pairs_25"], figures["pairs_25_n"]) == (1.0, 2)
    assert (figures["pairs_10_25"], figures["pairs_10_25_n"]) == (1.0, 1)


def test_a_tie_counts_half_and_pairs_of_two_situations_not_at_all() -> None:
    figures = agreement([50, 50, 50], [10, 60, 90], ["a", "a", "b"])

    assert (figures["pairs_25"], figures["pairs_25_n"]) == (0.5, 1)


def test_kappa_is_one_for_agreement_and_negative_for_the_reverse() -> None:
    assert weighted_kappa([0, 2, 4], [0, 2, 4]) == 1
    assert weighted_kappa([0, 2, 4], [4, 2, 0]) == -1
    assert weighted_kappa([3, 3], [3, 3]) is None


@pytest.mark.parametrize(("lowest", "highest"), [(0, 3), (1, 5), (0, 6)])
def test_every_level_comes_back_from_its_number(lowest: int, highest: int) -> None:
    for level in range(lowest, highest + 1):
        number = score_of(level, lowest=lowest, highest=highest)
        assert level_of(number, lowest=lowest, highest=highest) == level
