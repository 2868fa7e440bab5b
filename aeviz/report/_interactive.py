"""Say what the page's script needs to know of a run: places, colours, neighbours, samples.

The types of what is written here are in ``web/src/manifest.ts``. Everything is in the order
of `aeviz.report._page_samples`, which may be a choice of the samples; the notes say so then.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.colors import to_hex

from aeviz.data.dataset import are_classes
from aeviz.page.blobs import Blobs
from aeviz.page.builder import Live
from aeviz.page.wording import capitalised, method, shortened
from aeviz.plots.coloring import Coloring
from aeviz.plots.theme import DARK, LIGHT, class_colors
from aeviz.plots.thumbnails import N_COLUMNS, PER_SHEET
from aeviz.report._exact import exact
from aeviz.report._live_decoders import decoders
from aeviz.report._maps import has_axes, name_of
from aeviz.report._page_samples import OUTSIDE, PageSamples
from aeviz.report._samples import image_scale
from aeviz.report.coloring import coloring_of
from aeviz.runs.pair import Pair
from aeviz.runs.run import Run

__all__ = ["interactive"]

MISSING = 0xFFFF
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
    samples = PageSamples.of(run)
    if samples is None:
        return None
    blobs = Blobs()
    # What the first view needs stands first.
    pictures = [_picture(samples, pair, blobs) for pair in run.pairs]
    columns = [*_labels(samples, blobs), *_errors(samples, blobs)]
    manifest = {
        "schema": 1,
        "name": run.data.name,
        "nSamples": samples.n_samples,
        "nAll": run.data.n_samples,
        "pictures": pictures,
        "columns": [*columns, *_features(samples, blobs)],
        "ids": _ids(samples.table, blobs),
        "neighbors": _neighbors(samples, blobs),
        "look": _look(run),
        "thumbnails": _thumbnails(samples, blobs),
        "decoders": decoders(samples, blobs),
        "ramps": {
            theme.name: {
                "values": _stops(theme.continuous()),
                "shares": _stops(theme.emphatic()),
                "missing": theme.missing,
            }
            for theme in (LIGHT, DARK)
        },
    }
    texts, text_notes = samples.texts(blobs)
    manifest["notes"] = [*_notes(samples), *text_notes]
    # A page without new samples or texts is not larger for what others have.
    manifest |= {"annotations": texts} if texts else {}
    manifest |= {"added": _added(samples, blobs)} if samples.has_new else {}
    return Live(manifest, blobs)


def _picture(samples: PageSamples, pair: Pair, blobs: Blobs) -> dict[str, Any]:
    table = samples.table
    key = pair.key
    points = table[[f"{key}_x", f"{key}_y"]].to_numpy(np.float64)
    if np.isnan(points).any():
        # New samples that a picture could not take are the last ones.
        points = points[: samples.n_old]
    low, high = points.min(axis=0), points.max(axis=0)
    x, y = (_quantised(points[:, i], low[i], high[i], _FINEST) for i in (0, 1))
    shares = {}
    for share, column in (("false", "false_neighbors"), ("missed", "missing_neighbors")):
        name = f"{key}_{column}"
        kept = name in table.columns
        shares[share] = _share(table[name].to_numpy(), samples, blobs) if kept else None
    return {
        "key": key,
        "title": capitalised(name_of(pair)),
        "x": blobs.array(x),
        "y": blobs.array(y),
        "box": [float(low[0]), float(high[0]), float(low[1]), float(high[1])],
        **shares,
        "hasAxes": has_axes(pair.embedding),
        "latent": pair.encoder if pair.is_latent else None,
    }


def _share(values: np.ndarray, samples: PageSamples, blobs: Blobs) -> dict[str, Any]:
    """Return shares in one byte each, or in two where new samples have none."""
    if samples.has_new:
        return blobs.array(_quantised(values, 0, 1, MISSING - 1))
    return blobs.array(np.round(255 * values).astype(np.uint8))


def _quantised(values: np.ndarray, low: float, high: float, top: int) -> np.ndarray:
    """Return values from 0 at `low` to `top` at `high`, missing ones as `MISSING`."""
    span = (high - low) or 1.0
    # In float64, which holds the span of any float32 and every whole number up to `top`.
    wide = np.asarray(values, np.float64)
    scaled = np.round((np.clip(wide, low, high) - low) / span * top)
    return np.where(np.isfinite(values), scaled, MISSING).astype(np.uint16)


def _labels(samples: PageSamples, blobs: Blobs) -> list[dict[str, Any]]:
    """Return the label, with the colours that it has in all figures, and the split."""
    coloring = coloring_of(samples.run)
    columns = []
    if coloring.kind == "classes":
        codes = np.asarray(coloring.codes)[samples.found.rows]
        names, colors = list(coloring.class_names), class_colors(coloring.n_classes)
        if samples.has_new:
            names, codes = _with_new_classes(samples, names, codes)
            # Classes that the run has none of are told by their names.
            colors += [LIGHT.missing] * (len(names) - len(colors))
        columns.append(_classes("label", "label", codes, names, colors, blobs))
    elif coloring.kind == "continuous":
        values = np.asarray(coloring.values)[samples.found.rows]
        if samples.has_new:
            new = pd.to_numeric(samples.new.get("label"), errors="coerce").to_numpy(float)
            values = np.concatenate([values, np.where(samples.has_label, new, np.nan)])
        columns.append(_values("label", "label", "label", values, blobs))
    columns += _further_labels(samples.run, samples.table, blobs)
    columns.append(_split(samples, blobs))
    return columns


def _with_new_classes(
    samples: PageSamples, names: list[str], codes: np.ndarray
) -> tuple[list[str], np.ndarray]:
    """Return names and codes of classes with those of new samples behind."""
    labels = samples.new["label"].where(samples.has_label)
    unseen = sorted(set(labels.dropna().astype(str)) - set(names))
    names = [*names, *unseen]
    place = {name: i for i, name in enumerate(names)}
    new = [-1 if pd.isna(one) else place[str(one)] for one in labels]
    return names, np.concatenate([codes, np.array(new, int)])


def _classes(
    key: str, title: str, codes: np.ndarray, names: list[str], colors: list[str], blobs: Blobs
) -> dict[str, Any]:
    """Return a column of classes; codes below zero are missing."""
    return {
        "kind": "classes",
        "key": key,
        "title": title,
        "values": blobs.array(np.where(codes < 0, MISSING, codes).astype(np.uint16)),
        "names": blobs.json(names),
        "colors": blobs.json(colors),
    }


def _split(samples: PageSamples, blobs: Blobs) -> dict[str, Any]:
    """Return what each sample was to the run: training, held out, or new and how unlike."""
    codes = (samples.table["split"] == "test").to_numpy().astype(int)
    names, title = ["training", "held out"], "training or held out"
    if samples.has_new:
        is_unlike = samples.new["is_unlike"].to_numpy(bool)
        codes[samples.n_old :] = 2 + 2 * samples.source_numbers + is_unlike
        title = "training, held out or new"
        for one in samples.added:
            names += [f"new: {one.name}", f"new and unlike: {one.name}"]
    return _classes("split", title, codes, names, class_colors(len(names)), blobs)


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
        names, colors = list(coloring.class_names), class_colors(coloring.n_classes)
        columns.append(_classes(key, title, codes, names, colors, blobs))
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
        **exact(values, blobs),
        "low": low,
        "high": high,
        "shown": shown if shown[0] < shown[1] else [low, high],
    }


def _errors(samples: PageSamples, blobs: Blobs) -> list[dict[str, Any]]:
    """Return errors, and of new samples how far they are from the run's, with what is usual."""
    columns = []
    table, run = samples.table, samples.run
    bounds = {key: one for source in samples.added for key, one in source.info["bounds"].items()}
    words = {"error": "reconstruction error", "distance": "distance to the nearest code"}
    for kind, what in ((kind, what) for kind in run.encoders for what in words):
        key = f"{kind}_{what}"
        if key in table.columns:
            title = f"{words[what]}, {method(kind)}"
            column = _values(key, title, "error", table[key].to_numpy(), blobs)
            columns.append(column | ({"bound": bounds[key]} if key in bounds else {}))
    return columns


