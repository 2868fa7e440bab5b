"""Estimate the memory that each step of a report needs, so that too large a step is refused.

Estimates are sums of measured values: a fixed part per kind of step, and a part per sample.
``scripts/bench_needs.py`` compares them with the peaks of a run: they should lie above these, by
less than half of a large one. What is in memory when a step begins is not part of its need.

Without a check, the system kills a process that asks for too much, without a message.
"""

from dataclasses import dataclass

from aeviz.core.cpu import n_cores
from aeviz.core.memory import MB, Need, keras_bytes
from aeviz.embedding import Embedding
from aeviz.encoders import Encoder

__all__ = ["Needs"]

# What `aeviz.metrics` works in: the most of it, rows a block and thread, and where the matrix of
# all distances is kept.
_COMPARING, _COMPARED_ROWS = 2**30, 256
_MAX_WHOLE, _MIN_FEATURES_WHOLE = 10_000, 64
# Samples that clusters are found in.
_CLUSTERED = 5_000
# Bytes of a step: fixed, per sample, and per value of the data.
_STEPS = {
    "prepare": (10 * MB, 0, 8.5),
    "search neighbors": (120 * MB, 1_000, 16.0),
    "score samples": (20 * MB, 5_000, 0.0),
    "tabulate": (20 * MB, 2_000, 0.0),
    "keep samples": (100 * MB, 1_000, 8.0),
}
# Bytes per feature of the page, which lists their names, statistics and errors.
_OF_A_FEATURE = 10_000
# What scoring leaves behind: libraries, and what the allocator keeps.
_SCORING = 300 * MB
# Copies of the blocks that metrics compare.
_COPIES_OF_BLOCKS = 2


@dataclass(frozen=True)
class Needs:
    """Estimate the needs of the steps that work on one data set.

    Parameters
    ----------
    n_samples, n_features : int
    """

    n_samples: int
    n_features: int

    def step(self, name: str) -> Need:
        """Return the need of a step that depends on the number of values alone."""
        fixed, per_sample, per_value = _STEPS[name]
        return Need(fixed, per_sample + per_value * self.n_features, self.n_samples)

    def encoding(self, encoder: Encoder) -> Need:
        """Return the need of fitting an encoder to the scaled samples and of coding them all."""
        return encoder.memory_need(self.n_samples, self.n_features)

    def embedding(self, method: Embedding, encoder: Encoder | None = None) -> Need:
        """Return the need of an embedding of an encoder's code, or of the original data."""
        n_columns: float = self.n_features
        if encoder is not None:
            size = encoder.get_params()["code_size"]
            n_columns = float(size) if isinstance(size, int | float) and size > 0 else 2.0
        return method.memory_need(self.n_samples, n_columns)

    def clustering(self) -> Need:
        """Return the need of finding clusters, in some of the samples, and of describing them."""
        n_searched = min(self.n_samples, _CLUSTERED)
        fixed = 150 * MB + 10.0 * n_searched * self.n_features
        return Need(fixed, 200 + 4.0 * self.n_features, self.n_samples)

    def scoring(self, n_spaces: int) -> Need:
        """Return the need of scoring spaces against the data."""
        block = n_cores() * _COMPARED_ROWS * self.n_samples * (4.0 * n_spaces + 5)
        is_whole = self.n_samples <= _MAX_WHOLE and self.n_features >= _MIN_FEATURES_WHOLE
        matrix = 4.0 * self.n_samples**2 if is_whole else 0.0
        working = min(_COMPARING, matrix + _COPIES_OF_BLOCKS * block)
        fixed = _SCORING + 150 * MB + working
        return Need(fixed, 100, self.n_samples, libraries={"scoring": _SCORING})

    def rendering(self, n_pairs: int) -> Need:
        """Return the need of drawing figures and the page."""
        fixed = 200.0 * MB + _OF_A_FEATURE * self.n_features
        return Need(fixed, 200.0 * n_pairs, self.n_samples)

    def transforming(self, n_fitted: int, *, has_networks: bool, has_original: bool) -> Need:
        """Return the need of transforming samples by a run with so many others.

        `has_original` says whether an embedding is of the original data, which are read again.
        """
        fixed: float = 50 * MB + (keras_bytes() + 100 * MB if has_networks else 0)
        n_columns = self.n_features if has_original else 64
        fixed += 14.0 * n_columns * n_fitted
        return Need(fixed, 16.0 * self.n_features + 5_000, self.n_samples)
