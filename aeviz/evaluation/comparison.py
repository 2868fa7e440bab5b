"""Measurements of spaces and pairs of spaces that every metric uses.

A metric reads a `Comparison` and nothing else, so distances, neighbours and ranks are
computed once for any number of metrics. Nothing is computed here but what follows from a
view alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from scipy.stats import rankdata

__all__ = ["Comparison", "SpaceView"]

T = TypeVar("T")

# For how many partners of an anchor it is estimated which rank they have.
_MAX_RANKED = 200


class _Arrays:
    """Arrays of which some may be None."""

    def required(self, name: str) -> np.ndarray:
        """Return an array that not all have.

        Raises
        ------
        ValueError
            If it was not measured.
        """
        array: np.ndarray | None = getattr(self, name)
        if array is None:
            raise ValueError(f"{name} must be measured first, got None")
        return array


@dataclass(frozen=True, eq=False)
class SpaceView(_Arrays):
    """One space as seen from the anchors.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The points as they were given; integers of 64 bits as floats, less their smallest values.
    neighbors : ndarray of int32 of shape (n_anchors, n_neighbors)
        Each anchor's nearest rows among all rows, nearest first, itself left out, equal
        distances in order of row number.
    distances : ndarray of float64 of shape (n_anchors, n_partners)
        Distances to the anchors' partners (see `Comparison`), in the units of the points.
    own_class_distance : ndarray of float64 of shape (n_anchors,) or None
        Mean distance to the other rows of the anchor's class, 0 where there is none.
    other_class_distance : ndarray of float64 of shape (n_anchors,) or None
        Mean distance to the rows of that other class for which it is smallest.
    other_class : ndarray of float64 of shape (n_anchors,) or None
        The code of that class. All three are None without labels, and where no pair has this
        space as its low one.
    cache : dict of str to object
        What `cached` keeps; empty at first. Pairs share it as they share the view.
    """

    X: np.ndarray
    neighbors: np.ndarray
    distances: np.ndarray
    own_class_distance: np.ndarray | None = None
    other_class_distance: np.ndarray | None = None
    other_class: np.ndarray | None = None
    cache: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def compared_distances(self) -> np.ndarray:
        """Return the distances as they are compared: equal ones are so in single precision."""
        # A power of two changes no digit, and huge or tiny distances need one.
        exponent = int(np.frexp(self.distances.max())[1])
        return np.ldexp(self.distances, -exponent).astype(np.float32)

    @cached_property
    def distance_ranks(self) -> np.ndarray:
        """Return the ranks of all distances together, equal ones sharing their mean rank.

        They are shifted and divided to lie in (-1/2, 1/2) with mean 0; same shape as
        `distances`.
        """
        n_distances = self.distances.size
        ranks = rankdata(self.compared_distances, axis=None)
        ranks -= (n_distances + 1) / 2
        ranks /= n_distances
        return np.asarray(ranks.reshape(self.distances.shape))

    def ranked_partners(
        self, partners: np.ndarray, n_samples: int
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return some partners of each anchor and about their ranks among all rows.

        Both of shape (n_anchors, n_some); ranks are exact where all rows are partners.
        """

        def rank() -> np.ndarray:
            order = np.argsort(self.distances[:, :_MAX_RANKED], axis=1, kind="stable")
            ranks = np.empty(order.shape)
            steps = (np.arange(order.shape[1]) + 0.5) * ((n_samples - 1) / order.shape[1]) + 0.5
            np.put_along_axis(ranks, order, np.broadcast_to(steps, order.shape), axis=1)
            return ranks

        return partners[:, :_MAX_RANKED], self.cached("partner_ranks", rank)

    def cached(self, name: str, compute: Callable[[], T]) -> T:
        """Return what a metric fitted to the anchors' points and classes, once for all metrics."""
        if name not in self.cache:
            self.cache[name] = compute()
        found: T = self.cache[name]
        return found


