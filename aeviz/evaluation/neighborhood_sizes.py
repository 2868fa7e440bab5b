"""Measure pairs at further sizes of neighbourhoods than the one that all metrics share.

Trustworthiness at 10 neighbours says nothing of the 100 around a sample, and a picture
can be good at one and bad at the other.

Why not for every anchor: ranks of the hundredth neighbour cost ten times those of the
tenth. Some of the anchors say it nearly as well, and scores tell how many.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from aeviz.evaluation.blocks import Pair
from aeviz.evaluation.bootstrap import Bootstrap
from aeviz.evaluation.compare import compare
from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.metric import Metric
from aeviz.evaluation.scores import Resampled, resample

__all__ = ["MAX_ANCHORS", "compare_further", "further_sizes", "resample_further"]

_SIZES = (30, 100)
MAX_ANCHORS = 2000


def further_sizes(n_samples: int, *, n_neighbors: int) -> list[int]:
    """Return the larger sizes at which tables show metrics of neighbourhoods.

    Examples
    --------
    >>> further_sizes(1000, n_neighbors=10), further_sizes(100, n_neighbors=10)
    ([30, 100], [30])
    """
    return [size for size in _SIZES if n_neighbors < size <= (n_samples - 1) // 2]


def compare_further(
    spaces: Mapping[str, np.ndarray],
    pairs: Sequence[Pair],
    *,
    rows: np.ndarray,
    n_neighbors: int,
    random_state: int | None,
    most: int = MAX_ANCHORS,
) -> dict[Pair, Comparison]:
    """Compare pairs at some of the anchors.

    Parameters
    ----------
    spaces, pairs
        As in `compare`.
    rows : ndarray of int of shape (n_anchors,)
        The anchors; more than `most` are drawn from.
    n_neighbors : int
        The largest size that is to be measured.
    random_state : int or None
        Seed of what is drawn.
    most : int
        How many anchors to look at, at most.
    """
    if len(rows) > most:
        rng = np.random.default_rng(random_state)
        rows = np.sort(rng.choice(rows, most, replace=False))
    # None of these metrics looks at sampled distances or at full ranks.
    return compare(spaces, pairs, rows=rows, n_neighbors=n_neighbors, n_distances=1, n_ranked=0)


def resample_further(
    comparison: Comparison, asked: Iterable[tuple[Metric, int]], bootstrap: Bootstrap
) -> dict[str, Resampled]:
    """Return what metrics give at sizes of neighbourhoods, by the names that they have there.

    Parameters
    ----------
    comparison : Comparison
        From `compare_further`.
    asked : iterable of (Metric, int)
    bootstrap : Bootstrap
        Of any number of anchors.
    """
    by_size: dict[int, list[Metric]] = {}
    for metric, size in asked:
        by_size.setdefault(size, []).append(metric.at(size))
    found: dict[str, Resampled] = {}
    for size, metrics in by_size.items():
        found |= resample(comparison.truncated(size), metrics, bootstrap)
    return found
