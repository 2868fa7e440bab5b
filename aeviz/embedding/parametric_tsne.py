"""Embed samples by a network that is trained with t-SNE's objective.

The affinities are t-SNE's (`aeviz.embedding.tsne`). A network gives the coordinates, so the
objective is estimated on batches, and new samples cost one forward pass.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse

from aeviz.core.validation import check_number
from aeviz.embedding._parametric_embedding import ParametricEmbedding
from aeviz.neighbors.search import neighbors_among

__all__ = ["ParametricTSNE"]


@dataclass(eq=False, repr=False, kw_only=True)
class ParametricTSNE(ParametricEmbedding):
    """Embedding by parametric t-distributed stochastic neighbour embedding.

    Parameters
    ----------
    n_components : {1, 2, 3}, default 2
        Number of axes.
    perplexity : float, default 30
        Effective number of neighbours of a sample. With few samples it is lowered to
        (n_samples − 1) / 3, but not below 1: `perplexity_` says to what.
    metric : {"euclidean", "cosine", "manhattan"}, default "euclidean"
        Distance between samples.
    hidden_sizes : tuple of int, default (256, 256, 256)
        Widths of the network's ReLU layers; the decoder has them in reverse.
    n_updates : int or None, default None
        Steps of training; None takes half as many as there are samples, and 3,000 at least. The
        first tenth, at most 300, learn principal components.
    batch_size : int, default 256
        Samples per step, each with one neighbour; at most n_samples are used.
    learning_rate : float, default 3e-3
        Adam's at the start; it falls to 0 along a cosine.
    input_noise : float, at least 0, default 0.2
        Std of the Gaussian noise on samples in training, in units of the root of
        the features' mean variance: without it the network overfits.
    reconstruction_weight : float, at least 0, default 0.0
        Weight of the reconstruction error next to the objective; above 0 a decoder is trained
        too, and `inverse_transform` gives samples for points.
    random_state : int, RandomState or None, default None
        Source of the first weights and of the batches. The same integer gives the same
        coordinates to the last bit on the same machine.
    callback : callable of (iteration, n_iterations) or None, default None
        Called every 25 updates.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, n_components)
        Coordinates of the fitted samples, of the dtype of `X`.
    perplexity_ : float
        The perplexity that was used.

    Notes
    -----
    Minimises the Kullback-Leibler divergence of t-SNE over the weights of a network [1]_. But
    for a constant it is −Σ_ij p_ij log w_ij + log Σ_{i≠j} w_ij with w_ij = 1 / (1 + ‖y_i − y_j‖²)
    and p_ij = (p_{j|i} + p_{i|j}) / 2n. Both terms are estimated on a batch, as in [2]_: every
    head i is drawn equally often and its tail j by p_{j|i}, which averages log w_ij by p_ij,
    since w is symmetric; the second sum runs over all pairs of the batch's heads.

    With a decoder, `reconstruction_weight` times the squared error of the scaled samples is
    added, averaged over features and batch, so that a weight means the same for any number of
    features.

    References
    ----------
    .. [1] L. van der Maaten (2009). Learning a Parametric Embedding by Preserving Local
       Structure. Proceedings of Machine Learning Research 5, 384-391.
       https://proceedings.mlr.press/v5/maaten09a.html
    .. [2] S. Damrich, J. N. Böhm, F. A. Hamprecht, D. Kobak (2023). From t-SNE to UMAP with
       contrastive learning. https://arxiv.org/abs/2206.01816
    """

    neighborhood = ("perplexity", 3)

    perplexity: float = 30.0

    def _check_parameters(self, X: np.ndarray) -> None:
        super()._check_parameters(X)
        check_number("perplexity", self.perplexity, low=1)

    def _prepare(self, X: np.ndarray) -> tuple[Any, Any]:
        from openTSNE.affinity import joint_probabilities_nn

        n_samples = len(X)
        self.perplexity_ = float(min(self.perplexity, max(1.0, (n_samples - 1) / 3)))
        n_neighbors = min(n_samples - 1, int(3 * self.perplexity_))
        indices, distances = neighbors_among(X, n_neighbors, metric=self.metric)
        conditional = joint_probabilities_nn(
            indices, distances.astype(np.float64), [self.perplexity_], symmetrize=False
        )
        return _divergence, _Edges(conditional)


class _Edges:
    """Sampler of heads in shuffled rounds, and of tails by their conditional probabilities."""

    def __init__(self, conditional: scipy.sparse.csr_matrix) -> None:
        self.n_samples = conditional.shape[0]
        self.first, self.last = conditional.indptr[:-1], conditional.indptr[1:] - 1
        self.tails = conditional.indices
        # Every row sums to the same: row i's share of the total ends at i + 1.
        reached = np.cumsum(conditional.data, dtype=np.float64)
        self.reached = reached * (self.n_samples / reached[-1])

    def __call__(self, rng: np.random.Generator, n_batches: int, batch_size: int) -> np.ndarray:
        # Whole batches of a permutation, so that no sample is twice among the heads.
        per_round = self.n_samples // batch_size
        rounds = [
            rng.permutation(self.n_samples)[: per_round * batch_size].reshape(per_round, batch_size)
            for _ in range(-(-n_batches // per_round))
        ]
        heads = np.concatenate(rounds)[:n_batches]
        edges = np.searchsorted(self.reached, heads + rng.random(heads.shape), side="right")
        # Rounding may lead to the next row.
        edges = np.clip(edges, self.first[heads], self.last[heads])
        return np.stack([heads, self.tails[edges]], axis=1).astype(np.int32)


def _divergence(heads: Any, tails: Any) -> Any:
    """Return the divergence but for a constant, from (batch_size, n_components) each."""
    from keras import ops

    attraction = ops.mean(ops.log1p(ops.sum(ops.square(heads - tails), axis=1)))
    gaps = heads[:, None, :] - heads[None, :, :]  # (batch_size, batch_size, n_components)
    log_w = -ops.log1p(ops.sum(ops.square(gaps), axis=2))
    alone = 1e9 * ops.eye(heads.shape[0])
    return attraction + ops.logsumexp(log_w - alone)
