"""What each row does to the numbers of others, without which intervals are too narrow.

A row of a sample has two parts in a metric: it is an anchor, with a number of its own, and it is
a neighbour or a partner of other anchors, whose numbers would be others without it. Resampling
the anchors' numbers counts the first part only. Intervals of nominal 95 % then cover 50 % to 90 %
of what fresh samples give (`scripts/bench_coverage.py`). So each row is resampled with both.

Why not resample the rows themselves and measure anew: a row drawn twice is its own nearest
neighbour, at distance 0, and each resample would cost as much as measuring.

Why the second part is shrunk: what anchor j and row i do to each other by chance is in the number
of j already, and counted again in the effect of i. It is most of the effect where few
rows decide a number, as ten neighbours do. With a_j the number of anchor j less its mean, t_ji
what row i adds to it, and u_i = Σ_j t_ji,

    variance of the mean · n² = Σ_i (a_i + u_i)² - Σ_j Σ_i t_ji²,

as the jackknife counts terms of two rows twice, those of three rows three times [1]_ and the last
sum takes the surplus away. Resampling a_i + γ u_i has that variance at one γ in [0, 1], and keeps
differences between methods paired.

References
----------
.. [1] Efron, B., Stein, C. (1981). The jackknife estimate of variance. Annals of Statistics 9(3).
   doi:10.1214/aos/1176345462
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from aeviz.evaluation.comparison import Comparison

__all__ = ["Effects"]


@dataclass(frozen=True, eq=False)
class Effects:
    """Effects of all rows on the numbers of some anchors.

    Parameters
    ----------
    anchors : ndarray of int of shape (n_anchors,)
        Row numbers.
    sums : ndarray of float64 of shape (n_samples, n_means)
        u: what each row adds to the numbers of the anchors, together.
    squares : float
        Σ t²: the squared effects, each row on each anchor. 0 where they are too small to count.
    """

    anchors: np.ndarray
    sums: np.ndarray
    squares: float = 0.0

    @classmethod
    def at(
        cls,
        comparison: Comparison,
        rows: np.ndarray,
        values: np.ndarray,
        *,
        n_others: int | None = None,
    ) -> Effects:
        """Return the effects of some rows on each anchor, (n_anchors, n_rows) of either.

        With `n_others` the rows are drawn at random from so many, for which they stand.
        """
        share = 1.0 if n_others is None else n_others / rows.shape[1]
        mean = float(values.mean()) if n_others is not None else 0.0
        weights = ((values - mean) * share).ravel()
        sums = np.bincount(rows.ravel(), weights, minlength=comparison.n_samples)
        return cls(comparison.rows, sums[:, None], float(weights @ weights))

    @classmethod
    def of_pairs(cls, comparison: Comparison, pairs: Sequence[np.ndarray]) -> Effects:
        """Return what each row adds as a partner to the means over each anchor's partners.

        Of arrays of shape (n_anchors, n_partners), of all partners or the first ones.
        """
        sums = []
        for values in pairs:
            partners = comparison.partners[:, : values.shape[1]].ravel()
            weights = ((values - values.mean()) / values.shape[1]).ravel()
            sums.append(np.bincount(partners, weights, minlength=comparison.n_samples))
        return cls(comparison.rows, np.stack(sums, axis=1))

    def __add__(self, other: Effects) -> Effects:
        """Return both effects together."""
        return Effects(self.anchors, self.sums + other.sums, self.squares + other.squares)

    def shared_out(self, contributions: np.ndarray) -> np.ndarray:
        """Return what resampling draws from: the anchors' numbers with the rows' effects.

        Of the same shape and mean as `contributions`, (n_anchors, n_means). Rows that are no
        anchors are dealt to the anchors at random, the same way in every call, which leaves the
        variance as it is.
        """
        n_anchors = len(self.anchors)
        effects = self.sums - self.sums.mean(axis=0)
        is_other = np.ones(len(effects), bool)
        is_other[self.anchors] = False
        others = np.random.default_rng(0).permutation(np.flatnonzero(is_other))
        dealt = effects[self.anchors]
        places = np.arange(len(others)) % n_anchors
        for column, of_others in zip(dealt.T, effects[others].T, strict=True):
            column += np.bincount(places, of_others, minlength=n_anchors)
        own = contributions - contributions.mean(axis=0)
        return contributions + self._shrinkage(own, dealt, effects) * dealt

    def _shrinkage(self, own: np.ndarray, dealt: np.ndarray, effects: np.ndarray) -> float:
        """Return γ."""
        size = float(np.square(effects).sum())
        if self.squares == 0.0 or size == 0.0:
            return 1.0
        both = float((own * effects[self.anchors]).sum())
        wanted = 2.0 * both + max(size - self.squares, 0.0)
        root = np.sqrt(max(both**2 + size * wanted, 0.0))
        return float(np.clip((root - both) / size, 0.0, 1.0))
