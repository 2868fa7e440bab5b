"""Draw figures: data and an axes in, the axes out; nothing is computed or saved here."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.plots.coloring import Coloring
    from aeviz.plots.costs import CostPoint, pareto
    from aeviz.plots.grid import Panel, embedding_grid, legend
    from aeviz.plots.images import ImageScale, feature_plane, image_grid, manifold
    from aeviz.plots.line_charts import Line, histograms, lines, loss_curves
    from aeviz.plots.maps import overlay, scatter
    from aeviz.plots.rows import class_counts, feature_dots, rank_dots, score_dots, value_counts
    from aeviz.plots.theme import DARK, LIGHT, Theme
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = [
    "DARK",
    "LIGHT",
    "Coloring",
    "CostPoint",
    "ImageScale",
    "Line",
    "Panel",
    "Theme",
    "class_counts",
    "embedding_grid",
    "feature_dots",
    "feature_plane",
    "histograms",
    "image_grid",
    "legend",
    "lines",
    "loss_curves",
    "manifold",
    "overlay",
    "pareto",
    "rank_dots",
    "scatter",
    "score_dots",
    "value_counts",
]
