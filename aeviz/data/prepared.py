"""Split a data set, choose its features and scale it, and describe what was prepared."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import MB, Need, check_need
from aeviz.data._counts import count_note
from aeviz.data.card import DataCard, with_features
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
        With the features that were kept.
    X : ndarray of shape (n_samples, n_features), float32
        Scaled samples.
    is_train : ndarray of bool of shape (n_samples,)
    scaling : Scaling
        Fitted on the training samples only.
    shown : ndarray of int
        Rows for display, of every class where there are classes; the first ten are held-out
        samples whose reconstructions are shown.
    whole : Dataset
        The data set as it was read, with all features.
    """

    dataset: Dataset
    X: np.ndarray
    is_train: np.ndarray
    scaling: Scaling
    shown: np.ndarray
    whole: Dataset


def prepare(
    dataset: Dataset,
    *,
    seed: int,
    scale: str = "auto",
    transform: str = "none",
    top_features: int | None = None,
) -> Prepared:
    """Split and scale a data set, and choose the samples to show.

    Parameters
    ----------
    dataset : Dataset
    seed : int
    scale, transform, top_features
        As in `aeviz.data.scaling.Scaling.fit`.

    Raises
    ------
    AevizError
        If the scaled samples do not fit in memory, or the values do not suit the transform.
    """
    n_kept = min(top_features or dataset.n_features, dataset.n_features)
    need = Need(60 * MB, 8.0 * n_kept if top_features else 4.0 * n_kept, dataset.n_samples)
    check_need(f"scaling {dataset.name}", need)
    if dataset.is_image and (top_features is not None or transform == "counts"):
        option = "transform=counts" if top_features is None else f"top_features={top_features}"
        raise AevizError(
            f"{option} is for tables, and {dataset.name} has images; accepted: leave it out"
        )
    is_train = split_rows(dataset, seed=seed)
    chosen: dict[str, Any] = {"scale": scale, "transform": transform, "top_features": top_features}
    scaling = Scaling.fit(dataset, is_train, **chosen)
    classes = dataset.class_labels
    first = _pick(np.flatnonzero(~is_train), classes, N_SHOWN, seed=seed)
    rest = np.setdiff1d(np.arange(dataset.n_samples), first)
    more = _pick(rest, classes, N_GALLERY - len(first), seed=seed)
    shown = np.concatenate([first, more])
    kept = dataset if scaling.kept is None else with_features(dataset, scaling.kept)
    kept = replace(kept, notes=(*dataset.notes, *_notes(dataset, scaling, **chosen)))
    return Prepared(kept, scaling.transform(dataset.X), is_train, scaling, shown, dataset)


def _notes(
    dataset: Dataset, scaling: Scaling, *, scale: str, transform: str, top_features: int | None
) -> list[str]:
    """Return sentences on what was done to the values, and on what could be."""
    notes = []
    if transform == "none" and (note := count_note(dataset)):
        notes.append(note)
    if scaling.values.words:
        notes.append(f"Transformed: {scaling.values.words}.")
    if scaling.kept is not None:
        after = f" after the transform {transform}" if transform != "none" else ""
        notes.append(
            f"Kept the {scaling.n_kept:,} of {dataset.n_features:,} features that vary most: "
            f"those with the largest variance over the training samples{after}."
        )
    elif top_features is not None:
        notes.append(f"Kept all {dataset.n_features:,} features: there are no more.")
    if scale in ("unit", "none"):
        notes.append(
            "Encoders other than pca and residual scale features to variance 1 by themselves."
        )
    return notes


def _pick(rows: np.ndarray, classes: np.ndarray | None, n_rows: int, *, seed: int) -> np.ndarray:
    """Return some of the rows, of every class in its share and sorted by class."""
    n_rows = min(n_rows, len(rows))
    if classes is None:
        return np.sort(np.random.default_rng(seed).choice(rows, n_rows, replace=False))
    picked = rows[stratified_rows(classes[rows], n_rows, seed=seed)]
    return np.asarray(picked[np.argsort(classes[picked], kind="stable")])


def data_card(prepared: Prepared, *, source: str) -> DataCard:
    """Return what is to be kept about the data, without the samples."""
    dataset, whole, kept = prepared.dataset, prepared.whole, prepared.scaling.kept
    source_names = None if kept is None or whole.feature_names is None else [*whole.feature_names]
    label_kind = None
    if dataset.has_labels:
        label_kind = "classes" if dataset.has_classes else "continuous"
    class_names, class_colors = _class_names(dataset), None
    if class_names is not None and dataset.class_colors is not None:
        color_of = dict(zip(dataset.class_order or (), dataset.class_colors, strict=True))
        class_colors = [color_of[name] for name in class_names]
    return DataCard(
        name=dataset.name,
        source=source,
        n_samples=dataset.n_samples,
        n_features=dataset.n_features,
        n_train=int(prepared.is_train.sum()),
        fingerprint=whole.fingerprint(),
        scaling=prepared.scaling.kind,
        image_shape=dataset.image_shape,
        feature_names=None if dataset.feature_names is None else list(dataset.feature_names),
        class_names=class_names,
        class_colors=class_colors,
        label_kind=label_kind,
        notes=list(dataset.notes),
        further_labels=list(dataset.metadata),
        fill_values=None if whole.fill_values is None else whole.fill_values.tolist(),
        columns=None if dataset.columns is None else [one.to_json() for one in dataset.columns],
        array_shape=dataset.array_shape,
        pixel_type=dataset.X.dtype.name if dataset.is_image else None,
        preparation=prepared.scaling.words,
        kept=None if kept is None else kept.tolist(),
        n_source_features=None if kept is None else whole.n_features,
        source_names=source_names,
    )


def _class_names(dataset: Dataset) -> list[str] | None:
    """Return the classes that occur: in their given order, else numerically, else by name."""
    classes = dataset.class_labels
    if classes is None or dataset.y is None:
        return None
    present = set(classes.tolist()) - {""}
    order = dataset.target_names or dataset.class_order
    if order is not None:
        return [*dict.fromkeys(name for name in order if name in present)]
    return sorted(present, key=float) if dataset.y.dtype.kind in "iufb" else sorted(present)
