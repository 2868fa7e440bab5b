"""Columns that the points of live maps can be coloured by: labels, split, errors, features.

Everything is in the order of `aeviz.report._page_samples`.

Why: a page shows single values and saves them as CSV, where 80 must not read 79.9999. Numbers
with up to `MAX_DECIMALS` decimals become whole steps of a power of ten in the fewest bytes that
hold them, which are exact and compress best. Others become float32, which keeps about seven
digits; more would double the size of the page. Float64 is for numbers that float32 cannot hold:
whole numbers of too many digits, and numbers beyond its range.
"""

from typing import Literal, NotRequired, TypedDict

import numpy as np
import pandas as pd

from aeviz.data.dataset import are_classes
from aeviz.page.blobs import Blobs, Ref
from aeviz.page.wording import method, shortened
from aeviz.plots.coloring import Coloring
from aeviz.plots.theme import LIGHT, class_colors
from aeviz.report._page_samples import PageSamples
from aeviz.report._samples import feature_names
from aeviz.report.batches import batch_title
from aeviz.report.coloring import label_coloring
from aeviz.report.manifest import ClassColumn, Column, ValueColumn

__all__ = ["MISSING", "columns_of", "exact", "shared_columns", "value_column"]

Group = Literal["label", "error", "feature"]
MISSING = 0xFFFF
_ERRORS = {"error": "reconstruction error", "distance": "distance to the nearest code"}
MAX_DECIMALS = 6
_STEP_TYPES = (np.uint8, np.uint16, np.uint32)
# Beyond this float64 has gaps between whole numbers.
_MAX_WHOLE = 2.0**53


def columns_of(samples: PageSamples, blobs: Blobs) -> list[Column]:
    """Return all columns; the first one colours the points at first.

    It is the label, or the cluster where there are no labels.
    """
    return [
        *_label(samples, blobs),
        *_cluster(samples, blobs),
        *_further_labels(samples, blobs),
        *_batch(samples, blobs),
        _split(samples, blobs),
        *_errors(samples, blobs),
        *_features(samples, blobs),
    ]


def shared_columns(samples: PageSamples, blobs: Blobs) -> list[Column]:
    """Return the columns of a page to share: the label, the cluster, the split and the errors."""
    first = [*_label(samples, blobs), *_cluster(samples, blobs)]
    return [*first, _split(samples, blobs), *_errors(samples, blobs)]


def value_column(
    key: str, title: str, group: Group, values: np.ndarray, blobs: Blobs
) -> ValueColumn:
    """Return a column of numbers; its colours span the 1st to the 99th percentile."""
    finite = values[np.isfinite(values)].astype(np.float64)
    ends = np.percentile(finite, (0, 1, 99, 100)) if len(finite) else np.zeros(4)
    low, first, last, high = ends.tolist()
    return {
        "kind": "values",
        "key": key,
        "title": title,
        "group": group,
        **exact(values, blobs),
        "low": low,
        "high": high,
        "shown": (first, last) if first < last else (low, high),
    }


def _class_column(
    key: str, title: str, codes: np.ndarray, names: list[str], colors: list[str], blobs: Blobs
) -> ClassColumn:
    """Return a column of classes; codes below zero are missing."""
    return {
        "kind": "classes",
        "key": key,
        "title": title,
        "values": blobs.array(np.where(codes < 0, MISSING, codes).astype(np.uint16)),
        "names": blobs.json(names),
        "colors": blobs.json(colors),
    }


def _label(samples: PageSamples, blobs: Blobs) -> list[Column]:
    """Return the label with the colours that it has in all figures."""
    coloring = label_coloring(samples.run)
    if coloring.kind == "classes":
        codes = np.asarray(coloring.codes)[samples.found.rows]
        names, colors = list(coloring.class_names), coloring.colors
        if samples.sources:
            labels = samples.new["label"].where(samples.has_label)
            # Classes that the run does not have come last and are recognised by their names.
            names += sorted(set(labels.dropna().astype(str)) - set(names))
            colors += [LIGHT.missing] * (len(names) - len(colors))
            codes = np.concatenate([codes, Coloring.of_classes(labels, names).codes])
        return [_class_column("label", "label", codes, names, colors, blobs)]
    if coloring.kind == "none":
        return []
    values = np.asarray(coloring.values)[samples.found.rows]
    if samples.sources:
        new = pd.to_numeric(samples.new.get("label"), errors="coerce").to_numpy(float)
        values = np.concatenate([values, np.where(samples.has_label, new, np.nan)])
    return [value_column("label", "label", "label", values, blobs)]


def _further_labels(samples: PageSamples, blobs: Blobs) -> list[Column]:
    """Return the labels after the first, with colours of their own."""
    columns: list[Column] = []
    for name in samples.run.data.further_labels:
        values = samples.table[f"label_{name}"]
        key, title = f"label {name}", shortened(name, 40)
        is_float = values.dtype.kind == "f"
        if is_float and not are_classes(values.dropna().to_numpy()):
            columns.append(value_column(key, title, "label", values.to_numpy(), blobs))
            continue
        # Whole numbers are written without a fraction.
        words = values.map("{:.0f}".format, na_action="ignore") if is_float else values
        coloring = Coloring.of_classes(words)
        if coloring.n_classes < MISSING:
            codes, names = np.asarray(coloring.codes), list(coloring.class_names)
            colors = class_colors(coloring.n_classes)
            columns.append(_class_column(key, title, codes, names, colors, blobs))
    return columns


