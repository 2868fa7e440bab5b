"""Columns that the points of live maps can be coloured by: labels, split, errors, features.

Everything is in the order of `aeviz.report._page_samples`.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd

from aeviz.data.dataset import are_classes
from aeviz.page.blobs import Blobs
from aeviz.page.wording import method, shortened
from aeviz.plots.coloring import Coloring
from aeviz.plots.theme import LIGHT, class_colors
from aeviz.report._exact import exact
from aeviz.report._page_samples import PageSamples
from aeviz.report._samples import feature_names
from aeviz.report.coloring import coloring_of
from aeviz.report.manifest import ClassColumn, Column, ValueColumn

__all__ = ["MISSING", "columns_of", "value_column"]

Group = Literal["label", "error", "feature"]
MISSING = 0xFFFF
_ERRORS = {"error": "reconstruction error", "distance": "distance to the nearest code"}


def columns_of(samples: PageSamples, blobs: Blobs) -> list[Column]:
    """Return all columns; the first one colours the points at first."""
    return [
        *_label(samples, blobs),
        *_further_labels(samples, blobs),
        _split(samples, blobs),
        *_errors(samples, blobs),
        *_features(samples, blobs),
    ]


def value_column(
    key: str, title: str, group: Group, values: np.ndarray, blobs: Blobs
) -> ValueColumn:
    """Return a column of numbers; its colours span the 1st to the 99th percentile."""
    finite = values[np.isfinite(values)].astype(np.float64)
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 0.0)
    first, last = np.percentile(finite, (1, 99)).tolist() if len(finite) else (low, high)
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
    coloring = coloring_of(samples.run)
    if coloring.kind == "classes":
        codes = np.asarray(coloring.codes)[samples.found.rows]
        names, colors = list(coloring.class_names), class_colors(coloring.n_classes)
        if samples.has_new:
            names, codes = _with_new_classes(samples, names, codes)
            # Classes that the run does not have are recognised by their names.
            colors += [LIGHT.missing] * (len(names) - len(colors))
        return [_class_column("label", "label", codes, names, colors, blobs)]
    if coloring.kind == "none":
        return []
    values = np.asarray(coloring.values)[samples.found.rows]
    if samples.has_new:
        new = pd.to_numeric(samples.new.get("label"), errors="coerce").to_numpy(float)
        values = np.concatenate([values, np.where(samples.has_label, new, np.nan)])
    return [value_column("label", "label", "label", values, blobs)]


def _with_new_classes(
    samples: PageSamples, names: list[str], codes: np.ndarray
) -> tuple[list[str], np.ndarray]:
    """Return names and codes with the classes of new samples at the end."""
    labels = samples.new["label"].where(samples.has_label)
    names = [*names, *sorted(set(labels.dropna().astype(str)) - set(names))]
    numbers = {name: i for i, name in enumerate(names)}
    new = [-1 if pd.isna(one) else numbers[str(one)] for one in labels]
    return names, np.concatenate([codes, np.array(new, int)])


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


def _split(samples: PageSamples, blobs: Blobs) -> ClassColumn:
    """Return whether each sample is a training, a test or a new sample, or a new outlier."""
    codes = (samples.table["split"] == "test").to_numpy().astype(int)
    names, title = ["training", "held out"], "training or held out"
    if samples.has_new:
        is_outlier = samples.new["is_outlier"].to_numpy(bool)
        codes[samples.n_old :] = 2 + 2 * samples.source_numbers + is_outlier
        title = "training, held out or new"
        for one in samples.added:
            names += [f"new: {one.name}", f"new outliers: {one.name}"]
    return _class_column("split", title, codes, names, class_colors(len(names)), blobs)


def _errors(samples: PageSamples, blobs: Blobs) -> list[Column]:
    """Return errors and distances, with the bounds beyond which new samples are outliers."""
    columns: list[Column] = []
    bounds = {key: one for source in samples.added for key, one in source.info["bounds"].items()}
    for kind in samples.run.encoders:
        for what, title in _ERRORS.items():
            key = f"{kind}_{what}"
            if key not in samples.table.columns:
                continue
            values = samples.table[key].to_numpy()
            column = value_column(key, f"{title}, {method(kind)}", "error", values, blobs)
            if key in bounds:
                column["bound"] = bounds[key]
            columns.append(column)
    return columns


def _features(samples: PageSamples, blobs: Blobs) -> list[Column]:
    names, X = feature_names(samples.run), samples.features
    return [
        value_column(f"feature {number}", names[number], "feature", X[:, i], blobs)
        for i, number in enumerate(samples.found.columns)
    ]
