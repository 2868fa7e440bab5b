"""Test intervals and verdicts of differences over trainings where the truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.stats import ttest_ind

from aeviz.core.registry import METRICS
from aeviz.evaluation import Difference, Side, difference, verdict
from aeviz.evaluation.scores import Resampled

Z = 1.959964
# Draws of mean 0 and standard deviation 1.
UNIT = np.random.default_rng(0).normal(size=200)
UNIT = (UNIT - UNIT.mean()) / UNIT.std(ddof=1)
STILL = np.zeros(200)


def side(values, draws=STILL, *, is_random=True):
    """Return trainings of some values that deviate over resamples by the same draws."""
    return Side([Resampled(v, v + draws, 100) for v in values], is_random)


def test_without_variation_over_samples_it_is_welchs_test():
    ours, theirs = [0.41, 0.44, 0.39, 0.42], [0.30, 0.35, 0.28]
    found = difference(side(ours), side(theirs))
    test = ttest_ind(ours, theirs, equal_var=False)
    ends = test.confidence_interval(0.95)
    assert_allclose([found.low, found.high], [ends.low, ends.high], rtol=1e-6)
    assert_allclose(found.p, test.pvalue, rtol=1e-4)
    assert found.n_trainings == 3


def test_without_seeds_it_is_the_bootstrap():
    """One run of what no seed changes: 0.1 ± 1.96 · 0.04, and p = 2 Φ(-2.5) = 0.01242."""
    found = difference(
        side([0.3], 0.04 * UNIT, is_random=False), side([0.2], STILL, is_random=False)
    )
    assert_allclose([found.low, found.high], [0.1 - Z * 0.04, 0.1 + Z * 0.04], rtol=1e-5)
    assert_allclose(found.p, 0.0124193, rtol=1e-4)
    assert found.seed_error == 0.0


def test_both_parts_by_hand():
    """The samples' part is common to 1, 2, 3: h² = (4.302653 / √3)² + (1.96 · 2)²."""
    found = difference(side([1.0, 2.0, 3.0], 2.0 * UNIT), side([0.0], is_random=False))
    half = np.hypot(4.302653 / np.sqrt(3.0), Z * 2.0)
    assert_allclose([found.low, found.high], [2.0 - half, 2.0 + half], rtol=1e-5)


def test_variation_of_single_trainings_over_samples_is_averaged():
    """It was not: the interval kept the samples' part of one training however many there were."""
    rng = np.random.default_rng(0)
    values = 0.5 + 0.02 * rng.normal(size=10)
    ours = Side([Resampled(v, v + 0.01 * rng.normal(size=1000), 100) for v in values], True)
    found = difference(ours, side([0.5], np.zeros(1000), is_random=False))
    assert_allclose(found.sample_error, 0.01 / math.sqrt(10), rtol=0.1)
    of_seeds = 2.262157 * np.std(values, ddof=1) / math.sqrt(10)
    # The trainings' own variation over samples is in their spread, and not counted twice.
    assert found.high - found.value < 1.05 * of_seeds


def test_equal_trainings_do_not_hide_what_samples_vary():
    """Two trainings that err on one sample of thirty each differ from one that errs on none."""
    rng = np.random.default_rng(0)
    counts = rng.multinomial(30, np.full(30, 1 / 30), size=200)
    value = 29 / 30
    ours = Side([Resampled(value, 1 - counts[:, i] / 30, 30) for i in (3, 8)], True)
    found = difference(ours, Side([Resampled(1.0, np.ones(200), 30)], is_random=False))
    assert found.seed_error == 0.0
    assert found.low < 0.0 < found.high


def test_one_training_of_something_random_counts_samples_alone():
    found = difference(side([0.6], 0.001 * UNIT), side([0.5], is_random=False))
    assert found.seed_error is None
    assert_allclose([found.low, found.high], [0.1 - Z * 0.001, 0.1 + Z * 0.001], rtol=1e-5)


def test_rounding_is_no_difference():
    """Two ways to one map differ by float32's rounding, with hardly a spread."""
    ours = side([3e-8], 1e-8 * UNIT, is_random=False)
    assert difference(ours, side([0.0], is_random=False)).p > 0.5


