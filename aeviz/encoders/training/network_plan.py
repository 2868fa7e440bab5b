"""Check what a user asked of a network-based encoder against the data, and fill in defaults."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.seeding import draw_seed
from aeviz.core.validation import check_choice, check_integer, check_number, check_sizes
from aeviz.encoders.networks.default_sizes import (
    NetworkPlan,
    default_batch_size,
    default_epochs,
    default_filters,
)
from aeviz.encoders.training.samples import Samples

if TYPE_CHECKING:
    from aeviz.encoders._base_autoencoder import BaseAutoencoder
    from aeviz.encoders.networks.architecture import Architecture

__all__ = ["checked_weights", "plan_layers", "plan_network"]


def plan_network(estimator: BaseAutoencoder, samples: Samples) -> NetworkPlan:
    """Check the parameters that every kind has against the samples, and return the plan.

    Raises
    ------
    ValueError, TypeError
        If a parameter is out of its range; mostly a SettingError.
    """
    n_samples, n_features = samples.n_samples, samples.n_features
    code_size, batch_size, epochs = estimator.code_size, estimator.batch_size, estimator.epochs
    if code_size is None:
        code_size = estimator.default_code_size(n_features)
    least, high_is = estimator.min_code_size, f"n_features={n_features}"
    code_size = check_integer("code_size", code_size, low=least, high=n_features, high_is=high_is)
    loss = _loss(estimator, samples)
    check_number("learning_rate", estimator.learning_rate, low=0.0, low_is_open=True)
    check_integer("patience", estimator.patience, low=1)
    check_number(
        "validation_fraction", estimator.validation_fraction, low=0.0, high=1.0, high_is_open=True
    )
    if batch_size is None:
        batch_size = default_batch_size(n_samples, estimator.max_batch)
    batch_size = check_integer("batch_size", batch_size, low=1)
    if epochs is None:
        epochs = estimator.max_epochs or default_epochs(n_samples, batch_size)
    return NetworkPlan(
        n_samples=n_samples,
        n_features=n_features,
        code_size=code_size,
        loss=loss,
        batch_size=batch_size,
        epochs=check_integer("epochs", epochs, low=0 if estimator.starts_fitted else 1),
        seed=draw_seed(estimator.random_state),
        image_shape=_image_shape(estimator, samples),
        warmup_epochs=check_integer("warmup_epochs", estimator.warmup_epochs, low=0),
    )


def plan_layers(
    estimator: BaseAutoencoder, plan: NetworkPlan, default_sizes: tuple[int, ...]
) -> Architecture:
    """Return the layers that the parameters ask for; a dense network may have the default sizes.

    Raises
    ------
    ValueError, TypeError
        If a parameter is out of its range; mostly a SettingError.
    """
    from aeviz.encoders.networks.architecture import convolutional, dense

    network = check_choice("network", estimator.network, ("auto", "dense", "convolutional"))
    sizes, filters, activation = estimator.hidden_sizes, estimator.filters, estimator.activation
    if network == "dense" or (network == "auto" and plan.image_shape is None):
        sizes = check_sizes("hidden_sizes", default_sizes if sizes is None else sizes)
        return dense(plan, sizes, activation=activation)
    if filters is not None and len(filters) == 0:
        raise SettingError("filters", filters, "None or those of at least one convolution")
    if filters is None and plan.image_shape is not None:
        filters = default_filters(plan.image_shape)
    filters = check_sizes("filters", filters)
    sizes = check_sizes("hidden_sizes", () if sizes is None else sizes)
    kernel_size = check_integer("kernel_size", estimator.kernel_size, low=1)
    return convolutional(plan, filters, sizes, kernel_size=kernel_size, activation=activation)


def checked_weights(sample_weight: Any, n_samples: int) -> np.ndarray | None:
    """Return weights as float32 of shape (n_samples,), or None for None.

    Raises
    ------
    ValueError
        If they have another shape, are negative or not finite, or all are zero.
    """
    if sample_weight is None:
        return None
    weights = np.asarray(sample_weight, dtype=np.float32)
    if weights.shape != (n_samples,):
        raise ValueError(f"sample_weight must have the shape ({n_samples},), got {weights.shape}")
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise ValueError(
            "sample_weight must hold finite numbers of at least 0, got values in "
            f"[{weights.min():g}, {weights.max():g}]"
        )
    if not weights.any():
        raise ValueError("sample_weight must have a value above zero; every weight is zero")
    return weights


def _image_shape(estimator: BaseAutoencoder, samples: Samples) -> tuple[int, int, int] | None:
    """Return the images' shape, where it was given or a stream knows it."""
    asked, n_features = estimator.image_shape, samples.n_features
    if asked is None:
        if samples.image_shape is None and estimator.needs_images:
            raise AevizError(
                f"a convolutional network needs images: give image_shape=(height, width, channels) "
                f"whose product is the {n_features} features; for a table take a dense network"
            )
        return samples.image_shape
    is_shape = isinstance(asked, Sequence) and len(asked) == 3
    if not is_shape or not all(isinstance(n, Integral) and (n > 0 or n == -1) for n in asked):
        accepted = "(height, width, channels), three integers of which one may be -1"
        raise SettingError("image_shape", asked, accepted)
    sizes = [int(n) for n in asked]
    if sizes.count(-1) == 1:
        known = -math.prod(sizes)
        sizes[sizes.index(-1)] = n_features // known if n_features % known == 0 else 0
    if math.prod(sizes) != n_features or -1 in sizes:
        needed = f"have the product {n_features} (n_features)"
        message = f"image_shape must {needed}, got {tuple(asked)}"
        raise SettingError("image_shape", asked, needed, message)
    return (sizes[0], sizes[1], sizes[2])


def _loss(estimator: BaseAutoencoder, samples: Samples) -> str:
    """Return the loss that was asked for, or that suits the data."""
    loss = check_choice("loss", estimator.loss, estimator.loss_choices)
    if loss == "gaussian" or "bernoulli" not in estimator.loss_choices:
        return "gaussian"
    low, high = samples.extent
    is_unit = low >= 0.0 and high <= 1.0
    if loss == "bernoulli" and not is_unit:
        message = f"loss='bernoulli' needs data in [0, 1], got values in [{low:g}, {high:g}]"
        raise SettingError("loss", loss, "auto or gaussian for other data", message)
    return "bernoulli" if is_unit else "gaussian"
