"""Test that intervals hold what fresh samples give, and what each row adds to others' numbers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare
from aeviz.evaluation.effects import Effects
from aeviz.evaluation.protocol import Protocol, Subject
from aeviz.evaluation.scores import Bootstrap
from aeviz.page.wording import interval, signed
from tests.evaluation._scoring import difference, score

# Of these, intervals of nominal 95 % held the mean over fresh samples in 65 to 86 of 100 cases.
NARROW = ["random_triplet_accuracy", "stress", "spearman", "pearson", "trustworthiness", "auc_rnx"]
# And these hold it about as often as they should, by another way than the first.
OTHERS = ["neighbor_recall", "knn_accuracy", "silhouette", "kmeans_nmi"]


def sample(seed, n=120):
    """Return a sample of three overlapping classes, two maps of it and its labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(3, size=n)
    X = rng.normal(size=(n, 6)) + 1.5 * np.eye(3, 6)[labels]
    bent = np.tanh(X @ np.random.default_rng(1).normal(size=(6, 2)))
    return X, {"flat": X[:, 1:3] - X[:, 3:5], "bent": bent}, labels


@pytest.mark.slow
def test_intervals_hold_the_mean_over_fresh_samples():
    """Neighbours and partners come from the sample too, and only anchors were resampled.

    A true 95 % is held in fewer than 88 of 100 samples about twice in a thousand; these are held
    in 92 to 97. The intervals of `NARROW`, of anchors alone, held it in 65 to 86.
    """
    metrics = [METRICS.get(name) for name in NARROW + OTHERS]
    found: dict[str, list] = {}
    for seed in range(100):
        X, maps, labels = sample(seed)
        measured = Protocol(seed=seed).measure(
            {"x": X, **maps},
            {name: Subject("x", name, metrics) for name in maps},
            rows=np.arange(len(X)),
            labels=labels,
        )
        gaps = measured["flat"].minus(measured["bent"])
        for kind, scores in (("score", measured["bent"].scores()), ("difference", gaps)):
            for one in scores:
                found.setdefault(f"{kind} {one.metric}", []).append(one)
    held = {}
    for name, scores in found.items():
        mean = np.mean([one.value for one in scores])
        held[name] = sum(one.low <= mean <= one.high for one in scores)
    assert min(held.values()) >= 88, held


def test_rows_are_resampled_with_what_they_add_as_partners():
    """Where all rows are partners, a mean over pairs has twice the deviations of its anchors."""
    X, maps, _ = sample(0, n=60)
    comparison = compare({"x": X, "y": maps["flat"]}, [("x", "y")])["x", "y"]
    assert comparison.partners.shape == (60, 59)
    squares = np.square(comparison.low.distances)
    effects = Effects.of_pairs(comparison, [squares])
    own = squares.mean(axis=1, keepdims=True)
    shared = effects.shared_out(own)
    np.testing.assert_allclose(shared - own.mean(), 2.0 * (own - own.mean()), rtol=1e-9)


def test_chance_between_two_rows_is_counted_once():
    """Effects that are chance alone, once in each anchor's number, leave its variance as it is."""
    rng = np.random.default_rng(0)
    chance = rng.normal(size=(400, 400)) * (1.0 - np.eye(400))
    rows = np.broadcast_to(np.arange(400), chance.shape)
    effects = Effects.at(SimpleNamespace(n_samples=400, rows=np.arange(400)), rows, chance)
    own = chance.sum(axis=1, keepdims=True)
    assert np.var(own + effects.sums) > 1.6 * np.var(own)
    assert np.var(effects.shared_out(own)) == pytest.approx(np.var(own), rel=0.2)


def test_rows_that_are_no_anchors_are_dealt_to_anchors():
    sums = np.arange(10.0)[:, None]
    effects = Effects(np.array([1, 3, 8]), sums)
    own = np.array([[1.0], [2.0], [3.0]])
    shared = effects.shared_out(own)
    assert shared.mean() == pytest.approx(own.mean(), rel=1e-12)
    assert not np.allclose(shared, own)
    np.testing.assert_array_equal(shared, effects.shared_out(own))


def test_effects_are_what_leaving_out_a_row_changes():
    """Of the area under R_NX, to rounding; counted anew from the ranks without each row."""
    from aeviz.evaluation.rank_curves import CurveSums, area_table

    rng = np.random.default_rng(2)
    high, low = rng.permutation(12), rng.permutation(12)
    anchor = int(np.flatnonzero(high == 0)[0])
    # The anchor has rank 0 in both.
    other = int(np.flatnonzero(low == 0)[0])
    low[[anchor, other]] = low[[other, anchor]]
    table = area_table(12)
    sums = CurveSums(1, 12)
    sums.add(0, high.astype(np.int32), low.astype(np.int32), table=table)
    for row in np.delete(np.arange(12), anchor):
        # Ranks that differ, so that the larger of them is one less only if the row is before it.
        left = np.delete(np.arange(12), [anchor, row])
        in_high, in_low = high[left], low[left]
        lower = np.where(in_high > in_low, in_high > high[row], in_low > low[row]) * 1.0
        is_equal = in_high == in_low
        both = ((in_high > high[row]) * 1.0 + (in_low > low[row])) / 2.0
        lower = np.where(is_equal, both, lower)
        larger = np.maximum(in_high, in_low)
        drop = np.where(larger > 1, table[larger] - table[larger - 1], 0.0)
        expected = table[max(high[row], low[row])] + (drop * lower).sum()
        assert sums.effects[row] == pytest.approx(expected, abs=1e-11)


def test_mixtures_of_gaussians_have_no_interval():
    """With the mixture held fixed, intervals of nominal 95 % covered 33 to 75 %."""
    X, maps, labels = sample(3)
    spaces = {"x": X, **maps}
    pairs = [("x", name) for name in maps]
    found = compare(spaces, pairs, labels=labels)
    mixtures = [one for one in METRICS.members().values() if not one.has_interval]
    assert {one.name for one in mixtures} == {"gmm_accuracy", "gmm_ari", "gmm_nmi"}
    scores = score(found["x", "flat"], mixtures)
    gaps = difference(found["x", "flat"], found["x", "bent"], mixtures)
    for one in (*scores, *gaps):
        assert np.isfinite(one.value)
        assert (one.row()["low"], one.row()["high"]) == (None, None)
        assert interval(one.low, one.high, 3, write=signed) == "no interval"


def test_few_fits_become_normal_deviations():
    """Their spread is that of the fits, wider by the quantile of t with 19 degrees of freedom."""
    deviations = np.random.default_rng(0).normal(size=20)
    deviations -= deviations.mean()
    drawn = Bootstrap(50, n_resamples=20_000).spread(20) @ deviations
    assert drawn.std() == pytest.approx(deviations.std(ddof=1) * 2.093 / 1.96, rel=0.03)
