"""Say what a metric is: numbers an anchor with a smooth function of their means, or a whole.

Most metrics are of the first form: one matrix product then gives their values over every
resample of a bootstrap. A metric that is no function of means over anchors (a fit, a
count of agreeing orders) is of the second: a function of how often each anchor counts,
called for some of the resamples only.

Why a metric says how many rows it looks at: some cost too much for every anchor. Such a
metric takes the same anchors in every comparison of one call of `compare`, so that
differences stay paired, and its scores say their number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from aeviz.evaluation.comparison import Comparison

__all__ = ["SCOPES", "Metric", "Scope", "Weighed", "unnamed_k"]

Scope = Literal["local", "global", "labels", "clusters", "code"]

# In the order in which tables show them.
SCOPES: tuple[Scope, ...] = ("local", "global", "labels", "clusters", "code")


def _first(means: np.ndarray) -> np.ndarray:
    """Return the one mean there is."""
    return means[..., 0]


@dataclass(frozen=True, eq=False)
class Weighed:
    """Hold a metric of one comparison as a function of how often each row counts.

    Parameters
    ----------
    n_rows : int
        The anchors it looks at.
    value : callable
        From weights, float64 of shape (n_rows,), not negative, of sum n_rows, to the value.
        Weights of one give the metric itself.
    """

    n_rows: int
    value: Callable[[np.ndarray], float]


@dataclass(frozen=True)
class Metric:
    """Describe one metric and compute it from a `Comparison`.

    Parameters
    ----------
    name : str
        The name of its file, and its name in every table.
    title : str
        What readers see.
    summary : str
        What it measures, to stand after the title and a colon.
    bounds : (float, float)
        The smallest and the largest value there can be.
    higher_is_better : bool
    subject : {"pair", "labels", "reconstruction", "variational"}
        What it judges: how the low space stands for the high one; how the low space
        agrees with labels; what a decoder gives back; a variational model's bound.
    scope : {"local", "global", "labels", "clusters", "code"}
        The group in which tables show it: neighbours; distances and orders at large; classes;
        clusters found without the labels; what an encoder keeps.
    contributions : callable or None
        From a `Comparison` to an array of float64 of shape (n_rows, n_means), one row an
        anchor or fewer, see above.
    summarise : callable
        From means of contributions, shape (..., n_means), to values, shape (...). If there
        is one mean, that is the value.
    weighed : callable or None
        From a `Comparison` to a `Weighed`; in place of contributions.
    is_headline : bool
        Whether tables show it first: the one number to quote of its subject.
    is_by_size : bool
        Whether it depends on the size of a neighbourhood so much that tables show it at
        further sizes too.
    needs_full_ranks : bool
        Whether it looks at all ranks of an anchor, which cost a sort of all samples each.
    least_classes : int
        How many classes the anchors must have, or the metric is left out: of one class every
        guess and every clustering is perfect. 0 where their number does not matter.

    Raises
    ------
    ValueError
        If there is not one of contributions and weighed.

    Notes
    -----
    The value is ``summarise(mean over rows of contributions)``, or that of `weighed` at
    weights of one.
    """

    name: str
    title: str
    summary: str
    bounds: tuple[float, float]
    higher_is_better: bool
    subject: Literal["pair", "labels", "reconstruction", "variational"]
    scope: Scope
    contributions: Callable[[Comparison], np.ndarray] | None = None
    summarise: Callable[[np.ndarray], np.ndarray] = _first
    weighed: Callable[[Comparison], Weighed] | None = None
    is_headline: bool = False
    is_by_size: bool = False
    needs_full_ranks: bool = False
    least_classes: int = 0

    def __post_init__(self) -> None:
        """Check the form."""
        if (self.contributions is None) == (self.weighed is None):
            raise ValueError(f"{self.name} must have one of contributions and weighed")

    def applies_to(self, comparison: Comparison) -> bool:
        """Tell whether the comparison holds what the metric judges."""
        if self.subject == "labels" and comparison.labels is None:
            return False
        if self.least_classes:
            labels = comparison.labels
            if labels is None or len(np.unique(labels[comparison.rows])) < self.least_classes:
                return False
        if self.subject == "reconstruction":
            return comparison.sample_errors is not None
        if self.subject == "variational":
            return comparison.sample_bounds is not None
        return True

    def value(self, comparison: Comparison) -> float:
        """Return the metric's value over the rows that it looks at."""
        if self.contributions is not None:
            return float(self.summarise(self.contributions(comparison).mean(axis=0)))
        weighed = self.as_weighed(comparison)
        return float(weighed.value(np.ones(weighed.n_rows)))

    def as_weighed(self, comparison: Comparison) -> Weighed:
        """Return the metric as a function of weights, whichever form it has."""
        if self.weighed is not None:
            return self.weighed(comparison)
        if self.contributions is None:
            raise ValueError(f"{self.name} must have one of contributions and weighed")
        rows = self.contributions(comparison)
        return Weighed(len(rows), lambda w: float(self.summarise(w @ rows / w.sum())))

    def per_sample(self, comparison: Comparison) -> np.ndarray | None:
        """Return one value a row, whose mean is the metric; None where it has no such form."""
        if self.contributions is None or self.summarise is not _first:
            return None
        return self.contributions(comparison)[:, 0]

    def at(self, n_neighbors: int) -> Metric:
        """Return the metric under the name that it has at another size of neighbourhoods.

        What it computes is the same: the comparison says the size.
        """
        name = f"{self.name}_k{n_neighbors}"
        title = f"{self.title}, k\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{n_neighbors}"
        return replace(self, name=name, title=title, is_headline=False, is_by_size=False)


def unnamed_k(name: str) -> tuple[str, int | None]:
    """Split a metric's name from the size of neighbourhoods that `Metric.at` put after it.

    Examples
    --------
    >>> unnamed_k("trustworthiness_k30"), unnamed_k("knn_accuracy")
    (('trustworthiness', 30), ('knn_accuracy', None))
    """
    base, mark, size = name.rpartition("_k")
    return (base, int(size)) if mark and size.isdecimal() else (name, None)
