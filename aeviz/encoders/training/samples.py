"""Let encoders be fitted and applied alike to arrays and to data that stay on disk.

What `fit` and `transform` are given is an array, or a stream of blocks
(`aeviz.open_stream`); an array larger than the memory budget is read as a stream too.
Here the difference ends: both give their range, their moments, single rows, blocks in
order, and a feed for the training engine. scikit-learn remembers and checks the features of
arrays; for streams that is done here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import gen_batches
from sklearn.utils.validation import validate_data

from aeviz.core.validation import check_integer, check_unmasked
from aeviz.data.feature_scaling import Moments
from aeviz.data.magnitude import check_magnitude
from aeviz.data.sample_stream import SampleStream
from aeviz.data.stream_source import open_stream
from aeviz.encoders.networks.batches import BATCH_SIZE
from aeviz.encoders.training.coordinates import Scaling

if TYPE_CHECKING:
    from aeviz.encoders._base_autoencoder import BaseAutoencoder
    from aeviz.encoders.training.feeds import ResidentFeed, StreamFeed

__all__ = [
    "ArraySamples",
    "Samples",
    "blocks_of",
    "check_features",
    "checked_array",
    "features_of_last_fit",
    "samples_of",
    "stream_blocks",
]

BLOCK_BYTES = 1 << 23
REMEMBERED = ("n_features_in_", "feature_names_in_")


class ArraySamples:
    """Samples of an array of real numbers in memory, of shape (n_samples, n_features)."""

    # A matrix does not tell whether its rows are images.
    image_shape: tuple[int, int, int] | None = None

    def __init__(self, X: np.ndarray) -> None:
        self.X = X
        self.n_samples, self.n_features = X.shape

    @cached_property
    def extent(self) -> tuple[float, float]:
        """Return the smallest and the largest value."""
        return float(self.X.min()), float(self.X.max())

    @cached_property
    def moments(self) -> Moments:
        """Return range, means and standard deviations."""
        return Moments.of(self.X[block] for block in self._blocks())

    def take(self, rows: np.ndarray, scaling: Scaling) -> np.ndarray:
        """Return some scaled rows, shape (len(rows), n_features)."""
        return scaling.transform(self.X[rows])

    def feed(
        self, rows: np.ndarray, scaling: Scaling, weights: np.ndarray | None, batch_size: int
    ) -> ResidentFeed:
        """Return what the training engine reads: the scaled rows with their weights, at once."""
        from aeviz.encoders.training.feeds import ResidentFeed, aligned_zeros

        # Scaled into the memory that the engine shares with TensorFlow, with no copy between.
        samples = aligned_zeros((self.n_samples, scaling.n_outputs(self.n_features)))
        for block in self._blocks():
            samples[block] = scaling.transform(self.X[block])
        return ResidentFeed(samples, rows, weights)

    def _blocks(self) -> Iterator[slice]:
        return gen_batches(self.n_samples, max(1, BLOCK_BYTES // (4 * self.n_features)))


@dataclass
class StreamSamples:
    """Samples of a stream, read in training through windows of so many bytes together."""

    stream: SampleStream
    memory_budget: int

    def __post_init__(self) -> None:
        self.n_samples, self.n_features = self.stream.n_samples, self.stream.n_features
        self.image_shape = self.stream.image_shape

    @property
    def extent(self) -> tuple[float, float]:
        """Return the smallest and the largest value."""
        return self.moments.low, self.moments.high

    @cached_property
    def moments(self) -> Moments:
        """Return range, means and standard deviations, after one pass over the data."""
        return Moments.of(self.stream.read(rows, as_stored=True) for rows in self.stream.blocks)

    def take(self, rows: np.ndarray, scaling: Scaling) -> np.ndarray:
        """Return some scaled rows, shape (len(rows), n_features); `rows` are sorted."""
        return scaling.transform(self.stream.take(rows, as_stored=True))

    def feed(
        self, rows: np.ndarray, scaling: Scaling, weights: np.ndarray | None, batch_size: int
    ) -> StreamFeed:
        """Return what the training engine reads: the rows in blocks, scaled as they come."""
        from aeviz.encoders.training.feeds import StreamFeed

        is_used = np.zeros(self.n_samples, bool)
        is_used[rows] = True
        return StreamFeed(
            lambda block: scaling.transform(self.stream.read(block, as_stored=True)),
            self.stream.shuffled_blocks,
            is_used,
            weights,
            batch_size=batch_size,
            budget_bytes=self.memory_budget,
        )


Samples = ArraySamples | StreamSamples


def samples_of(estimator: BaseAutoencoder, X: Any) -> Samples:
    """Return what `fit` was given, checked as scikit-learn does or as a stream.

    Raises
    ------
    ValueError, TypeError
        If there are less than two samples, or one that is not finite.
    """
    budget = check_integer("memory_budget", estimator.memory_budget, low=1)
    stream = _as_stream(X, budget)
    if stream is None:
        X = checked_array(estimator, X, ensure_min_samples=2)
        # A table or a list is an array only now.
        stream = _as_stream(X, budget)
        return ArraySamples(X) if stream is None else StreamSamples(stream, budget)
    if stream.n_samples < 2:
        raise ValueError(f"a minimum of 2 samples is required, got {stream.n_samples}")
    estimator.__dict__.pop("feature_names_in_", None)
    estimator.n_features_in_ = stream.n_features
    if stream.feature_names is not None:
        estimator.feature_names_in_ = np.asarray(stream.feature_names, dtype=object)
    return StreamSamples(stream, budget)


def checked_array(estimator: BaseEstimator, X: Any, **options: Any) -> np.ndarray:
    """Return an array-like as an array of real numbers, as scikit-learn's `validate_data` does.

    The dtype is kept, since float32 may not hold what is left when samples are centred.

    Raises
    ------
    ValueError, TypeError
        As `validate_data` does, or if the square of a value is beyond float64's range.
    """
    check_unmasked("X", X)
    checked: np.ndarray = validate_data(estimator, X, dtype="numeric", **options)
    names = getattr(estimator, "feature_names_in_", None)
    check_magnitude(checked, source="X", feature_names=None if names is None else tuple(names))
    return checked


def blocks_of(estimator: BaseAutoencoder, X: Any) -> Iterable[np.ndarray]:
    """Return samples checked against those of `fit`: all at once, or a stream block by block."""
    stream = _as_stream(X, estimator.memory_budget)
    if stream is None:
        return [checked_array(estimator, X, reset=False)]
    check_features(estimator, stream)
    return stream_blocks(stream)


def _as_stream(X: Any, memory_budget: int) -> SampleStream | None:
    """Return a stream, or an array of more bytes than the budget, as a stream; None for others."""
    if isinstance(X, SampleStream):
        return X
    is_large = isinstance(X, np.ndarray) and X.ndim == 2 and 4 * X.size > memory_budget
    return open_stream(X) if is_large else None


def stream_blocks(stream: SampleStream) -> Iterator[np.ndarray]:
    """Give the samples in order, in blocks of whole batches."""
    n_batches = max(1, BLOCK_BYTES // (4 * stream.n_features * BATCH_SIZE))
    for _, block in stream.iterate(n_batches * BATCH_SIZE, as_stored=True):
        yield block


@contextmanager
def features_of_last_fit(estimator: Any, history: Sized) -> Iterator[None]:
    """Put back the features of the last fit where this one ends with an empty history."""
    learnt = vars(estimator)
    before = {name: learnt[name] for name in REMEMBERED if name in learnt}
    try:
        yield
    finally:
        if not len(history):
            for name in REMEMBERED:
                learnt.pop(name, None)
            learnt.update(before)


def check_features(estimator: Any, stream: SampleStream) -> None:
    """Check a stream against the features that were fitted.

    Raises
    ------
    ValueError
        If their number differs, or both have names and these or their order differ.
    """
    if stream.n_features != estimator.n_features_in_:
        raise ValueError(
            f"X has {stream.n_features} features, but {type(estimator).__name__} is expecting "
            f"{estimator.n_features_in_} features as input"
        )
    fitted = getattr(estimator, "feature_names_in_", None)
    if fitted is None or stream.feature_names is None:
        return
    for number, (name, expected) in enumerate(zip(stream.feature_names, fitted, strict=True)):
        if name != expected:
            raise ValueError(
                f"feature names must be those of fit, in their order; column {number} of "
                f"{stream.name} is {name!r}, expected {expected!r}"
            )
