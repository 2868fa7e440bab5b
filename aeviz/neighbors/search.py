"""Find the nearest neighbours of samples, exactly, on every core.

t-SNE and UMAP both begin with this search. It is done here once for both, and for
new samples too, so that neither library's own index is built. It does not cluster,
weight or symmetrise: it gives row numbers and distances.

Why products of single-precision matrices: scikit-learn, which multiplies in double precision,
took twice as long for 90 neighbours of 70,000 × 50, and three times for 50 of 20,000 images of
784 pixels (see `aeviz.neighbors._projection`). An approximate index has to be built:
pynndescent (umap-learn's) spent 58 of its 59 s for 5,000 × 32 on compilation.
Being exact it depends on no seed. Its cost grows with the square of the number of samples.

Why distances are computed a second time: matrix products round differently with the
number of rows in them. Candidates are therefore measured again, each by itself, so that
a sample has the same neighbours and distances alone and among ten thousand others. Where
the rounding could have left a neighbour out (samples that coincide, or lie as close as
single precision can tell far from the rest), scikit-learn searches again for that sample.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import KW_ONLY, dataclass, field

import numpy as np
from scipy.spatial import KDTree
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import normalize

from aeviz.core.threads import in_blocks
from aeviz.core.validation import check_choice
from aeviz.neighbors._candidates import Candidates, measure, nearest_candidates
from aeviz.neighbors._projection import shortening

__all__ = ["METRICS", "NeighborSearch", "neighbors_among", "neighbors_in_tree", "neighbors_of"]

METRICS = ("euclidean", "cosine", "manhattan")

# Candidates beyond the number asked for: near-ties at the edge are then decided by
# the exact distances, not by the rounding of the matrix product.
_SPARE = 8
# And how many times as many where distances are bounded from below only.
_SHORT_SHARE = 3
_TREE_QUERIES = 8192

Progress = Callable[[float, float], None]
Shortening = Callable[[np.ndarray], Callable[[np.ndarray], np.ndarray] | None]

_log = logging.getLogger(__name__)


@dataclass(eq=False, repr=False)
class NeighborSearch:
    """Nearest neighbours among the same samples, searched once for all that ask.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features), float32 or float64
        The samples; they must not change.
    n_least : int
        How many neighbours to find at least, however few are asked for first.
    progress : function (done, total) or None
        Samples done.
    """

    X: np.ndarray
    _: KW_ONLY
    n_least: int = 1
    progress: Progress | None = None
    _found: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict, init=False)

    def among(
        self, n_neighbors: int, *, metric: str = "euclidean"
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return every sample's nearest neighbours among the others, see `neighbors_among`."""
        found = self._found.get(metric)
        if found is None or found[0].shape[1] < n_neighbors:
            n_found = min(max(n_neighbors, self.n_least), len(self.X) - 1)
            found = neighbors_among(self.X, n_found, metric=metric, progress=self.progress)
            self._found[metric] = found
        indices, distances = found
        return indices[:, :n_neighbors].copy(), distances[:, :n_neighbors].copy()


def neighbors_among(
    X: np.ndarray,
    n_neighbors: int,
    *,
    metric: str = "euclidean",
    progress: Progress | None = None,
    shorten: Shortening = shortening,
) -> tuple[np.ndarray, np.ndarray]:
    """Return every sample's nearest neighbours among the others.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features), float32 or float64
        The samples.
    n_neighbors : int in 1..n_samples - 1
        How many to find, the sample itself not counted.
    metric : {"euclidean", "cosine", "manhattan"}
        Cosine distance is one minus the cosine of the angle.
    progress : function (done, total) or None
        Samples done.
    shorten : function
        Makes of `X` what describes samples of many features by fewer numbers, or None.

    Returns
    -------
    indices : ndarray of int32 of shape (n_samples, n_neighbors)
        Row numbers, nearest first; equal distances in order of row number. Equal are those
        that are so in single precision: in double precision, rounding tells equal distances of
        decimals apart, and another unit would change which.
    distances : ndarray of shape (n_samples, n_neighbors)
        Their distances, of the dtype of `X`.

    Raises
    ------
    ValueError
        If `metric` is not one of the three.

    Examples
    --------
    >>> indices, distances = neighbors_among(np.array([[0.0], [1.0], [3.0]]), 1)
    >>> indices.ravel().tolist(), distances.ravel().tolist()
    ([1, 0, 1], [1.0, 1.0, 2.0])
    """
    # One more, which is the sample itself but where more than so many samples coincide.
    found, distances = neighbors_of(
        X, X, n_neighbors + 1, metric=metric, progress=progress, shorten=shorten
    )
    return _without_self(found, distances, np.arange(len(X)))


