"""Definition of a metric: its texts and how it is computed from a `Comparison`.

A metric has one of two forms. Most give numbers per anchor, and their value is a smooth
function of the means of these numbers: one matrix product then gives the value over every
resample of a bootstrap. A metric that is no function of means over anchors (a fit, an
agreement of clusterings) gives a function of how often each anchor counts, which is called
for some of the resamples only.

A metric may look at fewer rows than there are anchors, where every anchor would cost too
much. It takes the same anchors in every comparison of one call of `compare`, so that
differences stay paired, and its scores tell their number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from aeviz.evaluation.comparison import Comparison
from aeviz.evaluation.effects import Effects

__all__ = ["SCOPES", "Metric", "Scope", "Subject", "Weighted", "split_name"]

Scope = Literal["local", "global", "labels", "clusters", "code"]
Subject = Literal["pair", "labels", "reconstruction", "variational"]

# In the order in which tables show them.
SCOPES: tuple[Scope, ...] = ("local", "global", "labels", "clusters", "code")

_MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"


def _first(means: np.ndarray) -> np.ndarray:
    """Return the one mean that such a metric has."""
    return means[..., 0]


def _no_effects(comparison: Comparison) -> Effects | None:
    """Return what rows change in each other's contributions where they change nothing."""


@dataclass(frozen=True, eq=False)
class Weighted:
    """Metric of one comparison as a function of how often each row counts.

    Parameters
    ----------
    n_rows : int
        The number of anchors that it looks at.
    value : callable
        From weights, float64 of shape (n_rows,), not negative, of sum n_rows, to the value.
        Weights of one give the metric itself.
    step : float, at least 0
        By how much one row changes a value that is at a bound.
    is_biased : bool
        Whether its value is lower the fewer different rows there are.
    """

    n_rows: int
    value: Callable[[np.ndarray], float]
    step: float = 0.0
    is_biased: bool = False


