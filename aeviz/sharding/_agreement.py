"""Measure how far the places of a head agree with those that were fitted."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.evaluation.votes import majority
from aeviz.neighbors.search import neighbors_of

__all__ = ["N_NEIGHBORS", "agreement"]

N_NEIGHBORS = 10


def agreement(
    places: np.ndarray, fitted: np.ndarray, others: np.ndarray, *, labels: Any, other_labels: Any
) -> dict[str, Any]:
    """Return how near places are to the fitted ones, and whether they say the same.

    Parameters
    ----------
    places, fitted : ndarray of shape (n_samples, 2)
        Of samples that the head did not see: where it puts them, and where they lie.
    others : ndarray of shape (n_others, 2)
        Fitted places of all other samples, among which neighbours are looked for.
    labels, other_labels : ndarray of str, or None
        Classes of both.

    Returns
    -------
    dict
        ``n_held_out``; ``median_distance`` and ``p95_distance`` between both places, in units
        of the picture's spread, the root of the mean squared distance from its centre;
        ``neighbor_overlap``, the mean share of the 10 nearest others of the fitted place that
        are among the 10 nearest of the head's; and of classes ``knn_accuracy`` and
        ``knn_accuracy_fitted``, how often most of the 10 nearest others are of the sample's
        own class, at the head's place and at the fitted one.

    Examples
    --------
    >>> others = np.random.default_rng(0).normal(size=(50, 2))
    >>> found = agreement(others[:5], others[:5], others, labels=None, other_labels=None)
    >>> found["median_distance"], found["neighbor_overlap"]
    (0.0, 1.0)
    """
    center = others.mean(axis=0, dtype=np.float64)
    spread = float(np.sqrt(np.square(others - center).sum(axis=1).mean())) or 1.0
    distance = np.linalg.norm(places.astype(np.float64) - fitted, axis=1) / spread
    n_neighbors = min(N_NEIGHBORS, len(others))
    near = {
        "": neighbors_of(_floats(places), _floats(others), n_neighbors)[0],
        "_fitted": neighbors_of(_floats(fitted), _floats(others), n_neighbors)[0],
    }
    is_shared = (near[""][:, :, None] == near["_fitted"][:, None, :]).any(axis=2)
    found: dict[str, Any] = {
        "n_held_out": len(places),
        "median_distance": float(np.median(distance)),
        "p95_distance": float(np.quantile(distance, 0.95)),
        "neighbor_overlap": float(is_shared.mean()),
    }
    if labels is not None:
        for key, rows in near.items():
            found[f"knn_accuracy{key}"] = _accuracy(labels, other_labels, rows)
    return found


def _accuracy(labels: np.ndarray, other_labels: np.ndarray, rows: np.ndarray) -> float:
    """Return how often most of some rows are of the sample's own class."""
    _, codes = np.unique(np.concatenate([labels, other_labels]), return_inverse=True)
    own, theirs = codes[: len(labels)], codes[len(labels) :]
    return float((majority(theirs[rows]) == own).mean())


def _floats(points: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(points, dtype=np.float32)
