"""Split and scale a data set, and describe what was prepared."""

from dataclasses import dataclass

import numpy as np

from aeviz.core.memory import MB, Need, check_need
from aeviz.data.card import DataCard
from aeviz.data.dataset import Dataset
from aeviz.data.scaling import Scaling
from aeviz.data.split import split_rows, stratified_rows

__all__ = ["N_GALLERY", "N_SHOWN", "Prepared", "data_card", "prepare"]

N_SHOWN, N_GALLERY = 10, 100


@dataclass(frozen=True)
class Prepared:
    """A data set with its split and its scaled samples.

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


def prepare(dataset: Dataset, *, seed: int) -> Prepared:
    """Split and scale a data set, and choose the samples to show.

    Raises
    ------
    AevizError
        If the scaled samples do not fit in memory.
    """
    need = Need(10 * MB, 4.0 * dataset.n_features, dataset.n_samples)
    check_need(f"scaling {dataset.name}", need)
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
    return np.asarray(picked[np.argsort(classes[picked], kind="stable")])


def data_card(prepared: Prepared, *, source: str) -> DataCard:
    """Return what is to be kept about the data, without the samples."""
    dataset = prepared.dataset
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
        class_names=_class_names(dataset),
        label_kind=label_kind,
        notes=list(dataset.notes),
        further_labels=list(dataset.metadata),
        fill_values=None if dataset.fill_values is None else dataset.fill_values.tolist(),
        columns=None if dataset.columns is None else [one.to_json() for one in dataset.columns],
    )


def _class_names(dataset: Dataset) -> list[str] | None:
    """Return the classes that occur: in their given order, else numerically, else by name."""
    classes = dataset.class_labels
    if classes is None or dataset.y is None:
        return None
    present = set(classes.tolist()) - {""}
    if dataset.target_names is not None:
        return [name for name in dataset.target_names if name in present]
    return sorted(present, key=float) if dataset.y.dtype.kind in "iufb" else sorted(present)
