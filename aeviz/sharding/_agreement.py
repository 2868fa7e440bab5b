"""Measure how well coordinates of a fast network agree with those of the fit."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from aeviz.evaluation.classes import majority
from aeviz.neighbors.search import neighbors_of

__all__ = ["N_NEIGHBORS", "Agreement", "agreement"]

N_NEIGHBORS = 10


@dataclass(frozen=True)
class Agreement:
    """Agreement of a fast network with its embedding, on samples that it was not fitted to.

    Parameters
    ----------
    n_test : int
        Number of these samples.
    median_distance, p95_distance : float
        Of the distance between both coordinates of a sample, in units of the embedding's size:
        the root of the mean squared distance of points from their mean.
    neighbor_overlap : float in [0, 1]
        Mean share of a sample's 10 nearest neighbours that are the same at both coordinates.
    n_units : int
        Number of the network's units.
    knn_accuracy, knn_accuracy_fitted : float in [0, 1], or None without classes
        How often most of the 10 nearest neighbours have the sample's class, at the network's
        coordinates and at the fitted ones.
    """

    n_test: int
    median_distance: float
    p95_distance: float
    neighbor_overlap: float
    n_units: int = 0
    knn_accuracy: float | None = None
    knn_accuracy_fitted: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the numbers that there are."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return what `to_json` gave; version 0.1.0 wrote `n_test` as ``n_held_out``."""
        names = {"n_held_out": "n_test"}
        return cls(**{names.get(name, name): value for name, value in content.items()})


def agreement(
    points: np.ndarray,
    fitted: np.ndarray,
    others: np.ndarray,
    *,
    labels: np.ndarray | None,
    other_labels: np.ndarray | None,
    n_units: int = 0,
) -> Agreement:
    """Return how well coordinates agree with the fitted ones.

    Parameters
    ----------
    points, fitted : ndarray of shape (n_samples, 2)
        Coordinates of samples that the network was not fitted to: its own, and the fitted ones.
    others : ndarray of shape (n_others, 2)
        Fitted coordinates of all other samples, among which neighbours are searched.
    labels, other_labels : ndarray of str, or None
        Classes of both.
    n_units : int
        Number of the network's units.

    Examples
    --------
    >>> others = np.random.default_rng(0).normal(size=(50, 2))
    >>> found = agreement(others[:5], others[:5], others, labels=None, other_labels=None)
    >>> found.median_distance, found.neighbor_overlap
    (0.0, 1.0)
    """
    center = others.mean(axis=0, dtype=np.float64)
    size = float(np.sqrt(np.square(others - center).sum(axis=1).mean())) or 1.0
    distance = np.linalg.norm(points.astype(np.float64) - fitted, axis=1) / size
    n_neighbors = min(N_NEIGHBORS, len(others))
    near, near_fitted = (
        neighbors_of(_floats(one), _floats(others), n_neighbors)[0] for one in (points, fitted)
    )
    is_shared = (near[:, :, None] == near_fitted[:, None, :]).any(axis=2)
    accuracies: dict[str, float] = {}
    if labels is not None and other_labels is not None:
        _, codes = np.unique(np.concatenate([labels, other_labels]), return_inverse=True)
        own, theirs = codes[: len(labels)], codes[len(labels) :]
        accuracies = {
            name: float((majority(theirs[rows]) == own).mean())
            for name, rows in (("knn_accuracy", near), ("knn_accuracy_fitted", near_fitted))
        }
    return Agreement(
        n_test=len(points),
        median_distance=float(np.median(distance)),
        p95_distance=float(np.quantile(distance, 0.95)),
        neighbor_overlap=float(is_shared.mean()),
        n_units=n_units,
        **accuracies,
    )


def _floats(points: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(points, dtype=np.float32)
