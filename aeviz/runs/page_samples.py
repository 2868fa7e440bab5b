"""Write and read the samples that the page shows one by one, and the decoders that it runs.

The page shows a sample under the cursor as a small image or with its features. These are kept in
the run's folder within a budget of bytes, in the order of the page.
"""

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
from aeviz.plots.thumbnails import Thumbnails, make_thumbnails
from aeviz.portable.network import Portable, portable_decoder
from aeviz.portable.run_numpy import NotPortableError

__all__ = [
    "LIMITS",
    "Browsable",
    "PageLimits",
    "read_decoder",
    "write_decoder",
]

N_TRIED = 500
WHY = "why.json"


@dataclass(frozen=True)
class PageLimits:
    """Most that a page holds of single samples and of decoders.

    Parameters
    ----------
    points : int
        Samples times embeddings; each takes four bytes.
    new_samples : int
        New samples of one source.
    image_bytes, feature_bytes : int
        For all images, and for all features at four bytes per value. A value that float32 cannot
        hold, which is rare, takes eight.
    features, weights : int
        Features of a table, and weights of a decoder.
    """

    points: int = 1_000_000
    new_samples: int = 20_000
    image_bytes: int = 2_000_000
    feature_bytes: int = 4_000_000
    features: int = 64
    weights: int = 1_200_000


LIMITS = PageLimits()


@dataclass(frozen=True, eq=False)
class Browsable:
    """Samples that a page shows one by one.

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
    def of(
        cls,
        prepared: Prepared,
        points: np.ndarray,
        *,
        n_embeddings: int,
        limits: PageLimits = LIMITS,
    ) -> Self:
        """Return what to keep of a data set; of more samples than the limits allow, some at random.

        They are kept in an order in which neighbours in the first embedding, whose coordinates
        are `points`, follow each other: it compresses well, and an even choice of samples covers
        the map.
        """
        dataset = prepared.dataset
        rows = _rows(points, limits.points // max(1, n_embeddings))
        if dataset.image_shape is None:
            n_fitting = max(1, limits.feature_bytes // (4 * len(rows)))
            n_columns = min(dataset.n_features, limits.features, n_fitting)
            return cls(rows, np.arange(n_columns), dataset.X[rows, :n_columns], None)
        images = make_thumbnails(
            lambda positions: dataset.X[rows[positions]],
            len(rows),
            ImageScale(dataset.X[prepared.shown], dataset.image_shape),
            budget_bytes=limits.image_bytes,
        )
        return cls(rows, np.arange(0), np.empty((len(rows), 0), np.float32), images)

    @classmethod
    def beside(cls, former: Self, dataset: Dataset, scale: ImageScale) -> Self:
        """Return what to keep of new samples with the same features, shown with those of `former`.

        Their images are drawn with its `scale`.
        """
        rows = _drawn(dataset.n_samples, LIMITS.new_samples)
        X = dataset.X[np.ix_(rows, former.columns)]
        images = None
        if former.images is not None:
            images = make_thumbnails(
                lambda positions: dataset.X[rows[positions]],
                len(rows),
                scale,
                budget_bytes=LIMITS.image_bytes,
                beside=former.images,
            )
        return cls(rows, former.columns, X, images)

    def write(self, folder: Path) -> None:
        """Write files into an existing folder."""
        arrays: dict[str, Any] = {"rows": self.rows, "columns": self.columns, "X": self.X}
        if self.images is not None:
            size = [self.images.width_px, self.images.height_px]
            arrays |= {"pictured": self.images.rows, "size_px": np.array(size)}
            for i, sheet in enumerate(self.images.sheets):
                (folder / f"images_{i:04d}.webp").write_bytes(sheet)
        np.savez(folder / "samples.npz", **arrays)

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return what `write` wrote, or None without it, as in runs of former versions."""
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


def _drawn(n_samples: int, n_most: int) -> np.ndarray:
    """Return the rows of all samples, or of a random choice of as many as allowed."""
    if n_samples <= n_most:
        return np.arange(n_samples)
    return np.sort(np.random.default_rng(0).choice(n_samples, n_most, replace=False))


def _rows(points: np.ndarray, n_most: int) -> np.ndarray:
    """Return the rows of the page, all or a random choice, along a Z-order curve."""
    rows = _drawn(len(points), n_most)
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


def write_decoder(
    folder: Path,
    encoder: Encoder,
    code: np.ndarray,
    scaling: Scaling,
    *,
    max_weights: int = LIMITS.weights,
) -> None:
    """Write an encoder's decoder in a form that a page can run, or the reason without one.

    The decoder gives samples in the units of the source; rounded weights are tested with `code`,
    of shape (n_samples, code_size). A decoder of more weights is not written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        portable = portable_decoder(encoder)
        if scaling.values.name != "none":
            raise NotPortableError(f"its values are those of the transform {scaling.values.name}")
        n_weights = portable.size_bytes // 4
        if n_weights > max_weights:
            raise NotPortableError(
                f"it has {n_weights:,} weights, more than the {max_weights:,} that a page holds"
            )
    except NotPortableError as error:
        write_json(folder / WHY, {"why": str(error)})
        return
    portable, _ = portable.narrowed(evenly(code, N_TRIED))
    portable.in_units(scaling.shift, scaling.scale).write(folder)


def read_decoder(folder: Path) -> tuple[Portable | None, str]:
    """Return the decoder that `write_decoder` wrote, or None and the reason."""
    if (folder / WHY).is_file():
        return None, str(read_json(folder / WHY)["why"])
    if not folder.is_dir():
        return None, "the run was made without it"
    return Portable.read(folder), ""
