"""Draw the maps of a run: one colour a class in all of them, and one legend."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.plots._theme import SEQUENTIAL, class_colors
from aeviz.plots.scatter import scatter
from aeviz.registry import EMBEDDINGS
from aeviz.report._canvas import canvas
from aeviz.report._content import Figure, Legend
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
        has_meaningful_axes=_has_axes(embedding),
    )


def _has_axes(embedding: str) -> bool:
    """Tell whether a picture's coordinates mean something; a latent plane's do."""
    return embedding not in EMBEDDINGS.names() or EMBEDDINGS.get(embedding).has_meaningful_axes


def legend(run: Run) -> Legend | Figure | None:
    """Return what explains the colours of all maps; None without labels or with too many."""
    names = run.data.class_names
    if run.data.label_kind is None or (names is not None and len(names) > MOST_NAMED):
        return None
    if names is None:
        return _color_bar(run)
    from matplotlib.colors import to_hex

    palette = class_colors(names)
    return Legend([(name or "(empty)", to_hex(palette[name])) for name in names])


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

    return Figure("color_bar", draw, f"Colour bar: the label from {low:g} to {high:g}.")
