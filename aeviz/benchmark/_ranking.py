"""Rank methods over data sets, and find those that are both good and fast.

Notes
-----
On each of N data sets the k methods are ranked by their mean over seeds, 1 being the best
and values that are equal in six decimals sharing their mean rank: points are float32, and two
ways to the same embedding differ by rounding. Friedman's test [1]_ asks whether the methods
differ at all; if so, two differ by Nemenyi's test where their mean ranks are at least
CD = q · sqrt(k (k + 1) / (6 N)) apart, q being the 95 % point of the studentized range of k
groups over sqrt 2 [2]_.

References
----------
.. [1] Friedman, M. (1937). The use of ranks to avoid the assumption of normality implicit in
   the analysis of variance. JASA 32(200). doi:10.1080/01621459.1937.10503522
.. [2] Demšar, J. (2006). Statistical comparisons of classifiers over multiple data sets.
   Journal of Machine Learning Research 7. https://jmlr.org/papers/v7/demsar06a.html
"""

import math
import warnings
from dataclasses import dataclass

import numpy as np
from scipy.stats import friedmanchisquare, rankdata, studentized_range

__all__ = ["MIN_DATASETS", "Ranking", "pareto_front", "rank"]

MIN_DATASETS = 3
MIN_METHODS = 3
_ALPHA = 0.05
_DECIMALS = 6


@dataclass(frozen=True)
class Ranking:
    """Mean ranks over data sets, and how far apart they must be.

    Parameters
    ----------
    mean_ranks : ndarray of shape (n_methods,)
    n_datasets : int
    p : float or None
        Friedman's; None with fewer than three data sets or methods.
    critical : float or None
        Nemenyi's critical difference; None likewise.
    """

    mean_ranks: np.ndarray
    n_datasets: int
    p: float | None
    critical: float | None

    @property
    def is_shown(self) -> bool:
        """Return whether Friedman's test shows that the methods differ."""
        return self.p is not None and self.p < _ALPHA

    @property
    def can_ever_differ(self) -> bool:
        """Return whether the best and worst ranks can be a critical difference apart."""
        return self.critical is not None and self.critical <= len(self.mean_ranks) - 1

    def groups(self) -> list[tuple[int, int]]:
        """Return the longest runs of methods without a shown difference, as first and last.

        Methods are numbered from 0 in ascending mean rank; a run has at least two.
        """
        ordered = np.sort(self.mean_ranks)
        if not self.is_shown or self.critical is None:
            return [(0, len(ordered) - 1)]
        stretches: list[tuple[int, int]] = []
        for first in range(len(ordered)):
            within = np.flatnonzero(ordered - ordered[first] < self.critical)
            last = int(within.max())
            is_longer = not stretches or last > stretches[-1][1]
            if last > first and is_longer:
                stretches.append((first, last))
        return stretches


def rank(values: np.ndarray, *, higher_is_better: bool) -> Ranking:
    """Return the ranking of methods by values of one metric, shape (n_datasets, n_methods).

    Examples
    --------
    >>> rank(np.array([[0.9, 0.8], [0.7, 0.6]]), higher_is_better=True).mean_ranks.tolist()
    [1.0, 2.0]
    """
    n_datasets, n_methods = values.shape
    ranks = rankdata(np.round(-values if higher_is_better else values, _DECIMALS), axis=1)
    p, critical = None, None
    if n_datasets >= MIN_DATASETS and n_methods >= MIN_METHODS:
        with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
            # If all methods are equal everywhere, the test divides 0 by 0.
            warnings.simplefilter("ignore", RuntimeWarning)
            p = float(friedmanchisquare(*ranks.T).pvalue)
        p = p if math.isfinite(p) else 1.0
        q = float(studentized_range.ppf(1.0 - _ALPHA, n_methods, np.inf)) / math.sqrt(2.0)
        critical = q * math.sqrt(n_methods * (n_methods + 1) / (6.0 * n_datasets))
    return Ranking(ranks.mean(axis=0), n_datasets, p, critical)


def pareto_front(quality: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Return which methods no other beats in both quality, higher being better, and time.

    True where no other is at least as good and as fast, and in one of the two better.

    Examples
    --------
    >>> pareto_front(np.array([0.9, 0.8, 0.7]), np.array([5.0, 1.0, 2.0])).tolist()
    [True, True, False]
    """
    is_as_good = quality[:, None] >= quality[None, :]
    is_as_fast = seconds[:, None] <= seconds[None, :]
    is_better = (quality[:, None] > quality[None, :]) | (seconds[:, None] < seconds[None, :])
    dominates = is_as_good & is_as_fast & is_better
    return np.asarray(~dominates.any(axis=0))
