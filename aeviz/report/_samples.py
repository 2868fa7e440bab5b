"""Names of single samples of a run, and the features in which they differ most."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
import pandas as pd

from aeviz.page.content import Cell
from aeviz.page.wording import number, shortened
from aeviz.plots.figure import drawable
from aeviz.plots.images import ImageScale
from aeviz.runs.run import Run

__all__ = ["SampleNames", "feature_names", "features_apart", "image_scale", "of_encoders", "ranked"]

RANKS = ("", "second", "third")

T = TypeVar("T")


def of_encoders(run: Run, read: Callable[[str], T | None]) -> dict[str, T]:
    """Return what a run keeps of its encoders, without those of which it keeps none."""
    found = {kind: read(kind) for kind in run.encoders}
    return {kind: one for kind, one in found.items() if one is not None}


class SampleNames:
    """Identifiers and labels of samples, in words.

    Parameters
    ----------
    run : Run
    """

    def __init__(self, run: Run) -> None:
        table = run.embeddings
        self.kind = run.data.label_kind if "label" in table.columns else None
        self._ids = table["sample_id"].to_numpy()
        self._labels = table["label"].to_numpy() if self.kind is not None else None
        self._is_test = (table["split"] == "test").to_numpy()

    def id(self, row: int) -> str:
        """Return the identifier of a row."""
        return shortened(str(self._ids[row]), 40)

    def label(self, row: int) -> str:
        """Return the label of a row in words, empty where there is none."""
        if self._labels is None or pd.isna(self._labels[row]):
            return ""
        value = self._labels[row]
        return number(float(value)) if self.kind == "continuous" else drawable(str(value))

    def told(self, row: int) -> str:
        """Return the label of a row, or its identifier where there is no label."""
        return self.label(row) or self.id(row)

    def full(self, row: int) -> str:
        """Return the identifier with the label."""
        label = self.label(row)
        return f"{self.id(row)} ({label})" if label else self.id(row)

    def cell(self, row: int) -> Cell:
        """Return the identifier with the label below it, for a table."""
        label = self.label(row)
        return Cell(self.id(row), f"label {label}" if label else "")

    def are_held_out(self, rows: np.ndarray) -> np.ndarray:
        """Return which rows were held out from training."""
        return self._is_test[rows]


def feature_names(run: Run) -> list[str]:
    """Return the names of all features, numbered from 1 where the data has no names."""
    return run.data.feature_names or [f"feature {i + 1}" for i in range(run.data.n_features)]


def features_apart(run: Run, sample: np.ndarray, others: dict[str, np.ndarray]) -> list[Cell]:
    """Return a cell for each of the features in which a sample differs most, in source units.

    `others` are values to compare with, by the words that stand before them; the difference is
    taken from the first of them, in standard deviations.
    """
    names = feature_names(run)
    spread = np.asarray(run.samples.std, dtype=float)
    gaps = np.abs(sample.astype(float) - next(iter(others.values())))
    apart = np.divide(gaps, spread, out=np.zeros(len(gaps)), where=spread > 0)
    cells = []
    for i in np.argsort(-apart, kind="stable")[: len(RANKS)]:
        told = [f"{words} {number(float(values[i]))}" for words, values in others.items()]
        note = ", ".join([number(float(sample[i])), *told])
        cells.append(Cell(drawable(names[i], width=30), note))
    return cells


def ranked(what: str, run: Run) -> list[str]:
    """Return the heads of the columns that `features_apart` fills."""
    return [what, *RANKS[1 : run.data.n_features]]


def image_scale(run: Run) -> ImageScale:
    """Return the scale in which all images of a run are drawn."""
    return ImageScale(run.samples.X, run.data.image_shape or (1, 1, 1))
