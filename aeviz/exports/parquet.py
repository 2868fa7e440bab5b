"""The same table in columns with their types, for pandas, polars, DuckDB, R and Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aeviz.exports._export import Choices, Export
from aeviz.exports._table import sample_table

__all__ = ["EXPORT"]


def _write(run: Any, path: Path, choices: Choices) -> list[str]:
    table = sample_table(run, choices.encoders, codes=choices.codes)
    table.to_parquet(path, index=False)
    return [f"table: {len(table):,} samples, {table.shape[1]} columns"]


EXPORT = Export(_write, suffix=".parquet", options=frozenset({"encoders", "codes"}))
