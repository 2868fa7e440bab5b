"""Compare the neighbours of every sample in each embedding with those in the data.

`aeviz.evaluation.faithfulness` computes the shares; here it is decided with which sizes of
neighbourhood, and which samples are kept so that a report can show the worst.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from aeviz.data.prepared import Prepared
from aeviz.evaluation.faithfulness import (
    N_NEAR_PER_NEIGHBOR,
    Neighborhoods,
    distances_to,
    unfaithful,
)
from aeviz.runs.pair import Pair
from aeviz.runs.results import Faithfulness, PairFaithfulness

__all__ = ["neighborhood_sizes", "score_faithfulness"]

N_NEIGHBORS = 10
# Samples that are shown per embedding, and neighbours per sample.
N_WORST = 4
N_BESIDE = 6
MAX_CANDIDATES = 2000


def neighborhood_sizes(n_samples: int) -> tuple[int, int]:
    """Return how many neighbours are compared, and how many count as near on the other side.

    Examples
    --------
    >>> neighborhood_sizes(70_000), neighborhood_sizes(60), neighborhood_sizes(10)
    ((10, 50), (5, 25), (1, 5))
    """
    # Of few samples, five times as many neighbours would be nearly all of them.
    k = min(N_NEIGHBORS, max(1, (n_samples - 1) // 10))
    return k, min(N_NEAR_PER_NEIGHBOR * k, n_samples - 1)


def score_faithfulness(
    prepared: Prepared,
    of_data: Neighborhoods,
    points: Mapping[Pair, np.ndarray],
    *,
    outliers: Sequence[np.ndarray],
    progress: Callable[[float, float], None] | None = None,
) -> Faithfulness:
    """Return the shares of false and missing neighbours in every embedding, and whom to show.

    Parameters
    ----------
    prepared : Prepared
    of_data : Neighborhoods
        Of the scaled samples, of the size that `neighborhood_sizes` gives.
    points : mapping of Pair to ndarray of shape (n_samples, 2)
    outliers : sequence of ndarray of int
        Rows that are kept for display as well.
    """
    k, n_near = neighborhood_sizes(len(prepared.X))
    found: dict[Pair, PairFaithfulness] = {}
    shown = [*outliers, np.zeros(0, np.intp)]
    for n_done, (pair, xy) in enumerate(points.items(), start=1):
        of_points = Neighborhoods.of(xy, n_near)
        false = unfaithful(of_points, prepared.X, of_data, n_neighbors=k)
        missing = unfaithful(of_data, xy, of_points, n_neighbors=k)
        worst = _worst(false, prepared.X, of_data, of_points.indices[:, :k])
        one = PairFaithfulness(
            false_neighbors=false.astype(np.float32),
            missing_neighbors=missing.astype(np.float32),
            worst=worst,
            beside=of_points.indices[worst, :N_BESIDE],
            nearest=of_data.indices[worst, :N_BESIDE],
        )
        found[pair] = one
        shown += [one.worst, one.beside.ravel(), one.nearest.ravel()]
        if progress is not None:
            progress(n_done, len(points))
    rows = np.unique(np.concatenate(shown)).astype(np.intp)
    return Faithfulness(found, rows, prepared.dataset.X[rows], k, n_near)


def _worst(
    false: np.ndarray, X: np.ndarray, of_data: Neighborhoods, beside: np.ndarray
) -> np.ndarray:
    """Return the rows with the most false neighbours, worst first.

    Among samples with equal shares, those come first whose neighbours in the embedding are the
    farthest in the data, relative to the radius of the sample's own neighbourhood.
    """
    order = np.argsort(-false, kind="stable")
    order = order[false[order] > 0]
    if len(order) <= N_WORST:
        return order
    # All with the share of the last one shown, as many as can be measured quickly.
    order = order[false[order] >= false[order[N_WORST - 1]]][:MAX_CANDIDATES]
    far = distances_to(X, order, beside[order]).mean(axis=1)
    radius = of_data.radius[order]
    distance = np.divide(far, radius, out=np.full(len(order), np.inf), where=radius > 0)
    worst: np.ndarray = order[np.lexsort((-distance, -false[order]))][:N_WORST]
    return worst