@dataclass(frozen=True, eq=False)
class Comparison(_Arrays):
    """Two spaces of the same samples, compared.

    Parameters
    ----------
    rows : ndarray of int of shape (n_anchors,)
        The anchors: the evaluated rows.
    n_samples : int
        The rows among which neighbours and ranks are taken.
    high, low : SpaceView
        The space that is to be kept, and the one that stands for it.
    ranks_in_high : ndarray of int32 of shape (n_anchors, n_neighbors)
        Ranks in the high space of the anchor's neighbours in the low one; 1 is nearest.
    ranks_in_low : ndarray of int32 of shape (n_anchors, n_neighbors)
        Ranks in the low space of the anchor's neighbours in the high one.
    partners : ndarray of int of shape (n_anchors, n_partners)
        Rows drawn at random for every anchor, all different and none its own, to which
        distances are kept in both spaces.
    labels : ndarray of int of shape (n_samples,) or None
        Classes as 0 .. n_classes - 1, in the order of the sorted labels.
    batches : ndarray of int of shape (n_samples,) or None
        Batches as 0 .. n_batches - 1, below zero where a row has none.
    sample_errors : ndarray of float64 of shape (n_anchors,) or None
        Reconstruction errors of the anchors.
    ranked : ndarray of int of shape (n_ranked,) or None
        Positions in `rows`, in order, of those anchors for which all rows were ranked in both
        spaces; the same in every pair that is compared in one call. This and the two that
        come from it are None where no anchor was ranked.
    rank_curve : ndarray of float64 of shape (n_samples - 2,) or None
        Q_NX(K) at K = 1 .. n_samples - 2: the share of the K nearest rows that the two
        spaces have in common, a mean over the ranked anchors.
    rank_areas : ndarray of float64 of shape (n_ranked,) or None
        Each ranked anchor's area under R_NX over log K, in [-1, 1].
    area_effects : ndarray of float64 of shape (n_samples,) or None
        What each row adds to the areas of all ranked anchors; None also where few are ranked.
    area_squares : float
        The sum of the squares of what each row adds to each of these areas.
    sample_bounds : ndarray of float64 of shape (n_anchors,) or None
        A variational model's lower bounds of the anchors' log-likelihood, in nats.
    """

    rows: np.ndarray
    n_samples: int
    high: SpaceView
    low: SpaceView
    ranks_in_high: np.ndarray
    ranks_in_low: np.ndarray
    partners: np.ndarray
    labels: np.ndarray | None = None
    sample_errors: np.ndarray | None = None
    sample_bounds: np.ndarray | None = None
    ranked: np.ndarray | None = None
    rank_curve: np.ndarray | None = None
    rank_areas: np.ndarray | None = None
    area_effects: np.ndarray | None = None
    area_squares: float = 0.0
    batches: np.ndarray | None = None

    @property
    def n_anchors(self) -> int:
        """Return the number of rows evaluated."""
        return len(self.rows)

    @property
    def n_neighbors(self) -> int:
        """Return the size of a neighbourhood."""
        return int(self.ranks_in_high.shape[1])

    @cached_property
    def n_classes(self) -> int:
        """Return how many classes the anchors have; 0 without labels."""
        return 0 if self.labels is None else len(np.unique(self.labels[self.rows]))

    def with_values(
        self, *, sample_errors: np.ndarray | None = None, sample_bounds: np.ndarray | None = None
    ) -> Comparison:
        """Return the comparison with what an encoder gave, for all samples; None changes nothing.

        Raises
        ------
        ValueError
            If there is not one value per sample.
        """
        given = {"sample_errors": sample_errors, "sample_bounds": sample_bounds}
        of_anchors: dict[str, Any] = {}
        for name, values in given.items():
            if values is not None:
                if values.shape != (self.n_samples,):
                    shape = f"({self.n_samples},), got {values.shape}"
                    raise ValueError(f"{name} must have shape {shape}")
                of_anchors[name] = np.asarray(values[self.rows], np.float64)
        return replace(self, **of_anchors)

    def with_batches(self, batches: np.ndarray) -> Comparison:
        """Return the comparison with the batch of every sample, None or NaN where it has none.

        One batch alone says nothing and changes nothing, nor do batches that no anchor has.
        """
        codes, names = pd.factorize(np.asarray(batches, dtype=object))
        if len(names) < 2 or (codes[self.rows] < 0).all():
            return self
        return replace(self, batches=codes)

    def truncated(self, n_neighbors: int) -> Comparison:
        """Return the comparison with smaller neighbourhoods, without computing anything.

        Raises
        ------
        ValueError
            If `n_neighbors` is not in 1..self.n_neighbors.
        """
        if not 1 <= n_neighbors <= self.n_neighbors:
            raise ValueError(f"n_neighbors must be in 1..{self.n_neighbors}, got {n_neighbors}")
        return replace(
            self,
            high=replace(self.high, neighbors=self.high.neighbors[:, :n_neighbors]),
            low=replace(self.low, neighbors=self.low.neighbors[:, :n_neighbors]),
            ranks_in_high=self.ranks_in_high[:, :n_neighbors],
            ranks_in_low=self.ranks_in_low[:, :n_neighbors],
        )
