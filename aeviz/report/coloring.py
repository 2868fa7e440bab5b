"""Colours of a run's samples, the same in every figure of its report and in its exports."""

from aeviz.plots.coloring import Coloring
from aeviz.runs.run import Run

__all__ = ["coloring_of", "label_coloring"]


def coloring_of(run: Run) -> Coloring:
    """Return the colours of a run's samples, in the order of the table of embeddings.

    Of data without labels, those of the clusters, where there are clear ones.
    """
    coloring, clusters = label_coloring(run), run.clusters
    if coloring.kind == "none" and clusters is not None and clusters.found:
        return Coloring.of_clusters(clusters.labels, clusters.names)
    return coloring


def label_coloring(run: Run) -> Coloring:
    """Return the colours of the labels of a run's samples, the same for all without labels."""
    table = run.embeddings
    if run.data.label_kind is None or "label" not in table.columns:
        return Coloring.none(len(table))
    if run.data.label_kind == "continuous":
        return Coloring.of_values(table["label"])
    names, colors = run.data.class_names, run.data.class_colors
    return Coloring.of_classes(table["label"], names, colors=colors)
