"""Stream the rows of Parquet files, a batch of a row group at a time.

A Parquet file is a sequence of row groups, and a column of a group is a sequence of
pages. Read here is a batch of rows at a time; held besides is a page of every column and
its dictionary, one or two megabytes each in row groups of very many rows. A table of 400
columns in a row group of 100,000 rows was measured to take 600 MB, in row groups of 5,000
rows 120 MB, and as one column of lists of 400 numbers 160 MB. More row groups take no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._checks import row_slices
from aeviz.data.formats._parquet_cursor import ParquetCursor, open_parquet
from aeviz.data.formats._parquet_files import SUFFIXES, parquet_files, row_groups
from aeviz.data.sample_stream import SampleStream
from aeviz.data.streams._parquet_columns import choose_columns, list_lengths, read_columns

__all__ = ["ParquetStream"]


class ParquetStream(SampleStream):
    """Stream the columns of numbers in a Parquet file or a folder of them, in their own units.

    Integers, decimals and booleans become float32; a column of lists of numbers, all of one
    length, becomes as many features. Missing values are refused.

    Parameters
    ----------
    path : Path
        A file, or a folder whose files (not those of sub-folders, nor those that begin with
        a dot or an underscore) are read in order of their names; they must have the same
        columns.
    columns : sequence of str, optional
        Columns to read, in this order. By default all of numbers but a pandas index, in the
        file's order; `notes` names the others.

    Raises
    ------
    AevizError
        If there is no Parquet file, no column of numbers or no row, or a column is not there
        or of another type in another file.

    Notes
    -----
    Blocks are parts of row groups. Reading them in order is cheap, and so is any order of
    `shuffled_blocks`; to read a block out of order, the rows of its row group before it are
    decoded and thrown away.
    """

    summary = "a .parquet file or a folder of them"
    options = frozenset({"columns"})

    def __init__(self, path: Path, *, columns: Sequence[str] | None = None) -> None:
        _check_columns(columns)
        files = parquet_files(path.absolute())
        if not files:
            raise AevizError(f"{path} holds no Parquet file; accepted: {', '.join(SUFFIXES)}")
        with open_parquet(files[0]) as first:
            schema = first.schema_arrow
            self._columns, left_out = choose_columns(
                schema,
                columns=columns,
                lengths=list_lengths(first, source=str(files[0])),
                source=str(path),
            )
        self._groups = row_groups(files, schema, only=columns)
        names = [name for column in self._columns for name in column.feature_names]
        n_samples = self._groups[-1].stop if self._groups else 0
        super().__init__(
            name=path.absolute().stem,
            source=str(path),
            shape=(n_samples, len(names)),
            feature_names=tuple(names),
            notes=_notes(left_out),
        )
        self._cursor = self._new_cursor()

    @classmethod
    def accepts(cls, source: object) -> bool:
        """Tell whether a source is a path of a Parquet file or a folder with one in it."""
        return isinstance(source, Path) and bool(parquet_files(source))

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: all but the open file."""
        return self.__dict__ | {"_cursor": self._new_cursor()}

    def close(self) -> None:
        """Let go of the open file and the last batch; reading again opens the file again."""
        self._cursor.close()

    def _new_cursor(self) -> ParquetCursor:
        names = list(dict.fromkeys(column.name for column in self._columns))
        block = next(row_slices(self.n_samples, self.n_features))
        return ParquetCursor(self._groups, columns=names, rows_a_batch=block.stop)

    def _runs(self) -> list[list[slice]]:
        return [
            [
                slice(group.start + part.start, group.start + part.stop)
                for part in row_slices(group.stop - group.start, self.n_features)
            ]
            for group in self._groups
        ]

    def _read(self, start: int, stop: int) -> np.ndarray:
        X = np.empty((stop - start, self.n_features), dtype=np.float32)
        row = start
        while row < stop:
            first, batch = self._cursor.batch_at(row)
            wanted = batch.slice(row - first, stop - row)  # cut to the batch's end
            X[row - start : row - start + wanted.num_rows] = read_columns(
                wanted, self._columns, source=self.source, first_row=row
            )
            row += wanted.num_rows
        return X


def _check_columns(columns: object) -> None:
    is_sequence = isinstance(columns, Sequence) and not isinstance(columns, str | bytes)
    if columns is None:
        return
    if not (is_sequence and columns and all(isinstance(name, str) for name in columns)):  # type: ignore[attr-defined]  # is_sequence says so
        raise AevizError(f"columns must be a list of at least one column's name, got {columns!r}")


def _notes(left_out: list[str]) -> tuple[str, ...]:
    if not left_out:
        return ()
    names = listed(map(quoted, left_out))
    count = plural(len(left_out), "column")
    return (f"{count} left out (text, row labels, lists of many lengths and the like): {names}.",)
