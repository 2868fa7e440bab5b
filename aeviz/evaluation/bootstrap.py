"""Draws of anchors with replacement, the same ones for everything that is compared.

The draws are kept as counts, one byte per anchor and resample, so that the means of any
number of contributions over all resamples are one matrix product.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field, replace
from functools import cached_property

import numpy as np

__all__ = ["Bootstrap"]

_CHUNK = 64


@dataclass(eq=False)
class Bootstrap:
    """Means over resampled anchors, and intervals of what is computed from them.

    Parameters
    ----------
    n_anchors : int
    n_resamples : int
    confidence : float in (0, 1)
        Share of the resamples inside an interval.
    random_state : int or None
        Equal seeds and numbers of anchors draw the same anchors; None draws anew.

    References
    ----------
    .. [1] Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of
       Statistics 7(1). doi:10.1214/aos/1176344552
    """

    n_anchors: int
    _: KW_ONLY
    n_resamples: int = 1000
    confidence: float = 0.95
    random_state: int | None = 0
    _others: dict[int, Bootstrap] = field(default_factory=dict, init=False, repr=False)

    def of(self, n_rows: int) -> Bootstrap:
        """Return the bootstrap of another number of rows, the same one whenever asked."""
        if n_rows == self.n_anchors:
            return self
        if n_rows not in self._others:
            self._others[n_rows] = replace(self, n_anchors=n_rows)
        return self._others[n_rows]

    @cached_property
    def counts(self) -> np.ndarray:
        """Return how often each resample holds each anchor: (n_resamples, n_anchors), uint8."""
        rng = np.random.default_rng(self.random_state)
        counts = np.empty((self.n_resamples, self.n_anchors), np.uint8)
        for resample in counts:
            drawn = rng.integers(self.n_anchors, size=self.n_anchors)
            # More than 255 of one anchor in hundreds of draws does not happen.
            resample[:] = np.bincount(drawn, minlength=self.n_anchors)
        return counts

    def means(self, contributions: np.ndarray) -> np.ndarray:
        """Return the means over every resample.

        Parameters
        ----------
        contributions : ndarray of float64 of shape (n_anchors, n_means)

        Returns
        -------
        ndarray of float64 of shape (n_resamples, n_means)

        Raises
        ------
        ValueError
            If there is not one row of contributions per anchor.
        """
        if len(contributions) != self.n_anchors:
            raise ValueError(
                f"contributions must have {self.n_anchors} rows, one per anchor, "
                f"got {len(contributions)}"
            )
        chunks = [self.counts[i : i + _CHUNK] for i in range(0, self.n_resamples, _CHUNK)]
        sums = [chunk.astype(np.float64) @ contributions for chunk in chunks]
        return np.concatenate(sums) / self.n_anchors

    def interval(self, value: float, resampled: np.ndarray) -> tuple[float, float]:
        """Return the percentile interval, widened to hold the value itself where it does not.

        Parameters
        ----------
        value : float
            Over the anchors themselves.
        resampled : ndarray of shape (n_resamples,)
        """
        tail = (1.0 - self.confidence) / 2.0
        low, high = np.quantile(resampled, [tail, 1.0 - tail])
        return min(float(low), value), max(float(high), value)
