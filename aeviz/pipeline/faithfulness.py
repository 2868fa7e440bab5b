"""Judge every sample of a run: its neighbourhood in each picture, and how it comes back.

Computing the shares is `aeviz.metrics`; here it is decided for which pictures, with which
sizes of neighbourhood, and which samples are kept so that a report can show the worst.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from aeviz.data.prepared import Prepared
from aeviz.evaluation.faithfulness import (
    N_NEAR_PER_NEIGHBOR,
    Neighborhoods,
    distances_to,
    unfaithful,
)
from aeviz.runs.pair import Pair

__all__ = ["judge_samples", "neighborhood_sizes"]

N_NEIGHBORS = 10
# What is shown of each picture: so many samples, each with so many neighbours.
N_WORST = 4
N_BESIDE = 6
MAX_CANDIDATES = 2000


def neighborhood_sizes(n_samples: int) -> tuple[int, int]:
    """Return how many neighbours are judged, and how many are near enough on the other side.

    Examples
    --------
    >>> neighborhood_sizes(70_000), neighborhood_sizes(60), neighborhood_sizes(10)
    ((10, 50), (5, 25), (1, 5))
    """
    # Of few samples, five times as many neighbours would be nearly all of them.
    k = min(N_NEIGHBORS, max(1, (n_samples - 1) // 10))
    return k, min(N_NEAR_PER_NEIGHBOR * k, n_samples - 1)


def judge_samples(
    prepared: Prepared,
    of_data: Neighborhoods,
    points: Mapping[Pair, np.ndarray],
    *,
    outliers: Mapping[str, np.ndarray],
    progress: Callable[[float, float], None] | None = None,
) -> dict[str, np.ndarray]:
    """Return the shares of false and missed neighbours in every picture, and whom to show.

    Parameters
    ----------
    prepared : Prepared
    of_data : Neighborhoods
        Of the scaled samples, of the size that `neighborhood_sizes` gives.
    points : mapping of Pair to ndarray of shape (n_samples, 2)
    outliers : mapping of encoder to ndarray of int
        Rows that are kept for display besides.
    progress : function (done, total) or None

    Returns
    -------
    dict of str to ndarray
        For every picture, the names beginning with ``<encoder>_<embedding>_``: ``false`` and
        ``missed`` of shape (n_samples,), float32; ``worst``, the rows of the samples with the
        most false neighbours, worst first, four or fewer; ``beside`` and ``nearest``, of shape
        (n_worst, n_beside), the rows of their neighbours in the picture and in the data,
        nearest first. Then ``rows``, every row that is shown, in order, and ``X``, these
        samples in the units of the source; ``sizes``, what `neighborhood_sizes` gives.
    """
    k, n_near = neighborhood_sizes(len(prepared.X))
    found: dict[str, np.ndarray] = {}
    for n_done, (pair, picture) in enumerate(points.items(), start=1):
        of_picture = Neighborhoods.of(picture, n_near)
        false = unfaithful(of_picture, prepared.X, of_data, n_neighbors=k)
        missed = unfaithful(of_data, picture, of_picture, n_neighbors=k)
        worst = _worst(false, prepared.X, of_data, of_picture.indices[:, :k])
        arrays = {
            "false": false.astype(np.float32),
            "missed": missed.astype(np.float32),
            "worst": worst,
            "beside": of_picture.indices[worst, :N_BESIDE],
            "nearest": of_data.indices[worst, :N_BESIDE],
        }
        found |= {f"{pair.key}_{name}": values for name, values in arrays.items()}
        if progress is not None:
            progress(n_done, len(points))
    shown = [values.ravel() for name, values in found.items() if values.dtype.kind in "iu"]
    rows = np.unique(np.concatenate([*shown, *outliers.values(), np.zeros(0, np.intp)]))
    rows = rows.astype(np.intp)
    return {**found, "rows": rows, "X": prepared.dataset.X[rows], "sizes": np.array([k, n_near])}


def _worst(
    false: np.ndarray, X: np.ndarray, of_data: Neighborhoods, beside: np.ndarray
) -> np.ndarray:
    """Return the rows with the most false neighbours; of equal ones those set among strangers.

    Many samples can have false neighbours only. Among these it counts how far the
    neighbours in the picture are in the data, measured by the sample's own neighbourhood.
    """
    order = np.argsort(-false, kind="stable")
    order = order[false[order] > 0]
    if len(order) <= N_WORST:
        return order
    # All that reach the share of the last one shown, as many as can be measured quickly.
    order = order[false[order] >= false[order[N_WORST - 1]]][:MAX_CANDIDATES]
    far = distances_to(X, order, beside[order]).mean(axis=1)
    radius = of_data.radius[order]
    strangeness = np.divide(far, radius, out=np.full(len(order), np.inf), where=radius > 0)
    return order[np.lexsort((-strangeness, -false[order]))][:N_WORST]
