"""Embed samples by t-SNE, which keeps neighbours together.

Distances between far-apart groups and the sizes of groups mean little in the result.
The neighbours are exact and found by `aeviz.neighbors.search`, the starting positions are
principal components, the affinities and the coordinates of new samples are openTSNE's. So is
the descent in three dimensions; in one and two it is aeviz's own (`_descent` says why). Results
are the same to the last bit for one thread and for several.

Why openTSNE and not scikit-learn's t-SNE: it transforms new samples, reports iterations and
can be interrupted.

Why 250 and 500 iterations and no rule to stop earlier: iterations are cheap, and the divergence
still falls by 0.8 % in the last 50. On 20,000 samples of MNIST with three seeds it ended at 2.094
to 2.098. With 400 iterations instead of 500 it was higher by 0.035, and with 100 iterations of
exaggeration instead of 250 by 0.003 to 0.014, more than the difference between seeds. With 150
it stayed within it, and ten-neighbour accuracy, 0.961 to 0.962, fell to 0.960 with one seed; that
would save an eighth of the time, and larger data need more exaggeration (Belkina et al. 2019).
"""

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse

from aeviz.core.cpu import n_cores
from aeviz.core.validation import check_integer, check_number
from aeviz.embedding._initial_positions import initial_positions
from aeviz.embedding.base import NeighborEmbedding
from aeviz.neighbors.search import NeighborSearch

__all__ = ["TSNE"]

_MIN_FOR_THREADS = 5_000
_SAMPLES_PER_THREAD = 1_000
_EARLY_ITERATIONS = 250
_EARLY_EXAGGERATION = 12
_ITERATIONS_PER_REPORT = 10

# For new samples, as in openTSNE's `TSNEEmbedding.transform`: a small perplexity, since only the
# nearest fitted samples should determine the coordinates, and a slow descent.
_NEW_PERPLEXITY = 5.0
_NEW_NEIGHBORS = 25
_NEW_DESCENT = {"learning_rate": 0.1, "exaggeration": 1.5, "momentum": 0.8, "max_grad_norm": 0.25}
_NEW_ITERATIONS = 250

_Phase = tuple[int, int, Callable[..., None]]


