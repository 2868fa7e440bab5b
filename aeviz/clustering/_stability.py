"""Stability of groups: whether they come back when other samples are drawn."""

from collections.abc import Callable

import numpy as np

from aeviz.clustering._dense_groups import dense_groups

__all__ = ["stability_of"]

Progress = Callable[[float, float], None]


def stability_of(
    X: np.ndarray,
    groups: np.ndarray,
    *,
    n_resamples: int,
    random: np.random.Generator,
    progress: Progress,
) -> np.ndarray:
    """Return the mean Jaccard similarity of every group and the group most like it in resamples.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    groups : ndarray of int of shape (n_samples,)
        From 0 on, -1 for none; at least one group.
    n_resamples : int
    random : Generator
    progress : function (done, total)

    Returns
    -------
    ndarray of shape (n_groups,)
        In [0, 1]: 1 for a group that every resample gives again, 0 for one that none gives.

    Notes
    -----
    Resamples are those of the bootstrap, each drawn sample once: copies of one sample would be
    a dense group. Jaccard similarity: samples in both groups, divided by samples in either [1]_.

    References
    ----------
    .. [1] Hennig (2007), Cluster-wise assessment of cluster stability, Computational Statistics
       & Data Analysis 52 (1). doi:10.1016/j.csda.2006.11.025
    """
    n_groups = int(groups.max()) + 1
    total = np.zeros(n_groups)
    for number in range(n_resamples):
        rows = np.unique(random.integers(len(X), size=len(X)))
        again, _ = dense_groups(X[rows])
        total += _best_similarity(groups[rows], again, n_groups)
        progress(number + 1, n_resamples)
    return total / n_resamples


def _best_similarity(first: np.ndarray, second: np.ndarray, n_groups: int) -> np.ndarray:
    """Return the Jaccard similarity of every first group and the second group most like it."""
    # The group of samples without one stands first, and is not compared.
    both = np.zeros((n_groups + 1, int(second.max()) + 2))
    np.add.at(both, (first + 1, second + 1), 1)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0) - both
    similarity = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return np.asarray(similarity[1:, 1:].max(axis=1, initial=0.0))
