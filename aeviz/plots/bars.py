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
    positions = np.arange(len(names))[::-1]
    thickness = 0.8 / len(values)
    for i, (method, numbers) in enumerate(values.items()):
        offset = 0.4 - (i + 0.5) * thickness
        ax.barh(positions + offset, numbers, height=thickness, label=method, color=PALETTE[i])
    ax.set_yticks(positions, [name if len(name) <= 28 else f"{name[:27]}…" for name in names])
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(xlabel)
    ax.grid(axis="x")
    ax.legend()
    return ax
