"""Test verdicts where the truth is known."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import ttest_1samp

from aeviz.benchmark._comparisons import compare_with_pca, verdict_of
from aeviz.benchmark._section_differences import differences
from aeviz.benchmark._section_overview import _tally
from aeviz.benchmark._significance import corrected_p_values, estimate_difference, seed_interval

Z = 1.959964


def test_without_samples_it_is_the_t_test():
    """No standard error over samples leaves Student's test of the differences."""
    d = [0.11, 0.14, 0.09, 0.12]
    found = estimate_difference(d, [None] * 4, is_random=True)
    test = ttest_1samp(d, 0.0)
    interval = test.confidence_interval(0.95)
    assert_allclose([found.low, found.high], [interval.low, interval.high], rtol=1e-6)
    assert_allclose(found.p, test.pvalue, rtol=1e-4)


def test_without_seeds_it_is_the_bootstrap():
    """One run of what no seed changes: 0.1 ± 1.96 · 0.04, and p = 2 Φ(-2.5) = 0.01242."""
    found = estimate_difference([0.1], [0.04], is_random=False)
    assert_allclose([found.low, found.high], [0.1 - Z * 0.04, 0.1 + Z * 0.04], rtol=1e-5)
    assert_allclose(found.p, 0.0124193, rtol=1e-4)


def test_both_parts_by_hand():
    """Of 1, 2, 3 the deviation is 1, t of two degrees 4.302653, so h² = (4.302653/√3)² + 3.92²."""
    found = estimate_difference([1.0, 2.0, 3.0], [2.0, 1.0, 3.0], is_random=True)
    half = np.hypot(4.302653 / np.sqrt(3.0), Z * 2.0)
    assert_allclose([found.low, found.high], [2.0 - half, 2.0 + half], rtol=1e-5)


def test_one_seed_of_something_random_shows_nothing():
    found = estimate_difference([0.5], [0.001], is_random=True)
    assert (found.low, found.high, found.p) == (None, None, None)
    assert verdict_of("trustworthiness", 0.5, found.p) == "none"


def test_rounding_is_no_difference():
    """Two ways to one picture differ by float32's rounding, with hardly a spread."""
    assert estimate_difference([3e-8], [1e-8], is_random=False).p > 0.5


def test_nothing_known_of_samples_shows_nothing():
    assert estimate_difference([0.5], [None], is_random=False).p is None


@pytest.mark.parametrize("seed_spread", [0.0, 0.3, 1.0, 3.0, 30.0])
@pytest.mark.parametrize("n_seeds", [2, 3, 5])
def test_equal_methods_are_told_apart_at_most_once_in_twenty(seed_spread, n_seeds):
    """The samples' part is common to all seeds: it must not shrink with their number."""
    rng = np.random.default_rng(0)
    n_trials = 1000
    of_samples = rng.normal(size=(n_trials, 1))
    of_seeds = seed_spread * rng.normal(size=(n_trials, n_seeds))
    shown = [
        estimate_difference(d, [1.0] * n_seeds, is_random=seed_spread > 0).p < 0.05
        for d in of_samples + of_seeds
    ]
    assert np.mean(shown) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / n_trials)


def test_what_differs_by_much_is_told_apart():
    rng = np.random.default_rng(0)
    shown = [
        estimate_difference(20.0 + rng.normal(size=3), [1.0] * 3, is_random=True).p < 0.05
        for _ in range(99)
    ]
    assert np.mean(shown) > 0.9


def test_bootstrap_alone_would_take_seeds_for_methods():
    """Seeds ten times the samples' spread: one run against one is "significant" nearly always."""
    rng = np.random.default_rng(0)
    gaps = 10.0 * rng.normal(size=200)
    assert (
        np.mean([estimate_difference([gap], [1.0], is_random=False).p < 0.05 for gap in gaps]) > 0.7
    )


def test_correction_by_hand():
    """Sorted 0.01, 0.02, 0.06 are multiplied by 3/1, 3/2 and 3/3, and may not fall."""
    assert_allclose(corrected_p_values([0.06, 0.01, 0.02]), [0.06, 0.03, 0.03])
    assert corrected_p_values([None, 0.9, 0.8]) == [None, 0.9, 0.9]
    assert corrected_p_values([None]) == [None]


def test_seed_interval_of_one_value_is_none():
    assert seed_interval([0.4]) is None


def row(encoder, value, *, seed=None, metric="trustworthiness", **changes):
    """Return a difference of one run."""
    fields = {
        "dataset": "a",
        "encoder": encoder,
        "code_size": 8,
        "embedding": None,
        "seed": seed,
        "stage": "data-to-code",
        "split": "test",
        "metric": metric,
        "k": None,
        "baseline_code_size": 8,
        "value": value,
        "low": value - 0.01,
        "high": value + 0.01,
        "n_evaluated": 100,
    }
    return {**fields, **changes}