def _batch(samples: PageSamples, blobs: Blobs) -> list[Column]:
    """Return the batches, with colours of their own."""
    if "batch" not in samples.table.columns:
        return []
    coloring = Coloring.of_classes(samples.table["batch"])
    if coloring.n_classes >= MISSING:
        return []
    codes, names = np.asarray(coloring.codes), list(coloring.class_names)
    colors = class_colors(coloring.n_classes)
    title = shortened(batch_title(samples.run), 40)
    return [_class_column("batch", title, codes, names, colors, blobs)]


def _cluster(samples: PageSamples, blobs: Blobs) -> list[Column]:
    """Return the clusters; new samples are in none."""
    clusters = samples.run.clusters
    if clusters is None or not clusters.found:
        return []
    codes = np.full(samples.n_samples, -1)
    codes[: samples.n_old] = clusters.labels[samples.found.rows]
    colors = class_colors(len(clusters.names))
    return [_class_column("cluster", "cluster", codes, clusters.names, colors, blobs)]


def _split(samples: PageSamples, blobs: Blobs) -> ClassColumn:
    """Return whether each sample is a training, a test or a new sample, or a new outlier."""
    codes = (samples.table["split"] == "test").to_numpy().astype(int)
    names, title = ["training", "held out"], "training or held out"
    if samples.sources:
        is_outlier = samples.new["is_outlier"].to_numpy(bool)
        codes[samples.n_old :] = 2 + 2 * samples.source_numbers + is_outlier
        title = "training, held out or new"
        for one, _ in samples.sources:
            names += [f"new: {one.name}", f"new outliers: {one.name}"]
    return _class_column("split", title, codes, names, class_colors(len(names)), blobs)


def _errors(samples: PageSamples, blobs: Blobs) -> list[Column]:
    """Return errors and distances, with the bounds beyond which new samples are outliers."""
    columns: list[Column] = []
    bounds = {key: it for one, _ in samples.sources for key, it in one.info["bounds"].items()}
    for kind in samples.run.encoders:
        for what, title in _ERRORS.items():
            key = f"{kind}_{what}"
            if key in samples.table.columns:
                values = samples.table[key].to_numpy()
                column = value_column(key, f"{title}, {method(kind)}", "error", values, blobs)
                if key in bounds:
                    column["bound"] = bounds[key]
                columns.append(column)
    return columns


def _features(samples: PageSamples, blobs: Blobs) -> list[Column]:
    names = feature_names(samples.run)
    X = np.concatenate([samples.found.X, *(shown.X for _, shown in samples.sources)])
    return [
        value_column(f"feature {number}", names[number], "feature", X[:, i], blobs)
        for i, number in enumerate(samples.found.columns)
    ]


class ExactNumbers(TypedDict):
    """Numbers of a column, as `aeviz.report.manifest.ValueColumn` describes them."""

    values: Ref
    first: NotRequired[int]
    decimals: NotRequired[int]


def exact(values: np.ndarray, blobs: Blobs) -> ExactNumbers:
    """Add a column of numbers, of any real dtype, to the page and return how they are written.

    Either `values` alone, of floats with NaN where missing or not finite; or also `first` and
    `decimals`: the number is (`first` + step) / 10 ** `decimals` for each step in `values`, whose
    greatest possible one stands for missing.

    Examples
    --------
    >>> exact(np.array([5.1, np.nan, 4.9]), Blobs())
    {'values': {'blob': 0, 'dtype': 'uint8', 'shape': [3]}, 'first': 49, 'decimals': 1}
    """
    wide = np.array(values, np.float64)
    is_there = np.isfinite(wide)
    wide[~is_there] = np.nan
    decimals = _decimals(values[is_there], wide[is_there])
    if decimals is None:
        return {"values": blobs.array(_floats(values, wide))}
    steps = np.rint(wide[is_there] * 10.0**decimals)
    first, last = (steps.min(), steps.max()) if len(steps) else (0.0, 0.0)
    for kind in _STEP_TYPES:
        missing = np.iinfo(kind).max
        if last - first < missing:
            written = np.full(len(wide), missing, kind)
            written[is_there] = steps - first
            return {"values": blobs.array(written), "first": int(first), "decimals": decimals}
    return {"values": blobs.array(wide)}


def _decimals(values: np.ndarray, wide: np.ndarray) -> int | None:
    """Return how many decimals the numbers have in their own dtype, None if too many."""
    for decimals in range(MAX_DECIMALS + 1):
        scaled = wide * 10.0**decimals
        if (np.abs(scaled) > _MAX_WHOLE).any():
            return None
        if np.array_equal((np.rint(scaled) / 10.0**decimals).astype(values.dtype), values):
            return decimals
    return None


def _floats(values: np.ndarray, wide: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", under="ignore"):
        narrow = wide.astype(np.float32)
    is_lost = np.isinf(narrow) | ((narrow == 0) & (wide != 0))
    return wide if values.dtype.kind in "iu" or is_lost.any() else narrow
