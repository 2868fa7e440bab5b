"""Turn a data set into what networks, embeddings and metrics all see, and put it on record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz._needs import Needs, check_need
from aeviz.data._format import ReadOptions
from aeviz.data.dataset import Dataset
from aeviz.data.loading import finish_dataset, is_named, read_dataset, source_words
from aeviz.data.scaling import Scaling
from aeviz.data.splitting import split_rows, stratified_rows
from aeviz.runs import DataCard, Run
from aeviz.settings import Settings

__all__ = [
    "N_SHOWN",
    "Prepared",
    "data_card",
    "load",
    "prepare",
    "read_options",
    "write_data",
]

N_SHOWN = 10
N_GALLERY = 100


@dataclass(frozen=True)
class Prepared:
    """Keep a data set with its split and its scaled samples.

    Parameters
    ----------
    dataset : Dataset
    X : ndarray of shape (n_samples, n_features), float32
        Scaled samples.
    is_train : ndarray of bool of shape (n_samples,)
    scaling : Scaling
        Fitted on the training samples only.
    shown : ndarray of int
        Rows for display, of every class where there are classes; the first ten are held-out
        samples whose reconstructions are shown.
    """

    dataset: Dataset
    X: np.ndarray
    is_train: np.ndarray
    scaling: Scaling
    shown: np.ndarray


def read_options(settings: Settings) -> ReadOptions:
    """Return what settings ask of a reader."""
    size = settings.image_size
    return ReadOptions(
        label=settings.label,
        columns=settings.columns,
        drop=settings.drop,
        key=settings.key,
        max_categories=settings.max_categories,
        image_size=None if size is None else (size, size),
        sample=settings.sample,
        seed=settings.seed,
    )


def chosen_settings(source: Any, given: Mapping[str, Any]) -> tuple[Settings, dict[str, Any]]:
    """Return the settings that a caller from Python gave, and what of the data is in memory.

    Parameters
    ----------
    source : str, path-like or object
    given : mapping of str to object
        The other fields of `aeviz.settings.Settings`; paths may be path-like, and labels an
        array.

    Returns
    -------
    settings : Settings
    in_memory : dict
        `source` and `labels` as `load` takes them, where they are no names.

    Raises
    ------
    AevizError
        If a setting is not acceptable.
    """
    values = {"source": source_words(source), **given}
    in_memory = {} if is_named(source) else {"source": source}
    if "labels" in given and not is_named(given["labels"]):
        in_memory["labels"] = values.pop("labels")
    paths = {name: str(v) for name, v in values.items() if isinstance(v, Path)}
    return Settings.from_mapping({**values, **paths}), in_memory


def load(
    settings: Settings,
    *,
    source: Any = None,
    labels: Any = None,
    like: DataCard | None = None,
) -> Dataset:
    """Return the data set that settings name, or of a source in memory.

    Parameters
    ----------
    settings : Settings
    source, labels : object, optional
        Taken in place of what the settings name.
    like : DataCard or None
        Of the data that a run or model was fitted to: these samples, one or more, are read as
        those were, a table's columns by their names and images of a folder in their size.

    Raises
    ------
    AevizError
        As `aeviz.load_dataset` does.
    """
    source = settings.source if source is None else source
    labels = settings.labels if labels is None else labels
    options = read_options(settings)
    if like is not None:
        options = replace(options, is_to_fit=False, plan=like.plan, image_shape=like.image_shape)
    dataset = read_dataset(source, options, labels=labels, data_dir=settings.data_dir)
    called = source_words(source)
    return finish_dataset(dataset, options, called=called, on_missing=settings.on_missing)


def prepare(dataset: Dataset, *, seed: int) -> Prepared:
    """Split and scale a data set, and choose the samples to show.

    Raises
    ------
    AevizError
        If the scaled samples do not fit in memory.
    """
    needs = Needs(dataset.n_samples, dataset.n_features)
    check_need(f"scaling {dataset.name}", needs.scaling())
    is_train = split_rows(dataset, seed=seed)
    scaling = Scaling.fit(dataset, is_train)
    classes = dataset.class_labels
    first = _pick(np.flatnonzero(~is_train), classes, N_SHOWN, seed=seed)
    rest = np.setdiff1d(np.arange(dataset.n_samples), first)
    more = _pick(rest, classes, N_GALLERY - len(first), seed=seed)
    shown = np.concatenate([first, more])
    return Prepared(dataset, scaling.transform(dataset.X), is_train, scaling, shown)


def _pick(rows: np.ndarray, classes: np.ndarray | None, n_rows: int, *, seed: int) -> np.ndarray:
    """Return some of the rows, of every class in its share and sorted by class."""
    n_rows = min(n_rows, len(rows))
    if classes is None:
        return np.sort(np.random.default_rng(seed).choice(rows, n_rows, replace=False))
    picked = rows[stratified_rows(classes[rows], n_rows, seed=seed)]
    return picked[np.argsort(classes[picked], kind="stable")]


def data_card(prepared: Prepared, *, source: str) -> DataCard:
    """Return what is to be kept about the data, without the samples."""
    dataset = prepared.dataset
    classes = dataset.class_labels
    label_kind = None
    if dataset.has_labels:
        label_kind = "classes" if dataset.has_classes else "continuous"
    return DataCard(
        name=dataset.name,
        source=source,
        n_samples=dataset.n_samples,
        n_features=dataset.n_features,
        n_train=int(prepared.is_train.sum()),
        fingerprint=dataset.fingerprint(),
        scaling=prepared.scaling.kind,
        image_shape=dataset.image_shape,
        feature_names=None if dataset.feature_names is None else list(dataset.feature_names),
        class_names=None if classes is None else _class_names(dataset),
        label_kind=label_kind,
        notes=list(dataset.notes),
        further_labels=list(dataset.metadata),
        columns=None if dataset.columns is None else [one.to_json() for one in dataset.columns],
    )


def write_data(run: Run, prepared: Prepared, *, source: str) -> None:
    """Write the card of the data, its scaling, samples for display and annotations."""
    dataset = prepared.dataset
    with run.writing_data(data_card(prepared, source=source)) as folder:
        np.savez(folder / "scaling.npz", **prepared.scaling.to_arrays())  # type: ignore[arg-type] # its stub
        np.savez(
            folder / "samples.npz",
            rows=prepared.shown,
            X=dataset.X[prepared.shown],
            mean=dataset.X.mean(axis=0, dtype=np.float64),
            deviation=dataset.X.std(axis=0, dtype=np.float64),
            smallest=dataset.X.min(axis=0),
            largest=dataset.X.max(axis=0),
        )
        if dataset.annotations:
            texts = pd.DataFrame(dict(dataset.annotations))
            texts.to_parquet(folder / "annotations.parquet", index=False)


def _class_names(dataset: Dataset) -> list[str]:
    """Return the classes that occur: in their given order, else numerically, else by name."""
    classes = dataset.class_labels
    if classes is None or dataset.y is None:
        return []
    present = set(classes.tolist())
    if dataset.target_names is not None:
        return [name for name in dataset.target_names if name in present]
    if dataset.y.dtype.kind in "iufb":
        return sorted(present, key=lambda name: float(name))
    return sorted(present)
