"""Show the variational autoencoder's latent plane and what its decoder draws across it."""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.plots._theme import SEQUENTIAL
from aeviz.plots.images import image_grid
from aeviz.report._canvas import canvas
from aeviz.report._content import Figure, Gallery, Section, SectionContent, Text
from aeviz.report._maps import draw_map, legend
from aeviz.report._words import method, number
from aeviz.runs import Run

__all__ = ["SECTION"]

N_INFORMATIVE = 6


def _build(run: Run) -> SectionContent | None:
    blocks: list[Any] = []
    for kind in run.encoders:
        grid = run.manifold(kind)
        if grid is None:
            continue
        key = legend(run)
        blocks += [] if key is None else [key]
        if run.data.is_image:
            blocks.append(Gallery([_plane(run, kind), _manifold(run, kind, grid)], 2))
        else:
            blocks += [_plane(run, kind), Text([f"What the plane is about. {_range(grid)}"])]
            blocks.append(Gallery(_informative(run, kind, grid), 3))
    if not blocks:
        return None
    summary = (
        "The variational autoencoder's code is itself a plane: each sample lies at the mean of "
        "its latent distribution, and the decoder draws a sample for every point of it."
    )
    return SectionContent(summary, blocks)


def _plane(run: Run, kind: str) -> Figure:
    def draw(theme: Any) -> Any:
        figure, ax = canvas(width=5.4, height=5.2)
        draw_map(run, kind, "latent", ax=ax)
        ax.set_xlabel("first latent coordinate")
        ax.set_ylabel("second latent coordinate")
        return figure

    spread = np.asarray(run.code(kind)).std(axis=0)
    alt = (
        f"{method(kind)}: {run.data.n_samples:,} samples in the latent plane, with deviations "
        f"{spread[0]:.2f} and {spread[1]:.2f} of the two coordinates."
    )
    return Figure(f"latent_{kind}", draw, alt, alt, "Latent scatter")


def _range(grid: dict[str, np.ndarray]) -> str:
    low, high = grid["probability"]
    return (
        f"The grid's {len(grid['axis'])} × {len(grid['axis'])} points are equally spaced in the "
        f"prior's probability, from its quantile {low:g} to {high:g} along each axis: latent "
        f"values from {grid['axis'][0]:.2f} to {grid['axis'][-1]:.2f}."
    ).replace("-", "−")


def _manifold(run: Run, kind: str, grid: dict[str, np.ndarray]) -> Figure:
    shape = run.data.image_shape or (1, 1, 1)
    n = len(grid["axis"])

    def draw(theme: Any) -> Any:
        figure, ax = canvas(width=5.4, height=5.4 * shape[0] / shape[1])
        image_grid(grid["X"].reshape(n, n, *shape), ax=ax, gap=0)
        return figure

    alt = f"Images decoded from a grid over the latent plane. {_range(grid)}"
    return Figure(f"manifold_{kind}", draw, alt, _range(grid), "Manifold")


def _informative(run: Run, kind: str, grid: dict[str, np.ndarray]) -> list[Figure]:
    """Colour the decoded grid by the features that vary most over it."""
    X = grid["X"].reshape(-1, run.data.n_features).astype(float)
    spread = run.samples["deviation"]
    told = X.std(axis=0) / np.where(spread > 0, spread, np.inf)
    chosen = np.argsort(-told)[: min(N_INFORMATIVE, run.data.n_features)]
    return [_feature(run, kind, grid, int(i)) for i in chosen]


def _feature(run: Run, kind: str, grid: dict[str, np.ndarray], index: int) -> Figure:
    names = run.data.feature_names
    name = f"feature {index}" if names is None else names[index]
    title = name if len(name) <= 40 else f"{name[:39]}…"
    values = grid["X"][..., index]
    columns, rows = np.meshgrid(grid["axis"], grid["axis"][::-1])

    def draw(theme: Any) -> Any:
        figure, ax = canvas(width=3.9, height=3.1)
        mesh = ax.pcolormesh(columns, rows, values, cmap=SEQUENTIAL, rasterized=True)
        figure.colorbar(mesh, ax=ax)
        ax.set_aspect("equal")
        return figure

    alt = (
        f"Decoded values of {title} across the latent plane, from {number(values.min())} to "
        f"{number(values.max())}."
    )
    return Figure(f"latent_{kind}_feature_{index}", draw, alt, title=title)


SECTION = Section("The latent plane", 60, _build)
