"""Choose sizes that suit the data, where the user names none; loads no Keras."""

import math
from dataclasses import dataclass

import numpy as np

__all__ = [
    "MAX_BATCH",
    "MAX_COORDINATES",
    "MAX_WIDTH",
    "NetworkPlan",
    "default_batch_size",
    "default_code_size",
    "default_epochs",
    "default_filters",
    "default_hidden_sizes",
    "is_wide",
    "live_width",
    "shared_code_size",
]

DEFAULT_CODE_SIZE = 32
SMALL_SIDE = 8
MAX_FILTERS = 128
MAX_BATCH = 128
# Tables of more features than this, or than samples, are mapped to so many principal coordinates.
MAX_FEATURES, MAX_COORDINATES = 4096, 512
# Unbounded, 20,000 features would have a first layer of 16,384 and 650 million weights.
MAX_WIDTH = 1024
# A page runs the decoder of a variational autoencoder of images; most weights are in one layer.
MAX_LIVE_WEIGHTS, LEAST_LIVE_WIDTH = 1_000_000, 64


@dataclass(frozen=True)
class NetworkPlan:
    """Checked sizes of a network, with the defaults filled in."""

    n_samples: int
    n_features: int
    code_size: int
    loss: str
    batch_size: int
    epochs: int
    seed: int
    image_shape: tuple[int, int, int] | None = None
    warmup_epochs: int = 0


def default_code_size(n_features: int) -> int:
    """Return 32, or half the features where that is less."""
    return max(1, min(DEFAULT_CODE_SIZE, math.ceil(n_features / 2)))


def shared_code_size(n_train: int, n_features: int) -> int:
    """Return the default width of codes that are embedded, and compared with PCA's.

    At least two, because an embedding has two axes, and no more than there are training
    samples, because PCA has no more components.

    Examples
    --------
    >>> shared_code_size(1_000, 784), shared_code_size(1_000, 2), shared_code_size(24, 784)
    (32, 2, 24)
    """
    return min(max(default_code_size(n_features), 2), n_features, n_train)


def default_hidden_sizes(
    n_features: int,
    code_size: int,
    *,
    n_layers: int = 2,
    first_share: float = 1 / 6,
    least: int = 64,
    most: int = MAX_WIDTH,
) -> tuple[int, ...]:
    """Return widths that halve from layer to layer, rounded to powers of two.

    The first layer has `first_share` of the features, between `least`, so that small data get
    room too, and `most`; but at least four times the code's width.

    Examples
    --------
    >>> default_hidden_sizes(784, 32)
    (128, 64)
    >>> default_hidden_sizes(784, 2, n_layers=3, first_share=2 / 3)
    (512, 256, 128)
    >>> default_hidden_sizes(64, 32)
    (128, 64)
    >>> default_hidden_sizes(16, 8, first_share=2 / 3, least=256)
    (256, 128)
    >>> default_hidden_sizes(33_538, 32, first_share=2 / 3)
    (1024, 512)
    """
    first = max(4 * code_size, min(max(least, _power_of_two(n_features * first_share)), most))
    return tuple(_power_of_two(first / 2**depth) for depth in range(n_layers))


def is_wide(n_samples: int, n_features: int) -> bool:
    """Return whether a table has more features than samples, or more than 4,096.

    Examples
    --------
    >>> is_wide(300, 765), is_wide(60_000, 784)
    (True, False)
    """
    return n_features > min(n_samples, MAX_FEATURES)


def live_width(n_features: int) -> int:
    """Return the most units beside the data, a power of two, of a decoder that a page runs.

    Their weights are a million at most, but 64 units are left to the largest images.

    Examples
    --------
    >>> live_width(28 * 28), live_width(32 * 32 * 3), live_width(64 * 64 * 3)
    (1024, 256, 64)
    """
    width = 2 ** int(math.log2(max(1, MAX_LIVE_WEIGHTS // n_features)))
    return min(max(LEAST_LIVE_WIDTH, width), MAX_WIDTH)


def default_filters(image_shape: tuple[int, int, int]) -> tuple[int, ...]:
    """Return the filters of convolutions that halve an image until its longer side is 8 or less.

    At least one, of 32 filters; each has twice as many as the one before, 128 at most.

    Examples
    --------
    >>> default_filters((28, 28, 1)), default_filters((17, 23, 3)), default_filters((8, 8, 1))
    ((32, 64), (32, 64), (32,))
    >>> default_filters((224, 224, 3))
    (32, 64, 128, 128, 128)
    """
    n_halvings = max(1, math.ceil(math.log2(max(image_shape[:2]) / SMALL_SIDE)))
    return tuple(min(32 * 2**depth, MAX_FILTERS) for depth in range(n_halvings))


def default_batch_size(n_samples: int, most: int = MAX_BATCH) -> int:
    """Return 128 (`most`), or less for small data, so that an epoch still has about 20 updates.

    Examples
    --------
    >>> default_batch_size(60_000), default_batch_size(1_500)
    (128, 64)
    """
    return min(most, max(16, _power_of_two(n_samples / 20)))


def default_epochs(n_samples: int, batch_size: int) -> int:
    """Return the epochs that make about 12,000 updates, but 30 at least and 200 at most.

    Examples
    --------
    >>> default_epochs(60_000, 128)
    30
    >>> default_epochs(1_500, 64)
    200
    """
    return int(np.clip(round(12_000 * batch_size / n_samples), 30, 200))


def _power_of_two(value: float) -> int:
    return int(2 ** round(math.log2(max(value, 1.0))))
