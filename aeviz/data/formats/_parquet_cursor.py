"""Read the rows of Parquet files from front to back, a batch at a time.

Within a row group there is no way to a row but over those before it. So a cursor stays
where the last batch ended: the next rows cost nothing extra, earlier ones make it begin
the group again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line

__all__ = ["ParquetCursor", "RowGroup", "open_parquet"]

_BUFFER_BYTES = 2**23
_MIN_BUFFER_BYTES = 2**12
_MAX_BUFFER_BYTES = 2**20


class RowGroup(NamedTuple):
    """Say where a row group lies: its file, its number in the file, and its rows.

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
    try:
        # pre_buffer would fetch all columns of a row group before the first batch.
        return pq.ParquetFile(path, buffer_size=buffer_size, pre_buffer=False)
    except (OSError, pa.ArrowException) as error:
        raise AevizError(f"{path} is not a Parquet file: {first_line(error)}") from error


class ParquetCursor:
    """Give the batch of rows that holds a certain row.

    Parameters
    ----------
    groups : list of RowGroup
        In order and without gaps.
    columns : list of str
        Names of the columns to read.
    rows_a_batch : int
    """

    def __init__(self, groups: list[RowGroup], *, columns: list[str], rows_a_batch: int) -> None:
        self._groups = groups
        self._columns = columns
        self._rows_a_batch = rows_a_batch
        self._starts = [group.start for group in groups]
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
        group = self._groups[bisect_right(self._starts, row) - 1]
        if group != self._group or row < self._start:
            self._begin(group)
        while self._batch is None or row >= self._start + self._batch.num_rows:
            self._advance(group)
        return self._start, self._batch

    def close(self) -> None:
        """Let go of the open file and the last batch; reading again opens the file again."""
        if self._file is not None:
            self._file.close()
        self._file = self._group = self._batch = None
        self._batches = iter(())

    def _begin(self, group: RowGroup) -> None:
        file = self._file if self._group and self._group.path == group.path else None
        if file is None:
            self.close()
            file = open_parquet(group.path, n_columns=len(self._columns))
        self._file, self._group, self._batch = file, group, None
        self._start = group.start
        self._batches = file.iter_batches(
            self._rows_a_batch,
            row_groups=[group.number],
            columns=self._columns,
            use_threads=False,  # no faster with them, and the other cores are for the caller
        )

    def _advance(self, group: RowGroup) -> None:
        is_done = False
        try:
            if self._batch is not None:
                self._start += self._batch.num_rows
                self._batch = None  # before the next one is made: not two at once
            self._batch = next(self._batches)
            is_done = True
        except StopIteration:
            raise AevizError(f"{group.path} has fewer rows than when it was opened") from None
        except (OSError, pa.ArrowException) as error:
            raise AevizError(f"{group.path} cannot be read: {first_line(error)}") from error
        finally:
            # Also on Ctrl-C, where a batch may be lost: its place must not be taken by the next.
            if not is_done:
                self.close()
