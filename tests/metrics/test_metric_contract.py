"""Test what every metric promises, found by its file: bounds, best value, invariances."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aeviz.core.registry import METRICS
from aeviz.evaluation.compare import compare
from aeviz.evaluation.metric import Metric

NAMES = METRICS.names()
# A rotated code has other units; the bounds of a model's likelihood are of no space.
OF_AXES = {"active_units"}
# Which triplets are drawn depends on the order of the rows.
OF_DRAWS = {"random_triplet_accuracy"}


def compared(high, low, labels, **arguments):
    """Return a comparison on which every metric can be computed."""
    n_neighbors = arguments.pop("n_neighbors", min(5, (len(high) - 1) // 2))
    (comparison,) = compare(
        {"high": high, "low": low},
        [("high", "low")],
        labels=labels,
        n_neighbors=n_neighbors,
        **arguments,
    ).values()
    rng = np.random.default_rng(0)
    comparison = comparison.with_batches(labels).with_values(
        sample_errors=np.square(rng.normal(size=len(high)))
    )
    return comparison.with_values(sample_bounds=rng.normal(size=len(high)))


def test_there_are_the_metrics_of_the_readme():
    expected = {"trustworthiness", "continuity", "neighbor_recall", "knn_accuracy"}
    assert expected | {"spearman", "stress", "silhouette", "reconstruction_error"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_metric_describes_itself(name):
    metric = METRICS.get(name)
    assert isinstance(metric, Metric)
    assert metric.name == name
    assert metric.title
    assert metric.question.endswith("?")
    assert metric.blind_spot.endswith(".")
    assert re.search(r"\((18|19|20)\d\d\)", metric.reference)
    assert metric.direction in ("higher is better", "lower is better")
    assert " " in metric.range_text
    low, high = metric.bounds
    assert low < high
    assert (metric.headline or metric.position) >= 0
    assert metric.depends_on_k >= metric.has_further_k


def test_headlines_and_positions_are_told_apart():
    metrics = METRICS.members().values()
    headlines = sorted(metric.headline for metric in metrics if metric.headline)
    assert headlines == list(range(1, len(headlines) + 1))
    shown = [(metric.scope, metric.position) for metric in metrics if metric.position]
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_depends_on_the_neighbourhood_size_as_it_says(name, rng):
    X = rng.normal(size=(60, 4))
    labels = rng.integers(3, size=60)
    few, many = (compared(X, X[:, :2], labels, n_neighbors=k) for k in (3, 15))
    metric = METRICS.get(name)
    assert (metric.value(few) != metric.value(many)) == metric.depends_on_k


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n_samples=st.integers(8, 40), spread=st.sampled_from([0, 2]))
def test_values_are_in_bounds_and_means_of_samples(name, seed, n_samples, spread):
    """Spread 0 makes all points of the picture coincide."""
    rng = np.random.default_rng(seed)
    high = rng.normal(size=(n_samples, 6))
    low = spread * rng.normal(size=(n_samples, 2))
    comparison = compared(high, low, np.arange(n_samples) % 3)
    metric = METRICS.get(name)
    lowest, highest = metric.bounds
    value = metric.value(comparison)
    assert math.isfinite(value)
    assert lowest - 1e-12 <= value <= highest + 1e-12
    weighted = metric.as_weighted(comparison)
    assert weighted.n_rows == n_samples
    assert weighted.value(np.ones(n_samples)) == pytest.approx(value, abs=1e-12)
    weights = np.bincount(rng.integers(n_samples, size=n_samples), minlength=n_samples)
    assert lowest - 1e-12 <= weighted.value(weights.astype(float)) <= highest + 1e-12
    if metric.contributions is not None:
        contributions = metric.contributions(comparison)
        assert contributions.dtype == np.float64
        assert contributions.shape == (n_samples, *contributions.shape[1:2])
    per_sample = metric.per_sample(comparison)
    if per_sample is not None:
        assert per_sample.shape == (n_samples,)
        assert value == pytest.approx(per_sample.mean(), abs=1e-12)
        assert per_sample.min() >= lowest - 1e-12
        assert per_sample.max() <= highest + 1e-12


@pytest.mark.parametrize("name", [n for n in NAMES if METRICS.get(n).subject == "pair"])
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n_samples=st.integers(8, 40))
def test_identity_is_best(name, seed, n_samples):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_samples, 3))
    metric = METRICS.get(name)
    best = metric.bounds[1] if metric.higher_is_better else metric.bounds[0]
    labels = np.arange(n_samples) % 3
    comparison = compared(X, X.copy(), labels)
    value = metric.value(comparison)
    if name == "lcmc":
        best -= comparison.n_neighbors / (n_samples - 1)  # what chance would keep
    assert value == pytest.approx(best, abs=1e-7)
    shuffled = metric.value(compared(X, X[rng.permutation(n_samples)], labels))
    assert shuffled <= value + 1e-7 if metric.higher_is_better else shuffled >= value - 1e-7


@pytest.mark.parametrize("name", [n for n in NAMES if n not in OF_AXES])
@settings(max_examples=10, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    angle=st.floats(0, 7),
    shift=st.floats(-50, 50),
    scale=st.sampled_from([0.01, 1.0, 300.0]),
)
def test_rotation_shift_and_scale_change_nothing(name, seed, angle, shift, scale):
    rng = np.random.default_rng(seed)
    high, low = rng.normal(size=(30, 5)), rng.normal(size=(30, 2))
    labels = np.arange(30) % 3
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = scale * (low @ rotation) + shift
    metric = METRICS.get(name)
    expected = metric.value(compared(high, low, labels))
    # Distances that are equal in single precision share a rank; a unit may change which are.
    assert metric.value(compared(high, moved, labels)) == pytest.approx(
        expected, abs=1e-4 if name == "spearman" else 1e-9
    )


@pytest.mark.parametrize("name", [n for n in NAMES if n not in OF_DRAWS])
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_row_order_changes_nothing(name, seed):
    rng = np.random.default_rng(seed)
    high, low = rng.normal(size=(30, 5)), rng.normal(size=(30, 2))
    labels, errors, bounds = np.arange(30) % 3, rng.random(30), rng.normal(size=30)
    order = rng.permutation(30)
    metric = METRICS.get(name)
    plain = (
        compared(high, low, labels)
        .with_values(sample_errors=errors)
        .with_values(sample_bounds=bounds)
    )
    mixed = compared(high[order], low[order], labels[order]).with_values(
        sample_errors=errors[order]
    )
    mixed = mixed.with_values(sample_bounds=bounds[order])
    assert metric.value(mixed) == pytest.approx(metric.value(plain), abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_metrics_apply_only_where_their_subject_is(name, rng):
    X = rng.normal(size=(20, 3))
    metric = METRICS.get(name)
    (bare,) = compare({"x": X}, [("x", "x")], n_neighbors=3).values()
    is_bare = metric.subject == "pair" and not metric.min_classes
    assert metric.applies_to(bare) == is_bare
    assert metric.applies_to(compared(X, X, np.arange(20) % 3))
    assert metric.applies_to(compared(X, X, np.arange(20) % 2)) == (metric.min_classes < 3)
    one_class = compare({"x": X}, [("x", "x")], n_neighbors=3, labels=np.zeros(20))["x", "x"]
    assert metric.applies_to(one_class) == is_bare
    if not is_bare:
        with pytest.raises(ValueError, match=f"{name} needs .*without"):
            metric.value(bare)


def test_broken_pictures_are_told_apart_by_the_right_metrics(rng):
    """Clusters that change places are seen by distances only, a torn one by neighbours."""
    centres = np.array([[0.0, 0.0], [10.0, 0.0], [40.0, 0.0]])
    label = np.repeat([0, 1, 2], 60)
    X = centres[label] + rng.normal(size=(180, 2))
    swapped = X + np.array([[0.0, 0.0], [30.0, 0.0], [-30.0, 0.0]])[label]
    torn = X.copy()
    torn[:60] += np.where(rng.random((60, 1)) < 0.5, 0.0, -300.0) * np.array([1.0, 0.0])

    def values(low):
        comparison = compared(X, low, label)
        return {name: METRICS.get(name).value(comparison) for name in NAMES}

    of_swapped, of_torn = values(swapped), values(torn)
    assert of_swapped["trustworthiness"] > 0.999
    assert of_swapped["continuity"] > 0.999
    assert of_swapped["spearman"] < 0.8
    assert of_swapped["stress"] > 0.2
    assert of_torn["continuity"] < 0.97
    assert of_torn["trustworthiness"] > of_torn["continuity"] + 0.02
