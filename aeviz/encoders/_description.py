"""Say in words what a network is and what its training minimises, with every weight.

Of a fitted encoder the words are those of what was trained: defaults that depend on the data are
resolved. Before that they name the defaults for both kinds of data.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from aeviz.encoders.networks.default_sizes import MAX_WIDTH

if TYPE_CHECKING:
    from aeviz.encoders._base_autoencoder import BaseAutoencoder

__all__ = ["describe_loss", "describe_network", "kl_term", "shift_text"]

ERRORS = {
    "bernoulli": "cross-entropy, summed over features",
    "gaussian": "half the squared error, summed over features",
}


def describe_loss(encoder: BaseAutoencoder) -> str:
    """Return what is minimised: reconstruction loss, terms added to it, and noise on samples."""
    chosen = getattr(encoder, "loss_", encoder.loss)
    sums = {name: " + ".join([error, *encoder.loss_terms(name)]) for name, error in ERRORS.items()}
    parts = [sums[chosen]] if chosen in sums else []
    if not parts:
        unit, other = sums.values()
        parts = [f"of data in [0, 1] {unit}", f"of other data {other}"]
    noise = encoder.noise_text()
    return "; ".join([*parts, "averaged over samples", *([noise] if noise else [])])


def describe_network(encoder: BaseAutoencoder) -> str:
    """Return the layers from the samples to the code, which the decoder mirrors."""
    if hasattr(encoder, "autoencoder_"):
        model = encoder.autoencoder_
        widths = [f"{encoder.n_features_in_:,}", *_widths(model.encoder)]
        n_weights = sum(math.prod(weights.shape) for weights in model.trainable_weights)
        return f"{' → '.join(widths)} and back, {n_weights:,} weights"
    images = "convolutions of stride 2, the image's longer side 8 or less behind them, to the code"
    if encoder.filters is not None:
        images = f"convolutions of {_listed(encoder.filters)} filters to the code"
    dense = _dense(encoder)
    chosen = {"dense": dense, "convolutional": images}
    either = f"of images {images}, of other data {dense}"
    return f"{chosen.get(encoder.network, either)} and back"


def kl_term(beta: float) -> str:
    """Return the term of a code that is drawn from a Gaussian."""
    return (
        f"{beta:g} × Kullback-Leibler divergence of the code from a standard normal prior, in nats"
    )


def shift_text(share: float) -> str:
    """Return what is done to images that are shifted by up to a share of their sides."""
    return (
        f"images are shifted by up to {100 * share:g} % of their sides before they are encoded, "
        "and compared as they were"
    )


def _widths(model: Any) -> Iterator[str]:
    """Yield the outputs of the layers that have weights; the log-variance is beside the mean."""
    for layer in model.layers:
        if hasattr(layer, "filters"):
            yield f"{layer.filters} filters of {layer.kernel_size} × {layer.kernel_size}"
        elif hasattr(layer, "units") and layer.name != "log_variance":
            yield f"{layer.units:,}"


def _dense(encoder: BaseAutoencoder) -> str:
    """Return the layers of a dense network whose data are not known."""
    if encoder.hidden_sizes is None:
        share = Fraction(encoder.first_share).limit_denominator(10)
        return (
            f"{encoder.n_hidden_layers} dense layers, the first with {share} of the features "
            f"({encoder.least_width} at least, {MAX_WIDTH:,} at most), each next with half of the "
            "one before, to the code"
        )
    if len(encoder.hidden_sizes) == 0:
        return "one layer to the code"
    return f"dense layers of {_listed(encoder.hidden_sizes)} to the code"


def _listed(sizes: Any) -> str:
    return ", ".join(map(str, sizes))
