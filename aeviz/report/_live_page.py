"""The manifest of a run's live page, with the arrays that it refers to.

Its types are in `aeviz.report.manifest`. Everything is in the order of
`aeviz.report._page_samples`, which may hold a part of the samples; the notes say so then.
"""

import numpy as np
import pandas as pd

from aeviz.core.wording import grouped
from aeviz.page.blobs import Blobs, Ref
from aeviz.page.builder import Live
from aeviz.page.wording import capitalised, joined
from aeviz.plots.theme import DARK, LIGHT, Theme
from aeviz.plots.thumbnails import N_COLUMNS, PER_SHEET
from aeviz.report._columns import MISSING, columns_of
from aeviz.report._decoders import decoders
from aeviz.report._maps import color_stops, has_axes, name_of
from aeviz.report._page_samples import OUTSIDE, PageSamples
from aeviz.report._samples import feature_names, image_scale
from aeviz.report.manifest import (
    Added,
    EmbeddingSpec,
    Manifest,
    Ramps,
    SampleFormat,
    Thumbnails,
)
from aeviz.runs import Pair, Run

__all__ = ["embedding_spec", "live_page", "ramps"]

N_NEIGHBORS = 8
_FINEST = 0xFFFF


def live_page(
    run: Run,
    *,
    max_text_bytes: int = 4_000_000,
    max_code_numbers: int = 3_000_000,
    max_fine_numbers: int = 400_000,
) -> Live | None:
    """Return the manifest of a run and the arrays that it refers to.

    Parameters
    ----------
    run : Run
    max_text_bytes : int
        Of all annotations together; see also `aeviz.runs.page_samples`.
    max_code_numbers : int
        Numbers in codes, of all encoders together.
    max_fine_numbers : int
        Codes of an encoder with more numbers are kept in 32 steps of their range: this takes 60 %
        of the bytes and moves a code by far less than the noise in training does.

    Returns
    -------
    Live or None
        None for runs of former versions, which kept no samples for it.
    """
    samples = PageSamples.of(run)
    if samples is None:
        return None
    blobs = Blobs()
    manifest: Manifest = {
        "schema": 1,
        "name": run.data.name,
        "nSamples": samples.n_samples,
        "nAll": run.data.n_samples,
        # The first view needs these, so they come first.
        "embeddings": [embedding_spec(samples, pair, blobs) for pair in run.pairs],
        "columns": columns_of(samples, blobs),
        "ids": _ids(samples.table, blobs),
        "neighbors": _neighbors(samples, blobs),
        "format": _format(run),
        "thumbnails": _thumbnails(samples, blobs),
        "decoders": decoders(samples, blobs, max_code_numbers, max_fine_numbers),
        "ramps": {"light": ramps(LIGHT), "dark": ramps(DARK)},
        "notes": _notes(samples),
    }
    texts, text_notes = samples.texts(blobs, max_text_bytes)
    manifest["notes"] += text_notes
    # A page without new samples or texts stays as small as before.
    if texts:
        manifest["annotations"] = texts
    if samples.sources:
        manifest["added"] = _added(samples, blobs)
    return Live(manifest, blobs)


def embedding_spec(samples: PageSamples, pair: Pair, blobs: Blobs) -> EmbeddingSpec:
    """Return the coordinates of an embedding, with the shares of wrong neighbours."""
    key, table = pair.key, samples.table
    points = table[[f"{key}_x", f"{key}_y"]].to_numpy(np.float64)
    if np.isnan(points).any():
        # New samples that an embedding could not transform are the last ones.
        points = points[: samples.n_old]
    (left, bottom), (right, top) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return {
        "key": key,
        "title": capitalised(name_of(pair)),
        "x": blobs.array(_steps(points[:, 0], left, right, _FINEST)),
        "y": blobs.array(_steps(points[:, 1], bottom, top, _FINEST)),
        "box": (left, right, bottom, top),
        "false": _share(f"{key}_false_neighbors", samples, blobs),
        "missed": _share(f"{key}_missing_neighbors", samples, blobs),
        "hasAxes": has_axes(pair.embedding),
        "latent": pair.encoder if pair.is_latent else None,
    }


def _share(column: str, samples: PageSamples, blobs: Blobs) -> Ref | None:
    """Return shares in one byte each, or in two where new samples have none."""
    if column not in samples.table.columns:
        return None
    values = samples.table[column].to_numpy()
    if samples.sources:
        return blobs.array(_steps(values, 0, 1, MISSING - 1))
    return blobs.array(np.round(255 * values).astype(np.uint8))


