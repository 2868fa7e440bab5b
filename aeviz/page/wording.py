"""Names and numbers as the page writes them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from aeviz.core.registry import ENCODERS, METRICS
from aeviz.evaluation.metric import SCOPES, Scope, unnamed_k

__all__ = [
    "HEADLINES",
    "MetricWords",
    "capitalised",
    "decimals_for",
    "fixed",
    "in_order",
    "in_sentence",
    "joined",
    "method",
    "metric_words",
    "number",
    "shortened",
    "signed",
]

MINUS = "\N{MINUS SIGN}"

# Names of members on the page; all others are called by their file's name.
_SPELT = {
    "identity": "original data",
    "latent": "latent plane",
    "parametric_tsne": "parametric t-SNE",
    "parametric_umap": "parametric UMAP",
    "pca": "PCA",
    "tsne": "t-SNE",
    "umap": "UMAP",
}
# Metrics that are shown below a map.
HEADLINES = ("auc_rnx", "trustworthiness", "knn_accuracy", "spearman")
# One or two metrics per question; pages show them first and the others in a fold. Each asks
# something else, so that a count of them counts no question twice.
_KEY_METRICS = (
    "trustworthiness",
    "continuity",
    "neighbor_recall",
    "spearman",
    "stress",
    "knn_accuracy",
    "silhouette",
    "reconstruction_error",
    "explained_variance",
    "elbo",
)
_SCOPE_TITLES: dict[Scope, str] = {
    "local": "Neighbours",
    "global": "Distances and order at large",
    "labels": "Labels",
    "clusters": "Clusters found without labels",
    "code": "What the encoder keeps",
}


@dataclass(frozen=True)
class MetricWords:
    """Words of the page for a metric; a direction of None is not known.

    `is_key` metrics are shown at once; `n_neighbors` is the size of neighbourhoods, if the
    name has one.
    """

    title: str
    summary: str = ""
    higher_is_better: bool | None = None
    bounds: tuple[float, float] | None = None
    scope: Scope | None = None
    is_headline: bool = False
    is_key: bool = False
    n_neighbors: int | None = None

    @property
    def direction(self) -> str:
        """Return the better direction as an arrow and words."""
        if self.higher_is_better is None:
            return ""
        return "↑ higher is better" if self.higher_is_better else "↓ lower is better"

    @property
    def scope_title(self) -> str:
        """Return the heading under which the metric stands."""
        return "Others" if self.scope is None else _SCOPE_TITLES[self.scope]


def metric_words(name: str) -> MetricWords:
    r"""Return the words for a metric; a metric of another version keeps its name.

    Examples
    --------
    >>> metric_words("continuity_k30").title.replace("\N{NO-BREAK SPACE}", " ")
    'Continuity, k = 30'
    """
    base, size = unnamed_k(name)
    base = METRICS.current_name(base)
    if base not in METRICS.names():
        return MetricWords(name.replace("_", " "))
    metric = METRICS.get(base) if size is None else METRICS.get(base).at(size)
    return MetricWords(
        metric.title,
        metric.summary,
        metric.higher_is_better,
        tuple(metric.bounds),
        metric.scope,
        metric.is_headline,
        metric.is_headline or name in _KEY_METRICS,
        size,
    )


def in_order(scores: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield the rows of each metric: headlines, local, global, labels, the rest."""
    for name in sorted(dict.fromkeys(scores["metric"]), key=_sort_key):
        yield name, scores[scores["metric"] == name]


def _sort_key(name: str) -> tuple[bool, int, int, str, int]:
    words = metric_words(name)
    base, size = unnamed_k(name)
    scope = len(SCOPES) if words.scope is None else SCOPES.index(words.scope)
    rank = _KEY_METRICS.index(base) if base in _KEY_METRICS else len(_KEY_METRICS)
    return not words.is_headline, scope, rank, base, size or 0