def _features(samples: PageSamples, blobs: Blobs) -> list[dict[str, Any]]:
    data, X = samples.run.data, samples.features
    names = data.feature_names or _numbered(data.n_features)
    return [
        _values(f"feature {column}", names[column], "feature", X[:, i], blobs)
        for i, column in enumerate(samples.found.columns)
    ]


def _ids(table: pd.DataFrame, blobs: Blobs) -> dict[str, Any]:
    """Return identifiers: as numbers where they are whole and not negative, else as text."""
    ids = table["sample_id"].to_numpy()
    if ids.dtype.kind in "iu" and ids.min() >= 0 and ids.max() < OUTSIDE:
        return blobs.array(ids.astype(np.uint32))
    return blobs.json([str(one) for one in ids])


def _neighbors(samples: PageSamples, blobs: Blobs) -> dict[str, Any] | None:
    """Return the places on the page of the nearest samples in the data, in ascending order.

    As differences of one from the next, which are small, for places follow the first picture.
    """
    run, rows = samples.run, samples.found.rows
    neighbors = run.neighbors
    if neighbors is None:
        return None
    place = np.full(run.data.n_samples, OUTSIDE, np.uint32)
    place[rows] = np.arange(len(rows), dtype=np.uint32)
    near = np.sort(place[neighbors.indices[rows, :N_NEIGHBORS]], axis=1)
    # Which of the run's samples are nearest to new ones in the data was not looked for.
    unknown = np.full((samples.n_samples - len(rows), near.shape[1]), OUTSIDE, np.uint32)
    return blobs.array(np.diff(np.concatenate([near, unknown]), axis=1, prepend=np.uint32(0)))


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
        "means": [] if is_image else samples.mean.tolist(),
        "deviations": [] if is_image else samples.std.tolist(),
    }


