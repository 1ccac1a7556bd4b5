"""The arithmetic of training: ridge in the dual, folds by situation, weights without length."""

import numpy as np
import pytest

from agent.training.linear import fit_ridge, folds, gram_of, unseen
from agent.training.marks import balanced

pytestmark = pytest.mark.unit

RANDOM = np.random.default_rng(4)
X = RANDOM.normal(size=(12, 5)).astype(np.float32)
Y = RANDOM.normal(size=(12, 2))


def test_the_dual_gives_what_weighted_ridge_regression_gives_by_the_book() -> None:
    weights = RANDOM.uniform(0.5, 2, size=12)

    slopes, bias = fit_ridge(X, gram_of(X), Y, penalty=0.7, weights=weights)

    wide = np.hstack([X, np.ones((12, 1))])
    penalty = np.diag([0.7] * 5 + [0.0])
    book = np.linalg.solve(
        wide.T @ (weights[:, None] * wide) + penalty, wide.T @ (weights[:, None] * Y)
    )
    np.testing.assert_allclose(slopes, book[:5], atol=1e-4)
    np.testing.assert_allclose(bias, book[5], atol=1e-4)


def test_what_is_said_of_a_group_does_not_depend_on_its_own_marks() -> None:
    groups = [name for name in "abcdef" for _ in range(2)]
    other = Y.copy()
    other[:2] += 10

    before = unseen(gram_of(X), Y, groups, penalty=1.0)
    after = unseen(gram_of(X), other, groups, penalty=1.0)

    np.testing.assert_allclose(before[:2], after[:2])
    assert not np.allclose(before[2:], after[2:])


def test_every_row_is_held_out_once_and_groups_stay_together() -> None:
    groups = ["a", "b", "a", "c", "b", "d", "e", "f", "g"]

    out = folds(groups)

    assert (np.sum(out, axis=0) == 1).all()
    assert all(
        len({fold[i] for i, g in enumerate(groups) if g == name}) == 1
        for fold in out
        for name in groups
    )


def test_good_and_poor_replies_of_a_length_weigh_the_same() -> None:
    words = np.array([10, 10, 10, 10])
    weights = balanced(words, np.array([80.0, 90.0, 70.0, 20.0]))

    assert weights[:3].sum() == pytest.approx(weights[3])
