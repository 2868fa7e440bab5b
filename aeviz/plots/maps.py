"""Draw embeddings: samples as points with the names of their classes, new samples over them."""

import matplotlib as mpl
import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.ticker import MaxNLocator, NullLocator

from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import DPI, axes_or_new, drawable

__all__ = ["overlay", "point_style", "scatter"]

_MAX_NAMED, _LONGEST_NAME = 30, 12
_N_BINS = 24
PALENESS = 0.3
_MIN_NEW_PX, _MAX_NEW_PX = 4.5, 9.0


def scatter(
    embedding: np.ndarray,
    coloring: Coloring | None = None,
    *,
    ax: Axes | None = None,
    ticks: bool = False,
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

    Returns
    -------
    Axes
        Its first collection holds the points, rasterised also in vector formats. Names of at most
        thirty classes, if they are short, stand at the densest place of each.

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
    diameter_px, alpha = _point_style_in(ax, len(embedding))
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
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(5) if ticks else NullLocator())
    if coloring.kind == "classes":
        _name_classes(ax, embedding, coloring)
    return ax


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
        As in `scatter`.

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
    colors[~new_coloring.is_colored()] = to_rgb(ink)
    few, _ = _point_style_in(ax, len(new))
    diameter = float(np.clip(1.2 * few, _MIN_NEW_PX, _MAX_NEW_PX)) * 72 / DPI
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


def _point_style_in(ax: Axes, n_samples: int) -> tuple[float, float]:
    box = ax.get_window_extent()
    return point_style(n_samples, width_px=min(box.width, box.height))


def _name_classes(ax: Axes, embedding: np.ndarray, coloring: Coloring) -> None:
    """Write each class's name at its densest place; of names too close, the larger class's."""
    names = [drawable(name, width=40) for name in coloring.class_names]
    n_points = coloring.counts()
    shown = np.flatnonzero(n_points)
    if not 1 < len(shown) <= _MAX_NAMED or max(len(names[i]) for i in shown) > _LONGEST_NAME:
        return
    paper = patheffects.withStroke(linewidth=2.6, foreground=mpl.rcParams["figure.facecolor"])
    low, high = embedding.min(axis=0), embedding.max(axis=0)
    # Limits set by an equal aspect are known only once it was applied.
    ax.apply_aspect()
    taken: list[tuple[float, float, float]] = []
    for code in sorted(shown, key=lambda code: -n_points[code]):
        place = _densest(embedding[coloring.codes == code], low, high)
        width_px = 7.5 * len(names[code]) + 4
        x, y = ax.transData.transform(place)
        if any(abs(x - u) < (width_px + w) / 2 and abs(y - v) < 15 for u, v, w in taken):
            continue
        taken.append((x, y, width_px))
        ax.text(
            place[0],
            place[1],
            names[code],
            color=mpl.rcParams["text.color"],
            fontsize=9.5,
            fontweight="bold",
            ha="center",
            va="center",
            clip_on=True,
            path_effects=[paper],
        )


def _densest(points: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the mean of the points in the fullest cell of a grid over the whole embedding."""
    span = np.where(high > low, high - low, 1.0)
    cells = np.minimum(((points - low) / span * _N_BINS).astype(int), _N_BINS - 1)
    number = cells[:, 0] * _N_BINS + cells[:, 1]
    return points[number == np.bincount(number).argmax()].mean(axis=0)
