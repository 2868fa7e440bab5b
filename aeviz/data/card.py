"""Description of the data of a run or a model, and the features that new samples must have."""

from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.data.columns import TableColumn
from aeviz.data.dataset import Dataset
from aeviz.data.scaling import KINDS, kind_of

__all__ = ["DataCard", "in_feature_order", "with_features"]


@dataclass(frozen=True)
class DataCard:
    """Description of the data of a run, without the samples.

    Parameters
    ----------
    name, source : str
        Short name of the data set, and what it was read from.
    n_samples, n_features, n_train : int
        `n_train` of the samples are training samples. Features are those that were kept.
    fingerprint : str
        `Dataset.fingerprint` of the samples.
    scaling : {"range", "standard", "minmax", "unit_length", "none"}
        Kind of an `aeviz.data.scaling.Scaling`.
    image_shape : (height, width, channels) or None
    pixel_type : str or None
        Type of the values of images, as the source has them.
    feature_names : list of str, one per feature, or None
    class_names : list of str or None
        In the fixed order that gives every class its colour.
    class_colors : list of str or None
        Colours of the classes, where the source has them.
    label_kind : {"classes", "continuous"} or None
    notes : list of str
        Sentences on what was done to the data when they were read.
    further_labels : list of str
        Names of the columns to colour by besides the label.
    fill_values : list of float or None
        What replaces a missing value of each feature, see `aeviz.data.missing`.
    columns : list of dict or None
        What became of each column of a table, see `aeviz.data.columns.TableColumn`.
    array_shape : tuple of int or None
        See `aeviz.data.dataset.Dataset`.
    preparation : str
        What was done to the values, in words; empty in former versions.
    kept : list of int or None
        Numbers of the kept features among those of the source; None where all were kept.
    n_source_features : int or None
        Number of features of the source, where some were kept.
    source_names : list of str or None
        Their names.
    """

    name: str
    source: str
    n_samples: int
    n_features: int
    n_train: int
    fingerprint: str
    scaling: str
    image_shape: tuple[int, int, int] | None = None
    feature_names: list[str] | None = None
    class_names: list[str] | None = None
    class_colors: list[str] | None = None
    label_kind: str | None = None
    notes: list[str] = field(default_factory=list)
    further_labels: list[str] = field(default_factory=list)
    fill_values: list[float] | None = None
    columns: list[dict[str, Any]] | None = None
    array_shape: tuple[int, ...] | None = None
    pixel_type: str | None = None
    preparation: str = ""
    kept: list[int] | None = None
    n_source_features: int | None = None
    source_names: list[str] | None = None

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return the card of its fields; what a later version added is passed over."""
        known = {name: value for name, value in content.items() if name in cls.__dataclass_fields__}
        for name in ("image_shape", "array_shape"):
            if known.get(name) is not None:
                known[name] = tuple(known[name])
        if "scaling" in known:
            known["scaling"] = kind_of(known["scaling"])
        return cls(**known)

    @property
    def scaling_words(self) -> str:
        """Return what was done to the values, in words."""
        return self.preparation or KINDS[self.scaling][1]

    @property
    def n_wanted(self) -> int:
        """Return the number of features that new samples must have."""
        return self.n_features if self.n_source_features is None else self.n_source_features

    @property
    def wanted_names(self) -> list[str] | None:
        """Return the names of the features that new samples must have."""
        return self.feature_names if self.kept is None else self.source_names

    def reduced(self, dataset: Dataset) -> Dataset:
        """Return a data set with `wanted_names` reduced to the features that were kept."""
        return dataset if self.kept is None else with_features(dataset, np.asarray(self.kept))

    @property
    def plan(self) -> tuple[TableColumn, ...] | None:
        """Return `columns` as the loader takes them, to read a table as this one was read."""
        if self.columns is None:
            return None
        return tuple(map(TableColumn.from_json, self.columns))

    @property
    def reading(self) -> dict[str, Any]:
        """Return the fields of `ReadOptions` that make samples be read as these were."""
        return {
            "is_to_fit": False,
            "plan": self.plan,
            "image_shape": self.image_shape,
            "pixel_type": self.pixel_type,
            "array_shape": self.array_shape,
        }

    @property
    def n_test(self) -> int:
        """Return the number of test samples."""
        return self.n_samples - self.n_train

    @property
    def is_image(self) -> bool:
        """Return whether each sample is an image."""
        return self.image_shape is not None


def with_features(dataset: Dataset, columns: np.ndarray) -> Dataset:
    """Return a table with some of its features, by their numbers."""
    names = dataset.feature_names
    return replace(
        dataset,
        X=np.ascontiguousarray(dataset.X[:, columns]),
        feature_names=None if names is None else tuple(names[i] for i in columns),
    )


def in_feature_order(dataset: Dataset, card: DataCard) -> Dataset:
    """Return a data set with the features of another in their order.

    Raises
    ------
    AevizError
        If features are missing or others than those, by name where both have names.
    """
    wanted, given = card.wanted_names, dataset.feature_names
    if wanted is not None and given is not None and list(given) != list(wanted):
        place = {name: i for i, name in enumerate(given)}
        missing = [name for name in wanted if name not in place]
        if missing:
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            listed = ", ".join(map(repr, missing[:3]))
            raise AevizError(
                f"{dataset.name} lacks the columns {listed}{more} of {card.name}; "
                f"it has {len(given)} columns, expected {len(wanted)}"
            )
        X = dataset.X[:, [place[name] for name in wanted]]
        return replace(dataset, X=X, feature_names=tuple(wanted), fill_values=None)
    if dataset.n_features != card.n_wanted:
        hint = "" if given is None else "; label names a column of labels"
        raise AevizError(
            f"{dataset.name} has {dataset.n_features:,} features; "
            f"expected the {card.n_wanted:,} of {card.name}{hint}"
        )
    shapes = (dataset.image_shape, card.image_shape)
    if None not in shapes and shapes[0] != shapes[1]:
        told = ["×".join(map(str, shape or ())) for shape in shapes]
        raise AevizError(
            f"{dataset.name} has images of {told[0]}; expected the {told[1]} of {card.name}"
        )
    return dataset
