"""Draw new samples over an embedding that stays as it is."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb

from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import DPI
from aeviz.plots.scatter import point_style, scatter

__all__ = ["overlay"]

PALENESS = 0.3
_MIN_PX, _MAX_PX = 4.5, 9.0


def overlay(
    embedding: np.ndarray,
    coloring: Coloring,
    new: np.ndarray,
    new_coloring: Coloring,
    is_outlier: np.ndarray,
    *,
    ax: Axes,
    ticks: bool = False,
) -> Axes:
    """Draw the fitted samples pale, the new ones as diamonds, and outliers among these as crosses.

    Parameters
    ----------
    embedding : ndarray of shape (n_samples, 2)
        Of the samples that it was fitted to.
    coloring : Coloring
        Of them.
    new : ndarray of shape (n_new, 2)
    new_coloring : Coloring
        Of the new samples. Those without a label, or of a class of their own, are in ink.
    is_outlier : ndarray of bool of shape (n_new,)
    ax : Axes
    ticks : bool
        As in `aeviz.plots.scatter`.

    Returns
    -------
    Axes
        Its first collection holds the old samples, the second diamonds, the third crosses.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    if new.shape != (len(is_outlier), 2) or new_coloring.n_samples != len(new):
        raise ValueError(
            f"new, new_coloring and is_outlier must be of as many samples, got {new.shape}, "
            f"{new_coloring.n_samples} and {len(is_outlier)}"
        )
    scatter(embedding, coloring, ax=ax, ticks=ticks)
    (old,) = ax.collections
    old.set_alpha(PALENESS * float(old.get_alpha() or 1))
    ink, paper = mpl.rcParams["text.color"], mpl.rcParams["figure.facecolor"]
    colors = new_coloring.sample_colors()
    colors[~_is_colored(new_coloring)] = to_rgb(ink)
    box = ax.get_window_extent()
    few, _ = point_style(len(new), width_px=min(box.width, box.height))
    diameter = float(np.clip(1.2 * few, _MIN_PX, _MAX_PX)) * 72 / DPI
    order = np.random.default_rng(0).permutation(len(new))
    # Outliers are drawn last, over the others.
    for marker, is_it, scale in (("D", ~is_outlier, 1.0), ("X", is_outlier, 1.7)):
        rows = order[is_it[order]]
        ax.scatter(
            new[rows, 0],
            new[rows, 1],
            s=(scale * diameter) ** 2,
            c=colors[rows],
            marker=marker,
            edgecolors=paper if marker == "D" else ink,
            linewidths=0.5,
            zorder=2.5,  # below the names of classes
            rasterized=True,
        )
    return ax


def _is_colored(coloring: Coloring) -> np.ndarray:
    if coloring.codes is not None:
        return coloring.codes >= 0
    if coloring.values is not None:
        return np.isfinite(coloring.values)
    return np.zeros(coloring.n_samples, bool)
