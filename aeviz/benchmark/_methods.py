"""Name the methods on a benchmark's page, and choose the metrics shown first."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from aeviz.benchmark._comparisons import QUOTED
from aeviz.benchmark._scores import TEST
from aeviz.page.content import Block, Split
from aeviz.page.wording import capitalised, method

__all__ = [
    "Method",
    "headlines",
    "is_given",
    "method_key",
    "method_name",
    "methods_of",
    "of_split",
    "side_by_side",
]

# Encoder, size of the code where sizes are told apart, embedding.
Method = tuple[str, int | None, str | None]

_SECOND_CHOICES = ("trustworthiness",)
_OF_CODES = "reconstruction_error"


def is_given(value: Any) -> bool:
    """Return whether an entry of a table is neither None nor NaN."""
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def method_key(row: Any, *, with_size: bool) -> Method:
    """Return the key of a row's method."""
    size = int(row.code_size) if with_size and is_given(row.code_size) else None
    return row.encoder, size, row.embedding if is_given(row.embedding) else None


def method_name(key: Method) -> str:
    """Return a method's name, with the size of its code where sizes are told apart.

    Examples
    --------
    >>> method_name(("deep", None, "tsne")), method_name(("pca", 8, None))
    ('Deep autoencoder → t-SNE', 'PCA (8)')
    """
    encoder, size, embedding = key
    name = capitalised(method(encoder, embedding))
    if size is None:
        return name
    first, arrow, rest = name.partition(" → ")
    return f"{first} ({size}){arrow}{rest}"


def methods_of(table: pd.DataFrame, *, with_size: bool) -> list[Method]:
    """Return the methods of a table, grouped by embedding."""
    keys = dict.fromkeys(method_key(row, with_size=with_size) for row in table.itertuples())
    embeddings = list(dict.fromkeys(key[2] for key in keys))
    return sorted(keys, key=lambda key: embeddings.index(key[2]))


def of_split(table: pd.DataFrame, split: str = TEST, **equal: Hashable) -> pd.DataFrame:
    """Return the rows of one split, and of the other values that are given."""
    chosen = table[table["split"] == split]
    for name, value in equal.items():
        chosen = chosen[chosen[name] == value]
    return chosen


def side_by_side(blocks: Sequence[Block]) -> list[Block]:
    """Return narrow blocks in pairs; a last one stands alone."""
    return [Split([block], blocks[i + 1 : i + 2]) for i, block in enumerate(blocks) if i % 2 == 0]


def headlines(names: Sequence[str]) -> list[str]:
    """Return the metrics shown first: the quoted ones, else trustworthiness, else the first."""
    quoted = [name for name in QUOTED if name in names and name != _OF_CODES]
    return quoted or [name for name in (*_SECOND_CHOICES, *names) if name in names][:1]
