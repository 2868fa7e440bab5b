"""Sentences on the clusters of a run, for its page and for the terminal."""

from aeviz.core.wording import plural
from aeviz.page.wording import method, shortened
from aeviz.runs.clusters import Clusters
from aeviz.runs.pair import IDENTITY

__all__ = ["NONE_CLEAR", "cluster_line", "cluster_summary", "overlapping", "share_words"]

NONE_CLEAR = "no clear clusters"
_LEAST_CONTACT = 0.05
_MOST_PAIRS, _MOST_NAMES = 3, 6
_WIDTH = 40


def overlapping(clusters: Clusters) -> list[tuple[str, str, float]]:
    """Return the pairs of clusters that overlap, by name, most first, and by how much.

    Clusters overlap where a twentieth of the nearest neighbours of one's samples are in the
    other; the number is the larger of both shares.
    """
    names = [shortened(name, _WIDTH) for name in clusters.names]
    pairs = [
        (names[i], names[j], max(clusters.contact[i][j], clusters.contact[j][i]))
        for i in range(len(names))
        for j in range(i)
    ]
    return sorted((one for one in pairs if one[2] >= _LEAST_CONTACT), key=lambda one: -one[2])


def cluster_summary(clusters: Clusters) -> str:
    """Return how many clusters there are, how many are stable, and which overlap."""
    kind = clusters.encoder
    where = "the data" if kind == IDENTITY else f"the code of {_article(method(kind))}"
    if not clusters.found:
        return f"There are {NONE_CLEAR} in {where}: what looks like groups may be one heap."
    n_found, n_stable = len(clusters.found), sum(one.is_stable for one in clusters.found)
    inside = share_words(float((clusters.labels >= 0).mean()))
    stable = "all of them are stable" if n_stable == n_found else f"{n_stable} of them are stable"
    pairs = [f"{first} and {second}" for first, second, _ in overlapping(clusters)]
    more = len(pairs) - _MOST_PAIRS
    overlap = "none overlap"
    if pairs:
        told = [*pairs[:_MOST_PAIRS], *([plural(more, "more pair")] if more > 0 else [])]
        overlap = f"these overlap: {'; '.join(told)}"
    return (
        f"There are {n_found} clusters in {where}, which hold {inside} of the samples; "
        f"{stable}, and {overlap}."
    )


def cluster_line(clusters: Clusters) -> str:
    """Return one line that names the clusters.

    Examples
    --------
    >>> import numpy as np
    >>> cluster_line(Clusters("pca", 100, [], [], np.full(100, -1)))
    'Clusters: no clear clusters.'
    """
    if not clusters.found:
        return f"Clusters: {NONE_CLEAR}."
    n_found, n_stable = len(clusters.found), sum(one.is_stable for one in clusters.found)
    names = [shortened(name, _WIDTH) for name in clusters.names]
    shown = "; ".join(names[:_MOST_NAMES])
    of_these = "" if n_found <= _MOST_NAMES else ", the largest of which are"
    stable = "" if n_stable == n_found else f" ({n_stable} stable)"
    return f"Clusters: {n_found}{stable}{of_these}: {shown}."


def share_words(share: float) -> str:
    r"""Return a share as a percentage.

    Examples
    --------
    >>> share_words(0.123).replace("\N{NO-BREAK SPACE}", " ")
    '12 %'
    """
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def _article(name: str) -> str:
    return f"the {name}" if name.endswith("autoencoder") else name
