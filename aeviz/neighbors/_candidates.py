"""Find the rows that may be a sample's nearest, by products of single-precision matrices.

What is found is a superset: a few rows more than asked for, and for every sample whether the
rounding of the products could have left one of its nearest out. Distances that count are
measured elsewhere (`_neighbors`).
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from sklearn.utils import gen_batches

from aeviz.core.numba_cache import kept
from aeviz.core.threads import in_blocks

__all__ = ["Candidates", "measure", "nearest_candidates"]

# A tile of distances stays in a core's own cache while its rows are gone through.
TILE_COLUMNS = 512
_LANES = 64
_INFINITE = np.float32(np.inf).view(np.int32)


class Candidates(NamedTuple):
    """Rows that may be the nearest of every query, (n_queries, n_candidates), int32.

    Every other row has a squared distance of `beyond` at least, (n_queries,), float64, rounding
    taken into account.
    """

    rows: np.ndarray
    beyond: np.ndarray


def nearest_candidates(
    queries: np.ndarray,
    X: np.ndarray,
    n_candidates: int,
    *,
    progress: Callable[[float, float], None] | None = None,
    tile_columns: int = TILE_COLUMNS,
) -> Candidates:
    """Return rows of `X` among which the nearest of every query are, by Euclidean distance.

    `progress` is told of the queries done; `tile_columns` rows of `X` are gone through at a time.

    Notes
    -----
    A squared distance is computed as |x|² - 2x·y + |y|² from coordinates whose mean is zero,
    as a product of n_features + 2 terms. It is off by at most
    (n_features + 6)·u·(|x| + |y|)², u = 2⁻²⁴, the rounding of the coordinates included.
    """
    center = X.mean(axis=0, dtype=np.float64)
    exponent = int(np.frexp(max(_largest(X, center), _largest(queries, center)))[1])
    left, right = _factors(queries, center, exponent), _factors(X, center, exponent)
    lengths, longest = np.sqrt(left[:, -2]), np.sqrt(right[:, -2].max())
    left[:, :-2] *= -2.0
    left[:, -2:] = left[:, :-3:-1]
    n_queries, n_samples = len(queries), len(X)
    rows = np.empty((n_queries, n_candidates), np.int32)
    limits = np.empty(n_queries, np.float32)

    def search(block: slice) -> None:
        n_rows = block.stop - block.start
        keys = np.empty((n_rows, 4 * n_candidates + _LANES), np.int64)
        counts, reach = np.zeros(n_rows, np.uint64), np.full(n_rows, _INFINITE)
        tile = np.empty((n_rows, min(tile_columns, n_samples)), np.float32)
        for first in range(0, n_samples, tile_columns):
            if first + tile.shape[1] > n_samples:
                tile = np.empty((n_rows, n_samples - first), np.float32)
            np.matmul(left[block], right[first : first + tile_columns].T, out=tile)
            _keep_nearest(tile.view(np.int32), first, n_candidates, keys, counts, reach)
        _finish(keys, counts, rows[block], limits[block].view(np.int32))

    in_blocks(search, n_queries, progress)
    error = (X.shape[1] + 6) * 2.0**-24 * (lengths + longest).astype(np.float64) ** 2
    beyond = np.ldexp(np.maximum(limits - error, 0.0), 2 * exponent)
    if n_candidates == n_samples:
        beyond[:] = np.inf
    return Candidates(rows, beyond)


def _largest(X: np.ndarray, center: np.ndarray) -> float:
    """Return a number that no coordinate of the centred samples exceeds."""
    return float(max((X.max(axis=0) - center).max(), (center - X.min(axis=0)).max()))


def _factors(X: np.ndarray, center: np.ndarray, exponent: int) -> np.ndarray:
    """Return centred samples, none of whose coordinates exceeds one, their squares and ones."""
    factors = np.ones((len(X), X.shape[1] + 2), np.float32)
    for block in gen_batches(len(X), TILE_COLUMNS):
        points = np.ldexp(X[block] - center, -exponent)
        factors[block, :-2] = points
        factors[block, -2] = np.einsum("ij,ij->i", points, points)
    return factors


# Unsigned positions, here and below, spare numba a check whether they count from the end.
@kept("void(i4[:, ::1], u8, u8, i8[:, ::1], u8[::1], i4[::1])", nogil=True)
def _keep_nearest(
    bits: np.ndarray,
    first: int,
    n_kept: int,
    keys: np.ndarray,
    counts: np.ndarray,
    reach: np.ndarray,
) -> None:
    """Collect the rows of a tile of distances that may be among the `n_kept` nearest.

    A distance's bits have the order of the distance, but for rounding below zero, where no
    order is needed. A key is these bits and the row's number.
    """
    n_rows, n_columns = bits.shape
    n_most = np.uint64(keys.shape[1] - _LANES)
    for i in range(n_rows):
        row, kept_keys, limit, count = bits[i], keys[i], reach[i], counts[i]
        for start in range(np.uint64(0), np.uint64(n_columns), np.uint64(_LANES)):
            stop = min(start + np.uint64(_LANES), np.uint64(n_columns))
            if stop - start == _LANES:
                n_near = np.int32(0)
                # Of known length, so that it is done for many at once.
                for lane in range(np.uint64(_LANES)):
                    n_near += np.int32(row[start + lane] <= limit)
                if n_near == 0:
                    continue
            for j in range(start, stop):
                kept_keys[count] = (np.int64(row[j]) << 32) | np.int64(first + j)
                count += np.uint64(row[j] <= limit)
            if count >= n_most:
                kept_keys[:n_kept] = np.partition(kept_keys[:count], n_kept - 1)[:n_kept]
                count = n_kept
                limit = np.int32(kept_keys[n_kept - np.uint64(1)] >> 32)
        counts[i], reach[i] = count, limit


@kept("void(i8[:, ::1], u8[::1], i4[:, ::1], i4[::1])", nogil=True)
def _finish(keys: np.ndarray, counts: np.ndarray, rows: np.ndarray, limits: np.ndarray) -> None:
    """Write the rows of the least keys, and the bits of the greatest distance among them."""
    n_kept = rows.shape[1]
    for i in range(len(keys)):
        least = np.partition(keys[i, : counts[i]], n_kept - 1)
        limits[i] = least[n_kept - 1] >> 32
        for place in range(n_kept):
            rows[i, place] = least[place] & 0xFFFFFFFF


# The samples may be arrays that are not to be written to.
_MEASURE = "void(Array({0}, 2, 'C', True), Array({0}, 2, 'C', True), i4[:, ::1], b1, {0}[:, ::1])"


@kept([_MEASURE.format("f4"), _MEASURE.format("f8")], nogil=True, fastmath=True)
def measure(
    queries: np.ndarray, X: np.ndarray, rows: np.ndarray, is_manhattan: bool, found: np.ndarray
) -> None:
    """Write the squared distances of queries to some rows each, or their Manhattan distances.

    Every pair is measured by itself, so that what else is asked for changes no digit.
    """
    for i in range(len(queries)):
        query = queries[i]
        for place in range(rows.shape[1]):
            other = X[rows[i, place]]
            total = found.dtype.type(0)
            if is_manhattan:
                for feature in range(len(query)):
                    total += abs(query[feature] - other[feature])
            else:
                for feature in range(len(query)):
                    gap = query[feature] - other[feature]
                    total += gap * gap
            found[i, place] = total
