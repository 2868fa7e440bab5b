"""Read and write the clusters of a run's samples, with their names and what is said of them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from aeviz.clustering.find import STABLE
from aeviz.clustering.naming import Majority, cluster_names
from aeviz.core.atomic_files import atomic_folder, read_json, write_json

__all__ = ["Cluster", "Clusters"]

_CARD, _LABELS = "clusters.json", "labels.npy"


@dataclass(frozen=True)
class Cluster:
    """One cluster.

    Parameters
    ----------
    name : str
        The label of most of its samples, or the features that tell it, or its number.
    size : int
        Number of samples.
    stability : float in [0, 1]
        Mean Jaccard similarity over resamples, see `aeviz.clustering.Clustering`.
    label : str or None
        The most frequent label of its samples, where labels are classes.
    purity : float or None
        Share of the samples with a label that have that one.
    features : list of str
        What tells it from the others, most telling first; empty for images.
    examples : list of int
        Rows of samples in its middle, the medoid first.
    """

    name: str
    size: int
    stability: float
    label: str | None
    purity: float | None
    features: list[str]
    examples: list[int]

    @property
    def is_stable(self) -> bool:
        """Return whether resamples give it again."""
        return self.stability >= STABLE


@dataclass(frozen=True, eq=False)
class Clusters:
    """Clusters of a run's samples.

    Parameters
    ----------
    encoder : str
        The encoder or own code whose code was clustered; ``"identity"`` for the data.
    n_clustered : int
        In how many samples they were found; the others are in the cluster of the nearest.
    found : sequence of Cluster
        Largest first; empty where there are no clear clusters.
    contact : list of list of float
        Share of the nearest neighbours of one cluster's samples (row) in each cluster (column).
    labels : ndarray of int32 of shape (n_samples,)
        Cluster of each sample, from 0 on; -1 for none.
    """

    encoder: str
    n_clustered: int
    found: Sequence[Cluster]
    contact: Sequence[Sequence[float]]
    labels: np.ndarray

    @property
    def names(self) -> list[str]:
        """Return the names of the clusters."""
        return [one.name for one in self.found]

    @property
    def numbers(self) -> np.ndarray:
        """Return the clusters as tables have them: from 1 on, as they are listed, -1 for none."""
        return np.where(self.labels < 0, -1, self.labels + 1).astype(np.int32)

    def without_samples(self) -> Self:
        """Return the clusters without features and examples, named by label or by number."""
        most = [
            None if one.label is None or one.purity is None else Majority(one.label, one.purity)
            for one in self.found
        ]
        names = cluster_names(most, [[]] * len(most))
        found = [
            replace(one, name=name, features=[], examples=[])
            for one, name in zip(self.found, names, strict=True)
        ]
        return replace(self, found=found)

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the clusters of a folder, or None for a run of a former version."""
        if not (folder / _CARD).is_file():
            return None
        card: dict[str, Any] = read_json(folder / _CARD)
        found = [Cluster(**one) for one in card.pop("found")]
        return cls(found=found, labels=np.load(folder / _LABELS, allow_pickle=False), **card)

    def write(self, folder: Path) -> None:
        """Write the folder."""
        card = {name: value for name, value in vars(self).items() if name != "labels"}
        with atomic_folder(folder) as partial:
            write_json(partial / _CARD, {**card, "found": [asdict(one) for one in self.found]})
            np.save(partial / _LABELS, self.labels)
