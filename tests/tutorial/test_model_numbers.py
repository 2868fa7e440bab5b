"""Test by hand what published networks and ours are both measured with."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from aeviz.encoders.networks.elbo import draw_bounds, summarised
from aeviz.tutorial._model_numbers import cross_entropy, noisy, shown_rows


def test_cross_entropy_is_a_mean_over_pixels():
    """−(log ½ + log ¼) / 2 = 1.5 log 2 for pixels 1 and 0 given back as ½ and ¾."""
    x, p = np.array([[1.0, 0.0]]), np.array([[0.5, 0.75]])
    assert_allclose(cross_entropy(x, p), 1.5 * np.log(2), rtol=1e-6)


def test_bound_of_draws_with_the_deviation_exp_s():
    """For mean 1 and deviation 2: KL = ½ (4 + 1 − 1 − 2 log 2) a dimension, of which are two."""
    x = np.full((5, 3), 0.5, np.float32)
    mean, s = np.ones((5, 2), np.float32), np.full((5, 2), np.log(2), np.float32)
    parts = draw_bounds(
        x,
        (mean, 2 * s),
        lambda z: np.full((len(z), 3), 0.5, np.float32),
        loss="bernoulli",
        n_draws=2,
        rng=np.random.default_rng(0),
    )
    bound = summarised(parts)
    assert_allclose(bound["kl"], 4 - 2 * np.log(2), rtol=1e-6)
    assert_allclose(bound["reconstruction"], 3 * np.log(2), rtol=1e-6)
    assert_allclose(bound["negative_elbo"], bound["kl"] + bound["reconstruction"], rtol=1e-12)
    assert bound["active_units"] == 0


def test_noise_is_the_tutorials_and_repeatable():
    X = np.full((400, 784), 0.5, np.float32)
    first = noisy(X, seed=1)
    assert_array_equal(first, noisy(X, seed=1))
    assert (first != noisy(X, seed=2)).any()
    assert (first.min(), first.max()) == (0.0, 1.0)
    # 31.7 % of a normal distribution lies further than one deviation, here 0.5, from its mean.
    assert_allclose(np.mean((first == 0) | (first == 1)), 0.317, atol=0.01)


def test_shown_images_are_one_of_each_class_first():
    assert shown_rows(np.array([2, 0, 0, 1, 2])).tolist() == [1, 3, 0, 2, 4]
    y = np.arange(30) % 10
    assert shown_rows(y).tolist() == list(range(10))
