"""Draw how a training went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["curves"]


def curves(
    history: Mapping[str, Sequence[float]],
    name: str,
    *,
    ax: Axes,
    title: str = "",
    unit: str = "",
    best_epoch: int | None = None,
) -> Axes:
    """Draw one quantity over the epochs, for training and for held-out samples.

    Parameters
    ----------
    history : mapping of str to sequence of float
        With the keys `name` and, if there is one, ``val_`` and `name`.
    name : str
    ax : matplotlib Axes
    title, unit : str
    best_epoch : int or None
        Index of the epoch whose weights were kept; marked.

    Returns
    -------
    Axes
    """
    drawn = {"training": history[name]}
    if f"val_{name}" in history:
        drawn["held out"] = history[f"val_{name}"]
    for (label, values), color in zip(drawn.items(), ("#0072b2", "#e69f00"), strict=False):
        ax.plot(np.arange(1, len(values) + 1), values, label=label, color=color)
    if best_epoch is not None:
        ax.axvline(best_epoch + 1, linestyle=":", linewidth=1.0, color="#888888")
    everything = np.concatenate([np.asarray(values, float) for values in drawn.values()])
    # The first epochs fall so far that they would flatten all the rest.
    top = np.percentile(everything, 97)
    span = max(top - everything.min(), 1e-9)
    ax.set_ylim(everything.min() - 0.06 * span, top + 0.12 * span)
    ax.set_title(title)
    ax.set_xlabel("epoch")
    ax.set_ylabel(unit)
    ax.grid(axis="y")
    ax.legend()
    return ax