def method(encoder: str, embedding: str | None = None) -> str:
    """Return an encoder's or a chain's name in words.

    Examples
    --------
    >>> method("deep", "tsne"), method("identity", "pca"), method("variational", "latent")
    ('deep autoencoder → t-SNE', 'PCA to 2 dimensions', 'variational autoencoder’s plane')
    """
    if encoder == "identity" and embedding is not None:
        name = _spelt(embedding)
        return "PCA to 2 dimensions" if embedding == "pca" else f"{name} of the data"
    first = f"{encoder} autoencoder" if _is_autoencoder(encoder) else _spelt(encoder)
    if embedding is None:
        return first
    return f"{first}’s plane" if embedding == "latent" else f"{first} → {_spelt(embedding)}"


def _is_autoencoder(kind: str) -> bool:
    return kind in ENCODERS.names() and bool(ENCODERS.get(kind).is_trained)


def _spelt(name: str) -> str:
    return _SPELT.get(name, name.replace("_", " "))


def capitalised(text: str) -> str:
    """Return a text with its first letter in upper case, but for t-SNE."""
    return text if text.startswith("t-SNE") else text[:1].upper() + text[1:]


def in_sentence(title: str) -> str:
    """Return a title as it stands within a sentence.

    Examples
    --------
    >>> in_sentence("Trustworthiness"), in_sentence("k-NN accuracy"), in_sentence("PCA error")
    ('trustworthiness', 'k-NN accuracy', 'PCA error')
    """
    is_word = len(title) > 1 and title[0].isupper() and title[1].islower()
    # A proper name that begins a metric's title keeps its capital.
    return title if not is_word or title.startswith("Spearman") else title[0].lower() + title[1:]


def joined(names: Iterable[str]) -> str:
    """Return names as a sentence lists them.

    Examples
    --------
    >>> joined(["a"]), joined(["a", "b"]), joined(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def shortened(text: str, width: int = 60) -> str:
    """Return a text of at most `width` characters."""
    return text if len(text) <= width else text[: width - 1] + "…"


def number(value: float | None) -> str:
    """Return a number with four significant digits, in powers of ten where it is far from 1.

    Examples
    --------
    >>> number(0.123456), number(1234.5), number(3.0), number(1e-7)
    ('0.1235', '1,234', '3', '1.000e−07')
    """
    if value is None or not math.isfinite(value):
        return "–"
    size = abs(value)
    if size != 0 and (size < 1e-3 or size >= 1e6):
        return f"{value:.3e}".replace("-", MINUS)
    if size >= 1000 or value == round(value):
        return f"{value:,.0f}".replace("-", MINUS)
    return f"{value:.4g}".replace("-", MINUS)


def decimals_for(intervals: Iterable[tuple[float, float]]) -> int:
    """Return how many decimals a row of scores needs: what its narrowest interval can tell.

    Examples
    --------
    >>> decimals_for([(0.97, 0.99), (0.9801, 0.9817)]), decimals_for([(0.1, 0.5)])
    (4, 3)
    """
    halves = [(high - low) / 2 for low, high in intervals if high > low]
    if not halves:
        return 3
    return int(min(max(-math.floor(math.log10(min(halves) / 2)), 3), 5))


def fixed(value: float | None, decimals: int) -> str:
    """Return a number with so many decimals and a true minus sign."""
    if value is None or not math.isfinite(value):
        return "–"
    # Rounding may leave a zero with a sign, which says nothing.
    return f"{round(value, decimals) + 0.0:.{decimals}f}".replace("-", MINUS)


def signed(value: float, decimals: int) -> str:
    """Return a difference with its sign.

    Examples
    --------
    >>> signed(0.25, 2), signed(-0.25, 2), signed(-0.001, 2)
    ('+0.25', '−0.25', '0.00')
    """
    rounded = round(value, decimals)
    text = f"{rounded:+.{decimals}f}" if rounded else f"{0.0:.{decimals}f}"
    return text.replace("-", MINUS)
