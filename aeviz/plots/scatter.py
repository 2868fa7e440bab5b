"""Draw an embedding as points, and the names of classes where their points are densest."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import DPI, axes_or_new
from aeviz.plots.text import drawable

__all__ = ["MAX_MARKED", "point_style", "scatter"]

MAX_MARKED = 30
_LONGEST_MARK = 12
_N_BINS = 24


def scatter(
    embedding: np.ndarray,
    coloring: Coloring | None = None,
    *,
    ax: Axes | None = None,
    ticks: bool = False,
    marks: bool = True,
) -> Axes:
    """Draw one point per sample, in an order that favours no class.

    Parameters
    ----------
    embedding : ndarray of shape (n_samples, 2)
    coloring : Coloring or None
        None draws all points alike.
    ax : Axes or None
        None makes a new figure.
    ticks : bool
        Whether the coordinates mean something: yes for PCA and a latent plane, no for
        t-SNE and UMAP.
    marks : bool
        Whether to write the names of at most thirty classes, if they are short, at the
        densest place of each.

    Returns
    -------
    Axes
        Its first collection holds the points, rasterised also in vector formats.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Notes
    -----
    Points are drawn in a random order that is the same every time: drawn class by class,
    the last class would cover the others wherever they overlap.
    """
    embedding = np.asarray(embedding)
    if embedding.ndim != 2 or embedding.shape[1] != 2:
        raise ValueError(f"embedding must have the shape (n_samples, 2), got {embedding.shape}")
    coloring = Coloring.none(len(embedding)) if coloring is None else coloring
    if coloring.n_samples != len(embedding):
        raise ValueError(
            f"coloring must be of {len(embedding)} samples, as embedding, got {coloring.n_samples}"
        )
    ax = axes_or_new(ax)
    box = ax.get_window_extent()
    diameter_px, alpha = point_style(len(embedding), width_px=min(box.width, box.height))
    order = np.random.default_rng(0).permutation(len(embedding))
    ax.scatter(
        embedding[order, 0],
        embedding[order, 1],
        s=(diameter_px * 72 / DPI) ** 2,
        c=coloring.sample_colors()[order],
        alpha=alpha,
        linewidths=0,
        rasterized=True,
    )
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.035)
    _dress(ax, ticks=ticks)
    if marks and coloring.kind == "classes":
        _mark_classes(ax, embedding, coloring)
    return ax


def point_style(n_samples: int, *, width_px: float = 480) -> tuple[float, float]:
    """Return a point's diameter in CSS pixels and its opacity, for so many in so wide a box.

    Examples
    --------
    >>> point_style(100) > point_style(100_000)
    True
    """
    diameter = float(np.clip(4.6 * (1800 / max(n_samples, 1)) ** 0.36, 1.25, 8.0))
    alpha = float(np.clip(0.85 * (4000 / max(n_samples, 1)) ** 0.22, 0.45, 0.85))
    return diameter * float(np.clip(width_px / 480, 0.6, 1.6)), alpha


def _dress(ax: Axes, *, ticks: bool) -> None:
    if not ticks:
        ax.set_xticks([])
        ax.set_yticks([])
        return
    ax.xaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_locator(MaxNLocator(5))


def _mark_classes(ax: Axes, embedding: np.ndarray, coloring: Coloring) -> None:
    """Write each class's name at its densest place; of names too close, the larger class's."""
    names = [drawable(name, width=40) for name in coloring.class_names]
    n_points = coloring.counts()
    shown = np.flatnonzero(n_points)
    if not 1 < len(shown) <= MAX_MARKED or max(len(names[i]) for i in shown) > _LONGEST_MARK:
        return
    paper, ink = mpl.rcParams["figure.facecolor"], mpl.rcParams["text.color"]
    low, high = embedding.min(axis=0), embedding.max(axis=0)
    # Limits set by an equal aspect are known only once it was applied.
    ax.apply_aspect()
    taken: list[np.ndarray] = []
    for code in sorted(shown, key=lambda code: -n_points[code]):
        place = _densest(embedding[coloring.codes == code], low, high)
        width_px = 7.5 * len(names[code]) + 4
        at = ax.transData.transform(place)
        if any(abs(at[0] - x) < (width_px + w) / 2 and abs(at[1] - y) < 15 for x, y, w in taken):
            continue
        taken.append(np.array([*at, width_px]))
        ax.text(
            place[0],
            place[1],
            names[code],
            color=ink,
            fontsize=9.5,
            fontweight="bold",
            ha="center",
            va="center",
            clip_on=True,
            path_effects=[patheffects.withStroke(linewidth=2.6, foreground=paper)],
        )


def _densest(points: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the mean of the points in the fullest cell of a grid over the whole embedding."""
    span = np.where(high > low, high - low, 1.0)
    cells = np.minimum(((points - low) / span * _N_BINS).astype(int), _N_BINS - 1)
    number = cells[:, 0] * _N_BINS + cells[:, 1]
    return points[number == np.bincount(number).argmax()].mean(axis=0)
