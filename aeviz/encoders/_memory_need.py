"""Estimate the memory that training a network takes, from its sizes.

Estimates are sums of what was measured, see ``scripts/bench_needs.py``. They are meant to be
above the peaks of a run, by less than half of a large one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aeviz.core.memory import Need, keras_libraries
from aeviz.encoders.networks.default_sizes import (
    MAX_COORDINATES,
    MAX_WIDTH,
    default_code_size,
    is_wide,
)

if TYPE_CHECKING:
    from aeviz.encoders._base_autoencoder import BaseAutoencoder

__all__ = ["network_need"]

# Weights, their gradients, two moments of Adam, the best ones, copies within the compiled step.
COPIES_OF_WEIGHTS = 8
# Of a wide table: its axes, in memory and in the network, and its samples while axes are found.
COPIES_OF_AXES, COPIES_OF_SAMPLES = 6, 4
# Copies of a batch of `APPLIED` samples that is mapped.
COPIES_OF_BATCH = 7
# Floats per pixel and sample that default convolutions hold: of a batch in training, and of one
# of `APPLIED` samples that is encoded or decoded.
TRAINED_FLOATS, APPLIED_FLOATS, APPLIED = 170, 75, 1024


def network_need(encoder: BaseAutoencoder, n_samples: int, n_features: int) -> Need:
    """Return the memory of training an unfitted network and of encoding all samples.

    A parameter that makes no sense counts as its default: `fit` refuses it.
    """
    libraries = keras_libraries()
    fixed = sum(libraries.values())
    if encoder.network != "dense" and encoder.image_shape:
        n_pixels = n_features / max(_numbers(encoder.image_shape)[-1:] or [1])
        batch_size = _number(encoder.batch_size, 128)
        trained, applied = batch_size * TRAINED_FLOATS, APPLIED * APPLIED_FLOATS
        of_sizes = 4.0 * n_pixels * max(trained, applied)
        helps = f"image_size={max(1, int(n_pixels**0.5 / 2))}"
        if trained > applied:
            helps = f"batch_size={int(batch_size / 2)}"
    elif encoder.maps_wide_tables and is_wide(n_samples, n_features) and not encoder.image_shape:
        n_axes, n_mapped = min(n_samples, MAX_COORDINATES), min(n_samples, APPLIED)
        copies = COPIES_OF_AXES * n_axes + COPIES_OF_SAMPLES * n_samples
        copies += COPIES_OF_BATCH * n_mapped
        of_sizes = 4.0 * n_features * copies
        helps = ""
    else:
        of_sizes = COPIES_OF_WEIGHTS * 4.0 * 2 * n_features * _width(encoder, n_features)
        kind = type(encoder).__module__.rpartition(".")[2]
        helps = f"a smaller first layer (hidden_sizes in params.{kind})"
    # Larger arrays than the budget are read as a stream.
    streamed = max(0.0, 4.0 * n_features * n_samples - _number(encoder.memory_budget, 1e9))
    # What only the network's sizes lower is worth naming where it is what counts.
    helps = f"{helps} would help" if helps and of_sizes > fixed else ""
    return Need(fixed + of_sizes - streamed, 12.0 * n_features, n_samples, helps, libraries)


def _width(encoder: BaseAutoencoder, n_features: int) -> float:
    """Return the width of a dense network's first layer."""
    if encoder.hidden_sizes == ():
        return _number(encoder.code_size, default_code_size(n_features))
    share = min(encoder.first_share * n_features, MAX_WIDTH)
    return max(_numbers(encoder.hidden_sizes) or (256, share))


def _numbers(values: Any) -> list[float]:
    """Return the sizes among what a user gave for sizes."""
    several = values if isinstance(values, list | tuple) else []
    return [number for number in (_number(value, 0) for value in several) if number]


def _number(value: Any, default: float) -> float:
    is_size = isinstance(value, int | float) and value > 0
    return float(value) if is_size else float(default)
