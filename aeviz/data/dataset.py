"""A data set as every part of aeviz sees it.

A `Dataset` is what a reader returns: finite numbers, one row per sample, in the
units of the source. It knows nothing of training, scaling or files.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from aeviz.data.columns import TableColumn

__all__ = ["Dataset", "are_below", "are_classes"]


@dataclass(frozen=True)
class Dataset:
    """Samples, labels and what is known about them.

    Parameters
    ----------
    name : str
        Short name, used for the default output folder.
    X : ndarray of shape (n_samples, n_features)
        Finite numbers in the units of the source, any real dtype. Images are
        flattened in (height, width, channels) order.
    y : ndarray of shape (n_samples,) or None
        Class labels (integers, booleans or strings) or a continuous target (floats
        with any fractional or more than `Dataset.MAX_CLASSES` distinct values). NaN, or None
        among strings, where a sample has no label.
    feature_names : tuple of str or None
        One name per column; None for images and unnamed arrays.
    target_names : tuple of str or None
        Names of the classes where `y` holds the integers 0 .. n_classes - 1.
    image_shape : (height, width, channels) or None
        None for tables.
    is_test : ndarray of bool of shape (n_samples,) or None
        The source's own split into training and test samples, if it has one.
    sample_ids : ndarray of shape (n_samples,) or None
        Identifiers; None means 0 .. n_samples - 1.
    notes : tuple of str
        Sentences on what a reader did to the data (rows dropped, values imputed).
    metadata : mapping from str to ndarray of shape (n_samples,)
        Further labels by name, in the dtypes of `y` or with missing values (NaN, None among
        strings). Nothing is scored by them; a report colours by them.
    columns : tuple of TableColumn or None
        Of a table with names: what each column of the source is and what became of it.
    annotations : mapping from str to ndarray of shape (n_samples,)
        Texts by name, strings or None: columns of a table that are neither features nor labels
        and that a report shows with each sample.
    fill_values : ndarray of float64 of shape (n_features,) or None
        What replaces a missing value of each feature, see `aeviz.data.missing`.
    groups : ndarray of shape (n_samples,) or None
        Strings or None: samples of one group are on the same side of a split. A sample without
        a group is one by itself.
    drawn_of : int or None
        Where the samples were drawn while the source was read: how many it has. Then
        `sample_ids` are the numbers of their rows.

    Raises
    ------
    ValueError
        If the parts do not fit together: lengths, the image's shape, or labels that
        `target_names` has no name for.
    """

    MAX_CLASSES: ClassVar[int] = 100

    name: str
    X: np.ndarray
    y: np.ndarray | None = None
    feature_names: tuple[str, ...] | None = None
    target_names: tuple[str, ...] | None = None
    image_shape: tuple[int, int, int] | None = None
    is_test: np.ndarray | None = None
    sample_ids: np.ndarray | None = None
    notes: tuple[str, ...] = field(default=())
    metadata: Mapping[str, np.ndarray] = field(default_factory=dict)
    columns: tuple[TableColumn, ...] | None = None
    annotations: Mapping[str, np.ndarray] = field(default_factory=dict)
    fill_values: np.ndarray | None = None
    groups: np.ndarray | None = None
    drawn_of: int | None = None

    def __post_init__(self) -> None:
        if self.X.ndim != 2:
            raise ValueError(f"X must have 2 dimensions (samples, features), got {self.X.shape}")
        named = {"y": self.y, "is_test": self.is_test, "sample_ids": self.sample_ids}
        named["groups"] = self.groups
        for name, values in [*named.items(), *self.metadata.items(), *self.annotations.items()]:
            if values is not None and values.shape != (self.n_samples,):
                raise ValueError(f"{name} must have shape ({self.n_samples},), got {values.shape}")
        if self.feature_names is not None and len(self.feature_names) != self.n_features:
            raise ValueError(
                f"feature_names must name {self.n_features} columns, got {len(self.feature_names)}"
            )
        if self.image_shape is not None and math.prod(self.image_shape) != self.n_features:
            raise ValueError(
                f"image_shape must hold {self.n_features} values, got {self.image_shape}"
            )
        if self.target_names is not None:
            y, n_names = self.y, len(self.target_names)
            has_numbers = y is not None and y.dtype.kind in "iuf" and self.has_classes
            if y is None or not has_numbers or not are_below(y, n_names):
                raise ValueError(
                    f"target_names needs y in 0..{n_names - 1}, "
                    "or target_names=None for other labels"
                )

    @property
    def n_samples(self) -> int:
        """Return the number of rows."""
        return int(self.X.shape[0])

    @property
    def n_features(self) -> int:
        """Return the number of columns."""
        return int(self.X.shape[1])

    @property
    def is_image(self) -> bool:
        """Return whether each row is a flattened image."""
        return self.image_shape is not None

    @property
    def has_labels(self) -> bool:
        """Return whether the samples carry labels of either kind."""
        return self.y is not None

    @property
    def has_classes(self) -> bool:
        """Return whether the labels are classes, not a continuous target."""
        return self.y is not None and are_classes(self.y)

    @property
    def lacks_label(self) -> np.ndarray:
        """Return which samples have no label, ndarray of bool of shape (n_samples,)."""
        if self.y is not None and self.y.dtype.kind in "OU":
            return np.array([label is None or label == "" for label in self.y], dtype=bool)
        if self.y is not None and self.y.dtype.kind == "f":
            return np.asarray(~np.isfinite(self.y))
        return np.full(self.n_samples, self.y is None)

    @property
    def class_labels(self) -> np.ndarray | None:
        """Return the labels as strings, named where names are known; None without classes.

        A sample without a label has an empty string.
        """
        if self.y is None or not self.has_classes:
            return None
        known = ~self.lacks_label
        values = self.y[known]
        if self.target_names is not None:
            values = np.asarray(self.target_names, dtype=object)[values.astype(int)]
        elif values.dtype.kind in "fb":
            values = values.astype(int)
        labels = np.full(self.n_samples, "", dtype=object)
        labels[known] = values.astype(str)
        return labels.astype(str)

    @property
    def ids(self) -> np.ndarray:
        """Return the samples' identifiers, which are their numbers where they have none."""
        return np.arange(self.n_samples) if self.sample_ids is None else self.sample_ids

    @property
    def named_labels(self) -> np.ndarray | None:
        """Return the labels as tables have them: classes as strings, others as they are.

        A sample without a class has None.
        """
        labels = self.class_labels
        if labels is None or not self.lacks_label.any():
            return self.y if labels is None else labels
        named = labels.astype(object)
        named[self.lacks_label] = None
        return named

    def take(self, rows: np.ndarray) -> Dataset:
        """Return the data set reduced to some rows.

        Parameters
        ----------
        rows : ndarray of int or of bool
            Row numbers in the wanted order, or a mask of shape (n_samples,).
        """
        return replace(
            self,
            X=self.X[rows],
            y=None if self.y is None else self.y[rows],
            is_test=None if self.is_test is None else self.is_test[rows],
            groups=None if self.groups is None else self.groups[rows],
            metadata={name: values[rows] for name, values in self.metadata.items()},
            annotations={name: texts[rows] for name, texts in self.annotations.items()},
            sample_ids=self.ids[rows],
        )

    def fingerprint(self) -> str:
        """Return a SHA-256 of the samples, labels and split: equal data, equal digits."""
        digest = hashlib.sha256()
        for values in (self.X, self.y, self.is_test):
            if values is None:
                digest.update(b"none")
                continue
            array = np.ascontiguousarray(values)
            if array.dtype.kind in "OU":
                array = np.frombuffer("\x00".join(map(str, array.ravel())).encode(), np.uint8)
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(array.data)
        digest.update(repr(self.image_shape).encode())
        return digest.hexdigest()

    def identity_fingerprint(self) -> str:
        """Return a SHA-256 of the ids, further labels and annotations.

        No number of a run depends on them.
        """
        digest = hashlib.sha256()
        named = {"sample_ids": self.sample_ids, **self.metadata}
        for name, values in [*named.items(), *self.annotations.items()]:
            digest.update(name.encode("utf-8", "surrogatepass"))
            for value in () if values is None else values.tolist():
                digest.update(f"\x00{value}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


def are_below(y: np.ndarray, n_classes: int) -> bool:
    """Return whether labels, if there are any, are in 0 .. n_classes - 1."""
    known = y[np.isfinite(y)]
    return not known.size or bool(known.min() >= 0 and known.max() < n_classes)


def are_classes(y: np.ndarray) -> bool:
    """Return whether labels are classes: all but floats that are a continuous target.

    Missing labels are passed over.

    Floats are classes if all are whole numbers and at most `Dataset.MAX_CLASSES` are
    distinct, for tables often hold class numbers as floats.

    Examples
    --------
    >>> are_classes(np.array([0.0, 1.0, 1.0])), are_classes(np.array([0.5, 1.0]))
    (True, False)
    """
    if y.dtype.kind != "f":
        return True
    y = y[np.isfinite(y)]
    # Above 2**53 floats hold whole numbers only, which says nothing of the labels.
    if not np.all((y == np.round(y)) & (np.abs(y) < 2**53)):
        return False
    return len(np.unique(y)) <= Dataset.MAX_CLASSES
