"""A table, a row a sample: labels, places in every picture, errors; codes with --codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aeviz.exports._export import Choices, Export
from aeviz.exports._table import sample_table

__all__ = ["EXPORT"]


def _write(run: Any, path: Path, choices: Choices) -> list[str]:
    table = sample_table(run, choices.encoders, codes=choices.codes)
    table.to_csv(path, index=False)
    return [f"table: {len(table):,} samples, {table.shape[1]} columns"]


EXPORT = Export(_write, suffix=".csv", options=frozenset({"encoders", "codes"}))
