"""Load the images of the tutorial: MNIST in its own split, and others of the same shape.

For the others nothing is downloaded: two photographs and small digits are part of scikit-learn,
and two sets are MNIST itself, with its pixels moved or inverted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.data.sources import load_dataset
from aeviz.tutorial._experiments import part_of

if TYPE_CHECKING:
    from aeviz.tutorial.chapters.base import Workshop

__all__ = ["IMAGE_SHAPE", "ImageSet", "Images", "image_sets", "mnist_images", "pixel_order"]

IMAGE_SHAPE = (28, 28, 1)
N_TRAIN, N_TEST = 60_000, 10_000
SIDE = 28
HELD_OUT_SHARE = 0.25


@dataclass(frozen=True)
class Images:
    """Images of 28 × 28 pixels with their labels.

    Parameters
    ----------
    name : str
    X, X_test : ndarray of shape (n_samples, 784), float32 in [0, 1]
    y, y_test : ndarray of int of shape (n_samples,)
    """

    name: str
    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray

    def fingerprint(self) -> str:
        """Return a SHA-256 of images and labels: equal data, equal digits."""
        digest = hashlib.sha256()
        for values in (self.X, self.y, self.X_test, self.y_test):
            digest.update(f"{values.dtype.str}{values.shape}".encode())
            digest.update(np.ascontiguousarray(values).data)
        return digest.hexdigest()


def mnist_images(data_dir: str | Path | None = None) -> Images:
    """Return MNIST: 60,000 images to train on and 10,000 test images.

    Parameters
    ----------
    data_dir : path-like, optional
        Folder where `mnist.npz` is looked for first.

    Raises
    ------
    AevizError
        If it is nowhere, or what was found is not MNIST in its own split.
    """
    dataset = load_dataset("mnist", data_dir=data_dir)
    is_test, y = dataset.is_test, dataset.y
    n_test = 0 if is_test is None else int(is_test.sum())
    found = (dataset.n_samples - n_test, n_test, dataset.image_shape)
    if is_test is None or y is None or found != (N_TRAIN, N_TEST, IMAGE_SHAPE):
        raise AevizError(
            f"the tutorial needs MNIST's own {N_TRAIN:,} training and {N_TEST:,} test images of "
            f"28 × 28 pixels; the mnist.npz found has {found[0]:,} and {found[1]:,} of shape "
            f"{dataset.image_shape}"
        )
    X = dataset.X.astype(np.float32)
    X /= 255.0
    return Images("mnist", X[~is_test], y[~is_test], X[is_test], y[is_test])


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Training and test images, float32 in [0, 1], of shape (n, 784)."""

    name: str
    X: np.ndarray
    X_test: np.ndarray


def image_sets(workshop: Workshop, *, n_trained: int, n_held_out: int) -> Iterator[ImageSet]:
    """Yield MNIST and four other sets, of at most so many images each."""
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
