"""A folder for TensorBoard's projector: codes and embeddings, labels, thumbnails of images."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from aeviz.data.split import stratified_rows
from aeviz.exports._table import coded, coordinate_columns, identity_table, measured_table
from aeviz.exports.base import Choices, Export
from aeviz.pipeline.tensorboard_log import CONFIG, MAX_SAMPLES, write_files
from aeviz.plots.thumbnails import N_COLUMNS, PER_SHEET, Thumbnails
from aeviz.runs.page_samples import Browsable
from aeviz.runs.pair import file_name
from aeviz.runs.run import Run

__all__ = ["EXPORT"]


def _write(run: Any, path: Path, choices: Choices) -> list[str]:
    """Write the folder; images are those kept for the run's page."""
    found = Browsable.read(run.browse_path)
    images = None if found is None else found.images
    # If only some samples have a thumbnail, only those are shown.
    with_image = np.arange(run.data.n_samples)
    if found is not None and images is not None:
        with_image = found.rows[images.rows]
    rows = _chosen(run, np.sort(with_image))
    table = run.embeddings
    kinds = coded(run, choices.encoders)
    tensors = {file_name(kind): np.asarray(run.code(kind)[rows]) for kind in kinds}
    for name, columns in coordinate_columns(run, choices.encoders).items():
        tensors[name] = table[columns].to_numpy(np.float32)[rows]
    drawn = None
    if images is not None:
        index_of = np.empty(run.data.n_samples, int)
        index_of[with_image] = np.arange(len(with_image))
        drawn = _thumbnails(images, index_of[rows])
    write_files(path, tensors, _columns(run, choices, rows), images=drawn)
    of_all = "" if len(rows) == run.data.n_samples else f" of {run.data.n_samples:,}"
    shown = "" if drawn is None else ", with their images"
    return [
        f"projector: {len(rows):,}{of_all} samples{shown}, in {', '.join(tensors)}",
        "open it with: tensorboard --logdir {out}",
    ]


def _chosen(run: Run, rows: np.ndarray) -> np.ndarray:
    """Return at most as many rows as the projector draws, stratified by class."""
    if len(rows) <= MAX_SAMPLES:
        return rows
    if run.data.label_kind != "classes":
        chosen = np.random.default_rng(0).choice(rows, MAX_SAMPLES, replace=False)
        return np.sort(chosen)
    labels = run.embeddings["label"].astype(str).to_numpy(dtype=str)[rows]
    return np.sort(rows[stratified_rows(labels, MAX_SAMPLES, seed=0)])


def _columns(run: Run, choices: Choices, rows: np.ndarray) -> dict[str, Any]:
    """Return the columns that the projector shows of each sample.

    It labels samples by the first column without numbers, else by the first column. So the label
    is first, and next to labels, which may be numbers, the split is a number too.
    """
    identity, first = identity_table(run), "split"
    if "label" in identity:
        first = "label"
        identity["split"] = (identity["split"] == "test").astype(int)
        identity = identity.rename(columns={"split": "is_test"})
    identity = identity[[first, *identity.columns.drop(first)]]
    measured = measured_table(run, choices.encoders).round(6)
    table = pd.concat([identity, measured], axis=1).iloc[rows]
    return {name: table[name].astype(object).fillna("").to_list() for name in table.columns}


def _thumbnails(images: Thumbnails, indices: np.ndarray) -> Iterator[Image.Image]:
    """Yield the images with some indices in the sheets, in their order."""
    sheets = [Image.open(io.BytesIO(sheet)).convert("RGB") for sheet in images.sheets]
    width, height = images.width_px, images.height_px
    for index in indices:
        number, rest = divmod(int(index), PER_SHEET)
        left, top = rest % N_COLUMNS * width, rest // N_COLUMNS * height
        yield sheets[number].crop((left, top, left + width, top + height))


EXPORT = Export(_write, marker=CONFIG)
