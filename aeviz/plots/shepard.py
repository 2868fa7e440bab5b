"""Draw distances in an embedding against those in the data, as the density of pairs of samples."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm

from aeviz.plots.figure import axes_or_new
from aeviz.plots.theme import PALETTE, ink_map

__all__ = ["shepard"]

_MIN_SHARE = 1e-3


def shepard(density: np.ndarray, *, ax: Axes | None = None) -> Axes:
    """Draw a Shepard diagram: along one straight line from the corner, distances are kept.

    Parameters
    ----------
    density : ndarray of shape (n_bins, n_bins)
        Share of the pairs at each distance in the data (first axis) and in the embedding, both
        from 0 to the largest.
    ax : Axes or None
        None makes a new figure.

    Returns
    -------
    Axes
        With the density as an image, more ink for more, and a line through the median distance
        in the embedding at every distance in the data that is not rare.
    """
    ax = axes_or_new(ax)
    n_bins = len(density)
    paper, ink = mpl.rcParams["figure.facecolor"], mpl.rcParams["text.color"]
    # Most pairs stand in a few bins; the square root shows the others too.
    norm = PowerNorm(0.5, vmin=0.0, vmax=max(float(density.max()), 1e-12))
    ax.imshow(
        density.T,
        cmap=ink_map(paper, ink),
        norm=norm,
        extent=(0.0, 1.0, 0.0, 1.0),
        origin="lower",
        aspect="equal",
        interpolation="nearest",
        zorder=1,
    )
    of_column = density.sum(axis=1)
    common = np.flatnonzero(of_column > _MIN_SHARE)
    below = np.cumsum(density[common], axis=1) >= of_column[common, None] / 2
    middle = (np.arange(n_bins) + 0.5) / n_bins
    ax.plot(middle[common], middle[below.argmax(axis=1)], color=PALETTE[1], zorder=3)
    ax.set(xlim=(0.0, 1.0), ylim=(0.0, 1.0), xticks=[], yticks=[])
    ax.set_xlabel("distance in the data →")
    ax.set_ylabel("in the map →")
    return ax