def _steps(values: np.ndarray, low: float, high: float, top: int) -> np.ndarray:
    """Return values as steps from 0 at `low` to `top` at `high`, missing ones as `MISSING`."""
    span = (high - low) or 1.0
    # In float64, which holds the span of any float32 and every whole number up to `top`.
    wide = np.asarray(values, np.float64)
    scaled = np.round((np.clip(wide, low, high) - low) / span * top)
    return np.where(np.isfinite(values), scaled, MISSING).astype(np.uint16)


def _ids(table: pd.DataFrame, blobs: Blobs) -> Ref:
    """Return identifiers: as numbers where they are whole and not negative, else as text."""
    ids = table["sample_id"].to_numpy()
    if ids.dtype.kind in "iu" and ids.min() >= 0 and ids.max() < OUTSIDE:
        return blobs.array(ids.astype(np.uint32))
    return blobs.json([str(one) for one in ids])


def _neighbors(samples: PageSamples, blobs: Blobs) -> Ref | None:
    """Return the nearest samples in the data, by their numbers on the page in ascending order.

    As differences of one from the next, which are small: numbers follow the first embedding.
    """
    rows, neighbors = samples.found.rows, samples.run.neighbors
    if neighbors is None:
        return None
    numbers = np.full(samples.run.data.n_samples, OUTSIDE, np.uint32)
    numbers[rows] = np.arange(len(rows), dtype=np.uint32)
    near = np.sort(numbers[neighbors.indices[rows, :N_NEIGHBORS]], axis=1)
    # The nearest samples of new ones in the data are not searched.
    unknown = np.full((samples.n_samples - len(rows), near.shape[1]), OUTSIDE, np.uint32)
    return blobs.array(np.diff(np.concatenate([near, unknown]), axis=1, prepend=np.uint32(0)))


def _format(run: Run) -> SampleFormat:
    scale, is_image = image_scale(run), run.data.is_image
    return {
        "kind": "image" if is_image else "table",
        "shape": run.data.image_shape or None,
        "low": scale.low,
        "high": scale.high,
        "isDrawing": scale.is_drawing,
        "featureNames": [] if is_image else feature_names(run),
        "means": [] if is_image else run.samples.mean.tolist(),
        "stds": [] if is_image else run.samples.std.tolist(),
    }


def _thumbnails(samples: PageSamples, blobs: Blobs) -> Thumbnails | None:
    images, found = samples.found.images, samples.thumbnails()
    if images is None or found is None:
        return None
    sheets, tiles = found
    return {
        "sheets": [blobs.array(np.frombuffer(sheet, np.uint8)) for sheet in sheets],
        "mime": "image/webp",
        "perSheet": PER_SHEET,
        "nColumns": N_COLUMNS,
        "width": images.width_px,
        "height": images.height_px,
        "rows": None if tiles is None else blobs.array(tiles.astype(np.uint32)),
    }


def _added(samples: PageSamples, blobs: Blobs) -> Added:
    """Return which of the samples are new: the last ones, one source after another."""
    return {
        "sources": [{"name": one.name, "n": len(shown.rows)} for one, shown in samples.sources],
        "isOutlier": blobs.array(samples.new["is_outlier"].to_numpy(bool).astype(np.uint8)),
    }


def ramps(theme: Theme) -> Ramps:
    """Return the colours of values and of shares in a theme."""
    values, shares = color_stops(theme.continuous()), color_stops(theme.emphatic())
    return {"values": values, "shares": shares, "missing": theme.missing}


def _notes(samples: PageSamples) -> list[str]:
    """Return sentences on what the page leaves out."""
    notes = []
    run, found = samples.run, samples.found
    n_shown = len(found.rows)
    if n_shown < run.data.n_samples:
        notes.append(samples.part_words())
    images = found.images
    if images is not None and len(images.rows) < n_shown:
        notes.append(f"Images of {len(images.rows):,} samples, evenly over the first map.")
    if images is None and len(found.columns) < run.data.n_features:
        notes.append(f"The first {len(found.columns)} of {run.data.n_features:,} features.")
    left_out: dict[str, str] = {}
    for one, shown in samples.sources:
        if len(shown.rows) < len(one.table):
            part = f"{len(shown.rows):,} of {len(one.table):,} new samples of {one.name}"
            notes.append(f"The maps show {part}, drawn at random.")
        left_out |= one.info["left_out"]
    kept_out = {name_of(pair): left_out[pair.key] for pair in run.pairs if pair.key in left_out}
    return notes + [
        f"{joined(names)} {'has' if len(names) == 1 else 'have'} no new samples: {reason}"
        for reason, names in grouped(kept_out).items()
    ]