@dataclass(eq=False, repr=False, kw_only=True)
class TSNE(NeighborEmbedding):
    """Embedding by t-distributed stochastic neighbour embedding.

    Parameters
    ----------
    n_components : {1, 2, 3}, default 2
        Number of axes.
    perplexity : float, default 30
        Effective number of neighbours of a sample. With few samples it is lowered to
        (n_samples − 1) / 3, but not below 1: `perplexity_` says to what.
    metric : {"euclidean", "cosine", "manhattan"}, default "euclidean"
        Distance between samples.
    n_iter : int, default 500
        Iterations after 250 of early exaggeration (12-fold).
    n_jobs : int or None, default None
        Threads; -1 means all. None means all from 5,000 samples on; below, one, or one per
        1,000 samples if the environment variable OMP_WAIT_POLICY is PASSIVE, as on the command
        line. Otherwise openTSNE's threads (affinities, new samples, three dimensions) spin
        while they wait for each other: on two busy cores, its descent of 1,797 samples took 32
        to 47 s with two threads that spin, 4 s with two that sleep, and 6 s with one.
        Coordinates do not depend on it.
    random_state : int, RandomState or None, default None
        Source of the noise that separates equal samples at the start. The same integer gives
        the same coordinates to the last bit on the same machine.
    callback : callable of (iteration, n_iterations) or None, default None
        Called every ten iterations.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, n_components)
        Coordinates of the fitted samples, of the dtype of `X`, centred on zero.
    perplexity_ : float
        The perplexity that was used.
    kl_divergence_ : float
        The minimised divergence. Not comparable between data sets.

    Notes
    -----
    Minimises the Kullback-Leibler divergence Σ_i Σ_j p_ij log(p_ij / q_ij), where the p_ij
    are Gaussian affinities of the 3 · perplexity nearest neighbours, symmetrised and summing
    to 1 over all pairs, and q_ij ∝ 1 / (1 + ‖y_i − y_j‖²) [1]_. The learning rate is
    n_samples / exaggeration [2]_, the start is principal components [3]_, and above 6,000
    samples the repulsion is interpolated from a grid, as in [4]_ with smoother functions (in three
    dimensions it is Barnes-Hut). A new sample descends the same divergence against the fitted
    samples alone [5]_.

    References
    ----------
    .. [1] L. van der Maaten, G. Hinton (2008). Visualizing Data using t-SNE. Journal of
       Machine Learning Research 9, 2579-2605. https://jmlr.org/papers/v9/vandermaaten08a.html
    .. [2] A. C. Belkina et al. (2019). Automated optimized parameters for t-SNE improve
       visualization and analysis of large datasets. https://doi.org/10.1038/s41467-019-13055-y
    .. [3] D. Kobak, P. Berens (2019). The art of using t-SNE for single-cell transcriptomics.
       https://doi.org/10.1038/s41467-019-13056-x
    .. [4] G. C. Linderman et al. (2019). Fast interpolation-based t-SNE for improved
       visualization of single-cell RNA-seq data. https://doi.org/10.1038/s41592-018-0308-4
    .. [5] P. G. Poličar, M. Stražar, B. Zupan (2024). openTSNE: A Modular Python Library for
       t-SNE Dimensionality Reduction and Embedding. https://doi.org/10.18637/jss.v109.i03

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> TSNE(n_iter=20, random_state=0).fit_transform(load_iris().data).shape
    (150, 2)
    """

    neighborhood = ("perplexity", 3)
    starts_from = "the first principal components"

    perplexity: float = 30.0
    n_iter: int = 500
    n_jobs: int | None = None

    def _check_parameters(self, X: np.ndarray) -> None:
        super()._check_parameters(X)
        check_number("perplexity", self.perplexity, low=1)
        check_integer("n_iter", self.n_iter, low=0)

    def _embed(
        self, X: np.ndarray, neighbors: NeighborSearch, random_state: np.random.RandomState
    ) -> np.ndarray:
        from openTSNE.affinity import PerplexityBasedNN
        from openTSNE.nearest_neighbors import PrecomputedNeighbors

        n_samples = len(X)
        n_jobs = self._n_threads(n_samples)
        self.perplexity_ = float(
            self._clamped("perplexity", max(1.0, (n_samples - 1) / 3), n_samples)
        )
        n_neighbors = min(n_samples - 1, int(3 * self.perplexity_))
        indices, distances = neighbors.among(n_neighbors, metric=self.metric)
        affinities = PerplexityBasedNN(
            knn_index=PrecomputedNeighbors(indices, distances.astype(np.float64)),
            perplexity=self.perplexity_,
            n_jobs=n_jobs,
        )
        start = 1e-4 * initial_positions(X, self.n_components, random_state)
        n_iterations = _EARLY_ITERATIONS + self.n_iter
        report = self._reporter(n_iterations)
        descend = self._descend if self.n_components < 3 else self._descend_by_tree
        points = descend(affinities, start, self._phases(report), n_jobs)
        report(n_iterations)
        return points

    def _n_threads(self, n_samples: int, available: int | None = None) -> int:
        """Return how many of the available threads are used; see `n_jobs`."""
        if self.n_jobs is not None:
            return self.n_jobs
        available = available or n_cores()
        if n_samples >= _MIN_FOR_THREADS:
            return available
        if os.environ.get("OMP_WAIT_POLICY", "").upper() != "PASSIVE":
            return 1
        return min(available, math.ceil(n_samples / _SAMPLES_PER_THREAD))

    def _phases(self, report: Callable[[int], None]) -> list[_Phase]:
        """Return for each phase its iterations, its exaggeration and what it reports to."""

        def told_after(before: int) -> Callable[..., None]:
            def told(iteration: int, *_: Any) -> None:
                if iteration % _ITERATIONS_PER_REPORT == 0:
                    report(before + iteration)

            return told

        early = (_EARLY_ITERATIONS, _EARLY_EXAGGERATION, told_after(0))
        return [early, (self.n_iter, 1, told_after(_EARLY_ITERATIONS))]

    def _descend(
        self, affinities: Any, start: np.ndarray, phases: list[_Phase], n_jobs: int
    ) -> np.ndarray:
        """Return the coordinates of samples in one or two dimensions."""
        from aeviz.core.threads import Rows
        from aeviz.embedding._descent import Descent

        with Rows(len(start), n_jobs) as rows:
            descent = Descent(affinities.P, start, rows)
            for n_iter, exaggeration, told in phases:
                descent.descend(n_iter, exaggeration=exaggeration, report=told)
            self.kl_divergence_ = descent.divergence()
        return descent.embedding

    def _descend_by_tree(
        self, affinities: Any, start: np.ndarray, phases: list[_Phase], n_jobs: int
    ) -> np.ndarray:
        """Return the coordinates of samples in three dimensions, by openTSNE's Barnes-Hut."""
        from openTSNE.tsne import TSNEEmbedding

        embedding = TSNEEmbedding(start, affinities, negative_gradient_method="bh", n_jobs=n_jobs)
        for n_iter, exaggeration, told in phases:
            embedding.optimize(
                n_iter,
                exaggeration=exaggeration,
                inplace=True,
                # An OSError to openTSNE's own ending; ours are not of its kind and pass.
                propagate_exception=True,
                callbacks=told if self.callback is not None else None,
                callbacks_every_iters=_ITERATIONS_PER_REPORT,
            )
        self.kl_divergence_ = float(embedding.kl_divergence)
        return np.array(embedding)

    def _n_neighbors_of_new(self) -> int:
        return _NEW_NEIGHBORS

    def _embed_new(self, indices: np.ndarray, distances: np.ndarray) -> np.ndarray:
        from openTSNE.affinity import joint_probabilities_nn
        from openTSNE.tsne import PartialTSNEEmbedding

        n_jobs = self._n_threads(len(indices))
        n_near = min(indices.shape[1], int(3 * _NEW_PERPLEXITY))
        pulls = joint_probabilities_nn(
            indices[:, :n_near],
            distances[:, :n_near].astype(np.float64),
            [min(_NEW_PERPLEXITY, max(1.0, n_near / 3))],
            symmetrize=False,
            normalization="point-wise",
            n_reference_samples=len(self.embedding_),
            n_jobs=n_jobs,
        )
        fitted = self.embedding_.astype(np.float64)
        reference, objective = _reference(fitted)
        # openTSNE's grid needs coordinates whose bounding box is centred.
        shift = fitted[0] - np.asarray(reference)[0]
        start = np.median(np.asarray(reference)[indices], axis=1)
        points = PartialTSNEEmbedding(
            start, reference, pulls, negative_gradient_method=objective, n_jobs=n_jobs
        )
        points.optimize(
            _NEW_ITERATIONS,
            inplace=True,
            propagate_exception=True,
            max_step_norm=None,
            **_NEW_DESCENT,
        )
        return np.asarray(np.asarray(points) + shift)


