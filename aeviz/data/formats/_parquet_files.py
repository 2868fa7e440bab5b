"""Find Parquet files and their row groups, and have them be of one kind."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import quoted
from aeviz.data.formats._parquet_cursor import RowGroup, open_parquet

__all__ = ["SUFFIXES", "parquet_files", "row_groups"]

SUFFIXES = (".parquet", ".pq")


def parquet_files(path: Path) -> list[Path]:
    """Return a Parquet file itself, or those of a folder in order of their names.

    Those of sub-folders and those that begin with a dot or an underscore are left out.
    """
    if not path.is_dir():
        return [path] if path.suffix.lower() in SUFFIXES and path.is_file() else []
    return sorted(
        file
        for file in path.iterdir()
        if file.suffix.lower() in SUFFIXES and file.is_file() and file.name[0] not in "._"
    )


def row_groups(
    files: list[Path], schema: pa.Schema, *, only: Sequence[str] | None
) -> list[RowGroup]:
    """Return the row groups of all files, once their columns are known to be the same."""
    groups: list[RowGroup] = []
    start = 0
    for path in files:
        with open_parquet(path) as file:
            _check_schema(file.schema_arrow, schema, path=path, first=files[0], only=only)
            for number in range(file.num_row_groups):
                n_rows = file.metadata.row_group(number).num_rows
                if n_rows:
                    groups.append(RowGroup(path, number, start, start + n_rows))
                    start += n_rows
    return groups


def _check_schema(
    schema: pa.Schema, expected: pa.Schema, *, path: Path, first: Path, only: Sequence[str] | None
) -> None:
    types = dict(zip(schema.names, schema.types, strict=True))
    wanted = dict(zip(expected.names, expected.types, strict=True))
    for name in only or dict.fromkeys([*wanted, *types]):
        if types.get(name) == wanted.get(name):
            continue
        here = f"holds {types[name]}" if name in types else "is missing"
        there = f"holds {wanted[name]}" if name in wanted else "is missing"
        raise AevizError(
            f"column {quoted(name)} {here} in {path} and {there} in {first}; accepted: the same "
            "columns in every file, or those that all have (columns=...)"
        )
