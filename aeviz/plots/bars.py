"""Draw a number a feature, method beside method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from aeviz.plots._theme import PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bars"]


def bars(
    values: Mapping[str, np.ndarray], names: Sequence[str], *, ax: Axes, xlabel: str = ""
) -> Axes:
    """Draw horizontal bars, one group a name and one bar a method.

    Parameters
    ----------
    values : mapping of method to ndarray of shape (n_names,)
    names : sequence of str
        Drawn from top to bottom.
    ax : matplotlib Axes
    xlabel : str

    Returns
    -------
    Axes
    """
    import pandas as pd
    import seaborn as sns

    # By number, since two features may share a name.
    table = pd.DataFrame({method: np.asarray(numbers) for method, numbers in values.items()})
    long = table.rename_axis("feature").reset_index().melt("feature", var_name="method")
    palette = dict(zip(values, PALETTE, strict=False))
    sns.barplot(
        long, x="value", y="feature", hue="method", orient="h", palette=palette, saturation=1, ax=ax
    )
    shown = [name if len(name) <= 28 else f"{name[:27]}…" for name in names]
    ax.set_yticks(range(len(names)), shown)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(xlabel)
    ax.set_ylabel("")
    ax.set_axisbelow(True)
    ax.grid(axis="x")
    ax.legend(title="")
    return ax
