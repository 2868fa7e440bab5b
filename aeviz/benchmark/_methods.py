"""Say what a benchmark's page calls methods, and which metrics it tells of first."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from aeviz.benchmark._comparisons import QUOTED
from aeviz.benchmark._scores import PLACED
from aeviz.page.content import Block, Split
from aeviz.page.wording import capitalised, method

__all__ = [
    "Method",
    "headlines",
    "is_given",
    "method_key",
    "method_name",
    "methods_of",
    "of_placing",
    "side_by_side",
]

# Encoder, size of the code where sizes are told apart, embedding.
Method = tuple[str, int | None, str | None]

_SECOND_CHOICES = ("trustworthiness",)
_OF_CODES = "reconstruction_error"


def is_given(value: Any) -> bool:
    """Tell whether an entry of a table holds something."""
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def method_key(row: Any, *, with_size: bool) -> Method:
    """Return what names the method of a row."""
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
    """Return the methods of a table, those of one embedding side by side."""
    keys = dict.fromkeys(method_key(row, with_size=with_size) for row in table.itertuples())
    embeddings = list(dict.fromkeys(key[2] for key in keys))
    return sorted(keys, key=lambda key: embeddings.index(key[2]))


def of_placing(table: pd.DataFrame, placing: str = PLACED, **equal: Hashable) -> pd.DataFrame:
    """Return the rows of one placing, and of what else is given."""
    chosen = table[table["placing"] == placing]
    for name, value in equal.items():
        chosen = chosen[chosen[name] == value]
    return chosen


def side_by_side(blocks: Sequence[Block]) -> list[Block]:
    """Return narrow blocks in pairs; the place beside a last one stays empty."""
    return [Split([block], blocks[i + 1 : i + 2]) for i, block in enumerate(blocks) if i % 2 == 0]


def headlines(names: Sequence[str]) -> list[str]:
    """Return the metrics to tell of first, of those that were measured.

    Those that are quoted, or trustworthiness where none of them was measured of pictures.
    """
    quoted = [name for name in QUOTED if name in names and name != _OF_CODES]
    return quoted or [name for name in (*_SECOND_CHOICES, *names) if name in names][:1]
