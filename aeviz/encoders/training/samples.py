"""Let encoders be fitted and applied alike to arrays and to data that stay on disk.

What `fit` and `transform` are given is an array, or a stream of blocks
(`aeviz.open_stream`); an array larger than the memory budget is read as a stream too.
Here the difference ends: both give their range, their moments, single rows, blocks in
order, and a feed for the training engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from aeviz.data.feature_scaling import FeatureScaling, Moments
from aeviz.data.sample_stream import SampleStream
from aeviz.data.stream_source import open_stream
from aeviz.encoders.networks.batches import BATCH_SIZE

if TYPE_CHECKING:
    from aeviz.encoders.training.feeds import Feed

__all__ = ["ArraySamples", "Samples", "StreamSamples", "as_stream", "stream_blocks"]

BLOCK_BYTES = 1 << 23


def as_stream(X: Any, memory_budget: int) -> SampleStream | None:
    """Return what is to be read block by block as a stream, and None for other input.

    Parameters
    ----------
    X : SampleStream or array-like
        A stream is returned as it is; an array of more bytes than the budget becomes one.
    memory_budget : int
        In bytes, of the samples as float32.
    """
    if isinstance(X, SampleStream):
        return X
    is_large = isinstance(X, np.ndarray) and X.ndim == 2 and 4 * X.size > memory_budget
    return open_stream(X) if is_large else None


class Samples(Protocol):
    """Samples to fit to, wherever they are."""

    n_samples: int
    n_features: int
    image_shape: tuple[int, int, int] | None

    @property
    def extent(self) -> tuple[float, float]:
        """Return the smallest and the largest value."""

    @property
    def moments(self) -> Moments:
        """Return range, means and standard deviations."""

    def take(self, rows: np.ndarray, scaling: FeatureScaling) -> np.ndarray:
        """Return some scaled rows, shape (len(rows), n_features)."""

    def feed(
        self,
        rows: np.ndarray,
        scaling: FeatureScaling,
        *,
        weights: np.ndarray | None,
        batch_size: int,
    ) -> Feed:
        """Return what the training engine reads: the scaled rows, with their weights."""


class ArraySamples:
    """Samples of an array in memory.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features), float32
    """

    def __init__(self, X: np.ndarray) -> None:
        self.X = X
        self.n_samples, self.n_features = X.shape
        # A matrix does not tell whether its rows are images.
        self.image_shape: tuple[int, int, int] | None = None

    @cached_property
    def extent(self) -> tuple[float, float]:
        """Return the smallest and the largest value."""
        return float(self.X.min()), float(self.X.max())

    @cached_property
    def moments(self) -> Moments:
        """Return range, means and standard deviations."""
        return Moments.of(self.X[block] for block in self._blocks())

    def take(self, rows: np.ndarray, scaling: FeatureScaling) -> np.ndarray:
        """Return some scaled rows, shape (len(rows), n_features)."""
        return scaling.transform(self.X[rows])

    def feed(
        self,
        rows: np.ndarray,
        scaling: FeatureScaling,
        *,
        weights: np.ndarray | None,
        batch_size: int,
    ) -> Feed:
        """Return what the training engine reads: all at once."""
        from aeviz.encoders.training.feeds import ResidentFeed, aligned_zeros

        # Scaled into the memory that the engine shares with TensorFlow, with no copy between.
        samples = aligned_zeros(self.X.shape)
        for block in self._blocks():
            samples[block] = scaling.transform(self.X[block])
        return ResidentFeed(samples, rows, weights)

    def _blocks(self) -> Iterator[slice]:
        n_rows = max(1, BLOCK_BYTES // (4 * self.n_features))
        for start in range(0, self.n_samples, n_rows):
            yield slice(start, start + n_rows)


@dataclass
class StreamSamples:
    """Samples of a stream, read through windows within a budget.

    Parameters
    ----------
    stream : SampleStream
    memory_budget : int
        Bytes for the windows of training.
    """

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
        return Moments.of(self.stream.read(rows) for rows in self.stream.blocks)

    def take(self, rows: np.ndarray, scaling: FeatureScaling) -> np.ndarray:
        """Return some scaled rows, shape (len(rows), n_features); `rows` are sorted."""
        return scaling.transform(self.stream.take(rows))

    def feed(
        self,
        rows: np.ndarray,
        scaling: FeatureScaling,
        *,
        weights: np.ndarray | None,
        batch_size: int,
    ) -> Feed:
        """Return what the training engine reads: blocks, scaled as they come."""
        from aeviz.encoders.training.feeds import StreamFeed

        is_used = np.zeros(self.n_samples, bool)
        is_used[rows] = True
        return StreamFeed(
            lambda block: scaling.transform(self.stream.read(block)),
            self.stream.shuffled_blocks,
            is_used,
            weights,
            batch_size=batch_size,
            budget_bytes=self.memory_budget,
        )


def stream_blocks(stream: SampleStream) -> Iterator[np.ndarray]:
    """Give the samples in order, in blocks of whole batches."""
    n_batches = max(1, BLOCK_BYTES // (4 * stream.n_features * BATCH_SIZE))
    for _, block in stream.iterate(n_batches * BATCH_SIZE):
        yield block
