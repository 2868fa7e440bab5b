"""Train and measure what the chapters on claims compare: errors, and differences of means."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz.pipeline.tasks import Encoded, Update, encode

if TYPE_CHECKING:
    from aeviz.encoders import Encoder
    from aeviz.tutorial.chapters.base import Workshop

__all__ = [
    "HALF_GREY",
    "cross_entropies",
    "epochs_of_equal_updates",
    "fitted",
    "mean_difference",
    "n_trainings",
    "part_of",
    "reconstructed",
    "repeated",
    "squared_errors",
]

# Half a grey level: a reconstruction is never surer of a pixel than an 8-bit image can be.
HALF_GREY = 0.5 / 255


def part_of(X: np.ndarray, n_samples: int, *, seed: int) -> np.ndarray:
    """Return so many samples drawn without replacement, or all where there are no more."""
    if n_samples >= len(X):
        return X
    rows = np.random.default_rng(seed).choice(len(X), n_samples, replace=False)
    return X[np.sort(rows)]


def epochs_of_equal_updates(epochs: int, n_samples: int, n_usual: int, *, most: int = 2000) -> int:
    """Return the epochs on few samples that show a network as many samples as on many.

    Examples
    --------
    >>> epochs_of_equal_updates(50, 1_000, 20_000)
    1000
    """
    return int(np.clip(round(epochs * n_usual / n_samples), epochs, max(most, epochs)))


def fitted(encoder: Encoder, X: np.ndarray, *, progress: Update | None = None) -> Encoded:
    """Return an encoder fitted to samples, with their codes and the seconds that it took."""
    return encode(encoder, X, is_train=np.ones(len(X), dtype=bool), progress=progress)


def n_trainings(epochs_scale: float) -> int:
    """Return how often a network is trained, to see how far seeds matter: once in a short try.

    Examples
    --------
    >>> n_trainings(1.0), n_trainings(0.1), n_trainings(0.05)
    (3, 3, 1)
    """
    return 3 if epochs_scale >= 0.1 else 1


def repeated(
    workshop: Workshop, trainings: Mapping[str, Callable[[int], dict[str, Any]]]
) -> list[dict[str, list[Any]]]:
    """Return what each training finds with several seeds, a list for every name.

    A training is a function of the seed; its key is told as progress.
    """
    n_seeds = n_trainings(workshop.epochs_scale)
    found = []
    for i, (name, train) in enumerate(trainings.items()):
        of_seeds = []
        for j in range(n_seeds):
            done, total = i * n_seeds + j, len(trainings) * n_seeds
            workshop.update(done, total, f"{name}, training {j + 1}")
            of_seeds.append(train(workshop.seed + j))
        found.append({key: [one[key] for one in of_seeds] for key in of_seeds[0]})
    return found


def reconstructed(encoder: Encoder, X: np.ndarray) -> np.ndarray:
    """Return what an encoder gives back of samples, clipped to the pixels' range [0, 1]."""
    return np.clip(encoder.inverse_transform(encoder.transform(X)), 0.0, 1.0)


def squared_errors(X: np.ndarray, reconstruction: np.ndarray) -> np.ndarray:
    """Return the mean squared error per pixel of each sample, float64."""
    return np.square(np.subtract(X, reconstruction, dtype=np.float64)).mean(axis=1)


def cross_entropies(X: np.ndarray, reconstruction: np.ndarray) -> np.ndarray:
    """Return the binary cross-entropy per pixel of each sample, in nats, float64.

    Notes
    -----
    −mean over pixels of x log r + (1 − x) log(1 − r), with r clipped to half a grey level
    from 0 and 1, the same for every method: PCA's values below 0 would else cost infinity.
    """
    r = np.clip(reconstruction.astype(np.float64), HALF_GREY, 1.0 - HALF_GREY)
    return -(X * np.log(r) + (1.0 - X) * np.log1p(-r)).mean(axis=1)


def mean_difference(ours: np.ndarray, theirs: np.ndarray) -> tuple[float, float, float]:
    """Return the mean of paired differences and the ends of its 95 % interval.

    Notes
    -----
    value ± 1.96 · s / √n, with s the standard deviation of the differences (divisor n − 1).
    It says how the mean would vary with other samples; nothing of another training.
    """
    gaps = np.asarray(ours, np.float64) - np.asarray(theirs, np.float64)
    half = 1.96 * float(gaps.std(ddof=1)) / np.sqrt(len(gaps)) if len(gaps) > 1 else 0.0
    value = float(gaps.mean())
    return value, value - half, value + half
