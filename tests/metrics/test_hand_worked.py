"""Test every metric on a case that was worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare
from aeviz.pipeline.evaluate import evaluate

# Five points on a line, the last two of which change places:
#   high  0 1 3 7 15      nearest: 0→1  1→0  2→1  3→2  4→3
#   low   0 1 3 15 7      nearest: 0→1  1→0  2→1  3→4  4→2
HIGH = np.array([[0.0], [1.0], [3.0], [7.0], [15.0]])
LOW = np.array([[0.0], [1.0], [3.0], [15.0], [7.0]])
LABELS = np.array(["a", "a", "a", "b", "b"])


def value(name, high, low, labels=None, **arguments):
    """Return one metric with neighbourhoods of one."""
    (comparison,) = compare(
        {"high": high, "low": low}, [("high", "low")], labels=labels, n_neighbors=1, **arguments
    ).values()
    return METRICS.get(name).value(comparison)


def test_trustworthiness():
    # Ranks in the data of the picture's neighbours: 1 1 1, then row 4 seen from row 3 is
    # last of four (distances 4 6 7 8), and row 2 seen from row 4 is second (8 12). With
    # n = 5 and k = 1 the factor is 2 / (1 · (10 - 3 - 1)) = 1/3:
    # contributions 1 1 1 1 - 3/3 1 - 1/3, mean 11/15.
    assert value("trustworthiness", HIGH, LOW) == pytest.approx(11 / 15, rel=1e-12)


def test_continuity():
    # Ranks in the picture of the data's neighbours with a third arrangement, 0 1 9 4 20:
    # 0→1 rank 1; 1→0 rank 1; row 1 from row 2 is at 8, after row 3 (5): rank 2; row 2 from
    # row 3 is at 5, after rows 1 (3) and 0 (4): rank 3; row 3 from row 4 is at 16, after
    # row 2 (11): rank 2. Beyond k = 1: 0 0 1 2 1, each times 1/3: mean 1 - 4/15.
    low = np.array([[0.0], [1.0], [9.0], [4.0], [20.0]])
    assert value("continuity", HIGH, low) == pytest.approx(11 / 15, rel=1e-12)
    # Trustworthiness differs there: nearest 0→1 1→0 2→3 3→1 4→2, ranks in the data:
    # row 3 from row 2 is at 4, after rows 1 (2) and 0 (3): 3; row 1 from row 3 is at 6,
    # after row 2 (4): 2; row 2 from row 4 is at 12, after row 3 (8): 2. Beyond: 0 0 2 1 1.
    assert value("trustworthiness", HIGH, low) == pytest.approx(11 / 15, rel=1e-12)


def test_continuity_and_trustworthiness_are_told_apart():
    # Two far ends laid on top of each other: high 0 1 2 3 10, low 0 1 2 3 0.1.
    # In the picture 0→4 4→0 and 1→0 by 1 (row 4 is at 0.9: nearer) so 1→4, 2→1 (1, before
    # row 3 at the same distance), 3→2. In the data row 4 is last (rank 4) from rows 0 and
    # 1; row 0 from row 4 is last too (7 8 9 10): beyond 3 3 0 0 3, T = 1 - 3/5 = 2/5.
    # In the data 0→1 1→0 2→1 3→2 4→3. In the picture: row 1 from row 0 is second (0.1),
    # row 0 from row 1 second (0.9), 1, 1, row 3 from row 4 last (0.1 0.9 1.9 2.9):
    # beyond 1 1 0 0 3, C = 1 - 5/15 = 2/3.
    high = np.array([[0.0], [1.0], [2.0], [3.0], [10.0]])
    low = np.array([[0.0], [1.0], [2.0], [3.0], [0.1]])
    assert value("trustworthiness", high, low) == pytest.approx(2 / 5, rel=1e-12)
    assert value("continuity", high, low) == pytest.approx(2 / 3, rel=1e-12)


def test_neighbor_recall():
    # Rows 0, 1 and 2 keep their neighbour, rows 3 and 4 do not.
    assert value("neighbor_recall", HIGH, LOW) == pytest.approx(3 / 5, rel=1e-12)


def test_knn_accuracy():
    # In the picture row 4 (b) is nearest to row 2 (a), the others to their own class;
    # in the data it is row 3 (b) that is nearest to row 2 (a).
    assert value("knn_accuracy", HIGH, LOW, LABELS) == pytest.approx(4 / 5, rel=1e-12)
    (comparison,) = compare({"x": HIGH}, [("x", "x")], labels=LABELS, n_neighbors=1).values()
    per_sample = METRICS.get("knn_accuracy").per_sample(comparison)
    np.testing.assert_array_equal(per_sample, [1, 1, 1, 0, 1])


def test_knn_accuracy_with_equal_votes_takes_the_first_class():
    # Row 2 sees one a (row 1) and one b (row 3) among its two neighbours: a is guessed.
    X = np.array([[0.0], [1.0], [2.0], [3.0], [4.5]])
    for own, expected in (("a", 1.0), ("b", 0.0)):
        labels = np.array(["a", "a", own, "b", "b"])
        (comparison,) = compare({"x": X}, [("x", "x")], labels=labels, n_neighbors=2).values()
        assert METRICS.get("knn_accuracy").per_sample(comparison)[2] == expected


def test_batch_mixing():
    # Nearest rows in the data 0→1 1→0 2→1 3→2 4→3, batches a b a a b: other, other, other, same,
    # other, a share of 4/5. Of the 20 ordered pairs of rows 3·2 + 2·1 = 8 are of one batch, so
    # chance gives 12/20 = 3/5: the ratio is 4/3. In the picture 3→4 and 4→2: 5/5 / (3/5) = 5/3.
    batches = np.array(["a", "b", "a", "a", "b"])
    metric = METRICS.get("batch_mixing")
    (data,) = compare({"x": HIGH}, [("x", "x")], n_neighbors=1).values()
    assert metric.value(data.with_batches(batches)) == pytest.approx(4 / 3, rel=1e-12)
    (picture,) = compare({"x": HIGH, "y": LOW}, [("x", "y")], n_neighbors=1).values()
    assert metric.value(picture.with_batches(batches)) == pytest.approx(5 / 3, rel=1e-12)


def test_batch_mixing_leaves_out_rows_without_a_batch():
    # Row 3 has none: rows 0, 1 and 2 see another batch, and row 4 sees row 3 only, as at random.
    # Of the 12 ordered pairs of a b a b 4 are of one batch: chance gives 2/3, the ratio is
    # (3 · 3/2 + 1) / 4 = 11/8.
    (data,) = compare({"x": HIGH}, [("x", "x")], n_neighbors=1).values()
    found = data.with_batches(np.array(["a", "b", "a", None, "b"], dtype=object))
    metric = METRICS.get("batch_mixing")
    np.testing.assert_allclose(metric.per_sample(found), [1.5, 1.5, 1.5, 1.0], rtol=1e-12)
    assert metric.value(found) == pytest.approx(11 / 8, rel=1e-12)


def test_batch_mixing_of_batches_at_random_is_one_and_of_separate_ones_zero(rng):
    X = rng.normal(size=(1000, 3))
    batches = rng.choice(["a", "b", "c"], size=1000, p=[0.8, 0.15, 0.05])
    table = evaluate(X, X[:, :2], batches=batches, metrics=["batch_mixing"])
    row = table.iloc[0]
    assert row["low"] < 1 < row["high"]
    assert row["high"] - row["low"] < 0.3
    assert row["baseline"] == pytest.approx(1, abs=0.15)
    apart = X + 1000 * (batches == "a")[:, None]
    assert evaluate(apart, apart, batches=batches == "a")["value"].iloc[-1] == 0


def test_one_batch_is_no_batch():
    (data,) = compare({"x": HIGH}, [("x", "x")], n_neighbors=1).values()
    assert data.with_batches(np.array(["a"] * 5)).batches is None
    with pytest.raises(ValueError, match="batch_mixing needs at least two batches, got fewer"):
        evaluate(HIGH, LOW, metrics=["batch_mixing"], n_neighbors=2)
    with pytest.raises(ValueError, match=r"batches must have shape \(5,\), got \(2,\)"):
        evaluate(HIGH, LOW, batches=["a", "b"], n_neighbors=2)


def test_spearman():
    # Distances 01, 02, 12: high 1 3 2, low 2 3 1. Rank differences 1 0 1:
    # ρ = 1 - 6 · 2 / (3 · 8) = 1/2.
    high, low = np.array([[0.0], [1.0], [3.0]]), np.array([[0.0], [2.0], [3.0]])
    assert value("spearman", high, low) == pytest.approx(0.5, rel=1e-12)


def test_stress():
    # Distances as above: Σh² = 14, Σl² = 14, Σhl = 2 + 9 + 2 = 13, so α = 13/14 and the
    # squared residual is 14 - 13²/14 = 27/14, of 14: sqrt(27/196).
    high, low = np.array([[0.0], [1.0], [3.0]]), np.array([[0.0], [2.0], [3.0]])
    assert value("stress", high, low) == pytest.approx(math.sqrt(27 / 196), rel=1e-12)


def test_silhouette():
    # Points 0 1 (a) and 3 7 (b): own class 1 1 4 4; other class (3+7)/2 = 5, (2+6)/2 = 4,
    # (3+2)/2 = 2.5, (7+6)/2 = 6.5: 4/5, 3/4, -1.5/4, 2.5/6.5.
    X = np.array([[0.0], [1.0], [3.0], [7.0]])
    found = value("silhouette", X, X, np.array([5, 5, 9, 9]))
    assert found == pytest.approx((0.8 + 0.75 - 0.375 + 2.5 / 6.5) / 4, rel=1e-12)


def test_silhouette_of_a_class_of_one_is_zero():
    # Row 2 is alone: 0. Rows 0 and 1: own 1, other 3 and 2: 2/3 and 1/2.
    X = np.array([[0.0], [1.0], [3.0]])
    found = value("silhouette", X, X, np.array(["a", "a", "b"]))
    assert found == pytest.approx((2 / 3 + 1 / 2) / 3, rel=1e-12)


def test_reconstruction_error():
    # Of the anchors 0 and 2: (0.5 + 2) / 2; row 1 is not evaluated.
    X = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
    (comparison,) = compare({"x": X}, [("x", "x")], rows=np.array([0, 2]), n_neighbors=1).values()
    comparison = comparison.with_values(sample_errors=np.array([0.5, 100.0, 2.0]))
    assert METRICS.get("reconstruction_error").value(comparison) == pytest.approx(1.25)
    with pytest.raises(ValueError, match=r"sample_errors must have shape \(3,\), got \(2,\)"):
        comparison.with_values(sample_errors=np.ones(2))


@pytest.mark.parametrize(
    ("name", "expected"), [("spearman", 0.0), ("stress", 1.0), ("silhouette", 0.0)]
)
def test_points_that_coincide_have_defined_scores(name, expected):
    """A variational code can collapse; its scores must be numbers all the same."""
    assert value(name, HIGH, np.ones((5, 2)), LABELS) == expected


def test_collapsed_picture_is_not_rewarded():
    """Equal distances are ranked by row number; sharing the best rank would make this perfect."""
    X = np.random.default_rng(0).normal(size=(500, 5))
    (comparison,) = compare({"x": X, "y": np.zeros((500, 2))}, [("x", "y")]).values()
    for name in ("trustworthiness", "continuity"):
        assert 0.3 < METRICS.get(name).value(comparison) < 0.7
