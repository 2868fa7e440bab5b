"""Find Parquet files and their row groups, and read them a batch of rows at a time."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet as pq

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import listed, quoted
from aeviz.data._files import explained

__all__ = [
    "SUFFIXES",
    "ParquetCursor",
    "Partitions",
    "RowGroup",
    "open_parquet",
    "parquet_files",
    "row_groups",
]

SUFFIXES = (".parquet", ".pq")

_PARTITION = re.compile(r"([^=]+)=(.+)")
_MISSING = "__HIVE_DEFAULT_PARTITION__"
_BUFFER_BYTES = 2**23
_MIN_BUFFER_BYTES = 2**12
_MAX_BUFFER_BYTES = 2**20


class RowGroup(NamedTuple):
    """A row group: its file, its number in the file, and its rows.

    Rows are counted over all files; those from `start` to before `stop` are in it.
    """

    path: Path
    number: int
    start: int
    stop: int


def open_parquet(path: Path, *, n_columns: int = 1) -> pq.ParquetFile:
    """Return an open file that reads its columns in pieces, not a row group at once.

    Raises
    ------
    AevizError
        If it is no Parquet file.
    """
    buffer_size = _BUFFER_BYTES // max(1, n_columns)
    buffer_size = min(max(buffer_size, _MIN_BUFFER_BYTES), _MAX_BUFFER_BYTES)
    with explained(f"{path} is not a Parquet file", OSError, pa.ArrowException):
        # pre_buffer would fetch all columns of a row group before the first batch.
        return pq.ParquetFile(path, buffer_size=buffer_size, pre_buffer=False)


def parquet_files(path: Path) -> list[Path]:
    """Return a Parquet file itself, or those of a folder in order of their names.

    Those of sub-folders are left out, but for folders that are partitions by their names, as
    ``year=2020``; and so are those that begin with a dot or an underscore.
    """
    if not path.is_dir():
        return [path] if path.suffix.lower() in SUFFIXES else []
    inside = sorted(file for file in path.iterdir() if file.name[0] not in "._")
    files = [file for file in inside if file.suffix.lower() in SUFFIXES and file.is_file()]
    for folder in inside:
        if _PARTITION.fullmatch(folder.name) and folder.is_dir():
            files += parquet_files(folder)
    return files


class Partitions:
    """Values that the folders of Parquet files have in their names, as columns of categories.

    Parameters
    ----------
    folder : Path
        That the files were found in.
    files : list of Path

    Raises
    ------
    AevizError
        If files are in partitions of different names.
    """

    def __init__(self, folder: Path, files: list[Path]) -> None:
        self._values = {file: _partition(file.relative_to(folder)) for file in files}
        self.names = list(self._values[files[0]])
        for file, values in self._values.items():
            if list(values) != self.names:
                raise AevizError(
                    f"{file} is in partitions by {listed(values) or 'nothing'}, {files[0]} by "
                    f"{listed(self.names) or 'nothing'}; accepted: the same for every file"
                )

    def added(self, table: pa.Table, file: Path) -> pa.Table:
        """Return some rows of a file with the columns of its partition after its own."""
        for name in self.names:
            there = {values[name] for values in self._values.values()} - {None}
            known = sorted(there, key=_in_order)  # type: ignore[arg-type]  # None was taken out
            value = self._values[file][name]
            code = pa.scalar(None if value is None else known.index(value), pa.int32())
            codes = pa.array([code.as_py()] * table.num_rows, pa.int32())
            column = pa.DictionaryArray.from_arrays(codes, pa.array(known, pa.string()))
            table = table.append_column(name, column)
        return table


def _partition(path: Path) -> dict[str, str | None]:
    """Return the values in the names of a file's folders; None for one that is missing."""
    found = [_PARTITION.fullmatch(folder) for folder in path.parts[:-1]]
    values = {one[1]: unquote(one[2]) for one in found if one is not None}
    return {name: None if value == _MISSING else value for name, value in values.items()}


def _in_order(value: str) -> tuple[float, str]:
    """Return what values are sorted by: whole numbers by size, before text."""
    return (int(value), "") if value.isdecimal() and len(value) < 19 else (float("inf"), value)


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


class ParquetCursor:
    """Reader of row groups from front to back, which finds the batch that holds a certain row.

    Within a row group there is no way to a row but over those before it. So a cursor stays
    where the last batch ended: the next rows cost nothing extra, earlier ones make it begin
    the group again.

    Parameters
    ----------
    groups : list of RowGroup
        In order and without gaps.
    columns : list of str
        Names of the columns to read.
    batch_size : int
    """

    def __init__(self, groups: list[RowGroup], *, columns: list[str], batch_size: int) -> None:
        self._groups, self._columns, self._batch_size = groups, columns, batch_size
        self._file: pq.ParquetFile | None = None
        self._group: RowGroup | None = None
        self._batches: Iterator[pa.RecordBatch] = iter(())
        self._batch: pa.RecordBatch | None = None
        self._start = 0

    def batch_at(self, row: int) -> tuple[int, pa.RecordBatch]:
        """Return the batch that holds a row, and the number of the batch's first row.

        Raises
        ------
        AevizError
            If the file is damaged there.
        """
        group = self._groups[bisect_right(self._groups, row, key=lambda one: one.start) - 1]
        # Also on Ctrl-C, where a batch may be lost: its place must not be taken by the next.
        with ExitStack() as unless_found:
            unless_found.callback(self.close)
            if group != self._group or row < self._start:
                self._begin(group)
            while self._batch is None or row >= self._start + self._batch.num_rows:
                if self._batch is not None:
                    self._start += self._batch.num_rows
                    self._batch = None  # before the next one is made: not two at once
                with explained(f"{group.path} cannot be read", OSError, pa.ArrowException):
                    self._batch = next(self._batches, None)
                if self._batch is None:
                    raise AevizError(f"{group.path} has fewer rows than when it was opened")
            unless_found.pop_all()
        return self._start, self._batch

    def close(self) -> None:
        """Close the open file and drop the last batch; reading again opens the file again."""
        if self._file is not None:
            self._file.close()
        self._file = self._group = self._batch = None
        self._batches = iter(())

    def _begin(self, group: RowGroup) -> None:
        if self._file is None or self._group is None or self._group.path != group.path:
            self.close()
            self._file = open_parquet(group.path, n_columns=len(self._columns))
        self._group, self._batch, self._start = group, None, group.start
        self._batches = self._file.iter_batches(
            self._batch_size,
            row_groups=[group.number],
            columns=self._columns,
            use_threads=False,  # no faster with them, and the other cores are for the caller
        )
