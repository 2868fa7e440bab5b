"""Test that a network trained again under another seed is the one that a new one would be."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from aeviz.core.registry import ENCODERS
from aeviz.encoders.networks.compiled import MIN_UPDATES_FOR_XLA
from aeviz.encoders.training.convergence import is_still_falling


@pytest.mark.parametrize("kind", ["regularized", "variational", "denoising", "sparse"])
def test_again_is_as_new(kind, rng):
    """Weights, moments of the optimizer and states of noise all begin anew."""
    X = rng.random((90, 12)).astype(np.float32)
    first = ENCODERS.get(kind)(code_size=2, epochs=3, random_state=0).fit(X)
    again = first.again(7).fit(X)
    new = ENCODERS.get(kind)(code_size=2, epochs=3, random_state=7).fit(X)
    assert again.history_ == new.history_
    assert_array_equal(again.transform(X), new.transform(X))
    codes = new.transform(X)
    third = again.again(7).fit(X)
    assert_array_equal(third.transform(X), codes)


@pytest.mark.slow
def test_again_does_not_compile(rng):
    """Of a training that XLA compiles, in ten seconds, a second one takes as long as its epochs."""
    from aeviz.core.resource_meter import Meter

    X = rng.random((320, 8)).astype(np.float32)
    n_epochs = MIN_UPDATES_FOR_XLA // 18 + 1
    encoder = ENCODERS.get("regularized")(epochs=n_epochs, random_state=0)
    with Meter() as first:
        encoder.fit(X)
    with Meter() as second:
        again = encoder.again(1).fit(X)
    new = ENCODERS.get("regularized")(epochs=n_epochs, random_state=1).fit(X)
    assert_array_equal(again.transform(X), new.transform(X))
    assert second.seconds < 0.6 * first.seconds


def test_encoder_without_network_gets_the_seed():
    again = ENCODERS.get("pca")(3, random_state=0).again(5)
    assert (again.code_size, again.random_state) == (3, 5)


def test_falling_loss_at_the_limit_of_epochs():
    """Three epochs of a steep fall were shown as if they were a training."""
    assert is_still_falling({"loss": [9.0, 5.0, 3.0], "val_loss": [9.0, 5.0, 3.0]})
    cosine = [10.0 * 0.9**epoch + 5.0 for epoch in range(60)]
    assert not is_still_falling({"val_loss": cosine})
    assert is_still_falling({"val_loss": cosine[:20]})
    stopped = [*cosine[:20], *[7.0] * 10]
    assert not is_still_falling({"val_loss": stopped})
    assert not is_still_falling({"loss": [3.0]})
    assert not is_still_falling({})
    judged = {"val_loss": [9.0, 5.0, 3.0], "val_reconstruction": [1.0, 2.0, 3.0]}
    assert not is_still_falling(judged, "reconstruction")
