"""Faithfulness per sample: the shares of false and of missing neighbours in an embedding.

Two things go wrong with a sample, and a reader has to know which. *False neighbours* are
near it in the embedding and far from it in the data: what is seen there is not so.
*Missing neighbours* are near it in the data and far from it in the embedding: what is so
is not seen there. Both are shares in [0, 1], lower is better, for every sample of a run,
so that a map can be coloured by them.

Why two neighbourhood sizes: among sets of one size every false neighbour displaces a true
one, so both shares would be the same number. A neighbour counts as false, or missing, only
if it is not even among the n_near nearest in the other space, several times as many. A torn
neighbourhood then has missing and no false neighbours, and two groups on top of each other
have false and no missing ones.

Why not the rank costs of trustworthiness and continuity: they need ranks among all
samples, which for all samples cost several times as much, and their unit (the worst sum of
ranks there can be) says nothing to a reader.

Pitfall: the shares look at neighbourhoods only. Clusters in the wrong positions, each of them
intact, have neither false nor missing neighbours.

Notes
-----
With N_k(i) the k nearest samples of i in the data, P_k(i) in the embedding, and K = n_near,

    false(i)  = |{j in P_k(i) : d(i, j) > d_K(i)}| / k
    missed(i) = |{j in N_k(i) : e(i, j) > e_K(i)}| / k,

d being distances in the data and e in the embedding, d_K(i) and e_K(i) those of the K-th
nearest. A random embedding of n samples has 1 - K / (n - 1) on average, of both.

Equal distances: what is as near as the K-th nearest is near, so samples that coincide in
the data are never false neighbours of each other, however many there are, and samples
that coincide in the embedding never missing ones. Which of several equally distant samples
are the k nearest is decided by row number (by the search, where more than K samples of an
embedding coincide); only there can the order of the rows change a share.

References
----------
.. [1] Venna, J., Kaski, S. (2001). Neighborhood preservation in nonlinear projection
   methods: an experimental study. ICANN. doi:10.1007/3-540-44668-0_68
.. [2] Lespinats, S., Aupetit, M. (2011). CheckViz: sanity check and topological clues for
   linear and non-linear mappings. Computer Graphics Forum 30(1).
   doi:10.1111/j.1467-8659.2010.01835.x
.. [3] Martins, R. M., Coimbra, D. B., Minghim, R., Telea, A. C. (2014). Visual analysis of
   dimensionality reduction quality for parameterized projections. Computers & Graphics 41.
   doi:10.1016/j.cag.2014.01.006
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.utils import check_array

from aeviz.core.validation import check_integer
from aeviz.evaluation.spaces import without_offset
from aeviz.neighbors.search import NeighborSearch, neighbors_in_tree

__all__ = ["N_NEAR_PER_NEIGHBOR", "Neighborhoods", "distances_to", "faithfulness", "unfaithful"]

N_NEAR_PER_NEIGHBOR = 5
# A tree is faster than comparing all rows where there are few columns, as in every embedding.
_FEW_FEATURES = 3
_BLOCK_BYTES = 1 << 25
_QUERIES = 8192


@dataclass(frozen=True, eq=False)
class Neighborhoods:
    """Nearest rows of every row of one space.

    Parameters
    ----------
    indices : ndarray of int32 of shape (n_samples, n_near)
        Row numbers, nearest first, the row itself left out.
    radius : ndarray of float64 of shape (n_samples,)
        Distance to the last of them.
    is_tied : ndarray of bool of shape (n_samples,)
        Whether a row that is not among them lies at the same distance as the last.
    """

    indices: np.ndarray
    radius: np.ndarray
    is_tied: np.ndarray

    @property
    def n_near(self) -> int:
        """Return how many rows a neighbourhood has."""
        return int(self.indices.shape[1])

    @classmethod
    def of(
        cls,
        X: np.ndarray,
        n_near: int,
        *,
        neighbors: NeighborSearch | None = None,
        progress: Callable[[float, float], None] | None = None,
    ) -> Neighborhoods:
        """Find them, exactly, in blocks of rows and on every core.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features), float32 or float64
            Finite.
        n_near : int in 1..n_samples - 1
        neighbors : NeighborSearch of `X`, or None
            Where others have searched the same rows; unused where there are few columns.
        progress : function (done, total) or None
            Rows done.
        """
        n_samples = len(X)
        # Besides the row itself one more, by which it is seen whether the last one is tied.
        n_others = min(n_near + 1, n_samples - 1)
        if X.shape[1] <= _FEW_FEATURES:
            others, gaps = neighbors_in_tree(X, n_others, progress=progress)
        else:
            search = neighbors or NeighborSearch(X, progress=progress)
            others, gaps = search.among(n_others)
        radius = gaps[:, n_near - 1]
        is_tied = gaps[:, -1] <= radius if n_others > n_near else np.zeros(n_samples, bool)
        return cls(others[:, :n_near].astype(np.int32), radius.astype(np.float64), is_tied)


def faithfulness(
    high: Any, low: Any, *, n_neighbors: int = 10, n_near: int | None = None
) -> pd.DataFrame:
    """Return the shares of false and of missing neighbours of every sample in an embedding.

    Parameters
    ----------
    high : array-like of shape (n_samples, n_features)
        The data.
    low : array-like of shape (n_samples, n_components)
        The same samples, in the same order, in a code or an embedding.
    n_neighbors : int in 1..n_samples - 1
        How many neighbours per sample are looked at (k).
    n_near : int in n_neighbors..n_samples - 1 or None
        How many are near enough in the other space (K). None means five times `n_neighbors`,
        or every other sample where there are fewer.

    Returns
    -------
    DataFrame
        One row per sample; columns of float64 in [0, 1], lower is better: ``false``, the share of
        the `n_neighbors` nearest in `low` that are not among the `n_near` nearest in `high`;
        ``missed``, the share of the `n_neighbors` nearest in `high` that are not among the
        `n_near` nearest in `low`. 0 of both for an exact copy; 1 - n_near / (n_samples - 1)
        on average at random. See [1]_ on both, and the module on equal distances.

    Raises
    ------
    ValueError
        If the arrays are not tables of finite numbers of one length, there are fewer than
        three samples, or a number is out of range.
    TypeError
        If a number is no integer.

    References
    ----------
    .. [1] Lespinats, S., Aupetit, M. (2011). CheckViz: sanity check and topological clues for
       linear and non-linear mappings. Computer Graphics Forum 30(1).
       doi:10.1111/j.1467-8659.2010.01835.x

    Examples
    --------
    Nine samples on a line; the embedding has the last one next to the first:

    >>> line = np.arange(9.0)[:, None]
    >>> embedding = np.append(np.arange(8.0), -0.5)[:, None]
    >>> table = faithfulness(line, embedding, n_neighbors=1, n_near=3)
    >>> table["false"].tolist(), table["missed"].tolist()
    ([1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    """
    X, points = _table("high", high), _table("low", low)
    n_samples = len(X)
    if len(points) != n_samples:
        raise ValueError(
            f"high and low must have the same number of samples, got {n_samples} and {len(points)}"
        )
    most: dict[str, Any] = {"high": n_samples - 1, "high_is": "n_samples - 1"}
    k = check_integer("n_neighbors", n_neighbors, low=1, **most)
    if n_near is None:
        n_near = min(N_NEAR_PER_NEIGHBOR * k, n_samples - 1)
    n_near = check_integer("n_near", n_near, low=k, **most)
    of_X, of_points = Neighborhoods.of(X, n_near), Neighborhoods.of(points, n_near)
    return pd.DataFrame(
        {
            "false": unfaithful(of_points, X, of_X, n_neighbors=k),
            "missed": unfaithful(of_X, points, of_points, n_neighbors=k),
        }
    )


def unfaithful(
    here: Neighborhoods,
    X: np.ndarray,
    there: Neighborhoods,
    *,
    n_neighbors: int,
    block_rows: int = _QUERIES,
) -> np.ndarray:
    """Return the share of every row's nearest in one space that are not near in another.

    Parameters
    ----------
    here : Neighborhoods
        Whose nearest are looked at: those of the embedding give false neighbours, those of the
        data missing ones.
    X, there : ndarray of shape (n_samples, n_features) and its Neighborhoods
        The other space.
    n_neighbors : int in 1..here.n_near
    block_rows : int
        How many rows are looked at together.
    """
    n_samples = len(X)
    looked_at = here.indices[:, :n_neighbors]
    is_far = np.empty(looked_at.shape, bool)
    for start in range(0, n_samples, block_rows):
        block = slice(start, start + block_rows)
        # One sorted list for the whole block: a row's number and its neighbour's in one.
        offset = np.arange(len(looked_at[block]), dtype=np.int64)[:, None] * n_samples
        is_far[block] = ~np.isin(looked_at[block] + offset, there.indices[block] + offset)
    # What is not among the nearest is farther than all of them, but where the last is tied.
    in_doubt = np.flatnonzero(there.is_tied & is_far.any(axis=1))
    limits = there.radius[in_doubt, None] * (1.0 + 4.0 * np.finfo(X.dtype).eps)
    is_far[in_doubt] &= distances_to(X, in_doubt, looked_at[in_doubt]) > limits
    shares: np.ndarray = is_far.mean(axis=1)
    return shares


def distances_to(
    X: np.ndarray, rows: np.ndarray, others: np.ndarray, *, block_bytes: int = _BLOCK_BYTES
) -> np.ndarray:
    """Return the distances from some rows to some others of each, (n_rows, n_others), float64.

    `block_bytes` is about how much memory to work in.
    """
    distances = np.empty(others.shape)
    step = max(1, block_bytes // (max(others.shape[1], 1) * X.shape[1] * X.itemsize))
    for start in range(0, len(rows), step):
        block = slice(start, start + step)
        gaps = X[others[block]] - X[rows[block], None]  # (block, n_others, n_features)
        distances[block] = np.sqrt(np.einsum("ijk,ijk->ij", gaps, gaps))
    return distances


def _table(name: str, values: Any) -> np.ndarray:
    """Return a table of finite numbers, no coordinate above one in size.

    Divided by a power of two, no distance changes its order and no square overflows.
    """
    shape = np.shape(values)
    if len(shape) != 2:
        # scikit-learn says so in several lines, with the values.
        raise ValueError(f"{name} must have shape (n_samples, n_features), got {shape}")
    values = without_offset(np.asarray(values))
    X = check_array(values, dtype=[np.float64, np.float32], ensure_min_samples=3, input_name=name)
    exponent = int(np.frexp(np.abs(X).max())[1])
    table: np.ndarray = np.ldexp(X, -exponent)
    return table
