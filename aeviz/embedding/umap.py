"""Embed samples by UMAP, which keeps neighbourhoods, through umap-learn.

The curve and the start are umap-learn's. The layout gives umap-learn's coordinates to the last
bit (`_layout`), by code whose compilation is kept between runs. The neighbours, the weights of
the graph (`_fuzzy_graph`) and the coordinates of new samples (`_out_of_sample`) are aeviz's own:
exact, the same alone and in a batch, and without numba compiling pynndescent, which is most of
umap-learn's first fit. umap-learn imports TensorFlow where it is installed.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.memory import keras_libraries
from aeviz.core.validation import check_integer, check_number
from aeviz.embedding._fuzzy_graph import fuzzy_graph, memberships
from aeviz.embedding._initial_positions import initial_positions
from aeviz.embedding._out_of_sample import embed_new_samples
from aeviz.embedding.base import NeighborEmbedding
from aeviz.neighbors.search import NeighborSearch

__all__ = ["UMAP"]

MIN_SPECTRAL = 50
MIN_EPOCHS = 10
# As in umap-learn.
START_EXTENT, START_NOISE = 10.0, 1e-4


@dataclass(eq=False, repr=False, kw_only=True)
class UMAP(NeighborEmbedding):
    """Embedding by uniform manifold approximation and projection.

    Parameters
    ----------
    n_components : {1, 2, 3}, default 2
        Number of axes.
    n_neighbors : int, default 15
        Size of a neighbourhood, the sample itself counted, as in umap-learn. With few
        samples it is lowered to n_samples: `n_neighbors_` says to what.
    min_dist : float, default 0.1
        How closely samples may be packed in the embedding, at most `spread`.
    spread : float, default 1.0
        Scale of the embedding.
    metric : {"euclidean", "cosine", "manhattan"}, default "euclidean"
        Distance between samples.
    n_epochs : int or None, default None
        Rounds of the layout; None means 500, above 10,000 samples 200.
    random_state : int, RandomState or None, default None
        Source of the starting noise and of the sampling. The same integer gives the same
        coordinates to the last bit on the same machine; the layout runs in one thread.
    callback : callable of (iteration, n_iterations) or None, default None
        Called after every epoch.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, n_components)
        Coordinates of the fitted samples, of the dtype of `X`.
    n_neighbors_ : int
        The size of a neighbourhood that was used.
    n_epochs_ : int
        The rounds of the layout that were made.
    curve_ : tuple of float
        The a and b of the curve 1 / (1 + a·d^(2b)), fitted to `min_dist` and `spread`.

    Notes
    -----
    Minimises the cross-entropy between the fuzzy graph of neighbourhoods (see
    `aeviz.embedding._fuzzy_graph`) and that of the embedding, by sampled edges and five
    repelling samples per edge [1]_. It starts from eigenvectors of the graph, or below 50
    samples from principal components; what that choice means is the subject of [2]_.
    Distances between groups mean little in the result.

    References
    ----------
    .. [1] L. McInnes, J. Healy, J. Melville (2018). UMAP: Uniform Manifold Approximation and
       Projection for Dimension Reduction. https://arxiv.org/abs/1802.03426
    .. [2] D. Kobak, G. C. Linderman (2021). Initialization is critical for preserving global
       data structure in both t-SNE and UMAP. https://doi.org/10.1038/s41587-020-00809-z
    """

    neighborhood = ("n_neighbors", 1)
    starts_from = "eigenvectors of the graph, or below 50 samples principal components"
    compiles = "loading and compiling umap-learn for this machine, once, about 5 to 20 s"

    n_neighbors: int = 15
    min_dist: float = 0.1
    spread: float = 1.0
    n_epochs: int | None = None

    def _check_parameters(self, X: np.ndarray) -> None:
        super()._check_parameters(X)
        check_number("n_neighbors", self.n_neighbors, low=2)
        check_number("spread", self.spread, low=0, low_is_open=True)
        if check_number("min_dist", self.min_dist, low=0) > self.spread:
            raise SettingError("min_dist", self.min_dist, f"in [0, {self.spread:g}] (spread)")
        if self.n_epochs is not None:
            check_integer("n_epochs", self.n_epochs, low=1)

    def _embed(
        self, X: np.ndarray, neighbors: NeighborSearch, random_state: np.random.RandomState
    ) -> np.ndarray:
        umap = _imported()
        from aeviz.embedding._layout import lay_out

        n_samples = len(X)
        self.n_neighbors_ = int(self._clamped("n_neighbors", n_samples, n_samples))
        graph = fuzzy_graph(*neighbors.among(self.n_neighbors_ - 1, metric=self.metric))
        a, b = umap.umap_.find_ab_params(self.spread, self.min_dist)
        self.curve_ = (float(a), float(b))
        default_epochs = 500 if n_samples <= 10_000 else 200
        n_epochs = self.n_epochs_ = self.n_epochs or default_epochs
        # Edges too weak to be ever sampled are dropped, in a short layout as in a long one.
        n_turns = n_epochs if n_epochs > MIN_EPOCHS else default_epochs
        graph.sum_duplicates()
        graph.data[graph.data < graph.data.max() / n_turns] = 0.0
        graph.eliminate_zeros()
        return lay_out(
            graph,
            self._start(X, graph, random_state),
            random_state,
            curve=self.curve_,
            n_epochs=n_epochs,
            report=self._reporter(n_epochs),
        )

    def _start(
        self, X: np.ndarray, graph: scipy.sparse.coo_matrix, random_state: np.random.RandomState
    ) -> np.ndarray:
        """Return the coordinates before the layout.

        Eigenvectors of the graph separate groups that overlap in the principal components: on an
        autoencoder's codes of MNIST, 10-NN accuracy is 0.962 from eigenvectors and 0.944 from
        components. A graph of a few samples has no useful eigenvectors.
        """
        if len(X) < MIN_SPECTRAL:
            return initial_positions(X, self.n_components, random_state)
        vectors = _imported().spectral.spectral_layout(
            X, graph, self.n_components, random_state, metric="euclidean", metric_kwds={}
        )
        scaled = (vectors * (START_EXTENT / np.abs(vectors).max())).astype(np.float32)
        noise = random_state.normal(scale=START_NOISE, size=scaled.shape)
        return np.asarray(scaled + noise.astype(np.float32))

    def _libraries(self) -> dict[str, float]:
        return keras_libraries(has_network=False)  # umap-learn loads TensorFlow

    def _n_neighbors_of_new(self) -> int:
        return self.n_neighbors_

    def _embed_new(self, indices: np.ndarray, distances: np.ndarray) -> np.ndarray:
        weights = memberships(distances, max(self.n_neighbors_, 2))
        a, b = self.curve_
        fitted = self.embedding_.astype(np.float64)
        return embed_new_samples(fitted, indices, weights, a=a, b=b)


def _imported() -> Any:
    """Return umap-learn, which cannot be imported where numba has no folder for compiled code."""
    try:
        import umap.spectral
        import umap.umap_
    except RuntimeError as error:
        if "cannot cache function" not in str(error):
            raise
        raise AevizError(
            "umap-learn needs a folder for its compiled code, and neither its own nor the user's "
            "cache folder can be written; set NUMBA_CACHE_DIR to one that can"
        ) from error
    return umap
