"""Move samples down the gradient of t-SNE's divergence, in one or two dimensions.

The objective, the steps and their sizes are openTSNE's; what differs is how the repulsion is
computed (`_repulsion`) and how fast it goes. It finds no neighbours and chooses no start.

Why not openTSNE's `gradient_descent`: for 70,000 samples of MNIST (50 principal components, two
busy cores, `scripts/bench_tsne.py`) it takes five times as long and ends at a divergence of 2.819,
this one at 2.810; both have a ten-neighbour accuracy of 0.976. For 20,000 samples it takes nine
times as long; below 10,000 it uses Barnes-Hut, which takes seven times as long on 1,797 digits.
Replacing only its objective would leave gains, steps and means to single-threaded NumPy.
"""

from collections.abc import Callable

import numpy as np
import scipy.sparse

from aeviz.core.threads import Rows
from aeviz.embedding._forces import attract, center, move, stretch
from aeviz.embedding._repulsion import repulsion_of

__all__ = ["Descent"]


class Descent:
    """State of a gradient descent of t-SNE.

    Parameters
    ----------
    affinities : csr_matrix of shape (n_samples, n_samples)
        Symmetric p_ij that sum to 1.
    start : ndarray of shape (n_samples, n_components), n_components 1 or 2
        Coordinates to start from.
    rows : Rows
        The threads that process the samples.

    Notes
    -----
    The gradient is Σ_j (e·p_ij - q_ij) (y_i - y_j) / (1 + d_ij²), with the exaggeration e and
    q_ij = 1 / (1 + d_ij²) / Z; the divergence Σ_ij p_ij log(p_ij / q_ij) is computed as
    Σ_ij p_ij log p_ij + Σ_ij p_ij log(1 + d_ij²) + log Z.
    """

    def __init__(self, affinities: scipy.sparse.csr_matrix, start: np.ndarray, rows: Rows) -> None:
        self.n_samples, self.n_components = start.shape
        # One dimension is computed as two, the second of which stays 0.
        self._points = np.zeros((self.n_samples, 2))
        self._points[:, : self.n_components] = start
        self._rows = rows
        self._edges = (
            affinities.indptr.astype(np.uint32),
            affinities.indices.astype(np.uint32),
            affinities.data.astype(np.float32),
        )
        self._steps, self._gains = np.zeros_like(self._points), np.ones_like(self._points)
        self._attraction = np.empty_like(self._points)
        self._repulsion = repulsion_of(self.n_samples, rows)
        positive = affinities.data[affinities.data > 0]
        self._sum_p_log_p = float((positive * np.log(positive)).sum())

    @property
    def embedding(self) -> np.ndarray:
        """Return a copy of the coordinates, of shape (n_samples, n_components)."""
        return self._points[:, : self.n_components].copy()

    def descend(self, n_iter: int, *, exaggeration: float, report: Callable[[int], object]) -> None:
        """Take steps of the attraction times a factor, and report their number after each.

        The learning rate is n_samples over that factor.
        """
        rate = self.n_samples / exaggeration
        for iteration in range(n_iter):
            # Both at once: parts of the repulsion are computed by one thread alone.
            finish = self._rows.begin(attract, self._points, *self._edges, self._attraction)
            total = self._repulsion.of(self._points)
            finish()
            forces = self._attraction, self._repulsion.forces
            state = self._points, self._steps, self._gains, *forces
            self._rows.run(move, *state, exaggeration, 1.0 / total, rate)
            center(self._points)
            if self.n_components == 1:
                self._points[:, 1] = 0.0
            report(iteration + 1)

    def divergence(self) -> float:
        """Return the Kullback-Leibler divergence of the current coordinates."""
        found = np.empty(self.n_samples)
        self._rows.run(stretch, self._points, *self._edges, found)
        total = self._repulsion.of(self._points)
        return self._sum_p_log_p + float(found.sum()) + float(np.log(total))
