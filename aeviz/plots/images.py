"""Draw many small images as one, and what a decoder makes of the points of a latent plane."""

import math
from typing import Any, Self

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from aeviz.plots.figure import axes_or_new
from aeviz.plots.theme import ink_map, theme_now

__all__ = ["ImageScale", "feature_plane", "image_grid", "manifold", "manifold_height", "mosaic"]

# An image is drawn at most so many times as high as wide, or as wide as high.
MAX_TIMES = 4
# Cells are not larger, so more pixels along a side would not be seen.
MAX_PX = 320
_N_TICKS = 7
# Axes of other proportions have no room for ticks, or none on the page.
_PROPORTIONS = (1 / 3, 2)


class ImageScale:
    """Range of pixel values and size of images, fixed over all figures of a report.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        The originals, in the units of the source.
    shape : (height, width, channels)

    Attributes
    ----------
    drawn : (height, width)
        Of the images as they are drawn: large ones smaller, and those of which a side is many
        times the other with the short side widened, for else nothing of it could be seen.
    low, high : float
        The values drawn darkest and lightest.
    is_drawing : bool
        Whether at least four in ten pixels are at or near the lowest value: ink on an
        empty ground, which is then drawn as paper, whatever the theme.
    """

    def __init__(self, X: np.ndarray, shape: tuple[int, int, int]) -> None:
        self.shape = shape
        self._shrunk, self._times = _drawing(*shape[:2])
        (height, width), times = self._shrunk, self._times
        self.drawn = (height * times[0], width * times[1])
        self.low, self.high = float(np.min(X)), float(np.max(X))
        near = self.low + 0.02 * (self.high - self.low)
        self.is_drawing = shape[2] == 1 and float(np.mean(np.asarray(X) <= near)) >= 0.4

    @classmethod
    def of_values(
        cls, shape: tuple[int, int, int], *, low: float, high: float, is_drawing: bool
    ) -> Self:
        """Return the scale that has these attributes, for images whose originals are not there."""
        scale = cls(np.array([[low, high]]), shape)
        scale.is_drawing = is_drawing
        return scale

    def values(self) -> dict[str, Any]:
        """Return the attributes, JSON-able."""
        return {"low": self.low, "high": self.high, "is_drawing": self.is_drawing}

    @property
    def is_widened(self) -> bool:
        """Return whether images are drawn with their short side widened."""
        return max(self._times) > 1

    @property
    def proportion(self) -> float:
        """Return how many times as high as wide images are drawn."""
        return self.drawn[0] / self.drawn[1]

    def cell_px(self, width_px: float, most_px: float | None = None) -> tuple[float, float]:
        """Return width and height of an image that is no wider than this, and no higher either.

        The greatest height is twice the width if nothing is said.
        """
        most_px = 2 * width_px if most_px is None else most_px
        height_px = min(width_px * self.proportion, most_px)
        return height_px / self.proportion, height_px

    def unit(self, X: np.ndarray) -> np.ndarray:
        """Return images of shape (n, *drawn[, 3]) with values in [0, 1]."""
        height, width, channels = self.shape
        span = (self.high - self.low) or 1.0
        scaled = np.clip((np.asarray(X, dtype=np.float32) - self.low) / span, 0.0, 1.0)
        images = scaled.reshape(-1, height, width, channels)
        # Two channels are grey and something else that has no colour.
        images = images[..., :3] if channels >= 3 else images[..., 0]
        for axis, (side, times) in enumerate(zip(self._shrunk, self._times, strict=True), start=1):
            images = np.repeat(_averaged(images, side, axis), times, axis)
        return images


def _drawing(height: int, width: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Return to what height and width an image is shrunk, then how often rows and columns come."""
    share = min(1.0, MAX_PX / max(height, width))
    high, wide = (max(1, round(side * share)) for side in (height, width))
    times = math.ceil(wide / (MAX_TIMES * high)), math.ceil(high / (MAX_TIMES * wide))
    return (high, wide), times


def _averaged(images: np.ndarray, side: int, axis: int) -> np.ndarray:
    """Return images with `side` pixels along an axis, each the mean of those that it covers."""
    n_pixels = images.shape[axis]
    if side == n_pixels:
        return images
    starts = np.arange(side) * n_pixels // side
    counts = np.diff(starts, append=n_pixels).astype(np.float32)
    sums = np.add.reduceat(images, starts, axis=axis)
    means: np.ndarray = sums / counts.reshape(-1, *[1] * (images.ndim - axis - 1))
    return means


def mosaic(images: np.ndarray, *, n_columns: int, gap: int = 1) -> np.ndarray:
    """Return images side by side as one array, NaN between them and after the last.

    Parameters
    ----------
    images : ndarray of shape (n, height, width) or (n, height, width, 3)
    n_columns : int
        At least 1.
    gap : int
        Pixels between two images.

    Examples
    --------
    >>> mosaic(np.zeros((3, 2, 2)), n_columns=2).shape
    (5, 5)
    """
    n_images, height, width = images.shape[:3]
    n_rows = -(-n_images // n_columns)
    size = (n_rows * (height + gap) - gap, n_columns * (width + gap) - gap, *images.shape[3:])
    sheet = np.full(size, np.nan, dtype=np.float32)
    for i, image in enumerate(images):
        top, left = (i // n_columns) * (height + gap), (i % n_columns) * (width + gap)
        sheet[top : top + height, left : left + width] = image
    return sheet


def image_grid(
    X: np.ndarray, scale: ImageScale, *, n_columns: int, ax: Axes | None = None, gap: int = 1
) -> Axes:
    """Draw samples as images in rows.

    Parameters
    ----------
    X : ndarray of shape (n_samples, n_features)
        In the units of the source.
    scale : ImageScale
    n_columns : int
    ax : Axes or None
        None makes a new figure.
    gap : int
        Source pixels between two images.

    Returns
    -------
    Axes
        Holding one image.
    """
    ax = axes_or_new(ax)
    sheet = mosaic(scale.unit(X), n_columns=n_columns, gap=gap)
    if sheet.ndim == 3:
        # Colour images have no "bad" colour, so the gaps are made transparent.
        holes = np.isnan(sheet[..., :1])
        sheet = np.concatenate([np.nan_to_num(sheet), np.where(holes, 0.0, 1.0)], axis=2)
        ax.imshow(sheet, interpolation="nearest")
    else:
        greys = ink_map() if scale.is_drawing else mpl.colormaps["gray"]
        greys = greys.with_extremes(bad=mpl.rcParams["figure.facecolor"])
        ax.imshow(sheet, cmap=greys, vmin=0.0, vmax=1.0, interpolation="nearest")
    ax.set_axis_off()
    return ax


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
