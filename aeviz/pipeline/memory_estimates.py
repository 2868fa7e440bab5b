"""Estimate the memory that each step of a report needs, so that too large a step is refused.

Estimates are sums of measured values: a fixed part per kind of step, and a part per sample.
``scripts/bench_needs.py`` compares them with the peaks of a run: they should lie above these, by
less than half of a large one. What is in memory when a step begins is not part of its need.

Without a check, the system kills a process that asks for too much, without a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aeviz.core.cpu import n_cores
from aeviz.core.memory import MB, Need, keras_bytes
from aeviz.embedding import Embedding
from aeviz.encoders import Encoder

__all__ = ["Needs"]

# What `aeviz.metrics` works in: the most of it, rows a block and thread, and where the matrix of
# all distances is kept.
_COMPARING, _COMPARED_ROWS = 2**30, 256
_MAX_WHOLE, _MIN_FEATURES_WHOLE = 10_000, 64


@dataclass(frozen=True)
class Needs:
    """Estimate the needs of the steps that work on one data set.

    Parameters
    ----------
    n_samples, n_features : int
    """

    n_samples: int
    n_features: int

    def of(self, fixed_bytes: float, bytes_per_sample: float, helps: str = "") -> Need:
        """Return a need of this number of samples."""
        return Need(fixed_bytes, bytes_per_sample, self.n_samples, helps)

    def scaling(self) -> Need:
        """Return the need of a scaled copy in single precision."""
        return self.of(10 * MB, 4.0 * self.n_features)

    def describing(self) -> Need:
        """Return the need of the moments of all features, in double precision."""
        return self.of(10 * MB, 8.5 * self.n_features)

    def encoding(self, encoder: Encoder) -> Need:
        """Return the need of fitting an encoder to the scaled samples and of coding them all."""
        return encoder.memory_need(self.n_samples, self.n_features)

    def embedding(self, method: Embedding, encoder: Encoder | None = None) -> Need:
        """Return the need of an embedding of an encoder's code, or of the original data."""
        n_columns: float = self.n_features
        if encoder is not None:
            n_columns = _number(encoder.get_params()["code_size"], 2)
        return method.memory_need(self.n_samples, n_columns)

    def searching(self) -> Need:
        """Return the need of the search for every sample's neighbours in the data."""
        return self.of(20 * MB, 10.0 * self.n_features + 1_000)

    def comparing_neighbors(self) -> Need:
        """Return the need of comparing neighbours in the embeddings and in the data."""
        return self.of(20 * MB, 5_000)

    def scoring(self, n_spaces: int) -> Need:
        """Return the need of scoring spaces against the data."""
        blocks = n_cores() * _COMPARED_ROWS * self.n_samples * (4.0 * n_spaces + 5)
        is_whole = self.n_samples <= _MAX_WHOLE and self.n_features >= _MIN_FEATURES_WHOLE
        matrix = 4.0 * self.n_samples**2 if is_whole else 0.0
        return self.of(340 * MB + min(_COMPARING, matrix + blocks), 100)

    def tabulating(self) -> Need:
        """Return the need of the table of embeddings."""
        return self.of(20 * MB, 2_000)

    def browsing(self) -> Need:
        """Return the need of the samples that the page shows one by one."""
        return self.of(100 * MB, 1_000)

    def rendering(self, n_pairs: int) -> Need:
        """Return the need of drawing figures and the page."""
        return self.of(200 * MB, 200.0 * n_pairs)

    def transforming(self, n_fitted: int, *, has_networks: bool, has_original: bool) -> Need:
        """Return the need of transforming samples by a run with so many others.

        `has_original` says whether an embedding is of the original data, which are read again.
        """
        fixed = 50 * MB + (keras_bytes() + 100 * MB if has_networks else 0)
        n_columns = self.n_features if has_original else 64
        return self.of(fixed + 14.0 * n_columns * n_fitted, 16.0 * self.n_features + 5_000)


def _number(value: Any, default: float) -> float:
    is_size = isinstance(value, int | float) and value > 0
    return float(value) if is_size else float(default)
