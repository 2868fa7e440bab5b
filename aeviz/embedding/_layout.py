"""Move samples by UMAP's forces, with code that is compiled once and kept between runs.

It repeats umap-learn's layout operation by operation: the same start and seed give the same
coordinates, to the last bit where numba compiles both alike (tested). It builds no graph and
chooses no start. The first import compiles it; later ones load the compiled code, see
`aeviz.core.numba_cache`.

Why not umap-learn's own: numba does not keep its compiled layout, and every process spends a
second or more on compiling it. Making numba keep it would change a global object of a library,
and numba would not notice a new version of the functions that it calls in other files; here all
compiled code is in one file.
"""

from collections.abc import Callable

import numba
import numpy as np
import scipy.sparse

from aeviz.core.numba_cache import kept

__all__ = ["lay_out"]

_REPULSIONS = 5
_EXTENT = 10.0
_SIGNATURE = (
    "void(f4[:, ::1], i4[::1], i4[::1], f8[::1], f8[::1], f8[::1], i8[:, ::1], f8, f8, f8, i8)"
)


def lay_out(
    graph: scipy.sparse.coo_matrix,
    start: np.ndarray,
    random_state: np.random.RandomState,
    *,
    curve: tuple[float, float],
    n_epochs: int,
    report: Callable[[int], object],
) -> np.ndarray:
    """Return the coordinates of samples after the layout, float32, like `start` in shape.

    Parameters
    ----------
    graph : coo_matrix of shape (n_samples, n_samples)
        Symmetric strengths in (0, 1] of the edges between samples.
    start : ndarray of shape (n_samples, n_components)
        Coordinates to start from; they are scaled to 0..10 along every axis.
    random_state : RandomState
        Source of the repelling samples.
    curve : (float, float)
        The a and b of the curve 1 / (1 + a·d^(2b)).
    n_epochs, report
        How many, at least 1, and what is called with their number after each.

    Notes
    -----
    An edge of strength w is used in about n_epochs · w / max(w) epochs. Then its ends are
    drawn together by 2ab·d^(2b−2) / (1 + a·d^(2b)) · (y_k − y_j), and the first is pushed away
    from five samples drawn at random by 2b / ((0.001 + d²)(1 + a·d^(2b))) · (y_j − y_r), each
    coordinate clipped to [−4, 4] and times a rate that falls from 1 to 0.
    """
    span = np.max(start, axis=0) - np.min(start, axis=0)
    embedding: np.ndarray = (_EXTENT * (start - np.min(start, axis=0)) / span).astype(
        np.float32, order="C"
    )
    seeds = random_state.randint(-(2**31) + 1, 2**31 - 2, 3).astype(np.int64)
    # One generator per sample, which differ by the bits of the first coordinate.
    bits = embedding[:, 0].astype(np.float64).view(np.int64)
    generators = seeds + bits[:, None]  # (n_samples, 3)
    n_uses = n_epochs * (graph.data / graph.data.max())
    period = n_epochs / n_uses.astype(np.float64)
    next_use, next_repulsion = period.copy(), period / _REPULSIONS
    heads, tails = graph.row.astype(np.int32), graph.col.astype(np.int32)
    edges = heads, tails, period, next_use, next_repulsion, generators
    for epoch in range(n_epochs):
        # As in umap-learn, the second epoch has the rate of the first.
        rate = 1.0 - max(epoch - 1, 0) / n_epochs
        _epoch(embedding, *edges, *curve, rate, epoch)
        report(epoch + 1)
    return embedding


@numba.njit
def _clipped(value: float) -> float:
    if value > 4.0:
        return 4.0
    if value < -4.0:
        return -4.0
    return value


@numba.njit(fastmath=True)
def _squared_distance(x: np.ndarray, y: np.ndarray) -> np.float32:
    total = np.float32(0.0)
    for axis in range(len(x)):
        gap = x[axis] - y[axis]
        total += gap * gap
    return total


@numba.njit
def _drawn(state: np.ndarray) -> np.int32:
    """Return the next number of Tausworthe's generator, as umap-learn has it."""
    mask = 0xFFFFFFFF
    s, t, u = state
    state[0] = (((s & 4294967294) << 12) & mask) ^ ((((s << 13) & mask) ^ s) >> 19)
    state[1] = (((t & 4294967288) << 4) & mask) ^ ((((t << 2) & mask) ^ t) >> 25)
    state[2] = (((u & 4294967280) << 17) & mask) ^ ((((u << 3) & mask) ^ u) >> 11)
    return np.int32(state[0] ^ state[1] ^ state[2])


@kept(_SIGNATURE, fastmath=True)
def _epoch(
    embedding: np.ndarray,
    heads: np.ndarray,
    tails: np.ndarray,
    period: np.ndarray,
    next_use: np.ndarray,
    next_repulsion: np.ndarray,
    generators: np.ndarray,
    a: float,
    b: float,
    rate: float,
    epoch: int,
) -> None:
    """Go through the edges whose turn it is, moving samples in place."""
    n_samples, n_components = embedding.shape
    for edge in range(len(heads)):
        if next_use[edge] > epoch:
            continue
        j, k = heads[edge], tails[edge]
        moved, other = embedding[j], embedding[k]
        squared = _squared_distance(moved, other)
        pull = 0.0
        if squared > 0.0:
            pull = -2.0 * a * b * pow(squared, b - 1.0)
            pull /= a * pow(squared, b) + 1.0
        for axis in range(n_components):
            step = _clipped(pull * (moved[axis] - other[axis])) * rate
            moved[axis] += step
            other[axis] += -step
        next_use[edge] += period[edge]

        spacing = period[edge] / 5.0
        n_repulsions = int((epoch - next_repulsion[edge]) / spacing)
        for _ in range(n_repulsions):
            k = _drawn(generators[j]) % n_samples
            other = embedding[k]
            squared = _squared_distance(moved, other)
            if squared > 0.0:
                push = 2.0 * b
                push /= (0.001 + squared) * (a * pow(squared, b) + 1)
                for axis in range(n_components):
                    moved[axis] += _clipped(push * (moved[axis] - other[axis])) * rate
        next_repulsion[edge] += n_repulsions * spacing
