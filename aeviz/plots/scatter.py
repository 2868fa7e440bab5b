"""Draw samples in the plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz.plots._theme import SEQUENTIAL, class_colors

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["scatter"]


def scatter(
    embedding: np.ndarray,
    labels: np.ndarray | None = None,
    *,
    ax: Axes,
    classes: Sequence[str] | None = None,
    has_meaningful_axes: bool = False,
    seed: int = 0,
) -> Axes:
    """Draw an embedding, coloured by labels.

    Parameters
    ----------
    embedding : ndarray of shape (n_samples, 2)
    labels : ndarray of shape (n_samples,) or None
        Class names where `classes` is given, else numbers for a colour map.
    ax : matplotlib Axes
    classes : sequence of str or None
        All classes in the order that gives each its colour.
    has_meaningful_axes : bool
        Whether to draw ticks; t-SNE's and UMAP's coordinates mean nothing.
    seed : int
        Fixes the order in which samples are drawn over each other: a random one, so that no
        class hides another.

    Returns
    -------
    Axes
    """
    n_samples = len(embedding)
    order = np.random.default_rng(seed).permutation(n_samples)
    points = np.asarray(embedding, dtype=float)[order]
    style: dict[str, Any] = {
        "s": float(np.clip(18000 / n_samples, 0.6, 14)),
        "alpha": float(np.clip(0.55 + 400 / n_samples, 0.55, 0.9)),
        "linewidths": 0,
        "rasterized": True,
    }
    if labels is None:
        ax.scatter(points[:, 0], points[:, 1], color="#3b82c4", **style)
    elif classes is not None:
        palette = class_colors(classes)
        colors = [palette.get(str(label), "#888888") for label in np.asarray(labels)[order]]
        ax.scatter(points[:, 0], points[:, 1], c=colors, **style)
    else:
        values = np.asarray(labels, dtype=float)[order]
        ax.scatter(points[:, 0], points[:, 1], c=values, cmap=SEQUENTIAL, **style)
    ax.set_aspect("equal", adjustable="datalim")
    ax.margins(0.04)
    if not has_meaningful_axes:
        ax.set_xticks([])
        ax.set_yticks([])
        ax.spines[:].set_visible(False)
    return ax
