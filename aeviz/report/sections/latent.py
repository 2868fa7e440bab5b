"""Section on the latent plane of the variational autoencoder, and samples decoded across it."""

from functools import partial

import numpy as np
from matplotlib.axes import Axes

from aeviz.page.content import Block, Figure, Gallery, SectionContent, Split, Text
from aeviz.page.figures import one_axes
from aeviz.page.wording import fixed, interval, method, number
from aeviz.plots import Coloring, scatter
from aeviz.plots.figure import drawable
from aeviz.plots.images import feature_plane, manifold, manifold_height
from aeviz.report._maps import map_density, map_key
from aeviz.report._samples import feature_names, image_scale, of_encoders
from aeviz.report.coloring import coloring_of
from aeviz.report.sections.base import Section
from aeviz.runs.results import Manifold
from aeviz.runs.run import Run

__all__ = ["SECTION"]

N_INFORMATIVE = 6
PLANE_PX = 508
MARGINS = {"left": 58, "right": 6, "top": 6, "bottom": 42}


def _build(run: Run) -> SectionContent | None:
    coloring = coloring_of(run)
    blocks: list[Block] = []
    for kind, grid in of_encoders(run, run.manifold).items():
        blocks += _blocks(run, kind, grid, coloring)
    if not blocks:
        return None
    summary = (
        "The variational autoencoder's code is itself a plane: each sample lies at the mean of "
        "its latent distribution, and the decoder draws a sample for every point."
    )
    return SectionContent(summary, blocks)


def _blocks(run: Run, kind: str, grid: Manifold, coloring: Coloring) -> list[Block]:
    key, plane = map_key(coloring), _plane(run, kind, coloring)
    if run.data.is_image:
        return [*key, Gallery([plane, _manifold(run, kind, grid)], n_columns=2)]
    features = _features(run, kind, grid)
    told = (
        "What the decoder draws across the plane, in the units of the source, for the "
        f"{len(features)} features that vary most over it, measured by their spread in the data. "
        + _range(grid)
    )
    return [*key, Split([plane], [Text([told]), Gallery(features, n_columns=2)])]


def _plane(run: Run, kind: str, coloring: Coloring) -> Figure:
    code = np.asarray(run.code(kind))

    def fill(ax: Axes) -> None:
        scatter(code, coloring, ax=ax, ticks=True)
        ax.set(xlabel="first latent dimension", ylabel="second latent dimension")

    spread = [fixed(float(value), 2) for value in code.std(axis=0)]
    caption = (
        f"{len(code):,} samples; standard deviations {spread[0]} and {spread[1]} along the "
        "axes, where the prior has 1."
    )
    title = f"Latent scatter, {method(kind)}"
    return Figure(
        f"latent_{kind}",
        one_axes(PLANE_PX, PLANE_PX, fill, **MARGINS),
        f"{title}: {caption}",
        caption,
        title,
        attributes={"plane": kind},
        density=map_density(run),
    )


def _range(grid: Manifold) -> str:
    low, high = (f"{100 * probability:g} %" for probability in grid.probability)
    n = len(grid.axis)
    return (
        f"The grid is of {n} × {n} points, equally spaced in the probability of the normal prior "
        f"from its {low} to its {high} quantile: latent values from "
        f"{interval(float(grid.axis[0]), float(grid.axis[-1]), 2)} along each axis, dense in the "
        "middle and sparse outside."
    )


def _manifold(run: Run, kind: str, grid: Manifold) -> Figure:
    scale, caption = image_scale(run), _range(grid)
    fill = partial(manifold, grid.X, grid.axis, scale)
    return Figure(
        f"manifold_{kind}",
        one_axes(PLANE_PX, manifold_height(PLANE_PX - 64, scale) + 48, fill, **MARGINS),
        f"Images that the decoder draws across the latent plane. {caption}",
        caption,
        f"Manifold, {method(kind)}",
        attributes={"manifold": kind},
        density=map_density(run),
        has_photos=scale.shape[2] >= 3,
    )


def _features(run: Run, kind: str, grid: Manifold) -> list[Figure]:
    """Return the decoded grid coloured by the features that vary most over it."""
    names = feature_names(run)
    X = grid.X.reshape(-1, run.data.n_features).astype(float)
    spread = np.asarray(run.samples.std, dtype=float)
    # Relative to their spread in the data.
    varied = X.std(axis=0) / np.where(spread > 0, spread, np.inf)
    figures = []
    for rank, i in enumerate(np.argsort(-varied, kind="stable")[:N_INFORMATIVE]):
        values = grid.X[..., i]
        told = f"from {number(float(values.min()))} to {number(float(values.max()))}"
        alt = f"{drawable(names[i])} as decoded across the latent plane, {told}."
        fill = partial(feature_plane, values, grid.axis)
        draw = one_axes(260, 220, fill, left=30, right=56, top=6, bottom=26)
        title = drawable(names[i], width=40)
        figures.append(Figure(f"plane_{kind}_{rank + 1}", draw, alt, title=title))
    return figures


SECTION = Section("The latent plane", 60, _build)
