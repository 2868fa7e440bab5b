"""Batches of a run: how well they mix, and whether they go together with the labels.

The page and the terminal take their words from here.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aeviz.evaluation.stages import Stage
from aeviz.page.wording import fixed, joined, method
from aeviz.runs.run import Run
from aeviz.runs.score_table import at_usual_k

__all__ = ["Batches", "Mixing", "batch_title"]

METRIC = "batch_mixing"
DATA = method("identity")
# Of more maps a sentence says how many they are.
MAX_NAMED = 3
# Below half of what random mixing gives, batches are said not to mix.
MIXED_FROM = 0.5
# From here on labels and batches are said to go together.
TOGETHER_FROM = 0.3


@dataclass(frozen=True)
class Mixing:
    """Mixing of batches in one space, relative to random mixing, with its interval."""

    name: str
    value: float
    low: float
    high: float

    @property
    def is_mixed(self) -> bool:
        """Return whether the batches count as mixed."""
        return self.value >= MIXED_FROM


@dataclass(frozen=True)
class Batches:
    """Batches of a run.

    Parameters
    ----------
    title : str
        Name of the column.
    sizes : Series
        Samples by batch, largest first.
    n_missing : int
        Samples without a batch.
    chance : float
        Share of a sample's neighbours that are of other batches where batches mix at random.
    k : int
        The neighbourhood size of the scores.
    spaces : tuple of Mixing
        The original data first, then every map.
    association : float or None
        Cramér's V of batches and labels, None where labels are no classes.
    """

    title: str
    sizes: pd.Series
    n_missing: int
    chance: float
    k: int
    spaces: tuple[Mixing, ...]
    association: float | None

    @classmethod
    def of(cls, run: Run) -> "Batches | None":
        """Return the batches of a run, or None where they were not scored."""
        scores = run.scores
        is_of_batches = (scores["metric"] == METRIC) & (scores["stage"] == Stage.DATA_TO_EMBEDDING)
        rows = at_usual_k(scores[is_of_batches])
        if rows.empty:
            return None
        batches = run.embeddings["batch"]
        sizes = batches.value_counts()
        n = int(sizes.sum())
        spaces = [
            Mixing(method(row.encoder, row.embedding), row.value, row.low, row.high)
            for row in rows.itertuples()
        ]
        has_classes = run.data.label_kind == "classes"
        return cls(
            batch_title(run),
            sizes,
            int(batches.isna().sum()),
            float(1 - (sizes * (sizes - 1)).sum() / (n * (n - 1))),
            int(rows["k"].iloc[0]),
            tuple(spaces),
            _association(batches, run.embeddings["label"]) if has_classes else None,
        )

    def share(self, space: Mixing) -> str:
        """Return the share of neighbours that are of other batches, in words."""
        return _percent(space.value * self.chance)

    @property
    def random_share(self) -> str:
        """Return the share that random mixing would give, in words."""
        return _percent(self.chance)

    def warnings(self) -> list[str]:
        """Return sentences on where batches do not mix, none where they mix everywhere."""
        apart = [space for space in self.spaces if not space.is_mixed]
        if not apart:
            return []
        maps = [space for space in apart if space.name != DATA]
        told = [f"{self.share(space)} in the data" for space in apart if space.name == DATA]
        told += [f"{self.share(space)} in {space.name}" for space in maps]
        if len(maps) > MAX_NAMED:
            ends = [self.share(choose(maps, key=lambda one: one.value)) for choose in (min, max)]
            of_all = f"{len(maps)} of {len(self.spaces) - 1} maps"
            told[-len(maps) :] = [f"{' to '.join(dict.fromkeys(ends))} in {of_all}"]
        lines = [
            f"The batches ({self.title}) do not mix: of a sample's {self.k} nearest neighbours, "
            f"{joined(told)} are of other batches; random mixing would give {self.random_share}."
        ]
        return [*lines, self.together()] if self.together() else lines

    def together(self) -> str:
        """Return a sentence on batches and labels, empty where they do not go together."""
        if self.association is None or self.association < TOGETHER_FROM:
            return ""
        return (
            f"Batches and labels go together (Cramér's V {fixed(self.association, 2)}; 0 is "
            "independent, 1 is one following from the other), so batches may lie apart because "
            "their samples are of different kinds: the cause may be biology, or whatever the "
            "labels stand for, and not the batch."
        )


def batch_title(run: Run) -> str:
    """Return what the batches are called: the name of their column, where it is known."""
    return str(run.settings.get("batch") or "batch")


def _association(batches: pd.Series, labels: pd.Series) -> float | None:
    """Return Cramér's V of two classifications, corrected for what chance gives.

    None where either has one class only. The correction is that of Bergsma (2013), A
    bias-correction for Cramér's V and Tschuprow's T, doi:10.1016/j.jkss.2012.10.002.
    """
    table = pd.crosstab(batches, labels.astype(str).where(labels.notna())).to_numpy()
    n, (n_rows, n_columns) = int(table.sum()), table.shape
    if min(table.shape) < 2:
        return None
    expected = table.sum(axis=1, keepdims=True) * (table.sum(axis=0) / n)
    phi = (np.square(table - expected) / expected).sum() / n
    phi = max(0.0, phi - (n_rows - 1) * (n_columns - 1) / (n - 1))
    least = min(one - (one - 1) ** 2 / (n - 1) for one in table.shape) - 1
    return float(min(1.0, np.sqrt(phi / least)))


def _percent(share: float) -> str:
    return f"{100 * share:.{0 if share >= 0.1 else 1}f}\N{NO-BREAK SPACE}%"
