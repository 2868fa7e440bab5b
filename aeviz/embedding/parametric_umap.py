"""Embed samples by a network that is trained with UMAP's objective.

The graph and the curve are UMAP's (`aeviz.embedding.umap`). A network gives the coordinates, so
new samples cost one forward pass.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import curve_fit

from aeviz.core.validation import check_integer, check_number
from aeviz.embedding._fuzzy_graph import fuzzy_graph
from aeviz.embedding._parametric_embedding import ParametricEmbedding
from aeviz.neighbors.search import neighbors_among

__all__ = ["ParametricUMAP"]

NEGATIVES_PER_EDGE = 5
# Added to squared distances, as in umap-learn's repulsion: equal samples repel finitely.
OFFSET = 1e-3


@dataclass(eq=False, repr=False, kw_only=True)
class ParametricUMAP(ParametricEmbedding):
    """Embedding by parametric uniform manifold approximation and projection.

    Parameters
    ----------
    n_components : {1, 2, 3}, default 2
        Number of axes.
    n_neighbors : int, default 15
        Size of a neighbourhood, the sample itself counted. With few samples it is lowered to
        n_samples: `n_neighbors_` says to what.
    min_dist : float, default 0.1
        How closely samples may be packed in the embedding, at most `spread`.
    spread : float, default 1.0
        Scale of the embedding.
    metric : {"euclidean", "cosine", "manhattan"}, default "euclidean"
        Distance between samples.
    batch_size : int, default 256
        Edges per step; at most n_samples are used.
    hidden_sizes, n_updates, learning_rate, input_noise, reconstruction_weight, random_state, \
callback
        As in `ParametricTSNE`.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, n_components)
        Coordinates of the fitted samples, of the dtype of `X`.
    n_neighbors_ : int
        The size of a neighbourhood that was used.
    curve_ : tuple of float
        The a and b of the curve w(d) = 1 / (1 + a·d^(2b)), fitted to `min_dist` and `spread`.

    Notes
    -----
    Minimises, over the weights of a network [1]_, the cross-entropy between the fuzzy graph of
    neighbourhoods (see `aeviz.embedding._fuzzy_graph`) and w(‖y_i − y_j‖): the mean over edges
    (i, j) drawn in proportion to their strength of −log w_ij − Σ_k log(1 − w_ik), where the five
    k are tails of other edges of the batch. A decoder adds what it adds to `ParametricTSNE`.

    References
    ----------
    .. [1] T. Sainburg, L. McInnes, T. Q. Gentner (2021). Parametric UMAP Embeddings for
       Representation and Semisupervised Learning. Neural Computation 33, 2881-2907.
       https://arxiv.org/abs/2009.12981
    """

    neighborhood = ("n_neighbors", 1)

    n_neighbors: int = 15
    min_dist: float = 0.1
    spread: float = 1.0

    def _check_parameters(self, X: np.ndarray) -> None:
        super()._check_parameters(X)
        check_integer("n_neighbors", self.n_neighbors, low=2)
        check_number("spread", self.spread, low=0, low_is_open=True)
        check_number("min_dist", self.min_dist, low=0, high=self.spread)

    def _prepare(self, X: np.ndarray) -> tuple[Any, Any]:
        self.n_neighbors_ = min(self.n_neighbors, len(X))
        graph = fuzzy_graph(*neighbors_among(X, self.n_neighbors_ - 1, metric=self.metric))
        self.curve_ = _curve(float(self.spread), float(self.min_dist))
        return _cross_entropy(*self.curve_), _Edges(graph.row, graph.col, graph.data)


class _Edges:
    """Sampler of edges in proportion to their strength."""

    def __init__(self, heads: np.ndarray, tails: np.ndarray, strengths: np.ndarray) -> None:
        self.ends = np.stack([heads, tails]).astype(np.int32)
        reached = np.cumsum(strengths, dtype=np.float64)
        self.reached = reached / reached[-1]

    def __call__(self, rng: np.random.Generator, n_batches: int, batch_size: int) -> np.ndarray:
        drawn = np.searchsorted(self.reached, rng.random((n_batches, batch_size)), side="right")
        return self.ends[:, drawn].swapaxes(0, 1)


def _curve(spread: float, min_dist: float) -> tuple[float, float]:
    """Return a and b as umap-learn's `find_ab_params` does, whose import takes seconds.

    It fits in units of the spread, which is the same fit and converges for any spread.
    """
    distances = np.linspace(0, 3, 300)
    wanted = np.minimum(1.0, np.exp(min_dist / spread - distances))

    def w(d: np.ndarray, a: float, b: float) -> np.ndarray:
        return 1 / (1 + a * d ** (2 * b))

    (a, b), _ = curve_fit(w, distances, wanted)
    return float(a / spread ** (2 * b)), float(b)


def _cross_entropy(
    a: float, b: float, *, n_negatives: int = NEGATIVES_PER_EDGE, offset: float = OFFSET
) -> Any:
    """Return the objective for a curve."""
    from keras import ops

    def cross_entropy(heads: Any, tails: Any) -> Any:
        loss = 0.0
        # Edges of a batch are independent draws, so shifted tails are a random permutation.
        for shift in range(n_negatives + 1):
            gaps = heads - ops.roll(tails, shift, axis=0)
            odds = a * ops.power(offset + ops.sum(ops.square(gaps), axis=1), b)
            # w = 1 / (1 + odds), and 1 − w = odds / (1 + odds).
            log_w = -ops.log1p(odds)
            loss -= ops.mean(log_w if shift == 0 else log_w + ops.log(odds))
        return loss

    return cross_entropy