def _reference(fitted: np.ndarray) -> tuple[Any, Any]:
    """Return openTSNE's fitted embedding, centred, and the objective for new samples.

    In one or two dimensions the repulsion of the fitted samples is interpolated from a grid
    that is computed once; otherwise it is Barnes-Hut.

    Why not openTSNE's own use of that grid: `gradient_descent` (1.0.4) should stop the samples
    that reach the edge of the grid, but zeroes the gains of all others, so that new samples
    hardly move (10-NN accuracy of test samples of MNIST 0.924, here 0.940, with 12,000 samples).
    Hiding the grid from it and clipping to the edge here avoids that, ten times faster than
    Barnes-Hut, which builds its tree again in every iteration.
    """
    from openTSNE.affinity import Affinities
    from openTSNE.tsne import TSNEEmbedding, kl_divergence_fft

    affinities = Affinities()
    affinities.P = scipy.sparse.csr_matrix((len(fitted), len(fitted)))  # only its shape is used
    centred = fitted - (fitted.max(axis=0) + fitted.min(axis=0)) / 2
    if fitted.shape[1] > 2:
        return TSNEEmbedding(centred, affinities), "bh"

    gridded = TSNEEmbedding(centred, affinities)
    gridded.prepare_interpolation_grid()
    low, high = gridded.box_x_lower_bounds[0], gridded.box_x_lower_bounds[-1]

    def objective(embedding: Any, P: Any, *, reference_embedding: Any, **kwargs: Any) -> Any:
        np.clip(embedding, low, high, out=embedding)
        return kl_divergence_fft(embedding, P, reference_embedding=gridded, **kwargs)

    return TSNEEmbedding(np.asarray(gridded), affinities), objective
