"""Measure bits and errors of images: as rounded codes, and as files of JPEG and PNG.

An ideal arithmetic coder takes −log2 p bits for a symbol that it expects with probability p.
Its tables come from training codes, one per code value, so that nothing of the images that are
coded is known beforehand; no coder is run.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz.plots.images import mosaic
from aeviz.tutorial._experiments import squared_errors

if TYPE_CHECKING:
    from aeviz.encoders import Encoder

__all__ = [
    "Rounding",
    "blank_bytes",
    "cheapest_at",
    "frontier",
    "grey_levels",
    "in_files",
    "in_one_file",
    "psnr",
    "rate_distortion",
    "sensitivities",
]

SIDE, TILE = 28, 32

Point = dict[str, float]


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
        counts = [np.bincount(column) + 0.5 for column in (symbols - low).T]
        return cls(mean, step, low.tolist(), [one / one.sum() for one in counts])

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


def sensitivities(decode: Callable[[np.ndarray], np.ndarray], codes: np.ndarray) -> np.ndarray:
    """Return how far reconstructions move per unit of each code value, shape (code_size,).

    This is the root of the mean squared distance; 1 for each component of PCA.

    Notes
    -----
    Central differences over a tenth of the value's standard deviation. At fine steps, an
    error budget is best spent by steps in inverse proportion to this, as in transform
    coding with a transform that is not orthogonal.
    """
    found = np.zeros(codes.shape[1])
    for i, std in enumerate(codes.std(axis=0)):
        if std == 0:
            continue
        shift = np.zeros(codes.shape[1], np.float32)
        shift[i] = 0.1 * std
        gaps = decode(codes + shift) - decode(codes - shift)
        found[i] = np.sqrt(np.square(gaps, dtype=np.float64).sum(axis=1).mean()) / (2 * shift[i])
    # A value that changes nothing may be rounded to its mean.
    return np.maximum(found, 1e-6 * max(found.max(), 1e-6))


def rate_distortion(
    encoder: Encoder,
    train: np.ndarray,
    X_test: np.ndarray,
    *,
    steps: Sequence[float],
    n_probed: int = 500,
) -> list[Point]:
    """Return bits per pixel and PSNR of an encoder's rounded codes, finest step first.

    The tables are counted in all training codes, of shape (n_train, code_size); sensitivities are
    measured at the first `n_probed`. A step is how far rounding by it moves the reconstruction,
    as a Euclidean distance.
    """
    test = encoder.transform(X_test)
    sensitivity = sensitivities(encoder.inverse_transform, train[:n_probed])
    points = []
    for step in sorted(steps):
        rounded, bits = Rounding.of(train, step / sensitivity).apply(test)
        given_back = np.clip(encoder.inverse_transform(rounded), 0.0, 1.0)
        quality = psnr(float(squared_errors(X_test, given_back).mean()))
        points.append({"step": step, "bits": float(bits.mean() / X_test.shape[1]), "psnr": quality})
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


# -- files -----------------------------------------------------------------------------------


def grey_levels(X: np.ndarray) -> np.ndarray:
    """Return images in [0, 1] as 8-bit grey levels, shape (n, 28, 28)."""
    return np.rint(np.clip(X, 0.0, 1.0) * 255.0).astype(np.uint8).reshape(-1, SIDE, SIDE)


def in_files(images: np.ndarray, **options: Any) -> Point:
    """Return bits per pixel and PSNR of grey levels where each image is a file of its own.

    The options are those of Pillow's `Image.save`.
    """
    saved = [(image, *_saved(image, options)) for image in images]
    errors = [_squared_error(image, given_back) for image, _, given_back in saved]
    return _point(sum(size for _, size, _ in saved), float(np.mean(errors)), images.size)


def in_one_file(images: np.ndarray, **options: Any) -> Point:
    """Return bits per pixel and PSNR of grey levels where all are tiles of one mosaic.

    A tile has 32 x 32 pixels, so that no JPEG block of 8 x 8 has parts of two images. Bits
    and errors are those of the 28 x 28 pixels within; what the border costs is charged to them.
    """
    n_columns = int(np.ceil(np.sqrt(len(images))))
    border = (TILE - SIDE) // 2
    tiles = np.pad(images, ((0, 0), (border, border), (border, border)))
    sheet = np.nan_to_num(mosaic(tiles, n_columns=n_columns, gap=0)).astype(np.uint8)
    size, given_back = _saved(sheet, options)
    rows = given_back.reshape(-1, TILE, n_columns, TILE).swapaxes(1, 2)
    inner = rows.reshape(-1, TILE, TILE)[: len(images), border:-border, border:-border]
    return _point(size, _squared_error(images, inner), images.size)


def blank_bytes(**options: Any) -> int:
    """Return the bytes of a file with nothing in it: an image that is black."""
    return _saved(np.zeros((SIDE, SIDE), np.uint8), options)[0]


def _saved(image: np.ndarray, options: dict[str, Any]) -> tuple[int, np.ndarray]:
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image).save(file, **options)
    file.seek(0)
    with Image.open(file) as opened:
        return file.getbuffer().nbytes, np.asarray(opened)


def _squared_error(image: np.ndarray, given_back: np.ndarray) -> float:
    gaps = image.astype(np.float64) - given_back
    return float(np.square(gaps / 255.0).mean())


def _point(size_bytes: int, squared_error: float, n_pixels: int) -> Point:
    return {"bits": 8.0 * size_bytes / n_pixels, "psnr": psnr(squared_error)}
