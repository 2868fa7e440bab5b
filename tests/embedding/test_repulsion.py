"""Test the repulsion by a grid against the sums that it interpolates."""

import numpy as np
import pytest
from openTSNE import _tsne

from aeviz.core.threads import Rows
from aeviz.embedding._repulsion import GridRepulsion, PairRepulsion, repulsion_of

N_SAMPLES = 3000


def picture(width: float, *, is_line: bool = False) -> np.ndarray:
    """Return samples in ten groups, as wide as asked for."""
    rng = np.random.default_rng(0)
    centers = rng.uniform(-0.5, 0.5, (10, 2))
    points = centers[rng.integers(10, size=N_SAMPLES)] + rng.normal(0, 0.06, (N_SAMPLES, 2))
    if is_line:
        points[:, 1] = 0.0
    return points / np.ptp(points, axis=0).max() * width


def exact(points: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the sums over all pairs."""
    gaps = points[:, None] - points  # (n_samples, n_samples, 2)
    closeness = 1 / (1 + (gaps**2).sum(axis=2))
    forces = (closeness[:, :, None] ** 2 * gaps).sum(axis=1)
    return forces, float(closeness.sum() - len(points))


def interpolated(
    points: np.ndarray, n_jobs: int = 1, *, by: type = GridRepulsion
) -> tuple[np.ndarray, float]:
    with Rows(len(points), n_jobs) as rows:
        repulsion = by(len(points), rows)
        total = repulsion.of(points)
    return repulsion.forces, total


def relative(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


@pytest.mark.parametrize("is_line", [False, True])
@pytest.mark.parametrize(
    ("width", "most"), [(1e-3, 1e-5), (1, 1e-5), (5, 1e-5), (15, 1e-4), (50, 0.002), (150, 0.006)]
)
def test_agrees_with_the_sums_over_all_pairs(width, most, is_line):
    points = picture(width, is_line=is_line)
    forces, total = exact(points)
    found, found_total = interpolated(points)
    assert relative(found / found_total, forces / total) < most
    assert found_total == pytest.approx(total, rel=most / 10)
    found, found_total = interpolated(points, by=PairRepulsion)
    assert relative(found / found_total, forces / total) < 1e-5
    assert found_total == pytest.approx(total, rel=1e-6)


def test_few_samples_are_taken_pair_by_pair():
    with Rows(9, 1) as rows:
        assert isinstance(repulsion_of(6_000, rows), PairRepulsion)
        assert isinstance(repulsion_of(6_001, rows), GridRepulsion)


@pytest.mark.parametrize("width", [5, 50, 150])
def test_is_no_less_exact_than_the_grid_of_opentsne(width):
    points = picture(width)
    forces, total = exact(points)
    found, found_total = interpolated(points)
    theirs = np.zeros_like(points)
    _tsne.estimate_negative_gradient_fft_2d(points, theirs, 3, 50, 1.0, dof=1.0)
    # Over three seeds of the picture at most a ninth of theirs.
    theirs_off = relative(-theirs, forces / total)
    assert relative(found / found_total, forces / total) < theirs_off / 3


def test_one_picture_after_the_other_is_as_each_by_itself():
    """The kernel of the picture before is kept where the grid is of the same size."""
    with Rows(N_SAMPLES, 1) as rows:
        repulsion = GridRepulsion(N_SAMPLES, rows)
        for width in (50, 50, 3, 51, 50):
            total = repulsion.of(picture(width))
            forces, expected = interpolated(picture(width))
            assert total == expected
            np.testing.assert_array_equal(repulsion.forces, forces)


@pytest.mark.parametrize("by", [GridRepulsion, PairRepulsion])
@pytest.mark.parametrize("width", [3, 60])
def test_threads_change_no_bit(width, by):
    points = np.concatenate([picture(width), picture(width) + 1.0, picture(width) - 1.5])
    forces, total = interpolated(points, n_jobs=1, by=by)
    for n_jobs in (2, 3, -1):
        found, found_total = interpolated(points, n_jobs, by=by)
        np.testing.assert_array_equal(found, forces)
        assert found_total == total


@pytest.mark.parametrize("by", [GridRepulsion, PairRepulsion])
def test_samples_that_coincide_do_not_repel(by):
    forces, total = interpolated(np.full((7, 2), 3.25), by=by)
    np.testing.assert_allclose(forces, 0, atol=1e-6)
    assert total == pytest.approx(7 * 6)
