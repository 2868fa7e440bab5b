"""Lay the embeddings side by side: a row an encoder, a column an embedding."""

from __future__ import annotations

from typing import Any

from aeviz.report._canvas import canvas
from aeviz.report._content import Figure, Gallery, Section, SectionContent
from aeviz.report._maps import draw_map, legend
from aeviz.report._words import method, metric_title, number
from aeviz.runs import Run

__all__ = ["SECTION"]

HEADLINES = ("trustworthiness", "knn_accuracy")


def _build(run: Run) -> SectionContent | None:
    if not run.pairs:
        return None
    # A row an encoder: those that draw themselves come last and share a row.
    widest = max(sum(kind == encoder for kind, _ in run.pairs) for encoder, _ in run.pairs)
    figures = [_map(run, encoder, embedding) for encoder, embedding in run.pairs]
    key = legend(run)
    summary = (
        "Every sample once in each picture, held-out ones included, in the same colours "
        "throughout. Distances between far groups and the size of groups mean little in t-SNE "
        "and UMAP, which is why these have no axes."
    )
    if run.data.class_names and key is None:
        summary += f" {len(run.data.class_names):,} classes are too many to name in a legend."
    blocks: list[Any] = [] if key is None else [key]
    blocks.append(Gallery(figures, n_columns=min(max(widest, 2), 3)))
    return SectionContent(summary, blocks)


def _map(run: Run, encoder: str, embedding: str) -> Figure:
    def draw(theme: Any) -> Any:
        figure, ax = canvas(width=4.6, height=4.2)
        draw_map(run, encoder, embedding, ax=ax)
        return figure

    scores = run.scores
    of_pair = scores[
        (scores["encoder"] == encoder)
        & (scores["embedding"] == embedding)
        & (scores["stage"] == "data-to-embedding")
    ].set_index("metric")["value"]
    told = ", ".join(
        f"{metric_title(name)} {number(of_pair[name])}" for name in HEADLINES if name in of_pair
    )
    title = method(encoder, embedding)
    return Figure(
        f"embedding_{encoder}_{embedding}",
        draw,
        f"{title}: {run.data.n_samples:,} samples in the plane; {told}.",
        told,
        title,
        {"encoder": encoder, "embedding": embedding},
    )


SECTION = Section("The embeddings", 50, _build)
