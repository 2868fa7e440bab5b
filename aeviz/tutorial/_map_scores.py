"""Draw t-SNE maps of several spaces of the same samples, and score them against the data."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["METRICS_TOLD", "scores_and_differences", "timed_map"]

METRICS_TOLD = ("knn_accuracy", "trustworthiness")
MAX_EVALUATED = 10_000
N_NEIGHBORS = 10
DATA = "data"

Rows = dict[str, dict[str, dict[str, float]]]


def timed_map(X: np.ndarray, *, seed: int) -> tuple[np.ndarray, float]:
    """Return the t-SNE map of samples, float32, and the seconds that it took."""
    from aeviz.embedding.tsne import TSNE

    begun = time.perf_counter()
    points = TSNE(random_state=seed).fit_transform(X)
    return points.astype(np.float32), time.perf_counter() - begun


def scores_and_differences(
    X: np.ndarray, y: np.ndarray, maps: Mapping[str, np.ndarray], *, seed: int
) -> tuple[Rows, dict[str, Rows]]:
    """Score maps against the data, and every map against every other.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
    y : ndarray of shape (n_samples,)
        Classes.
    maps : mapping of str to ndarray of shape (n_samples, 2)
    seed : int
        Fixes the at most 10,000 rows that are evaluated, and the bootstrap.

    Returns
    -------
    scores : dict of map to metric to {"value", "low", "high"}
    differences : dict of map to other map to metric to {"value", "low", "high"}
        The first minus the second, paired over the rows.
    """
    from threadpoolctl import threadpool_limits

    from aeviz.core.registry import METRICS
    from aeviz.evaluation.bootstrap import Bootstrap
    from aeviz.evaluation.compare import compare
    from aeviz.evaluation.scores import difference, score

    n_rows = min(len(X), MAX_EVALUATED)
    rows = np.sort(np.random.default_rng(seed).choice(len(X), n_rows, replace=False))
    comparisons = compare(
        {DATA: X, **maps},
        [(DATA, name) for name in maps],
        rows=rows,
        n_neighbors=min(N_NEIGHBORS, (len(X) - 1) // 2),
        labels=y,
        random_state=seed,
    )
    metrics = [METRICS.get(name) for name in METRICS_TOLD]
    bootstrap = Bootstrap(n_rows, random_state=seed)
    with threadpool_limits(limits=1, user_api="blas"):
        of_map = {name: comparisons[DATA, name] for name in maps}
        scores = {
            name: _plain(score(one, metrics, bootstrap=bootstrap)) for name, one in of_map.items()
        }
        differences = {
            name: {
                other: _plain(difference(of_map[name], of_map[other], metrics, bootstrap=bootstrap))
                for other in maps
                if other != name
            }
            for name in maps
        }
    return scores, differences


def _plain(found: Any) -> dict[str, dict[str, float]]:
    return {one.metric: {"value": one.value, "low": one.low, "high": one.high} for one in found}
