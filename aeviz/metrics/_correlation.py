"""Correlation of two measurements of the same distances, as a function of means over anchors."""

import numpy as np

__all__ = ["correlation", "moments"]


def moments(h: np.ndarray, l: np.ndarray) -> tuple[np.ndarray, ...]:  # noqa: E741 - as in Notes
    """Return h, l, h², l², hl.

    h and l, of shape (n_anchors, n_partners), have mean 0 and about the size of one, so that no
    digit is lost.
    """
    return h, l, h * h, l * l, h * l


def correlation(means: np.ndarray) -> np.ndarray:
    """Return (E[hl] - E[h] E[l]) / sqrt(var h · var l), 0 where either does not vary."""
    h, l, hh, ll, hl = np.moveaxis(means, -1, 0)  # noqa: E741 - the letters of the Notes
    # Of numbers of size one; below this a variance is rounding only.
    spread = np.sqrt(np.maximum(hh - h * h, 0.0) * np.maximum(ll - l * l, 0.0))
    is_varied = spread > 1e-12
    found = (hl - h * l) / np.where(is_varied, spread, 1.0)
    return np.where(is_varied, np.clip(found, -1.0, 1.0), 0.0)