def _numbered(n_features: int) -> list[str]:
    return [f"feature {i + 1}" for i in range(n_features)]


def _thumbnails(samples: PageSamples, blobs: Blobs) -> dict[str, Any] | None:
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


def _added(samples: PageSamples, blobs: Blobs) -> dict[str, Any]:
    """Return which of the samples are new: the last ones, a source after another."""
    counts = np.bincount(samples.source_numbers, minlength=len(samples.added)).tolist()
    names = [one.name for one in samples.added]
    return {
        "sources": [{"name": name, "n": n} for name, n in zip(names, counts, strict=True)],
        "unlike": blobs.array(samples.new["is_unlike"].to_numpy(bool).astype(np.uint8)),
    }


def _stops(color_map: Any) -> list[str]:
    return [to_hex(color) for color in color_map(np.linspace(0, 1, _N_STOPS))]


def _notes(samples: PageSamples) -> list[str]:
    """Return sentences on what the page leaves out."""
    notes = []
    run, found = samples.run, samples.found
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
    counts = np.bincount(samples.source_numbers, minlength=len(samples.added))
    for one, n_new in zip(samples.added, counts, strict=True):
        if n_new < len(one.table):
            shown = f"{n_new:,} of {len(one.table):,} new samples of {one.name}"
            notes.append(f"The maps show {shown}, drawn at random.")
    left_out = {name: why for one in samples.added for name, why in one.info["left_out"].items()}
    notes.extend(
        f"{name_of(pair)} has no new samples: {left_out[pair.key]}"
        for pair in run.pairs
        if pair.key in left_out
    )
    return notes
