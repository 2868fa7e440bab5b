"""Test the two forms of a metric: means over some of the anchors, and a function of weights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare
from aeviz.evaluation.metric import SCOPES, Weighted, split_name
from aeviz.evaluation.scores import Bootstrap
from tests.evaluation._scoring import difference, score


@pytest.fixture
def pair(rng):
    """Give two comparisons of 60 rows."""
    X = rng.normal(size=(60, 4))
    spaces = {"x": X, "a": X[:, :2], "b": X[:, 2:]}
    found = compare(spaces, [("x", "a"), ("x", "b")], n_neighbors=5)
    return found["x", "a"], found["x", "b"]


def of_first(n_rows):
    """Return trustworthiness of the first rows only."""
    whole = METRICS.get("trustworthiness")
    return replace(
        whole,
        name="first",
        contributions=lambda c: whole.contributions(c)[:n_rows],
        effects=lambda c: None,
    )


def of_anchors(name):
    """Return a metric of which only the anchors' own numbers are resampled."""
    metric = METRICS.get(name)
    contributions = metric.contributions or (lambda c: metric.measured(c)[0])
    return replace(metric, contributions=contributions, pairs=None, effects=lambda c: None)


def weighted(metric):
    """Return a metric of means in the weighted form."""

    def as_weighted(comparison):
        rows, _ = metric.measured(comparison)
        return Weighted(len(rows), lambda w: float(metric.summarise(w @ rows / w.sum())))

    return replace(
        metric,
        name=f"weighted_{metric.name}",
        contributions=None,
        pairs=None,
        weighted=as_weighted,
    )


def test_scores_say_how_many_rows_a_metric_looked_at(pair):
    a, _ = pair
    whole, first = score(a, [METRICS.get("trustworthiness"), of_first(20)])
    assert (whole.n_evaluated, first.n_evaluated) == (60, 20)
    assert first.value == METRICS.get("trustworthiness").per_sample(a)[:20].mean()
    assert first.high - first.low > whole.high - whole.low


def test_metrics_of_both_forms_agree_on_value_and_nearly_on_the_interval(pair):
    stress = of_anchors("stress")
    metrics = [stress, weighted(stress), weighted(of_first(20))]
    for scores in (score(pair[0], metrics), difference(*pair, metrics)):
        means, weights, few = scores
        assert [s.metric for s in scores] == [m.name for m in metrics]
        assert weights.value == pytest.approx(means.value, rel=1e-12)
        assert weights.low == pytest.approx(means.low, abs=0.3 * (means.high - means.low))
        assert weights.high == pytest.approx(means.high, abs=0.3 * (means.high - means.low))
        assert few.n_evaluated == 20


def test_weighted_differences_are_paired(pair):
    a, b = pair
    bootstrap = Bootstrap(60, n_resamples=50)
    metric = weighted(METRICS.get("stress"))
    (found,) = difference(a, b, [metric], bootstrap=bootstrap)
    of_a, of_b = (m.as_weighted(c) for m, c in ((metric, a), (metric, b)))
    resampled = [of_a.value(w * 1.0) - of_b.value(w * 1.0) for w in bootstrap.counts]
    expected = bootstrap.interval(found.value, np.array(resampled))
    np.testing.assert_allclose((found.low, found.high), expected, rtol=1e-12)
    (same,) = difference(a, a, [metric])
    assert (same.low, same.value, same.high) == (0.0, 0.0, 0.0)


def test_differences_need_equally_many_rows(pair):
    a, b = pair
    whole = METRICS.get("trustworthiness")
    uneven = replace(
        whole,
        contributions=lambda c: whole.contributions(c)[: 20 if c is a else 30],
        effects=lambda c: None,
    )
    message = "both must have as many anchors, got 20 and 30"
    with pytest.raises(ValueError, match=message):
        difference(a, b, [uneven])


def test_a_metric_has_one_form():
    of_means = METRICS.get("stress")
    message = "stress must have one of contributions, pairs and weighted"
    with pytest.raises(ValueError, match=message):
        replace(of_means, pairs=None)
    with pytest.raises(ValueError, match=message):
        replace(of_means, weighted=weighted(of_means).weighted)


def test_bootstraps_of_other_sizes_are_drawn_once():
    bootstrap = Bootstrap(50, n_resamples=7, random_state=3)
    assert bootstrap.of(50) is bootstrap
    assert bootstrap.of(20) is bootstrap.of(20)
    assert bootstrap.of(20).counts.shape == (7, 20)
    np.testing.assert_array_equal(
        bootstrap.of(20).counts, Bootstrap(20, n_resamples=7, random_state=3).counts
    )


def test_metrics_at_other_neighbourhood_sizes():
    metric = METRICS.get("trustworthiness").at(30)
    assert (metric.name, metric.k) == ("trustworthiness", 30)
    assert metric.full_title == "Trustworthiness, k\xa0=\xa030"
    assert split_name("trustworthiness_k30") == ("trustworthiness", 30)
    for name in METRICS.names():
        assert split_name(name) == (name, None)
        assert METRICS.get(name).scope in SCOPES
