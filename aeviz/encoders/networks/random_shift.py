"""Random shifts of images in training, so that codes do not depend on exact positions."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from aeviz.core.validation import check_number
from aeviz.encoders.networks.default_sizes import NetworkPlan
from aeviz.encoders.networks.layers import PlainLayer

__all__ = ["RandomShift", "shift_layer"]


def shift_layer(plan: NetworkPlan, share: float) -> RandomShift | None:
    """Return the layer that shifts a plan's images, or None where nothing is shifted.

    Raises
    ------
    ValueError, TypeError
        If `share`, the setting `shift`, is no number in 0..1.
    """
    share = check_number("shift", share, low=0.0, high=1.0)
    if share == 0 or plan.image_shape is None:
        return None
    return RandomShift(plan.image_shape, share, seed=plan.seed)


@keras.saving.register_keras_serializable(package="aeviz")
class RandomShift(PlainLayer):
    """Layer that shifts each image by a random part of its sides in training.

    It is used before an encoder whose target is the unshifted image, so that the code learns
    what a shift does not change. Values between pixels are interpolated linearly; what
    comes in over an edge repeats the edge.

    Parameters
    ----------
    image_shape : (height, width, channels)
        How the features of a sample are laid out.
    share : float above 0
        Vertical and horizontal shifts are drawn evenly from −share to share, in units of the
        image's height and width.
    seed : int or None

    Notes
    -----
    Along an axis of n pixels an image is multiplied by the n × n matrix whose entry (i, j) is
    max(0, 1 − |clip(i + shift, 0, n − 1) − j|): each image has its own, and no pixel has to
    be looked up, which is what compilers for CPUs are slow at.
    """

    # The validation loss is that of images as they are.
    is_validated = False

    def __init__(
        self, image_shape: Any, share: float, *, seed: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.image_shape = tuple(image_shape)
        self.share = share
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True

    def call(self, x: Any, training: bool | None = None) -> Any:
        """Return shifted images in training and the images otherwise; (n_samples, n_features)."""
        if not training:
            return x
        height, width, _ = self.image_shape
        images = ops.reshape(x, (-1, *self.image_shape))
        n_images = ops.shape(images)[0]
        drawn = keras.random.uniform(
            (2, n_images), -self.share, self.share, dtype=x.dtype, seed=self.seed_generator
        )
        images = ops.einsum("bij,bjwc->biwc", _moving(height * drawn[0], height), images)
        images = ops.einsum("bij,bhjc->bhic", _moving(width * drawn[1], width), images)
        return ops.reshape(images, ops.shape(x))


def _moving(shifts: Any, n_pixels: int) -> Any:
    """Return for each shift the matrix that moves a line of pixels by it."""
    positions = ops.arange(n_pixels, dtype=shifts.dtype)
    sources = ops.clip(positions[None, :] + shifts[:, None], 0.0, n_pixels - 1.0)
    gaps = ops.abs(sources[:, :, None] - positions[None, None, :])  # (n_samples, to, from)
    return ops.maximum(0.0, 1.0 - gaps)
