"""Join images into one array, to be shown as one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["image_grid"]


def image_grid(
    images: np.ndarray,
    *,
    ax: Axes,
    gap: int = 1,
    value_range: tuple[float, float] | None = None,
) -> Axes:
    """Draw images in rows and columns.

    Parameters
    ----------
    images : ndarray of shape (n_rows, n_columns, height, width, channels)
        One channel is drawn dark on light, three as colours; of other numbers the first.
    ax : matplotlib Axes
    gap : int
        Pixels between images.
    value_range : (float, float) or None
        Values for white and black; None takes the smallest and the largest.

    Returns
    -------
    Axes
    """
    n_rows, n_columns, height, width, n_channels = images.shape
    low, high = value_range or (float(images.min()), float(images.max()))
    scaled = np.clip((images - low) / max(high - low, 1e-12), 0.0, 1.0)
    pixels = scaled if n_channels == 3 else np.repeat(1.0 - scaled[..., :1], 3, axis=-1)
    sheet = np.zeros((n_rows * (height + gap) - gap, n_columns * (width + gap) - gap, 4))
    for row in range(n_rows):
        for column in range(n_columns):
            top, left = row * (height + gap), column * (width + gap)
            cell = sheet[top : top + height, left : left + width]
            cell[..., :3] = pixels[row, column]
            cell[..., 3] = 1.0
    ax.imshow(sheet, interpolation="nearest")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(False)
    return ax
