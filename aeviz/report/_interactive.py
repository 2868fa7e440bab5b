"""Say what the page's script needs to know of a run: places, colours, neighbours, samples.

The types of what is written here are in ``web/src/manifest.ts``. Everything is in the order
of `aeviz.browsing.Browsable`, which may be a choice of the samples; the notes say so then.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from aeviz.browsing import Browsable
from aeviz.data.dataset import are_classes
from aeviz.plots._theme import DARK, LIGHT, class_colors
from aeviz.plots.coloring import Coloring
from aeviz.plots.thumbnails import N_COLUMNS, PER_SHEET
from aeviz.report._blobs import Blobs
from aeviz.report._live_decoders import decoders
from aeviz.report._maps import coloring_of, has_axes, points_of
from aeviz.report._page import Live
from aeviz.report._samples import image_scale
from aeviz.report._words import capitalised, method, shortened
from aeviz.runs import Run

__all__ = ["interactive"]

MISSING = 0xFFFF
OUTSIDE = 0xFFFFFFFF
N_NEIGHBORS = 8
_N_STOPS = 32
_FINEST = 0xFFFF


def interactive(run: Run) -> Live | None:
    """Return the manifest of a run and the arrays that it refers to.

    Returns
    -------
    Live or None
        None for runs of former versions, which kept no samples for it.
    """
    found = Browsable.read(run.browse_path)
    if found is None or not run.pairs:
        return None
    blobs = Blobs()
    table = run.embeddings.iloc[found.rows].reset_index(drop=True)
    # What the first view needs stands first.
    pictures = [_picture(run, pair, table, found.rows, blobs) for pair in run.pairs]
    columns = [*_labels(run, table, found.rows, blobs), *_errors(run, table, blobs)]
    manifest = {
        "schema": 1,
        "name": run.data.name,
        "nSamples": len(found.rows),
        "nAll": run.data.n_samples,
        "pictures": pictures,
        "columns": [*columns, *_features(run, found, blobs)],
        "ids": _ids(table, blobs),
        "neighbors": _neighbors(run, found.rows, blobs),
        "look": _look(run),
        "thumbnails": _thumbnails(found, blobs),
        "decoders": decoders(run, found.rows, blobs),
        "ramps": {
            theme.name: {
                "values": _stops(theme.continuous()),
                "shares": _stops(theme.emphatic()),
                "missing": theme.missing,
            }
            for theme in (LIGHT, DARK)
        },
    }
    manifest["notes"] = _notes(run, found)
    return Live(manifest, blobs)


def _picture(
    run: Run, pair: tuple[str, str], table: pd.DataFrame, rows: np.ndarray, blobs: Blobs
) -> dict[str, Any]:
    points = points_of(run, *pair)[rows].astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    x, y = (_quantised(points[:, i], low[i], high[i], _FINEST) for i in (0, 1))
    key = "_".join(pair)
    shares = {}
    for share in ("false", "missed"):
        name = f"{key}_{share}"
        kept = name in table.columns
        shares[share] = blobs.array(np.round(255 * table[name]).astype(np.uint8)) if kept else None
    return {
        "key": key,
        "title": capitalised(method(*pair)),
        "x": blobs.array(x),
        "y": blobs.array(y),
        "box": [float(low[0]), float(high[0]), float(low[1]), float(high[1])],
        **shares,
        "hasAxes": has_axes(pair[1]),
        "latent": pair[0] if pair[1] == "latent" else None,
    }


def _quantised(values: np.ndarray, low: float, high: float, top: int) -> np.ndarray:
    """Return values from 0 at `low` to `top` at `high`, missing ones as `MISSING`."""
    span = (high - low) or 1.0
    # In float64, which holds the span of any float32 and every whole number up to `top`.
    wide = np.asarray(values, np.float64)
    scaled = np.round((np.clip(wide, low, high) - low) / span * top)
    return np.where(np.isfinite(values), scaled, MISSING).astype(np.uint16)


def _labels(run: Run, table: pd.DataFrame, rows: np.ndarray, blobs: Blobs) -> list[dict[str, Any]]:
    """Return the label, with the colours that it has in all figures, and the split."""
    coloring = coloring_of(run)
    columns = []
    if coloring.kind == "classes":
        codes = np.asarray(coloring.codes)[rows]
        columns.append(
            {
                "kind": "classes",
                "key": "label",
                "title": "label",
                "values": blobs.array(np.where(codes < 0, MISSING, codes).astype(np.uint16)),
                "names": blobs.json(list(coloring.class_names)),
                "colors": blobs.json(class_colors(coloring.n_classes)),
            }
        )
    elif coloring.kind == "continuous":
        values = np.asarray(coloring.values)[rows]
        columns.append(_values("label", "label", "label", values, blobs))
    columns += _further_labels(run, table, blobs)
    split = (table["split"] == "test").to_numpy()
    columns.append(
        {
            "kind": "classes",
            "key": "split",
            "title": "training or held out",
            "values": blobs.array(split.astype(np.uint16)),
            "names": blobs.json(["training", "held out"]),
            "colors": blobs.json(class_colors(2)),
        }
    )
    return columns


def _further_labels(run: Run, table: pd.DataFrame, blobs: Blobs) -> list[dict[str, Any]]:
    """Return the labels beside the first, with colours of their own."""
    columns = []
    for name in run.data.further_labels:
        values = table[f"label_{name}"]
        key, title = f"label {name}", shortened(name, 40)
        if values.dtype.kind == "f" and not are_classes(values.dropna().to_numpy()):
            columns.append(_values(key, title, "label", values.to_numpy(), blobs))
            continue
        coloring = Coloring.of_classes(_class_words(values))
        if coloring.n_classes >= MISSING:
            continue
        codes = np.asarray(coloring.codes)
        columns.append(
            {
                "kind": "classes",
                "key": key,
                "title": title,
                "values": blobs.array(np.where(codes < 0, MISSING, codes).astype(np.uint16)),
                "names": blobs.json(list(coloring.class_names)),
                "colors": blobs.json(class_colors(coloring.n_classes)),
            }
        )
    return columns


def _class_words(values: pd.Series) -> pd.Series:
    """Return classes as text, whole numbers without a fraction; missing ones stay so."""
    if values.dtype.kind == "f":
        return values.map("{:.0f}".format, na_action="ignore")
    return values


def _values(key: str, title: str, group: str, values: np.ndarray, blobs: Blobs) -> dict[str, Any]:
    """Return a column of numbers; its colours span the 1st to the 99th percentile."""
    finite = values[np.isfinite(values)].astype(np.float64)
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    shown = np.percentile(finite, (1, 99)).tolist() if len(finite) else [low, high]
    return {
        "kind": "values",
        "key": key,
        "title": title,
        "group": group,
        "values": blobs.array(_quantised(values, low, high, MISSING - 1)),
        "low": low,
        "high": high,
        "shown": shown if shown[0] < shown[1] else [low, high],
    }


def _errors(run: Run, table: pd.DataFrame, blobs: Blobs) -> list[dict[str, Any]]:
    columns = []
    for kind in run.encoders:
        if f"{kind}_error" in table.columns:
            values = table[f"{kind}_error"].to_numpy(float)
            title = f"reconstruction error, {method(kind)}"
            columns.append(_values(f"{kind}_error", title, "error", values, blobs))
    return columns


def _features(run: Run, found: Browsable, blobs: Blobs) -> list[dict[str, Any]]:
    names = run.data.feature_names or _numbered(run.data.n_features)
    return [
        _values(f"feature {column}", names[column], "feature", found.X[:, i], blobs)
        for i, column in enumerate(found.columns)
    ]


def _ids(table: pd.DataFrame, blobs: Blobs) -> dict[str, Any]:
    """Return identifiers: as numbers where they are whole and not negative, else as text."""
    ids = table["sample_id"].to_numpy()
    if ids.dtype.kind in "iu" and ids.min() >= 0 and ids.max() < OUTSIDE:
        return blobs.array(ids.astype(np.uint32))
    return blobs.json([str(one) for one in ids])


def _neighbors(run: Run, rows: np.ndarray, blobs: Blobs) -> dict[str, Any] | None:
    """Return the places on the page of the nearest samples in the data, in ascending order.

    As differences of one from the next, which are small, for places follow the first picture.
    """
    if not run.neighbors_path.is_file():
        return None
    place = np.full(run.data.n_samples, OUTSIDE, np.uint32)
    place[rows] = np.arange(len(rows), dtype=np.uint32)
    near = np.sort(place[run.neighbors["indices"][rows, :N_NEIGHBORS]], axis=1)
    return blobs.array(np.diff(near, axis=1, prepend=np.uint32(0)))


def _look(run: Run) -> dict[str, Any]:
    scale = image_scale(run)
    samples, names = run.samples, run.data.feature_names
    is_image = run.data.is_image
    return {
        "kind": "image" if is_image else "table",
        "shape": list(run.data.image_shape) if run.data.image_shape else None,
        "low": scale.low,
        "high": scale.high,
        "isDrawing": scale.is_drawing,
        "featureNames": [] if is_image else names or _numbered(run.data.n_features),
        "means": [] if is_image else samples["mean"].tolist(),
        "deviations": [] if is_image else samples["deviation"].tolist(),
    }


def _numbered(n_features: int) -> list[str]:
    return [f"feature {i + 1}" for i in range(n_features)]


def _thumbnails(found: Browsable, blobs: Blobs) -> dict[str, Any] | None:
    images = found.images
    if images is None:
        return None
    is_all = len(images.rows) == len(found.rows)
    return {
        "sheets": [blobs.array(np.frombuffer(sheet, np.uint8)) for sheet in images.sheets],
        "mime": "image/webp",
        "perSheet": PER_SHEET,
        "nColumns": N_COLUMNS,
        "width": images.width_px,
        "height": images.height_px,
        "rows": None if is_all else blobs.array(images.rows.astype(np.uint32)),
    }


def _stops(color_map: Any) -> list[str]:
    return [to_hex(color) for color in color_map(np.linspace(0, 1, _N_STOPS))]


def _notes(run: Run, found: Browsable) -> list[str]:
    """Return sentences on what the page leaves out."""
    notes = []
    n_shown, n_all = len(found.rows), run.data.n_samples
    if n_shown < n_all:
        notes.append(
            f"The maps show {n_shown:,} of {n_all:,} samples, drawn at random without regard to "
            "label or place. Scores and figures are of all."
        )
    images = found.images
    if images is not None and len(images.rows) < n_shown:
        notes.append(f"Images of {len(images.rows):,} samples, evenly over the first map.")
    if images is None and len(found.columns) < run.data.n_features:
        notes.append(f"The first {len(found.columns)} of {run.data.n_features:,} features.")
    return notes
