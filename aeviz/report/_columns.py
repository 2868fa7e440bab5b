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
    coloring = coloring_of(samples.run)
    if coloring.kind == "classes":
        codes = np.asarray(coloring.codes)[samples.found.rows]
        names, colors = list(coloring.class_names), class_colors(coloring.n_classes)
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
                columns.append({**column, "bound": bounds[key]} if key in bounds else column)
    return columns


def _features(samples: PageSamples, blobs: Blobs) -> list[Column]:
    names, X = feature_names(samples.run), samples.features
    return [
        value_column(f"feature {number}", names[number], "feature", X[:, i], blobs)
        for i, number in enumerate(samples.found.columns)
    ]
