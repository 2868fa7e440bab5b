"""Test how wide networks are where nobody names a width."""

from __future__ import annotations

import pytest

from aeviz.core.registry import ENCODERS
from aeviz.encoders.networks.default_sizes import NetworkPlan
from aeviz.runs.page_samples import LIMITS


def plan_of(n_features, code_size, image_shape=None):
    return NetworkPlan(1000, n_features, code_size, "bernoulli", 64, 1, 0, image_shape)


@pytest.mark.parametrize("kind", ["deep", "denoising", "regularized", "sparse", "variational"])
def test_networks_of_many_features_are_not_wider_than_1024(kind):
    """The first layer was two thirds of the features: 650 million weights of 20,000 features."""
    encoder = ENCODERS.get(kind)()
    for n_features in (20_000, 33_538):
        code_size = min(encoder.default_code_size(n_features), 32)
        first, second, *_ = encoder._default_hidden_sizes(plan_of(n_features, code_size))
        assert (first, second) == (1024, 512)


FEW = {"deep": (256, 128), "regularized": (1024, 512), "variational": (1024, 512, 256)}


@pytest.mark.parametrize("kind", FEW)
def test_widths_of_1536_features_are_what_they_were(kind):
    assert ENCODERS.get(kind)()._default_hidden_sizes(plan_of(1536, 2)) == FEW[kind]


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 1), (32, 32, 3), (64, 64, 3)])
def test_a_page_can_run_the_decoder_of_a_latent_plane_of_images(shape):
    """Of 32 × 32 × 3 it had 8.9 million weights, and the page refused it."""
    height, width, n_channels = shape
    plan = plan_of(height * width * n_channels, 2, shape)
    encoder = ENCODERS.get("variational")(image_shape=shape)
    assert encoder._build(plan).decoder.count_params() < LIMITS.weights
    if shape == (28, 28, 1):
        assert encoder._default_hidden_sizes(plan) == (512, 256, 128)