def neighbors_in_tree(
    X: np.ndarray, n_neighbors: int, *, progress: Progress | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return every sample's nearest neighbours by Euclidean distance, found in a k-d tree.

    It is faster than `neighbors_among` where there are few features, as in an embedding.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        At most about ten features.
    n_neighbors, progress
        As in `neighbors_among`.

    Returns
    -------
    indices, distances : ndarray of shape (n_samples, n_neighbors)
        As in `neighbors_among`, distances in float64.
    """
    tree = KDTree(X)
    n_asked = min(n_neighbors + 1 + _SPARE, len(X))
    shape = (len(X), n_neighbors)
    indices, distances = np.empty(shape, np.int32), np.empty(shape)
    for start in range(0, len(X), _TREE_QUERIES):
        rows = np.arange(start, min(start + _TREE_QUERIES, len(X)))
        gaps, found = tree.query(X[rows], np.arange(1, n_asked + 1), workers=-1)
        order = np.lexsort((found, _compared(gaps)), axis=1)[:, : n_neighbors + 1]
        near, far = (np.take_along_axis(part, order, axis=1) for part in (found, gaps))
        indices[rows], distances[rows] = _without_self(near, far, rows)
        if progress is not None:
            progress(rows[-1] + 1, len(X))
    return indices, distances


def _compared(distances: np.ndarray) -> np.ndarray:
    """Return distances as they are compared: in single precision, each row in a unit of its own."""
    if distances.dtype == np.float32:
        return distances
    # A power of two changes no digit, and huge or tiny distances need one.
    _, exponents = np.frexp(distances.max(axis=1, keepdims=True))
    return np.ldexp(distances, -exponents).astype(np.float32)


def _without_self(
    found: np.ndarray, distances: np.ndarray, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return neighbours without the row itself; where it is not among them, without the last."""
    is_self = found == rows[:, None]
    is_self[~is_self.any(axis=1), -1] = True
    shape = (len(rows), found.shape[1] - 1)
    return found[~is_self].reshape(shape), distances[~is_self].reshape(shape)


def neighbors_of(
    queries: np.ndarray,
    X: np.ndarray,
    n_neighbors: int,
    *,
    metric: str = "euclidean",
    progress: Progress | None = None,
    shorten: Shortening = shortening,
) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest of `X` to every query, whatever else is among the queries.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_features)
        Samples that need not be in `X`; an equal sample in `X` counts as a neighbour.
    X, n_neighbors, metric, progress, shorten
        As in `neighbors_among`.

    Returns
    -------
    indices, distances : ndarray of shape (n_queries, n_neighbors)
        As in `neighbors_among`; so are the errors.
    """
    points = _prepared(X, metric)
    asked = _prepared(queries, metric).astype(points.dtype, copy=False)
    shape = (len(asked), n_neighbors)
    indices, distances = np.empty(shape, np.int32), np.empty(shape, points.dtype)
    searched = np.arange(len(asked))
    for search in _searches(points, n_neighbors, metric, progress, shorten):
        some = asked[searched] if len(searched) < len(asked) else asked
        candidates, beyond = search(some)
        found = _in_order(some, points, candidates, n_neighbors, metric)
        indices[searched], distances[searched] = found
        searched = searched[_is_in_doubt(found[1], beyond, points, metric)]
        if not len(searched):
            break
        _log.debug("%d of %d samples are searched for again", len(searched), len(asked))
    return indices, distances


def _searches(
    X: np.ndarray, n_neighbors: int, metric: str, progress: Progress | None, shorten: Shortening
) -> Iterator[Callable[[np.ndarray], Candidates]]:
    """Yield ways to find candidates, each more costly and leaving less in doubt."""
    n_candidates = min(n_neighbors + _SPARE, len(X))
    if metric != "manhattan":
        shortened = shorten(X)
        if shortened is not None:
            short, n_short = shortened(X), min(_SHORT_SHARE * n_candidates, len(X))
            yield lambda some: nearest_candidates(
                shortened(some), short, n_short, progress=progress
            )
            progress = None
        yield lambda some: nearest_candidates(some, X, n_candidates, progress=progress)

    distance = "manhattan" if metric == "manhattan" else "euclidean"
    searcher = NearestNeighbors(n_neighbors=n_candidates, algorithm="brute", metric=distance)

    def in_double_precision(some: np.ndarray) -> Candidates:
        rows = searcher.fit(X).kneighbors(some, return_distance=False)
        return Candidates(rows.astype(np.int32), np.full(len(some), np.inf))

    yield in_double_precision


def _is_in_doubt(
    distances: np.ndarray, beyond: np.ndarray, X: np.ndarray, metric: str
) -> np.ndarray:
    """Return for which samples a row that is no candidate may be as near as the last found."""
    last = distances[:, -1].astype(np.float64)
    squared = 2 * last if metric == "cosine" else last**2
    rounding = max(4 * (X.shape[1] + 8) * np.finfo(X.dtype).eps, 2 * np.finfo(np.float32).eps)
    return np.asarray(squared >= beyond * (1 - rounding))


def _prepared(X: np.ndarray, metric: str) -> np.ndarray:
    """Return samples as they are searched: of cosine distance, on the unit sphere.

    There squared Euclidean distance is twice the cosine distance.
    """
    check_choice("metric", metric, METRICS)
    return np.ascontiguousarray(normalize(X) if metric == "cosine" else X)


def _in_order(
    queries: np.ndarray, X: np.ndarray, candidates: np.ndarray, n_neighbors: int, metric: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest candidates by distances measured pair by pair."""
    shape = (len(queries), n_neighbors)
    indices, distances = np.empty(shape, np.int32), np.empty(shape, X.dtype)

    def order(block: slice) -> None:
        # By row number first, so that the stable sort leaves equal distances in that order.
        near = np.sort(candidates[block], axis=1)
        measured = np.empty(near.shape, X.dtype)
        measure(queries[block], X, near, metric == "manhattan", measured)
        order = np.argsort(_compared(measured), axis=1, kind="stable")[:, :n_neighbors]
        indices[block] = np.take_along_axis(near, order, axis=1)
        distances[block] = np.take_along_axis(measured, order, axis=1)

    in_blocks(order, len(queries))
    if metric == "cosine":
        distances /= 2
    elif metric == "euclidean":
        np.sqrt(distances, out=distances)
    return indices, distances
