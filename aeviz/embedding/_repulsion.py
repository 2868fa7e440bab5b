"""Compute t-SNE's repulsion between all samples, interpolated from a grid if they are many.

Attraction and steps are computed elsewhere (`_descent`).

Why the slope of one potential: the repulsion that t-SNE needs of sample i is
Σ_j (y_i - y_j) / (1 + d_ij²)² = -½ ∇φ(y_i) with φ(y) = Σ_j 1 / (1 + ‖y - y_j‖²), and its
normalisation is Z = Σ_i φ(y_i) - n. So one convolution gives both, if the interpolated φ is
smooth enough to have a slope. Piecewise interpolation, as in [1]_, is not: it takes three
convolutions with the square of the kernel and one with the kernel (openTSNE's), or four [1]_.
Here everything is interpolated by splines of degree five, as in the smooth particle-mesh
method of molecular dynamics [2]_: samples are spread onto the nodes by B-splines B, multiplied
in Fourier space by the kernel's transform over the squares of the B-spline's own, and φ and ∇φ
are interpolated by B and B'.

Why these nodes: they are 0.35 units apart, and closer in a small embedding. From a width of five
units on, the error of the gradient (root mean square, relative to the gradient, 4,000 samples in
ten groups) is a quarter or less of that of openTSNE's grid, whose nodes are a third of a unit
apart or less; below, it is less than a millionth in both:

===== ========= ==========
width openTSNE  here
===== ========= ==========
5     0.000028  0.00000012
15    0.00050   0.000030
50    0.014     0.0008
150   0.037     0.0033
===== ========= ==========

The error affects the result: with 20,000 samples of MNIST the divergence ends at 2.094, 2.095 and
2.112 with nodes 0.25, 0.35 and 0.5 units apart, for 9.3, 6.6 and 5.4 s of processor time, and at
2.126 with openTSNE's grid. The difference between seeds is 0.004.

Why pairs up to 6,000 samples: vector instructions take a seventh of a nanosecond per pair. With
6,000 samples both took equally long (5.2 ms in one thread, 165 units wide); with 4,000 the grid
took twice as long as the pairs, with 8,000 two thirds. On 1,797 digits the divergence ends at
0.733, with Barnes-Hut at 0.748.

References
----------
.. [1] G. C. Linderman et al. (2019). Fast interpolation-based t-SNE for improved visualization
   of single-cell RNA-seq data. Nature Methods 16, 243-245.
   https://doi.org/10.1038/s41592-018-0308-4
.. [2] U. Essmann et al. (1995). A smooth particle mesh Ewald method. The Journal of Chemical
   Physics 103, 8577-8593. https://doi.org/10.1063/1.470117
"""

from __future__ import annotations

import numpy as np
import scipy.fft

from aeviz.core.threads import Rows
from aeviz.embedding._forces import ORDER, bounds, gather, repel, spread, values_at_nodes

__all__ = ["GridRepulsion", "PairRepulsion", "repulsion_of"]

_MAX_PAIRED = 6_000
_MAX_SPACING = 0.35
_MIN_INTERVALS = 60


def repulsion_of(n_samples: int, rows: Rows) -> PairRepulsion:
    """Return the faster way to compute the repulsion of so many samples."""
    return (PairRepulsion if n_samples <= _MAX_PAIRED else GridRepulsion)(n_samples, rows)


class PairRepulsion:
    """Repulsion of few samples, computed pair by pair in single precision.

    `forces`, an ndarray of float64 of shape (n_samples, 2), holds Σ_j (y_i - y_j) / (1 + d_ij²)²
    of the last points; the rows of samples are processed by the threads of `rows`.
    """

    def __init__(self, n_samples: int, rows: Rows) -> None:
        self.forces = np.empty((n_samples, 2))
        self._potentials = np.empty(n_samples)
        self._rows = rows

    def of(self, points: np.ndarray) -> float:
        """Compute the forces of finite points, and return Z = Σ_i Σ_{j≠i} 1 / (1 + d_ij²)."""
        columns = np.ascontiguousarray(points.T, dtype=np.float32)
        self._rows.run(repel, *columns, self._potentials, self.forces)
        return float(self._potentials.sum()) - len(points)


class GridRepulsion(PairRepulsion):
    """Repulsion of many samples, interpolated from a grid."""

    def __init__(self, n_samples: int, rows: Rows) -> None:
        super().__init__(n_samples, rows)
        self._made_for: tuple[float, tuple[int, int]] | None = None
        self._at_nodes = values_at_nodes()

    def of(self, points: np.ndarray) -> float:
        """Interpolate the forces of finite points, and return Z, likewise."""
        low, high = bounds(points)
        extent = high - low
        spacing = min(_MAX_SPACING, float(extent.max()) / _MIN_INTERVALS) or _MAX_SPACING
        positions = (points - low) / spacing
        n_nodes = (extent / spacing).astype(int) + ORDER
        grid = np.zeros(n_nodes)
        spread(positions, grid, 0, len(points))
        potentials = self._convolved(grid, spacing)
        self._rows.run(gather, positions, potentials, self._potentials, self.forces)
        self.forces *= -0.5 / spacing
        return float(self._potentials.sum()) - len(points)

    def _convolved(self, grid: np.ndarray, spacing: float) -> np.ndarray:
        """Return the potential's spline at the nodes, given the samples that are spread onto them.

        Single precision is enough unless nodes are so close that a slope is the small difference
        of large numbers; grids with close nodes are small.
        """
        # Twice the size, so that no sample is repelled across the opposite edge.
        size = tuple(scipy.fft.next_fast_len(2 * n, real=True) for n in grid.shape)
        self._make_kernel(size, spacing)
        options = {"workers": self._rows.n_threads, "overwrite_x": True}
        n_rows, n_columns = grid.shape
        spectrum = scipy.fft.rfft(grid.astype(self._kernel.dtype), size[1], axis=1, **options)
        spectrum = scipy.fft.fft(spectrum, size[0], axis=0, **options)
        spectrum *= self._kernel
        spectrum = scipy.fft.ifft(spectrum, axis=0, **options)[:n_rows]
        potentials = scipy.fft.irfft(spectrum, size[1], axis=1, **options)
        return np.ascontiguousarray(potentials[:, :n_columns], dtype=np.float64)

    def _make_kernel(self, size: tuple[int, int], spacing: float) -> None:
        """Compute the transform that spectra are multiplied by, unless it is there."""
        if self._made_for == (spacing, size):
            return
        distances = [np.minimum(np.arange(n), n - np.arange(n)) * spacing for n in size]
        kernel = 1.0 / (1.0 + distances[0][:, None] ** 2 + distances[1] ** 2)
        splines = [np.abs(scipy.fft.fft(self._at_nodes, n)) ** 2 for n in size]
        spectrum = scipy.fft.rfft2(kernel, workers=self._rows.n_threads).real
        spectrum /= splines[0][:, None] * splines[1][: spectrum.shape[1]]
        self._kernel = spectrum.astype(np.float32 if spacing == _MAX_SPACING else np.float64)
        self._made_for = (spacing, size)
