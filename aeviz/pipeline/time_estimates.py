"""Estimate how long each step of a report takes on two cores that do nothing else.

Estimates are sums of terms that were fitted by hand to runs of other shapes, as
``scripts/bench_needs.py`` makes them. They are meant to be within a factor of two. What a network
does is counted up to its largest number of epochs; it may stop earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aeviz.embedding import Embedding
from aeviz.encoders import Encoder
from aeviz.encoders.networks.default_sizes import (
    MAX_COORDINATES,
    default_batch_size,
    default_epochs,
    default_hidden_sizes,
    is_wide,
)

if TYPE_CHECKING:
    from aeviz.pipeline.make_report import ReportSteps

__all__ = ["Durations"]

# Importing libraries, reading and splitting.
_START = 15.0
_COMPILING = 2.5
# Seconds per sample of embeddings, and of others that train a network.
_EMBEDDING, _PARAMETRIC = 5e-4, 3e-3
# Numbers in a code, mostly.
_CODE = 32
# Samples that metrics with high and with lower costs are measured on.
_FURTHER, _EVALUATED = 2_000, 10_000
# Cost of a repeated training's scores beside those of the first.
_OF_REPEATED = 0.3


@dataclass(frozen=True)
class Durations:
    """Durations of the steps of one report, in seconds.

    Parameters
    ----------
    report : ReportSteps
    """

    report: ReportSteps

    def total(self) -> float:
        """Return the duration of all steps."""
        plan = self.report.plan
        n_repeated = len(self.report.repeats.numbers)
        total = _START + self._scoring(n_repeated) + self._rendering() + self._searching()
        for kind, encoder in plan.encoders.items():
            once = self._encoding(encoder)
            total += once
            if kind in self.report.repeats.kinds:  # by networks that are compiled by then
                total += n_repeated * (once - _COMPILING)
        for pair in plan.pairs:
            if not pair.is_latent and pair not in plan.own_maps:
                n_maps = 1 + n_repeated * (pair in self.report.repeats.pairs)
                method = plan.embeddings[pair.embedding]
                total += self._embedding(method, has_code=pair.encoder in plan.encoders) * n_maps
        return total

    @property
    def _shape(self) -> tuple[int, int]:
        n_samples, n_features = self.report.prepared.X.shape
        return int(n_samples), int(n_features)

    def _encoding(self, encoder: Encoder) -> float:
        """Return the duration of fitting an encoder, and of encoding and decoding all samples."""
        n_samples, n_features = self._shape
        n_values = n_samples * n_features
        if not encoder.is_trained:
            return 0.3 + 1.5e-4 * n_features + 1e-7 * n_values
        n_train = int(self.report.prepared.is_train.sum())
        params = encoder.get_params()
        batch_size = params.get("batch_size") or default_batch_size(n_train)
        epochs = params.get("epochs")
        if epochs is None:
            epochs = default_epochs(n_train, batch_size)
        n_inputs, of_axes = n_features, 0.0
        if is_wide(n_train, n_features) and not params.get("image_shape"):
            n_inputs = min(n_train, MAX_COORDINATES)
            of_axes = 2.8e-6 * n_features * n_inputs
        width = default_hidden_sizes(n_inputs, 32, first_share=2 / 3)[0]
        flops = 12.0 * n_inputs * width * batch_size
        if encoder.needs_images:
            flops = 100_000.0 * n_inputs * batch_size
        updates = epochs * -(-n_train // batch_size)
        return _COMPILING + of_axes + updates * (1e-3 + 1.5e-11 * flops) + 2e-7 * n_values

    def _embedding(self, method: Embedding, *, has_code: bool) -> float:
        """Return the duration of an embedding, of a code or of the original data."""
        n_samples, n_features = self._shape
        of_data = 0.0 if has_code else 2e-7 * n_samples * n_features
        if not method.searches_neighbors:
            return of_data
        if type(method).__name__.startswith("Parametric"):
            return 10 + of_data + _PARAMETRIC * n_samples
        n_columns = _CODE if has_code else n_features
        return 0.3 + of_data + _EMBEDDING * n_samples + _search_seconds(n_samples, n_columns)

    def _searching(self) -> float:
        """Return the duration of finding neighbours in the data and comparing them per sample."""
        n_samples, n_features = self._shape
        of_values = 2.2e-7 * n_samples * n_features
        return of_values + 2e-4 * n_samples + _search_seconds(n_samples, n_features)

    def _scoring(self, n_repeated: int) -> float:
        """Return the duration of all scores."""
        n_samples, n_features = self._shape
        plan = self.report.plan
        n_spaces = 1 + len(plan.encoders) + len(plan.pairs)
        n_evaluated = min(n_samples, _EVALUATED)
        once = n_spaces * (1e-3 * min(n_samples, _FURTHER) + 2e-4 * n_evaluated)
        against_all = n_evaluated * n_samples * (3e-9 * n_spaces + 1e-10 * n_features)
        return 2 + (once + against_all) * (1 + _OF_REPEATED * n_repeated)

    def _rendering(self) -> float:
        """Return the duration of keeping samples and of drawing the page."""
        n_samples, n_features = self._shape
        return 17 + 1.5e-3 * min(n_samples, 10_000) + 1e-4 * n_features


def _search_seconds(n_samples: int, n_columns: int) -> float:
    """Return the duration of finding every sample's neighbours among all samples, exactly."""
    return float(n_samples) ** 2 * (2e-11 * n_columns + 2e-9)