@dataclass(frozen=True, kw_only=True)
class Metric:
    """Metric of a `Comparison`, with the texts that the page, the terminal and the docs show.

    Parameters
    ----------
    name : str
        The name of its file, and its name in every table.
    title : str
        Its name for readers.
    question : str
        The question that it answers.
    bounds : (float, float)
        The smallest and the largest possible value.
    higher_is_better : bool
    blind_spot : str
        What it can't see, and what else to mind when one reads a value.
    reference : str
        The paper that it comes from.
    subject : {"pair", "labels", "reconstruction", "variational"}
        What it scores: how the low space stands for the high one; how the low space
        agrees with labels; a decoder's reconstructions; a variational model's bound.
    scope : {"local", "global", "labels", "clusters", "code"}
        The group in which tables show it: neighbours; distances and order at large; classes;
        clusters found without the labels; what an encoder keeps.
    contributions : callable or None
        From a `Comparison` to an array of float64 of shape (n_rows, n_means), one row per
        anchor or fewer.
    pairs : callable or None
        From a `Comparison` to arrays of shape (n_anchors, n_partners), of all its partners or the
        first ones, whose means over the partners are the contributions; instead of them.
    summarise : callable
        From means of contributions, shape (..., n_means), to values, shape (...). One mean
        alone is the value.
    effects : callable
        From a `Comparison` to what each row changes in the contributions of others, or to None
        where it changes nothing, or next to nothing.
    weighted : callable or None
        From a `Comparison` to a `Weighted`; instead of contributions.
    band : float or None
        Differences up to it are called practically the same; None where no such number is known.
    is_band_relative : bool
        Whether `band` is a share of the baseline's value.
    refits : callable or None
        From a `Comparison` to the metric's deviations from its value, shape (n_refits,), if
        what it fits is fitted anew to resamples; its interval then comes from them.
    has_interval : bool
        False where no resampling that one can wait for covers what fresh samples would give.
    headline : int
        Position among the few numbers that sum up an embedding in one line, from 1; 0 for the
        others. The first is the one number to quote, and tables show it first.
    position : int
        Position among the metrics of its scope that a page shows at once, from 1; 0 for those
        that it shows on demand.
    depends_on_k : bool
        Whether it depends on the neighbourhood size.
    has_further_k : bool
        Whether tables show it at further neighbourhood sizes too.
    needs_full_ranks : bool
        Whether it looks at all ranks of an anchor, which cost a sort of all samples each.
    min_classes : int
        How many classes the anchors must have for the metric to apply: with one class every
        guess and every clustering is perfect. 0 where their number does not matter.
    k : int or None
        The neighbourhood size at which to measure it; None means the usual one.

    Raises
    ------
    ValueError
        Unless exactly one of contributions, pairs and weighted is given.

    Notes
    -----
    The value is ``summarise(mean over rows of contributions)``, or that of `weighted` at
    weights of one.
    """

    name: str
    title: str
    question: str
    blind_spot: str
    reference: str
    scope: Scope
    subject: Subject = "pair"
    bounds: tuple[float, float] = (0.0, 1.0)
    higher_is_better: bool = True
    contributions: Callable[[Comparison], np.ndarray] | None = None
    pairs: Callable[[Comparison], Sequence[np.ndarray]] | None = None
    summarise: Callable[[np.ndarray], np.ndarray] = _first
    effects: Callable[[Comparison], Effects | None] = _no_effects
    weighted: Callable[[Comparison], Weighted] | None = None
    band: float | None = 0.01
    is_band_relative: bool = False
    refits: Callable[[Comparison], np.ndarray] | None = None
    has_interval: bool = True
    headline: int = 0
    position: int = 0
    depends_on_k: bool = False
    has_further_k: bool = False
    needs_full_ranks: bool = False
    min_classes: int = 0
    k: int | None = None

    def __post_init__(self) -> None:
        """Check the form."""
        forms = (self.contributions, self.pairs, self.weighted)
        if sum(form is not None for form in forms) != 1:
            raise ValueError(f"{self.name} must have one of contributions, pairs and weighted")

    @property
    def direction(self) -> str:
        """Return which direction is better, in words."""
        return "higher is better" if self.higher_is_better else "lower is better"

    @property
    def range_text(self) -> str:
        """Return the bounds in words, such as "0 to 1"."""
        low, high = (f"{bound:g}".replace("-", _MINUS) for bound in self.bounds)
        if not math.isinf(self.bounds[0]):
            return f"{low} upwards" if math.isinf(self.bounds[1]) else f"{low} to {high}"
        return "any number" if math.isinf(self.bounds[1]) else f"up to {high}"

    @property
    def full_title(self) -> str:
        """Return the title, with the neighbourhood size where it is not the usual one."""
        return self.title if self.k is None else f"{self.title}, k{_SPACE}={_SPACE}{self.k}"

    @property
    def band_text(self) -> str:
        """Return the band in words, such as "0.01" or "2 % of the baseline's"; "" for none."""
        if self.band is None:
            return ""
        share = f"{100 * self.band:g}{_SPACE}% of the baseline’s"
        return share if self.is_band_relative else f"{self.band:g}"

    def band_at(self, baseline: float | None) -> float | None:
        """Return the band of differences to a baseline's value, None where it is not known."""
        if self.band is None or not self.is_band_relative:
            return self.band
        return None if baseline is None else self.band * abs(baseline)

    @property
    def reads_labels(self) -> bool:
        """Return whether the metric looks at the labels of samples."""
        return self.subject == "labels" or self.min_classes > 0

    def applies_to(self, comparison: Comparison) -> bool:
        """Return whether the comparison has what the metric scores."""
        if self._missing(comparison) is not None:
            return False
        return not self.min_classes or comparison.n_classes >= self.min_classes

    def _missing(self, comparison: Comparison) -> str | None:
        """Return what the comparison lacks for this metric, or None."""
        needs = (
            ("labels", self.reads_labels, comparison.labels),
            ("sample errors", self.subject == "reconstruction", comparison.sample_errors),
            ("sample bounds", self.subject == "variational", comparison.sample_bounds),
            ("ranked anchors (n_ranked above 0)", self.needs_full_ranks, comparison.rank_areas),
        )
        return next((what for what, reads, array in needs if reads and array is None), None)

    def value(self, comparison: Comparison) -> float:
        """Return the metric's value over the rows that it looks at."""
        weighted = self.as_weighted(comparison)
        return float(weighted.value(np.ones(weighted.n_rows)))

    def measured(self, comparison: Comparison) -> tuple[np.ndarray, Effects | None]:
        """Return the contributions, and what rows change in each other's.

        Raises
        ------
        ValueError
            If the metric is no function of means over anchors.
        """
        if self.pairs is not None:
            pairs = self.pairs(comparison)
            rows = np.stack([values.mean(axis=1) for values in pairs], axis=1)
            return rows, Effects.of_pairs(comparison, pairs)
        if self.contributions is None:
            raise ValueError(f"{self.name} has no contributions")
        return self.contributions(comparison), self.effects(comparison)

    def as_weighted(self, comparison: Comparison) -> Weighted:
        """Return the metric as a function of weights, whichever form it has.

        Raises
        ------
        ValueError
            If the comparison lacks what the metric reads.
        """
        missing = self._missing(comparison)
        if missing is not None:
            raise ValueError(f"{self.name} needs {missing}, got a comparison without")
        if self.weighted is not None:
            return self.weighted(comparison)
        rows, _ = self.measured(comparison)
        return Weighted(len(rows), lambda w: float(self.summarise(w @ rows / w.sum())))

    def per_sample(self, comparison: Comparison) -> np.ndarray | None:
        """Return one value per row, whose mean is the metric; None if it has no such form."""
        if self.weighted is not None or self.summarise is not _first:
            return None
        rows, _ = self.measured(comparison)
        return rows[:, 0]

    def at(self, k: int) -> Metric:
        """Return the metric as it is to be measured at another neighbourhood size."""
        return replace(self, k=k)


def split_name(name: str) -> tuple[str, int | None]:
    """Split a metric's name from the neighbourhood size that may stand after it.

    Examples
    --------
    >>> split_name("trustworthiness_k30"), split_name("knn_accuracy")
    (('trustworthiness', 30), ('knn_accuracy', None))
    """
    base, mark, size = name.rpartition("_k")
    return (base, int(size)) if mark and size.isdecimal() else (name, None)
