"""Draw the maps of a run: one colour a class in all of them, and one legend."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.plots._theme import SEQUENTIAL, class_colors
from aeviz.plots.scatter import scatter
from aeviz.report._canvas import canvas
from aeviz.report._content import Figure
from aeviz.runs import Run

__all__ = ["draw_map", "legend", "points_of"]

MOST_NAMED = 100


def points_of(run: Run, encoder: str, embedding: str) -> np.ndarray:
    """Return the coordinates of a pair, shape (n_samples, 2)."""
    columns = [f"{encoder}_{embedding}_{axis}" for axis in "xy"]
    return run.embeddings[columns].to_numpy()


def draw_map(run: Run, encoder: str, embedding: str, *, ax: Any) -> Any:
    """Draw one pair's samples in the run's colours."""
    labels = run.embeddings["label"].to_numpy() if run.data.label_kind else None
    return scatter(
        points_of(run, encoder, embedding),
        labels,
        ax=ax,
        classes=run.data.class_names if run.data.label_kind == "classes" else None,
        has_meaningful_axes=embedding in ("pca", "latent"),
    )


def legend(run: Run) -> Figure | None:
    """Return the legend of all maps, or None without labels."""
    if run.data.label_kind is None:
        return None
    names = run.data.class_names
    if names is None:
        return _color_bar(run)
    if len(names) > MOST_NAMED:
        return None
    shown = [name if len(name) <= 24 else f"{name[:23]}…" for name in names]
    n_columns = int(np.clip(100 // (max(map(len, shown), default=1) + 5), 1, 12))
    n_rows = -(-len(names) // n_columns)

    def draw(theme: Any) -> Any:
        from matplotlib.lines import Line2D

        figure, ax = canvas(width=10, height=0.25 + 0.23 * n_rows)
        palette = class_colors(names)
        marks = [Line2D([], [], marker="o", linestyle="", color=palette[name]) for name in names]
        # Invisible names would drop out of the legend.
        labels = [f" {name}" if name.startswith("_") else name or "(empty)" for name in shown]
        ax.legend(
            marks,
            labels,
            ncols=n_columns,
            loc="center left",
            handletextpad=0.1,
            columnspacing=1.2,
            borderaxespad=0.0,
        )
        ax.axis("off")
        return figure

    listed = ", ".join(names[:30]) + (", …" if len(names) > 30 else "")
    return Figure("legend", draw, f"Legend: a colour for each of {len(names)} classes: {listed}.")


def _color_bar(run: Run) -> Figure:
    values = run.embeddings["label"].to_numpy(dtype=float)
    low, high = float(np.nanmin(values)), float(np.nanmax(values))

    def draw(theme: Any) -> Any:
        from matplotlib.cm import ScalarMappable
        from matplotlib.colors import Normalize

        figure, ax = canvas(width=6, height=0.55)
        figure.colorbar(
            ScalarMappable(Normalize(low, high), SEQUENTIAL), cax=ax, orientation="horizontal"
        )
        return figure

    return Figure("legend", draw, f"Colour bar: the label from {low:g} to {high:g}.")
