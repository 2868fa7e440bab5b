"""Make images of 28 x 28 pixels that are not MNIST, from what comes with scikit-learn.

Nothing is downloaded: two photographs and small digits are part of scikit-learn, and two
sets are MNIST itself, with its pixels moved or inverted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aeviz.tutorial._errors import part_of
from aeviz.tutorial.chapters.base import Workshop

__all__ = ["ImageSet", "image_sets", "pixel_order"]

SIDE = 28
HELD_OUT_SHARE = 0.25


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Training and test images, float32 in [0, 1], of shape (n, 784)."""

    name: str
    X: np.ndarray
    X_test: np.ndarray


def image_sets(workshop: Workshop, *, n_trained: int, n_held_out: int) -> Iterator[ImageSet]:
    """Yield MNIST and four other sets.

    Parameters
    ----------
    workshop : Workshop
    n_trained, n_held_out : int
        At most so many images of each.
    """
    seed = workshop.seed
    X = part_of(workshop.X, n_trained, seed=seed)
    X_test = part_of(workshop.X_test, n_held_out, seed=seed)
    order = pixel_order(X.shape[1], seed=seed)
    yield ImageSet("MNIST", X, X_test)
    yield ImageSet("enlarged small digits", *_digits(seed))
    yield ImageSet("inverted MNIST", 1.0 - X, 1.0 - X_test)
    yield ImageSet("MNIST with moved pixels", X[:, order], X_test[:, order])
    yield ImageSet("photographs", *_patches(len(X), min(n_held_out, len(X)), seed=seed))


def pixel_order(n_pixels: int, *, seed: int) -> np.ndarray:
    """Return one random order of the pixels, the same for the same seed."""
    return np.random.default_rng(seed).permutation(n_pixels)


def _digits(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return scikit-learn's digits of 8 x 8 pixels, enlarged by linear interpolation."""
    from scipy.ndimage import zoom
    from sklearn.datasets import load_digits

    small = load_digits().images.astype(np.float32) / 16.0
    large = np.clip(zoom(small, (1, SIDE / 8, SIDE / 8), order=1), 0.0, 1.0)
    images = large.reshape(len(large), -1)
    images = images[np.random.default_rng(seed).permutation(len(images))]
    n_held_out = round(HELD_OUT_SHARE * len(images))
    return images[n_held_out:], images[:n_held_out]


def _patches(n_trained: int, n_held_out: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return patches of two photographs in grey; test patches come from the right quarters.

    Patches overlap, but none to train on overlaps one that is held out.
    """
    from sklearn.datasets import load_sample_images

    # Rec. 601 luma, as Pillow makes grey.
    weights = np.array([0.299, 0.587, 0.114], np.float32) / 255.0
    photographs = [image.astype(np.float32) @ weights for image in load_sample_images().images]
    rng = np.random.default_rng(seed)
    parts = []
    for n_patches, is_left in ((n_trained, True), (n_held_out, False)):
        patches = np.empty((n_patches, SIDE, SIDE), np.float32)
        for i in range(n_patches):
            photograph = photographs[i % len(photographs)]
            height, width = photograph.shape
            border = round((1.0 - HELD_OUT_SHARE) * width)
            low, high = (0, border - SIDE) if is_left else (border, width - SIDE)
            top = rng.integers(height - SIDE + 1)
            left = rng.integers(low, high + 1)
            patches[i] = photograph[top : top + SIDE, left : left + SIDE]
        parts.append(np.clip(patches.reshape(n_patches, -1), 0.0, 1.0))
    return parts[0], parts[1]
