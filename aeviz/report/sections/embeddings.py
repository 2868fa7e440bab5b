"""Section with all embeddings side by side: one row per encoder, one column per method."""

from aeviz.page.content import Figure, Gallery, SectionContent
from aeviz.page.wording import capitalised
from aeviz.plots import Coloring, Panel, embedding_grid
from aeviz.report._maps import has_axes, map_figure, map_key, name_of, points_of
from aeviz.report.coloring import coloring_of
from aeviz.report.sections.base import Section
from aeviz.runs import Pair, Run

__all__ = ["SECTION"]

MAX_COLUMNS = 4


def _build(run: Run) -> SectionContent | None:
    if not run.pairs:
        return None
    coloring = coloring_of(run)
    rows = arrange(run.pairs)
    summary = (
        "Each map shows every sample, with the held-out samples. In t-SNE and UMAP, neighbours "
        "have a meaning; distances between far groups, and their sizes, mean little, and axes "
        "nothing. The numbers below a map compare it with the original data."
    )
    figures = [map_figure(run, pair, coloring) for row in rows for pair in row]
    gallery = Gallery(figures, n_columns=max(2, *map(len, rows)))
    return SectionContent(summary, [*map_key(coloring), gallery], [_grid(run, rows, coloring)])


def arrange(pairs: list[Pair]) -> list[list[Pair]]:
    """Return pairs in rows: encoders that share their embeddings first, then the others.

    All rows but the last are of the same length, so that columns line up.

    Examples
    --------
    >>> pairs = [("deep", "tsne"), ("deep", "umap"), ("identity", "pca"), ("pca", "tsne"),
    ...          ("pca", "umap"), ("variational", "latent")]
    >>> [[pair.key for pair in row] for row in arrange([Pair(*names) for names in pairs])[1:]]
    [['pca_tsne', 'pca_umap'], ['identity_pca', 'variational_latent']]
    """
    by_encoder: dict[str, list[str]] = {}
    for pair in pairs:
        by_encoder.setdefault(pair.encoder, []).append(pair.embedding)
    sets = [tuple(names) for names in by_encoder.values()]
    columns = max(sets, key=lambda names: (sets.count(names) > 1, len(names)))
    if not 2 <= len(columns) <= MAX_COLUMNS:
        width = 2 if len(pairs) in (1, 2, 4) else 3
        return [pairs[i : i + width] for i in range(0, len(pairs), width)]
    full = [encoder for encoder, names in by_encoder.items() if tuple(names) == columns]
    rows = [[Pair(encoder, name) for name in columns] for encoder in full]
    rest = [pair for pair in pairs if pair.encoder not in full]
    width = len(columns)
    return rows + [rest[i : i + width] for i in range(0, len(rest), width)]


def _grid(run: Run, rows: list[list[Pair]], coloring: Coloring) -> Figure:
    """Return all embeddings as one figure, for use outside the page."""
    panels = []
    for i, row in enumerate(rows):
        for j, pair in enumerate(row):
            title, has_ticks = capitalised(name_of(pair)), has_axes(pair.embedding)
            panels.append(Panel(title, points_of(run, pair), i, j, has_ticks))
    alt = f"{len(panels)} embeddings side by side."
    return Figure("embeddings", lambda theme: embedding_grid(panels, coloring), alt)


SECTION = Section("The embeddings", 50, _build, _build)
