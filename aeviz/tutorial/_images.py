"""Load the images of the tutorial: MNIST, in its own split, with values in [0, 1]."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.data.sources import load_dataset

__all__ = ["IMAGE_SHAPE", "Images", "mnist_images"]

IMAGE_SHAPE = (28, 28, 1)
N_TRAIN, N_TEST = 60_000, 10_000


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

    @property
    def n_train(self) -> int:
        """Return the number of images to train on."""
        return len(self.X)

    @property
    def n_test(self) -> int:
        """Return the number of test images."""
        return len(self.X_test)

    def fingerprint(self) -> str:
        """Return a SHA-256 of images and labels: equal data, equal digits."""
        digest = hashlib.sha256()
        for values in (self.X, self.y, self.X_test, self.y_test):
            digest.update(f"{values.dtype.str}{values.shape}".encode())
            digest.update(np.ascontiguousarray(values).data)
        return digest.hexdigest()

    def first(self, n_train: int | None, n_test: int | None) -> Images:
        """Return the first so many images of both kinds; None keeps all."""
        return Images(
            self.name,
            self.X[:n_train],
            self.y[:n_train],
            self.X_test[:n_test],
            self.y_test[:n_test],
        )


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