def test_verdicts_know_the_better_direction():
    rows = [row("deep", 0.1), row("deep", 0.1, metric="stress")]
    found = {one["metric"]: one["verdict"] for one in compare_with_pca(rows)}
    assert found == {"trustworthiness": "better", "stress": "worse"}


def test_more_metrics_need_more():
    """2 Φ(-2.2) = 0.028 is shown alone, and not as one of two metrics of a method."""
    (alone,) = compare_with_pca([row("deep", 0.0112246)])
    both = compare_with_pca([row("deep", 0.0112246), row("deep", 0.0, metric="continuity")])
    assert alone["verdict"] == "better"
    assert [one["verdict"] for one in both] == ["none", "none"]
    assert both[0]["low"] > 0
    for change in ({"dataset": "b"}, {"split": "train"}, {"embedding": "tsne"}):
        other = row("deep", 0.0, metric="continuity", **change)
        assert compare_with_pca([row("deep", 0.0112246), other])[0]["verdict"] == "better"


def test_quoted_metrics_are_corrected_among_themselves():
    """The same difference as above: what is not quoted decides nothing of what is."""
    quoted, other = (row("deep", 0.0112246, metric="auc_rnx"), row("deep", 0.0))
    assert compare_with_pca([quoted, other])[0]["verdict"] == "better"
    second = row("deep", 0.0, metric="knn_accuracy")
    assert compare_with_pca([quoted, other, second])[0]["verdict"] == "none"


def rules(rows):
    """Return what the page says of how verdicts are corrected_p_values."""
    table = pd.DataFrame(compare_with_pca(rows))
    cards = [{"name": name, "code_sizes": [8]} for name in table["dataset"].unique()]
    (text, *_) = differences(SimpleNamespace(comparisons=table, info={"datasets": cards})).blocks
    return text.paragraphs[1]


def test_page_expects_one_chance_finding_of_twenty_families():
    """Each method has two families of verdicts, and the page took it for one.

    Of three methods it then expected 1 where these six families give 0.3, and counted those too
    of which nothing can be shown.
    """
    rows = [
        row("deep", 0.0, metric=metric, dataset=str(number))
        for number in range(100)
        for metric in ("auc_rnx", "trustworthiness", "stress")
    ]
    counted = "comparisons of a method that could show something, "
    assert f"of 100 {counted}200 with both kinds counted, 10 would" in rules(rows)
    few = [one for one in rows if one["dataset"] in ("0", "1", "2")]
    assert f"of 3 {counted}6 with both kinds counted, 0.3 would" in rules(few)
    of_one_seed = [{**one, "seed": 0} for one in rows if one["dataset"] in ("3", "4")]
    assert f"of 3 {counted}6 with both kinds counted, 0.3 would" in rules([*few, *of_one_seed])
    assert ", and none of these comparisons could show anything. " in rules(of_one_seed)


def test_verdicts_are_counted_by_code_size():
    """Those of all sizes were added together, as if they were of one method."""
    rows = [
        row("deep", value, code_size=size, baseline_code_size=size)
        for size, value in ((2, 0.1), (8, -0.1))
    ]
    rows += [
        row("identity", value, code_size=None, baseline_code_size=size)
        for size, value in ((2, 0.1), (8, -0.1))
    ]
    table = pd.DataFrame(compare_with_pca(rows))
    benchmark = SimpleNamespace(
        comparisons=table, info={"datasets": [{"name": rows[0]["dataset"], "code_sizes": [2, 8]}]}
    )
    told = [(row[0].text, row[0].note, row[1].text, row[2].text) for row in _tally(benchmark).rows]
    name = rows[0]["dataset"]
    assert [one[1:] for one in told] == [
        (f"{name}, against PCA (2)", "1", "0"),
        (f"{name}, against PCA (8)", "0", "1"),
    ] * 2
    names = ["Deep autoencoder (2)", "Deep autoencoder (8)"]
    assert [one[0] for one in told] == names + ["Original data"] * 2


def test_few_evaluated_samples_show_nothing():
    """Two held-out samples that agreed had an interval of no width, and so a verdict."""
    for seeds in ([None], [0, 1, 2]):
        rows = [row("deep", 0.1, seed=s, low=0.1, high=0.1, n_evaluated=9) for s in seeds]
        (found,) = compare_with_pca(rows)
        assert (found["verdict"], found["low"], found["p"]) == ("none", None, None)
        assert_allclose(found["value"], 0.1)
        (enough,) = compare_with_pca([{**one, "n_evaluated": 10} for one in rows])
        assert enough["verdict"] == "better"


def test_seeds_are_taken_together():
    rows = [row("deep", value, seed=seed) for seed, value in enumerate([0.10, 0.11, 0.12])]
    (found,) = compare_with_pca(rows)
    assert (found["n_seeds"], found["is_random"], found["verdict"]) == (3, True, "better")
    assert_allclose(found["value"], 0.11)
