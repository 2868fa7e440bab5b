"""Colours of samples, decided once so that all panels of a report agree.

A `Coloring` is made from the labels of all samples; figures only look colours up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.colors import Colormap, to_rgb

from aeviz.plots.theme import Theme, class_colors, theme_now

__all__ = ["Coloring"]


@dataclass(frozen=True, eq=False)
class Coloring:
    """Labels of samples in the form that figures need.

    Parameters
    ----------
    kind : {"classes", "continuous", "none"}
    n_samples : int
    class_names : tuple of str
        In the order that gives every class its colour; empty unless the kind is classes.
    codes : ndarray of int of shape (n_samples,) or None
        Positions in `class_names`, -1 for a missing label.
    values : ndarray of float of shape (n_samples,) or None
        Continuous labels, NaN for a missing one.
    low, high : float
        The continuous labels that get the first and the last colour: their 1st and 99th
        percentile, so that a few outliers do not take all the contrast.
    is_emphatic : bool
        Whether high values are to be noticed: they stand out from the paper, low ones are faint.
    given_colors : tuple of str
        Colours that the source has for its classes, one each; empty takes those of the palette.
    are_clusters : bool
        Whether the classes are clusters that the program found.
    """

    kind: Literal["classes", "continuous", "none"]
    n_samples: int
    class_names: tuple[str, ...] = ()
    codes: np.ndarray | None = None
    values: np.ndarray | None = None
    low: float = 0.0
    high: float = 1.0
    is_emphatic: bool = False
    given_colors: tuple[str, ...] = ()
    are_clusters: bool = False

    @classmethod
    def of_classes(
        cls,
        labels: Any,
        class_names: Sequence[str] | None = None,
        *,
        colors: Sequence[str] | None = None,
    ) -> Coloring:
        """Return the coloring of class labels.

        Parameters
        ----------
        labels : array-like of str, with None or NaN for missing ones
        class_names : sequence of str or None
            Fixes the order; None takes the names in sorted order. Labels that are not
            among the names count as missing.
        colors : sequence of str or None
            One per name; None takes those of the palette.

        Examples
        --------
        >>> Coloring.of_classes(["b", "a", None]).codes.tolist()
        [1, 0, -1]
        """
        series = pd.Series(labels, dtype=object)
        text = series.where(series.isna(), series.astype(str))
        names = sorted(set(text.dropna())) if class_names is None else list(class_names)
        known = text.where(text.isin(names), None)
        codes = pd.Categorical(known, categories=names).codes.astype(int)
        given = tuple(colors or ())
        return cls("classes", len(codes), tuple(names), codes, given_colors=given)

    @classmethod
    def of_clusters(cls, labels: np.ndarray, names: Sequence[str]) -> Coloring:
        """Return the coloring of clusters.

        Parameters
        ----------
        labels : ndarray of int of shape (n_samples,)
            From 0 on, -1 for none.
        names : sequence of str
            One per cluster.
        """
        return cls("classes", len(labels), tuple(names), np.asarray(labels), are_clusters=True)

    @classmethod
    def of_values(cls, values: Any) -> Coloring:
        """Return the coloring of a continuous label; NaN is missing."""
        numbers = np.asarray(values, dtype=float)
        finite = numbers[np.isfinite(numbers)]
        if not len(finite):
            return cls.none(len(numbers))
        low, high = (float(q) for q in np.percentile(finite, (1, 99)))
        if low == high:
            low, high = float(finite.min()), float(finite.max())
        return cls("continuous", len(numbers), values=numbers, low=low, high=high)

    @classmethod
    def of_shares(cls, shares: Any) -> Coloring:
        """Return the coloring of shares in [0, 1] of which high ones are to be noticed.

        The colours span all of [0, 1], whatever the shares, so that figures can be compared.
        """
        numbers = np.asarray(shares, dtype=float)
        return cls("continuous", len(numbers), values=numbers, is_emphatic=True)

    @classmethod
    def none(cls, n_samples: int) -> Coloring:
        """Return the coloring of samples without labels: all the same."""
        return cls("none", n_samples)

    @property
    def noun(self) -> str:
        """Return what the classes are called."""
        return "clusters" if self.are_clusters else "classes"

    @property
    def missing_words(self) -> str:
        """Return what a sample without a colour lacks, in words."""
        return "no cluster" if self.are_clusters else "no label"

    @property
    def n_classes(self) -> int:
        """Return the number of classes, 0 without classes."""
        return len(self.class_names)

    @property
    def colors(self) -> list[str]:
        """Return one colour per class."""
        return list(self.given_colors) or class_colors(self.n_classes)

    @property
    def is_clipped(self) -> bool:
        """Return whether some continuous labels lie beyond the range of the colours."""
        if self.values is None:
            return False
        return bool(np.nanmin(self.values) < self.low or np.nanmax(self.values) > self.high)

    @property
    def n_missing(self) -> int:
        """Return the number of samples without a label, 0 where no sample has one."""
        return 0 if self.kind == "none" else int(np.sum(~self.is_colored()))

    def is_colored(self) -> np.ndarray:
        """Return whether each sample has a label that has a colour, shape (n_samples,)."""
        if self.codes is not None:
            return self.codes >= 0
        if self.values is not None:
            return np.isfinite(self.values)
        return np.zeros(self.n_samples, bool)

    def counts(self) -> np.ndarray:
        """Return the number of samples of each class, shape (n_classes,)."""
        if self.codes is None:
            return np.zeros(0, dtype=int)
        return np.bincount(self.codes[self.codes >= 0], minlength=self.n_classes)

    def color_map(self, theme: Theme | None = None) -> Colormap:
        """Return the colours of continuous values from low to high.

        Parameters
        ----------
        theme : Theme or None
            None is the one that suits the rc values that hold now.
        """
        theme = theme_now() if theme is None else theme
        return theme.emphatic() if self.is_emphatic else theme.continuous()

    def sample_colors(self) -> np.ndarray:
        """Return one colour per sample, shape (n_samples, 3), for the rc values that hold now."""
        missing = np.asarray(to_rgb(mpl.rcParams["patch.edgecolor"]))
        if self.codes is not None:
            table = np.array([*map(to_rgb, self.colors), missing])
            return table[self.codes]
        if self.values is not None:
            span = (self.high - self.low) or 1.0
            shade = np.clip((self.values - self.low) / span, 0.0, 1.0)
            colors = self.color_map()(np.nan_to_num(shade))[:, :3]
            return np.where(np.isfinite(shade)[:, None], colors, missing)
        return np.tile(to_rgb(class_colors(1)[0]), (self.n_samples, 1))
