"""Name clusters by the label of most of their samples, or by the features that tell them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Majority", "cluster_names", "majorities"]

_LEAST_PURITY = 0.5
_N_FEATURES = 2


@dataclass(frozen=True)
class Majority:
    """The most frequent label of a cluster's samples.

    Parameters
    ----------
    label : str
    purity : float in [0, 1]
        Its share of the cluster's samples that have a label.
    """

    label: str
    purity: float


def majorities(labels: np.ndarray, classes: np.ndarray) -> list[Majority | None]:
    """Return the majority of every cluster, None for one without any label.

    Parameters
    ----------
    labels : ndarray of int of shape (n_samples,)
        Clusters from 0 on, -1 for none.
    classes : ndarray of str of shape (n_samples,)
        Empty for a sample without a label.

    Examples
    --------
    >>> majorities(np.array([0, 0, 0, -1]), np.array(["a", "b", "a", "b"]))[0].label
    'a'
    """
    found: list[Majority | None] = []
    for cluster in range(int(labels.max(initial=-1)) + 1):
        counts = Counter(classes[(labels == cluster) & (classes != "")].tolist())
        most = counts.most_common(1)
        found.extend(Majority(label, n / counts.total()) for label, n in most)
        found.extend([None] * (not most))
    return found


def cluster_names(
    majority: Sequence[Majority | None], features: Sequence[Sequence[str]]
) -> list[str]:
    """Return a name for every cluster, no two alike.

    Parameters
    ----------
    majority : sequence of Majority or None
        A label names a cluster where half of its samples have it.
    features : sequence of sequence of str
        What tells each cluster, see `aeviz.clustering.telling_features`; the first two name a
        cluster without such a label. One that has neither is called by its number, from 1 on.

    Examples
    --------
    >>> cluster_names([Majority("8", 0.9), Majority("8", 0.7), None, None],
    ...               [[], [], ["device = web", "income high", "age low"], []])
    ['8 (1)', '8 (2)', 'device = web, income high', 'cluster 4']
    """
    names = []
    for number, (most, told) in enumerate(zip(majority, features, strict=True), start=1):
        if most is not None and most.purity >= _LEAST_PURITY:
            names.append(most.label)
        else:
            names.append(", ".join(told[:_N_FEATURES]) or f"cluster {number}")
    alike, seen = Counter(names), Counter[str]()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(f"{name} ({seen[name]})" if alike[name] > 1 else name)
    return unique
