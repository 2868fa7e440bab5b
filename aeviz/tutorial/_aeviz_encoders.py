"""Make this project's encoders for the tutorial: at their defaults, on the same images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aeviz.core.registry import ENCODERS
from aeviz.encoders.networks.default_sizes import default_batch_size, default_epochs
from aeviz.tutorial._images import IMAGE_SHAPE

if TYPE_CHECKING:
    from aeviz.encoders import BaseAutoencoder

__all__ = ["KINDS", "make_ours", "scaled"]

# The tutorial's order. What is given besides defaults: the shape of the images, and the
# size of the published code where that is not the default.
_PARAMS: dict[str, dict[str, Any]] = {
    "simple": {},
    "sparse": {},
    "deep": {},
    "convolutional": {"code_size": 128, "image_shape": IMAGE_SHAPE},
    "denoising": {"image_shape": IMAGE_SHAPE},
    "variational": {},
}
KINDS = tuple(_PARAMS)


def scaled(epochs: int, scale: float) -> int:
    """Return a number of epochs made shorter or longer, at least 1.

    Examples
    --------
    >>> scaled(50, 0.1), scaled(50, 0.001)
    (5, 1)
    """
    return max(1, round(scale * epochs))


def make_ours(kind: str, *, n_train: int, epochs_scale: float, seed: int) -> BaseAutoencoder:
    """Return an unfitted encoder of a kind, at its defaults but for the length of training."""
    whole = default_epochs(n_train, default_batch_size(n_train))
    encoder: BaseAutoencoder = ENCODERS.get(kind)(
        **_PARAMS[kind], epochs=scaled(whole, epochs_scale), random_state=seed
    )
    return encoder