def test_nothing_known_of_samples_shows_nothing():
    """A metric without an interval would be compared as if samples did not matter."""
    unknown = np.full(200, np.nan)
    for values in ([0.5], [0.5, 0.51, 0.52]):
        ours = side(values, unknown, is_random=len(values) > 1)
        found = difference(ours, side([0.1], is_random=False))
        assert (found.low, found.p) == (None, None)
        assert verdict(found, higher_is_better=True, band=0.01) == "none"


def test_sides_on_other_samples_are_refused():
    other = Side([Resampled(0.5, STILL, 99)], is_random=True)
    with pytest.raises(ValueError, match=r"as many samples, got \[99, 100\]"):
        difference(side([0.5]), other)


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (0.02, 0.015, 0.025, "better"),
        (-0.02, -0.025, -0.015, "worse"),
        (0.02, -0.01, 0.05, "none"),
        (0.009, 0.008, 0.010, "same"),
        (-0.009, -0.1, 0.08, "same"),
    ],
)
def test_verdicts_by_interval_and_band(value, low, high, told):
    found = Difference(value, low, high, 0.01, 0.001, 0.001, 5)
    assert verdict(found, higher_is_better=True, band=0.01) == told
    opposite = {"better": "worse", "worse": "better"}.get(told, told)
    assert verdict(found, higher_is_better=False, band=0.01) == opposite


def test_one_training_needs_a_difference_far_beyond_the_band():
    """A method compared with itself under another seed got a verdict in half of all comparisons.

    Five times the band of 0.01 and twice the half-width of 0.004 are 0.058.
    """
    near = Difference.of_one_training(0.057, 0.053, 0.061)
    far = Difference.of_one_training(0.059, 0.055, 0.063)
    assert verdict(near, higher_is_better=True, band=0.01) == "none"
    assert verdict(far, higher_is_better=True, band=0.01) == "better"
    assert verdict(near, higher_is_better=True, band=None) == "better"
    assert verdict(far, higher_is_better=None, band=0.01) == ""


def test_bands_are_those_that_were_fixed():
    """0.01 for R_NX and k-NN accuracy, 0.002 for trustworthiness, 2 % of the error."""
    for name, band in (("auc_rnx", 0.01), ("knn_accuracy", 0.01), ("trustworthiness", 0.002)):
        assert METRICS.get(name).band_at(None) == band
    error = METRICS.get("reconstruction_error")
    assert_allclose(error.band_at(0.5), 0.01)
    assert error.band_at(None) is None
    assert error.band_text.replace("\N{NO-BREAK SPACE}", " ") == "2 % of the baseline’s"
    assert METRICS.get("elbo").band_at(1.0) is None


def simulated(rng, n, mean, common, *, own):
    """Return trainings with a spread of 1, and a part that samples add to all alike."""
    trainings = []
    for _ in range(n):
        value = mean + common[0] + np.sqrt(1 - own**2) * rng.normal() + own * rng.normal()
        gaps = common[1:] + own * rng.normal(size=200)
        trainings.append(Resampled(value, value + gaps, 100))
    return Side(trainings, is_random=True)


@pytest.mark.parametrize("n_trainings", [3, 5])
@pytest.mark.parametrize(("own", "of_samples"), [(0.0, 0.0), (0.7, 0.3), (1.0, 2.0)])
def test_equal_methods_are_told_apart_at_most_once_in_twenty(own, of_samples, n_trainings):
    rng = np.random.default_rng(0)
    shown = []
    for _ in range(400):
        common, apart = rng.normal(size=201), of_samples * rng.normal(size=201)
        ours = simulated(rng, n_trainings, 0.0, common + apart, own=own)
        theirs = simulated(rng, n_trainings, 0.0, common, own=own)
        shown.append(difference(ours, theirs).p < 0.05)
    assert np.mean(shown) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_three_deviations_between_seeds_are_shown_by_five_trainings():
    """A difference of three standard deviations between seeds, beyond the band."""
    rng = np.random.default_rng(0)
    shown = {}
    for both in (False, True):
        told = []
        for _ in range(200):
            common = 0.3 * rng.normal(size=201)
            ours = simulated(rng, 5, 3.0, common, own=0.5)
            theirs = side([common[0]], common[1:], is_random=False)
            if both:
                theirs = simulated(rng, 5, 0.0, common, own=0.5)
            told.append(verdict(difference(ours, theirs), higher_is_better=True, band=0.01))
        shown[both] = np.mean([one == "better" for one in told])
    assert min(shown.values()) > 0.9
