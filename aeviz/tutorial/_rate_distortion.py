"""Count the bits that rounded codes would take, and the error that rounding them adds.

An ideal arithmetic coder takes −log2 p bits for a symbol that it expects with probability p.
Its tables come from training codes, one per code value, so that nothing of the images that are
coded is known beforehand; no coder is run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aeviz.tutorial._errors import squared_errors

__all__ = ["Rounding", "cheapest_at", "frontier", "psnr", "rate_distortion", "sensitivities"]

Point = dict[str, float]
Decode = Callable[[np.ndarray], np.ndarray]


def psnr(squared_error: float) -> float:
    """Return the peak signal-to-noise ratio in dB of values in [0, 1].

    Examples
    --------
    >>> psnr(0.01)
    20.0
    """
    return float(-10.0 * np.log10(max(squared_error, 1e-12)))


@dataclass(frozen=True, eq=False)
class Rounding:
    """Rounding of each value of a code to multiples of a step around its mean.

    Parameters
    ----------
    mean, step : ndarray of shape (code_size,)
    low, tables : list of int, list of ndarray
        For each code value the least multiple that training codes have, and the
        probabilities of that and the following ones.
    """

    mean: np.ndarray
    step: np.ndarray
    low: list[int]
    tables: list[np.ndarray]

    @classmethod
    def of(cls, codes: np.ndarray, step: np.ndarray) -> Rounding:
        """Return the rounding by a step, its tables counted in training codes.

        Every multiple between the least and the largest gets half a count for free, so that
        none has the probability 0.
        """
        mean = codes.mean(axis=0, dtype=np.float64)
        symbols = np.rint((codes - mean) / step).astype(int)
        low = symbols.min(axis=0)
        tables = []
        for column in (symbols - low).T:
            counts = np.bincount(column) + 0.5
            tables.append(counts / counts.sum())
        return cls(mean, step, low.tolist(), tables)

    def apply(self, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return rounded codes and the bits of each, shapes (n, code_size) and (n,).

        What lies beyond the training codes is set to their extremes.
        """
        symbols = np.rint((codes - self.mean) / self.step).astype(int)
        bits = np.zeros(len(codes))
        for i, (low, table) in enumerate(zip(self.low, self.tables, strict=True)):
            rows = np.clip(symbols[:, i] - low, 0, len(table) - 1)
            symbols[:, i] = rows + low
            bits -= np.log2(table[rows])
        return (self.mean + symbols * self.step).astype(np.float32), bits


def sensitivities(decode: Decode, codes: np.ndarray) -> np.ndarray:
    """Return how far the reconstruction moves per unit of each code value.

    Parameters
    ----------
    decode : function (codes) -> reconstructions
    codes : ndarray of shape (n_samples, code_size)
        Where to measure.

    Returns
    -------
    ndarray of shape (code_size,)
        Root of the mean squared distance; 1 for each component of PCA.

    Notes
    -----
    Central differences over a tenth of the value's standard deviation. At fine steps, an
    error budget is best spent by steps in inverse proportion to this, as in transform
    coding with a transform that is not orthogonal.
    """
    stds = codes.std(axis=0)
    found = np.zeros(codes.shape[1])
    for i, std in enumerate(stds):
        if std == 0:
            continue
        shift = np.zeros(codes.shape[1], np.float32)
        shift[i] = 0.1 * std
        gaps = decode(codes + shift) - decode(codes - shift)
        found[i] = np.sqrt(np.square(gaps, dtype=np.float64).sum(axis=1).mean()) / (2 * shift[i])
    # A value that changes nothing may be rounded to its mean.
    return np.maximum(found, 1e-6 * max(found.max(), 1e-6))


def rate_distortion(
    encoder: Any,
    train: np.ndarray,
    X_test: np.ndarray,
    *,
    steps: Sequence[float],
    n_probed: int = 500,
) -> list[Point]:
    """Return bits per pixel and PSNR of an encoder's rounded codes, finest step first.

    Parameters
    ----------
    encoder : fitted encoder
    train : ndarray of shape (n_train, code_size)
        Training codes, which the tables are counted in.
    X_test : ndarray of shape (n_test, n_pixels)
        In [0, 1].
    steps : sequence of float
        How far rounding by one step moves the reconstruction, as a Euclidean distance.
    n_probed : int
        Training codes that sensitivities are measured at.
    """

    def decode(codes: np.ndarray) -> np.ndarray:
        return np.clip(encoder.inverse_transform(codes), 0.0, 1.0)

    test = encoder.transform(X_test)
    sensitivity = sensitivities(encoder.inverse_transform, train[:n_probed])
    points = []
    for step in sorted(steps):
        rounded, bits = Rounding.of(train, step / sensitivity).apply(test)
        error = float(squared_errors(X_test, decode(rounded)).mean())
        points.append(
            {"step": step, "bits": float(bits.mean() / X_test.shape[1]), "psnr": psnr(error)}
        )
    return points


def frontier(points: Sequence[Point]) -> list[Point]:
    """Return the points that no other beats in both bits and PSNR, fewest bits first."""
    best: list[Point] = []
    for point in sorted(points, key=lambda p: (p["bits"], -p["psnr"])):
        if not best or point["psnr"] > best[-1]["psnr"]:
            best.append(point)
    return best


def cheapest_at(points: Sequence[Point], quality: float) -> float | None:
    """Return the bits at which a curve reaches a PSNR, or None where it never does.

    Between two points log bits is linear in dB; below its first point a curve costs what
    the first point costs.

    Examples
    --------
    >>> curve = [{"bits": 1.0, "psnr": 10.0}, {"bits": 4.0, "psnr": 20.0}]
    >>> cheapest_at(curve, 15.0), cheapest_at(curve, 5.0), cheapest_at(curve, 30.0)
    (2.0, 1.0, None)
    """
    curve = frontier(points)
    x, y = [p["psnr"] for p in curve], [np.log2(p["bits"]) for p in curve]
    if quality > x[-1]:
        return None
    return float(np.round(2.0 ** np.interp(quality, x, y), 12))
