"""Name methods and verdicts on a benchmark's page, and choose the metrics shown first."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from aeviz.benchmark._comparisons import MIN_EVALUATED, QUOTED
from aeviz.page.content import Block, Split, Tone
from aeviz.page.verdicts import counted as of_each
from aeviz.page.verdicts import word_of
from aeviz.page.wording import capitalised, decimals_for, method, signed

__all__ = [
    "ONE_SEED",
    "TONES",
    "counted",
    "difference_words",
    "has_sizes",
    "headlines",
    "methods_of",
    "named",
    "side_by_side",
    "verdict_word",
    "where",
]

TONES: tuple[Tone, ...] = ("better", "worse", "same", "none")
# The interval excludes 0, but with so many comparisons one of them may by chance.
NOT_CORRECTED = "not after correction"
ONE_SEED = "one seed, no interval"
FEW_SAMPLES = "too few samples, no interval"

_SECOND_CHOICE = "trustworthiness"
_OF_CODES = "reconstruction_error"


def has_sizes(info: Mapping[str, Any]) -> bool:
    """Return whether a benchmark has codes of several sizes, which its page then tells apart."""
    return any(len(card["code_sizes"]) > 1 for card in info["datasets"])


def named(table: pd.DataFrame, info: Mapping[str, Any]) -> pd.DataFrame:
    """Return a benchmark's table with names, with sizes of codes where there are several.

    These are the columns ``method``, ``code`` (the encoder alone), and for comparisons
    ``baseline_method``.
    """
    sized = table if has_sizes(info) else table.assign(code_size=None, baseline_code_size=None)
    rows = list(sized.itertuples())
    names = {
        "method": [capitalised(_name(row.encoder, row.embedding, row.code_size)) for row in rows],
        "code": [capitalised(_name(row.encoder, None, row.code_size)) for row in rows],
    }
    if "baseline" in table:
        names["baseline_method"] = [
            _name(row.baseline, row.embedding, row.baseline_code_size) for row in rows
        ]
    return table.assign(**names)


def _name(encoder: str, embedding: Any, code_size: Any) -> str:
    """Return a method's name, with the size of its code where that is given.

    Examples
    --------
    >>> _name("deep", "tsne", None), _name("pca", "tsne", 8)
    ('deep autoencoder → t-SNE', 'PCA (8) → t-SNE')
    """
    name = method(encoder, None if pd.isna(embedding) else embedding)
    first, arrow, rest = name.partition(" → ")
    return name if pd.isna(code_size) else f"{first} ({int(code_size)}){arrow}{rest}"


def methods_of(table: pd.DataFrame) -> list[str]:
    """Return the names of a table's methods, grouped by embedding."""
    groups = table.groupby("embedding", sort=False, dropna=False)["method"]
    return [name for _, names in groups for name in names.unique()]


def where(table: pd.DataFrame, **equal: Hashable) -> pd.DataFrame:
    """Return the rows that have the given values."""
    for name, value in equal.items():
        table = table[table[name] == value]
    return table


def side_by_side(blocks: Sequence[Block]) -> list[Block]:
    """Return narrow blocks in pairs; a last one stands alone."""
    return [Split([block], blocks[i + 1 : i + 2]) for i, block in enumerate(blocks) if i % 2 == 0]


def headlines(table: pd.DataFrame) -> list[str]:
    """Return the metrics shown first: the quoted ones, else trustworthiness, else the first."""
    names = list(table["metric"].unique())
    quoted = [name for name in QUOTED if name in names and name != _OF_CODES]
    return quoted or [name for name in (_SECOND_CHOICE, *names) if name in names][:1]


def verdict_word(row: Any) -> str:
    """Return the words of the verdict in a row of `Benchmark.comparisons`."""
    if row.verdict == "none" and pd.notna(row.low) and (row.low > 0 or row.high < 0):
        return NOT_CORRECTED
    return word_of(row.verdict)


def difference_words(row: Any, *, decimals: int | None = None) -> tuple[str, str]:
    """Return the value and the interval of a row of `Benchmark.comparisons`, or why it has none.

    Without `decimals`, there are as many as the interval supports.
    """
    if pd.isna(row.low):
        why = FEW_SAMPLES if row.n_evaluated < MIN_EVALUATED else ONE_SEED
        return signed(row.value, 4 if decimals is None else decimals), why
    decimals = decimals_for([(row.low, row.high)]) if decimals is None else decimals
    interval = f"{signed(row.low, decimals)} to {signed(row.high, decimals)}"
    return signed(row.value, decimals), interval


def counted(verdicts: Iterable[str], *, n_seeds: int) -> str:
    """Return how many verdicts on a method there are of each kind, as a sentence.

    Parameters
    ----------
    verdicts : iterable of {"better", "worse", "same", "none"}
    n_seeds : int
        Runs of the method that the verdicts are on.

    Examples
    --------
    >>> counted(["better", "none", "none"], n_seeds=3)
    'Better in 1 of 3 comparisons, worse in 0, no difference shown in 2.'
    >>> counted(["none"], n_seeds=1)
    'No difference shown: one seed does not tell a method from its luck.'
    """
    found = list(verdicts)
    if n_seeds == 1 and set(found) == {"none"}:
        return "No difference shown: one seed does not tell a method from its luck."
    return f"{capitalised(of_each(found))}."
