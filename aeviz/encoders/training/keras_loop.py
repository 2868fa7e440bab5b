"""Train through ``keras.Model.fit``, on any backend and device that Keras knows."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable
from contextlib import closing
from typing import Any

import keras
import numpy as np

from aeviz.encoders.training.feeds import Feed, ResidentFeed, Window

__all__ = ["KerasLoop"]


class KerasLoop:
    """Loop that calls ``fit`` for one epoch at a time, in the feed's order; see `train`."""

    def __init__(
        self, model: keras.Model, feed: Feed, validation: np.ndarray | None, batch_size: int
    ) -> None:
        self.model = model
        self.feed = feed
        self.validation = validation
        self.batch_size = batch_size

    def train_epoch(self, rng: np.random.Generator) -> dict[str, float]:
        """Train on every sample of the feed, and return the epoch's loss and metrics."""
        if isinstance(self.feed, ResidentFeed):
            (window,) = self.feed.epoch(rng)
            rows = window.samples[window.order]
            weights = None if window.weights is None else window.weights[window.order]
            fitted = self.model.fit(
                rows,
                rows,
                sample_weight=weights,
                batch_size=self.batch_size,
                shuffle=False,
                verbose=0,
            )
        else:
            n_batches = math.ceil(self.feed.n_rows / self.batch_size)
            # Closed at once, so that nothing of this epoch is still being read in the next.
            with closing(self._batches(rng)) as batches:
                fitted = self.model.fit(batches, steps_per_epoch=n_batches, verbose=0)
        return {name: float(values[0]) for name, values in fitted.history.items()}

    def validate(self) -> dict[str, float]:
        """Return loss and metrics of the validation samples."""
        results = self.model.evaluate(
            self.validation,
            self.validation,
            batch_size=self.batch_size,
            verbose=0,
            return_dict=True,
        )
        return {name: float(value) for name, value in results.items()}

    def _batches(self, rng: np.random.Generator) -> Generator[tuple[Any, ...], None, None]:
        with closing(self.feed.epoch(rng)) as windows:
            yield from self._batches_of(windows)

    def _batches_of(self, windows: Iterable[Window]) -> Generator[tuple[Any, ...], None, None]:
        for window in windows:
            for start in range(0, len(window.order), self.batch_size):
                rows = window.order[start : start + self.batch_size]
                batch = window.samples[rows]
                if window.weights is None:
                    yield batch, batch
                else:
                    yield batch, batch, window.weights[rows]
