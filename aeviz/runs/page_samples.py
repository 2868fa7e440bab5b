"""Keep of every sample what a reader of the page may want to see of it.

A run keeps codes and pictures of all samples, and of the samples themselves a few. The
page shows each of them under the cursor: as a small image, or with its features. This
step keeps those in the run's folder, within a budget, and in the order of the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from aeviz.core.atomic_files import read_json, write_json
from aeviz.core.subsampling import evenly
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import Prepared
from aeviz.data.scaling import Scaling
from aeviz.encoders import Encoder
from aeviz.plots.images import ImageScale
from aeviz.plots.thumbnails import Thumbnails, thumbnails
from aeviz.portable.network import Portable, portable_decoder
from aeviz.portable.run_numpy import NotPortableError

__all__ = [
    "MAX_ADDED",
    "MAX_FEATURES",
    "MAX_PLACES",
    "Browsable",
    "read_decoder",
    "write_decoder",
]

# Places are samples times pictures; each takes four bytes of the page.
MAX_PLACES = 1_000_000
MAX_FEATURES = 64
# New samples of one source.
MAX_ADDED = 20_000
IMAGE_BYTES = 2_000_000
# A feature takes at most four bytes a sample of the page, eight in the rare case that float32
# cannot hold it.
FEATURE_BYTES = 4_000_000
MAX_WEIGHTS = 1_200_000
N_TRIED = 500
WHY = "why.json"


@dataclass(frozen=True, eq=False)
class Browsable:
    """Hold what a page shows of single samples.

    Parameters
    ----------
    rows : ndarray of int of shape (n_shown,)
        Row numbers of the samples in the order of the page.
    columns : ndarray of int
        Numbers of the features that are kept; none of images.
    X : ndarray of shape (n_shown, n_columns)
        Their values, in the units and the dtype of the source; float32 in runs of former versions.
    images : Thumbnails or None
        Small images of the samples, None for tables. Their `rows` count in the order of the page.
    """

    rows: np.ndarray
    columns: np.ndarray
    X: np.ndarray
    images: Thumbnails | None

    @classmethod
    def of(cls, prepared: Prepared, points: np.ndarray, *, n_pictures: int) -> Self:
        """Choose what to keep of a data set.

        Parameters
        ----------
        prepared : Prepared
        points : ndarray of shape (n_samples, 2)
            The first picture: samples are kept in an order in which neighbours there follow each
            other, which compresses well and lets any even choice of them cover the picture.
        n_pictures : int
        """
        dataset = prepared.dataset
        rows = _rows(points, MAX_PLACES // max(1, n_pictures))
        if dataset.image_shape is None:
            return cls(rows, *_features(dataset.X, rows), None)
        images = thumbnails(
            lambda places: dataset.X[rows[places]],
            len(rows),
            ImageScale(dataset.X[prepared.shown], dataset.image_shape),
            budget_bytes=IMAGE_BYTES,
        )
        return cls(rows, np.arange(0), np.empty((len(rows), 0), np.float32), images)

    @classmethod
    def beside(cls, former: Browsable, dataset: Dataset, scale: ImageScale) -> Self:
        """Choose what to keep of new samples that are shown among those of `former`.

        Parameters
        ----------
        former : Browsable
        dataset : Dataset
            With the same features.
        scale : ImageScale
            Of the images of `former`; without meaning for tables.
        """
        rows = np.arange(dataset.n_samples)
        if len(rows) > MAX_ADDED:
            rows = np.sort(np.random.default_rng(0).choice(rows, MAX_ADDED, replace=False))
        X = dataset.X[np.ix_(rows, former.columns)]
        images = None
        if former.images is not None:
            images = thumbnails(
                lambda places: dataset.X[rows[places]],
                len(rows),
                scale,
                budget_bytes=IMAGE_BYTES,
                beside=former.images,
            )
        return cls(rows, former.columns, X, images)

    def write(self, folder: Path) -> None:
        """Write files into a folder, which exists."""
        arrays: dict[str, Any] = {"rows": self.rows, "columns": self.columns, "X": self.X}
        if self.images is not None:
            size = [self.images.width_px, self.images.height_px]
            arrays |= {"pictured": self.images.rows, "size_px": np.array(size)}
            for i, sheet in enumerate(self.images.sheets):
                (folder / f"images_{i:04d}.webp").write_bytes(sheet)
        np.savez(folder / "samples.npz", **arrays)

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return what `write` wrote, or None where nothing is, as in runs of former versions."""
        path = folder / "samples.npz"
        if not path.is_file():
            return None
        with np.load(path, allow_pickle=False) as found:
            images = None
            if "pictured" in found:
                sheets = tuple(one.read_bytes() for one in sorted(folder.glob("images_*.webp")))
                width_px, height_px = found["size_px"].tolist()
                images = Thumbnails(sheets, width_px, height_px, found["pictured"])
            return cls(found["rows"], found["columns"], found["X"], images)


def _rows(points: np.ndarray, n_most: int) -> np.ndarray:
    """Return the rows that the page shows, all or a random choice, along a Z-order curve."""
    rows = np.arange(len(points))
    if len(rows) > n_most:
        rows = np.sort(np.random.default_rng(0).choice(rows, n_most, replace=False))
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1)
    cells = ((points[rows] - low) / span * 0xFFFF).astype(np.uint32)
    curve = _spread(cells[:, 0]) | (_spread(cells[:, 1]) << 1)
    return rows[np.argsort(curve, kind="stable")]


def _spread(values: np.ndarray) -> np.ndarray:
    """Return 16-bit numbers with a zero bit after each of their bits."""
    spread: np.ndarray = values.astype(np.uint32)
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        spread = (spread | (spread << np.uint32(shift))) & np.uint32(mask)
    return spread


def _features(X: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return numbers and values of the columns that are kept: all if they fit, else the first."""
    n_columns = min(X.shape[1], MAX_FEATURES, max(1, FEATURE_BYTES // (4 * len(rows))))
    return np.arange(n_columns), X[rows, :n_columns]


def write_decoder(folder: Path, encoder: Encoder, code: np.ndarray, scaling: Scaling) -> None:
    """Write an encoder's decoder in a form that a page can run, or say why there is none.

    Parameters
    ----------
    folder : Path
        Made if missing.
    encoder : fitted encoder
    code : ndarray of shape (n_samples, code_size)
        Codes that rounded kernels are tried on.
    scaling : Scaling
        What comes out is in the units of the source.
    """
    try:
        portable = portable_decoder(encoder)
    except NotPortableError as error:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / WHY, {"why": str(error)})
        return
    n_weights = portable.size_bytes // 4
    if n_weights > MAX_WEIGHTS:
        why = f"it has {n_weights:,} weights, more than the {MAX_WEIGHTS:,} that a page holds"
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / WHY, {"why": why})
        return
    portable, _ = portable.narrowed(evenly(code, N_TRIED))
    portable.in_units(scaling.shift, scaling.scale).write(folder)


def read_decoder(folder: Path) -> tuple[Portable | None, str]:
    """Return what `write_decoder` wrote: a decoder, or the reason why there is none."""
    if (folder / WHY).is_file():
        return None, str(read_json(folder / WHY)["why"])
    if not folder.is_dir():
        return None, "the run was made without it"
    return Portable.read(folder), ""
