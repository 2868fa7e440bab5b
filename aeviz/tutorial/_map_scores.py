"""Draw t-SNE maps of several spaces of the same samples, and score them against the data."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import numpy as np

__all__ = ["METRICS_TOLD", "scores_and_differences", "timed_map"]

METRICS_TOLD = ("knn_accuracy", "trustworthiness")
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
        Fixes the samples that are evaluated, and the bootstrap.

    Returns
    -------
    scores : dict of map to metric to {"value", "low", "high"}
    differences : dict of map to other map to metric to {"value", "low", "high"}
        The first minus the second, paired over the rows.
    """
    from aeviz.core.registry import METRICS
    from aeviz.evaluation.protocol import Protocol, Subject

    protocol = Protocol(seed=seed)
    metrics = [METRICS.get(name) for name in METRICS_TOLD]
    measured = protocol.measure(
        {DATA: X, **maps},
        {name: Subject(DATA, name, metrics) for name in maps},
        rows=protocol.rows(np.arange(len(X))),
        labels=y,
    )
    scores = {name: _plain(found.scores()) for name, found in measured.items()}
    differences = {
        name: {
            other: _plain(found.minus(theirs))
            for other, theirs in measured.items()
            if other != name
        }
        for name, found in measured.items()
    }
    return scores, differences


def _plain(found: Any) -> dict[str, dict[str, float]]:
    return {one.metric: {"value": one.value, "low": one.low, "high": one.high} for one in found}
