"""Names and numbers as the page writes them."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from aeviz.core.registry import ENCODERS, METRICS
from aeviz.evaluation.metric import SCOPES, Scope
from aeviz.runs.pair import OWN

__all__ = [
    "MetricWords",
    "capitalised",
    "decimals_for",
    "fixed",
    "headlines",
    "in_order",
    "in_sentence",
    "interval",
    "joined",
    "method",
    "metric_words",
    "number",
    "shortened",
    "signed",
    "spelt",
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
_SCOPE_TITLES: dict[Scope, str] = {
    "local": "Neighbours",
    "global": "Distances and order at large",
    "labels": "Labels",
    "clusters": "Clusters found without labels",
    "batches": "Batches",
    "code": "What the encoder keeps",
}


@dataclass(frozen=True)
class MetricWords:
    """What the page says of a metric; a direction of None is not known.

    `is_key` tells whether pages show it at once, `k` the neighbourhood size where it is not the
    usual one, and `band` within what differences are practically the same, if that is known.
    """

    name: str
    title: str
    question: str = ""
    higher_is_better: bool | None = None
    range_text: str = ""
    scope: Scope | None = None
    is_headline: bool = False
    is_key: bool = False
    position: int = 0
    k: int | None = None
    band: str = ""

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


def metric_words(name: str, k: int | None = None) -> MetricWords:
    r"""Return the words for a metric; one of another version keeps its name.

    Examples
    --------
    >>> metric_words("continuity", 30).title.replace("\N{NO-BREAK SPACE}", " ")
    'Continuity, k = 30'
    """
    if METRICS.current_name(name) not in METRICS.names():
        return MetricWords(name, name.replace("_", " "), k=k)
    metric = METRICS.get(name) if k is None else METRICS.get(name).at(k)
    return MetricWords(
        metric.name,
        metric.full_title,
        metric.question,
        metric.higher_is_better,
        metric.range_text,
        metric.scope,
        metric.headline == 1 and k is None,
        metric.headline + metric.position > 0 and k is None,
        metric.position,
        k,
        metric.band_text,
    )


def headlines() -> list[str]:
    """Return the names of the metrics that sum up an embedding in one line, the first one first."""
    found = [metric for metric in METRICS.members().values() if metric.headline]
    return [metric.name for metric in sorted(found, key=lambda metric: metric.headline)]


def in_order(scores: pd.DataFrame) -> Iterator[tuple[MetricWords, pd.DataFrame]]:
    """Yield each metric with its rows: headlines, local ones, global ones, labels, the rest.

    Those of each neighbourhood size come by themselves, the usual one, the smallest, first.
    """
    sizes = scores["k"].astype(float).fillna(0.0)
    usual = sizes[sizes > 0].min()
    found = [
        (metric_words(str(name), int(k) if k not in (0.0, usual) else None), of_metric)
        for (name, k), of_metric in scores.groupby(["metric", sizes], sort=False)
    ]
    yield from sorted(found, key=lambda one: _rank(one[0]))


def _rank(words: MetricWords) -> tuple[bool, int, int, str, int]:
    scope = len(SCOPES) if words.scope is None else SCOPES.index(words.scope)
    position = words.position or len(METRICS.names())
    return not words.is_headline, scope, position, words.name, words.k or 0


def method(encoder: str, embedding: str | float | None = None) -> str:
    """Return an encoder's or a chain's name in words; in tables NaN stands for no embedding.

    Examples
    --------
    >>> method("deep", "tsne"), method("identity", "pca"), method("variational", "latent")
    ('deep autoencoder → t-SNE', 'PCA to 2 dimensions', 'variational autoencoder’s plane')

    The user's own maps and codes have the user's names, which keep their first letter:

    >>> capitalised(method("own", "my umap")), capitalised(method("scVI", "tsne"))
    ('my umap', 'scVI → t-SNE')
    """
    if encoder == OWN:
        return _OwnName(embedding)
    is_autoencoder = encoder in ENCODERS.names() and ENCODERS.get(encoder).is_trained
    is_own = encoder not in (*_SPELT, *ENCODERS.names())
    words = _OwnName if is_own else str
    first = words(encoder if is_own else spelt(encoder))
    if is_autoencoder:
        first = f"{encoder} autoencoder"
    if not isinstance(embedding, str):
        return first
    if encoder == "identity":
        return "PCA to 2 dimensions" if embedding == "pca" else f"{spelt(embedding)} of the data"
    if embedding == "latent":
        return f"{first}’s plane"
    return words(f"{first} → {spelt(embedding)}")


class _OwnName(str):
    """Name that the user gave, whose first letter stays as it is."""

    __slots__ = ()


def spelt(name: str) -> str:
    """Return the name of an encoder or of an embedding by itself, in words."""
    return _SPELT.get(name, name.replace("_", " "))


def capitalised(text: str) -> str:
    """Return a text with its first letter in upper case, but for t-SNE and the user's names."""
    is_kept = isinstance(text, _OwnName) or text.startswith("t-SNE")
    return text if is_kept else text[:1].upper() + text[1:]


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


def interval(
    low: float, high: float, decimals: int, *, write: Callable[[float, int], str] = fixed
) -> str:
    """Return the ends of an interval, as `fixed` or `signed` writes them."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval"
    return f"{write(low, decimals)} to {write(high, decimals)}"


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
