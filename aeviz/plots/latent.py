"""Draw what a variational decoder makes of the points of its latent plane."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from aeviz.plots.figure import axes_or_new
from aeviz.plots.images import ImageScale, image_grid
from aeviz.plots.theme import theme_now

__all__ = ["feature_plane", "manifold", "manifold_height"]

_N_TICKS = 7
# Axes of other proportions have no room for ticks, or none on the page.
_PROPORTIONS = (1 / 3, 2)


def manifold_height(width_px: float, scale: ImageScale) -> float:
    """Return how high axes are to be for a grid of decoded images, of a width in CSS pixels.

    As high as keeps the proportions of the images, within bounds.

    Examples
    --------
    >>> manifold_height(300, ImageScale(np.zeros((1, 200)), (1, 200, 1)))
    100.0
    """
    return width_px * float(np.clip(scale.proportion, *_PROPORTIONS))


def manifold(X: np.ndarray, axis: np.ndarray, scale: ImageScale, *, ax: Axes | None = None) -> Axes:
    """Draw a grid of decoded images with the latent values along both axes.

    Parameters
    ----------
    X : ndarray of shape (n, n, n_features)
        Row 0 at the largest second coordinate.
    axis : ndarray of shape (n,)
        Latent values of the columns from left to right and of the rows from bottom to top.
    scale : ImageScale
    ax : Axes or None
        None makes a new figure.

    Returns
    -------
    Axes
        Ticks are labelled with latent values, which are not equally spaced.
    """
    ax = axes_or_new(ax)
    n = len(axis)
    image_grid(X.reshape(n * n, -1), scale, n_columns=n, ax=ax, gap=0)
    # The axes are given in the proportion wanted, see `manifold_height`.
    ax.set_aspect("auto")
    ax.set_axis_on()
    ax.spines[:].set_visible(False)
    picked = np.unique(np.linspace(0, n - 1, min(_N_TICKS, n)).round().astype(int))
    names = [f"{value:.1f}".replace("-", "\N{MINUS SIGN}") for value in axis[picked]]
    height, width = scale.drawn
    ax.set_xticks((picked + 0.5) * width - 0.5, names)
    ax.set_yticks((n - 1 - picked + 0.5) * height - 0.5, names)
    ax.tick_params(length=0)
    ax.set(xlabel="first latent dimension", ylabel="second latent dimension")
    return ax


def feature_plane(X: np.ndarray, axis: np.ndarray, *, ax: Axes | None = None) -> Axes:
    """Draw one decoded feature as colours over the latent plane, with a colour bar.

    Parameters
    ----------
    X : ndarray of shape (n, n)
        The feature's decoded values, row 0 at the largest second coordinate.
    axis : ndarray of shape (n,)
        Latent values of the columns from left to right and of the rows from bottom to top.
    ax : Axes or None
        None makes a new figure.

    Returns
    -------
    Axes
        Holding one mesh, at the true latent positions; the bar stands outside, on the right.
    """
    ax = axes_or_new(ax)
    mesh = ax.pcolormesh(
        axis, axis, X[::-1], cmap=theme_now().continuous(), shading="nearest", rasterized=True
    )
    ax.set_aspect("equal")
    bar = ax.inset_axes((1.04, 0.0, 0.05, 1.0))
    ax.figure.colorbar(mesh, cax=bar)
    bar.spines[:].set_visible(False)
    for frame in bar.collections:
        frame.set_edgecolor("none")
    bar.yaxis.set_major_locator(MaxNLocator(5))
    return ax
