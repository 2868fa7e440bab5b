"""Section on clusters: what was found, how sure it is, and what tells each cluster."""

from aeviz.clustering.find import STABLE
from aeviz.core.wording import plural
from aeviz.page.content import Block, Cell, Fold, SectionContent, Table, Text, table
from aeviz.page.wording import fixed, shortened
from aeviz.report._samples import SampleNames
from aeviz.report.clusters import cluster_summary, overlapping, share_words
from aeviz.report.sections.base import Section
from aeviz.runs.clusters import Cluster, Clusters
from aeviz.runs.run import Run

__all__ = ["SECTION"]

_N_EXAMPLES = 3
_MEANING = (
    "Stable means that other samples of the same source would give the cluster again, not that "
    "it is a kind of its own in nature; and telling features are differences of means, not causes."
)
_LIMITS = (
    "Groups of less than 1 % of the samples, groups without a gap between them, and groups that "
    "the code does not keep apart are not found."
)


def _build(run: Run) -> SectionContent | None:
    clusters = run.clusters
    if clusters is None:
        return None
    blocks: list[Block] = [Text([_LIMITS])]
    if clusters.found:
        blocks = [_table(run, clusters), Text([f"{_MEANING} {_LIMITS}"])]
    blocks += [Fold("How the clusters were found", [Text(_how(clusters))])]
    return SectionContent(cluster_summary(clusters), blocks)


def _table(run: Run, clusters: Clusters) -> Table:
    names, n_samples = SampleNames(run), len(clusters.labels)
    has_labels = any(one.label is not None for one in clusters.found)
    has_features = any(one.features for one in clusters.found)
    has_examples = any(one.examples for one in clusters.found)  # a page to share has none
    rows = []
    for one in clusters.found:
        row = [
            Cell(shortened(one.name)),
            Cell(f"{one.size:,}", share_words(one.size / n_samples)),
            *([_purity(one)] if has_labels else []),
            _stability(one),
            *([Cell("; ".join(map(shortened, one.features)) or "none")] if has_features else []),
            *([_examples(one, names)] if has_examples else []),
        ]
        rows.append(row)
    columns = [
        "Cluster",
        Cell("Samples", "share of all"),
        *([Cell("Label purity", "most frequent label")] if has_labels else []),
        Cell("Stability", "0 to 1"),
        *([Cell("Telling features", "against all others")] if has_features else []),
        *([Cell("Example samples", "in its middle")] if has_examples else []),
    ]
    n_none = int((clusters.labels < 0).sum())
    caption = f"Clusters of stability {STABLE} or more are called stable."
    if n_none:
        caption += f" {plural(n_none, 'sample')} in no cluster."
    return table(columns, rows, caption, is_text=True)


def _examples(one: Cluster, names: SampleNames) -> Cell:
    return Cell(", ".join(names.id(row) for row in one.examples[:_N_EXAMPLES]))


def _purity(one: Cluster) -> Cell:
    if one.purity is None:
        return Cell("–")
    return Cell(share_words(one.purity), shortened(one.label or "", 40))


def _stability(one: Cluster) -> Cell:
    text = fixed(one.stability, 2)
    if one.is_stable:
        return Cell(text, tone="better", word="stable")
    return Cell(text, tone="none", word="not stable")


def _how(clusters: Clusters) -> list[str]:
    """Return how the clusters were found, with the numbers of this run."""
    n_samples = len(clusters.labels)
    few = (
        f" They were found in {clusters.n_clustered:,} of {n_samples:,} samples, drawn at random; "
        "every other sample is in the cluster of the nearest of these."
        if clusters.n_clustered < n_samples
        else ""
    )
    paragraphs = [
        "Samples were averaged with their 15 nearest neighbours four times, as in mean shift "
        "(Cheng 1995), so that dense groups draw together; HDBSCAN (Campello, Moulavi & Sander "
        "2013) then found the groups. No map and no label played a part in it. A single sample far "
        "from all others is in the cluster of its neighbours." + few,
        "Stability: the same was done with ten bootstrap resamples. It is the mean Jaccard "
        "similarity of a cluster and the cluster most like it in each resample (Hennig 2007).",
        "A run has no clear clusters where fewer than two clusters are stable and have nine "
        "tenths of their samples’ nearest neighbours inside, or where these are the smaller part.",
    ]
    if overlapping(clusters):
        told = [f"{a} and {b}: {share_words(share)}" for a, b, share in overlapping(clusters)]
        paragraphs.append(
            "Clusters overlap where a twentieth of the nearest neighbours of one’s samples are in "
            f"the other. {'; '.join(told[:12])}."
        )
    return paragraphs


SECTION = Section("Clusters", 18, _build, _build)
