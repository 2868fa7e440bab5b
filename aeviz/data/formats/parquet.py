"""Read a table from a Parquet file, or from a folder of them with the same columns.

Sub-folders named ``key=value``, as Spark and Hive write them, are partitions: every key is a
column of categories. Read in blocks it is left out, as other columns of text are.

A Parquet file is a sequence of row groups, and a column of a group is a sequence of
pages. Read in blocks, a batch of rows is in memory; held besides is a page of every column and
its dictionary, one or two megabytes each in row groups of very many rows. A table of 400
columns in a row group of 100,000 rows was measured to take 600 MB, in row groups of 5,000
rows 120 MB, and as one column of lists of 400 numbers 160 MB. More row groups take no more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._column_roles import as_numbers
from aeviz.data._row_blocks import row_slices
from aeviz.data._row_sampling import can_only_be_sampled, rows_per_piece, sample_pieces
from aeviz.data._tables import check_columns, check_unique_names, table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.formats._parquet_files import (
    SUFFIXES,
    ParquetCursor,
    Partitions,
    RowGroup,
    open_parquet,
    parquet_files,
    row_groups,
)
from aeviz.data.formats.arrow import (
    HEAD_ROWS,
    arrow_frame,
    element_names,
    index_columns,
    is_list_of_numbers,
    is_number,
    list_elements,
    list_lengths,
    reading_arrow,
)
from aeviz.data.formats.base import TABLE_OPTIONS, Format, Reader, ReadOptions, Schema
from aeviz.data.magnitude import check_digits

__all__ = ["FORMAT"]

_BATCH_ROWS = 2**16


class ParquetReader(Reader):
    """Reader of a Parquet file, or of a folder of them.

    `dataset` decides by all values of a column what becomes of it. Read in blocks, the features
    are the columns of numbers, booleans, and lists of numbers of one length, by their types.

    Parameters
    ----------
    path : Path
        A file, or a folder whose files (not those of sub-folders but for partitions, nor those
        that begin with a dot or an underscore) are read in order of their names; they must have
        the same columns, or at least those that `options` names as features.
    options : ReadOptions, optional

    Raises
    ------
    AevizError
        If there is no Parquet file, or a column is not there or of another type in another file.

    Notes
    -----
    Blocks are parts of row groups. Reading them in order is cheap; to read a block out of order,
    the rows of its row group before it are decoded and thrown away.
    """

    def __init__(self, path: Path, options: ReadOptions | None = None) -> None:
        super().__init__(name=path.absolute().stem, source=str(path), options=options)
        self._files = parquet_files(path.absolute())
        if not self._files:
            raise AevizError(f"{path} holds no Parquet file; accepted: {', '.join(SUFFIXES)}")
        with open_parquet(self._files[0]) as first:
            self.arrow_schema = first.schema_arrow
        self._partitions = Partitions(path.absolute(), self._files)
        names = [*self.arrow_schema.names, *self._partitions.names]
        check_unique_names(names, source=self.source)

    def tables(self, n_rows: int = _BATCH_ROWS, *, use_threads: bool = True) -> Iterator[pa.Table]:
        """Yield the rows of all files as Arrow tables of at most `n_rows` rows.

        Of files without rows an empty table.
        """
        is_empty = True
        for path in self._files:
            with reading_arrow(self.source), open_parquet(path) as file:
                for batch in file.iter_batches(n_rows, use_threads=use_threads):
                    table = pa.Table.from_batches([batch])
                    table.validate(full=True)
                    is_empty = False
                    yield self._partitions.added(table.select(self.arrow_schema.names), path)
        if is_empty:
            yield self._partitions.added(self.arrow_schema.empty_table(), self._files[0])

    def dataset(self) -> Dataset:
        """Return the table as a data set, or a sample of it where it does not fit in memory."""
        if len(self._files) > 1:
            row_groups(self._files, self.arrow_schema, only=None)  # says which columns differ
        n_rows, n_values = self._announced()
        sample, seed = self.options.sample, self.options.seed
        # Equal values are stored once, so that little of a file may be much of a table.
        what = f"{self.source}, of {n_rows:,} rows and {len(self.arrow_schema):,} columns,"
        notes = []
        if self._partitions.names:
            names = listed(map(quoted, self._partitions.names))
            count = plural(len(self._files), "file")
            notes.append(f"The table is that of {count}; {names} from the names of its folders.")
        if can_only_be_sampled(8 * n_values, what=what, sample=sample):
            tables = self.tables(rows_per_piece(n_values // max(1, n_rows)))
            pieces = (arrow_frame(table, source=self.source) for table in tables)
            frame, note = sample_pieces(pieces, sample or 0, seed=seed, source=self.source)
            notes.append(note)
        else:
            with reading_arrow(self.source):
                frame = arrow_frame(pa.concat_tables(self.tables()), source=self.source)
        asked = self.options
        columns, drop, aside = map(self._expanded, (asked.columns, asked.drop, asked.aside))
        options = replace(asked, columns=tuple(columns), drop=tuple(drop), aside=tuple(aside))
        return table_dataset(
            frame, name=self.name, source=self.source, options=options, notes=notes
        )

    def _announced(self) -> tuple[int, int]:
        """Return the numbers of rows and of values in all files; a list has many values."""
        n_rows, n_values = 0, 1
        for path in self._files:
            with reading_arrow(self.source), open_parquet(path) as file:
                n_rows += file.metadata.num_rows
                for number in range(file.metadata.num_row_groups):
                    group = file.metadata.row_group(number)
                    n_values += sum(group.column(i).num_values for i in range(group.num_columns))
        return n_rows, n_values

    @property
    def partition_names(self) -> list[str]:
        """Return the columns that are in the names of folders."""
        return self._partitions.names

    def schema(self) -> Schema:
        """Return what is read in blocks: the columns of numbers."""
        names = tuple(self._expanded(self._features))
        n_samples = self._groups[-1].stop if self._groups else 0
        return Schema(n_samples, len(names), feature_names=names)

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return consecutive samples, of the dtype that NumPy finds for all columns."""
        parts, row = [], start
        while row < stop:
            first, batch = self._cursor.batch_at(row)
            part = pa.Table.from_batches([batch.slice(row - first, stop - row)])
            parts.append(self._matrix(part, first_row=row))
            row += part.num_rows
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _matrix(self, table: pa.Table, *, first_row: int) -> np.ndarray:
        """Return the features of some rows."""
        plain = table.select([name for name in self._features if name not in self._lengths])
        frame = arrow_frame(plain.replace_schema_metadata(None), source=self.source)
        values = [
            list_elements(table, name, self._lengths[name], source=self.source, first_row=first_row)
            if name in self._lengths
            else as_numbers(frame[name], "number")[:, np.newaxis]
            for name in self._features
        ]
        X: np.ndarray = np.concatenate(values, axis=1)
        for name, of_column in zip(self._features, values, strict=True):
            check_digits(of_column, X.dtype, source=self.source, column=quoted(name))
        return X

    def runs(self) -> list[list[slice]]:
        """Return the blocks of each row group."""
        return [
            list(row_slices(group.stop, self._n_features, start=group.start))
            for group in self._groups
        ]

    @property
    def notes(self) -> tuple[str, ...]:
        """Return which columns are no features where the file is read in blocks."""
        left_out = [name for name in self.arrow_schema.names if name not in self._features]
        left_out += self._partitions.names
        if not left_out or self.options.columns:
            return ()
        reasons = "text, row labels, lists of many lengths and the like"
        count = plural(len(left_out), "column")
        return (f"{count} left out ({reasons}): {listed(map(quoted, left_out))}.",)

    def close(self) -> None:
        """Close the open file and drop the last batch; reading again opens the file again."""
        self._cursor.close()

    def __getstate__(self) -> dict[str, object]:
        """Return what is pickled: all but the open file."""
        return {name: value for name, value in self.__dict__.items() if name != "_cursor"}

    @cached_property
    def _lengths(self) -> dict[str, int]:
        """Return the columns of lists that are features, and the lists' lengths."""
        names = [field.name for field in self.arrow_schema if is_list_of_numbers(field.type)]
        if names:
            with reading_arrow(str(self._files[0])), open_parquet(self._files[0]) as first:
                for batch in first.iter_batches(HEAD_ROWS, columns=names):
                    return list_lengths(pa.Table.from_batches([batch]))
        return {}

    def _expanded(self, names: Sequence[str]) -> list[str]:
        """Return names of columns, those of lists replaced by the names of their elements."""
        lengths = self._lengths if names else {}
        return [
            one
            for name in names
            for one in (element_names(name, lengths[name]) if name in lengths else [name])
        ]

    @cached_property
    def _features(self) -> list[str]:
        """Return the columns that are features, lists last, or in the order asked for."""
        schema, lengths, options = self.arrow_schema, self._lengths, self.options
        check_columns(schema.names, options, source=self.source)
        index = index_columns(schema)
        numbers = [one.name for one in schema if is_number(one.type) and one.name not in index]
        asked = options.columns or [*numbers, *lengths]
        for name in asked:
            if not (name in lengths or is_number(schema.field(name).type)):
                raise AevizError(
                    f"column {quoted(name)} of {self.source} holds {schema.field(name).type}; "
                    "accepted: numbers, booleans, or lists of numbers of one length"
                )
        names = [name for name in asked if name not in (*options.drop, options.batch)]
        if not names:
            kinds = listed(f"{quoted(field.name)} ({field.type})" for field in schema) or "none"
            raise AevizError(f"{self.source} has no column of numbers, only {kinds}")
        return names

    @cached_property
    def _n_features(self) -> int:
        return sum(self._lengths.get(name, 1) for name in self._features)

    @cached_property
    def _groups(self) -> list[RowGroup]:
        only = self._features if self.options.columns else None
        return row_groups(self._files, self.arrow_schema, only=only)

    @cached_property
    def _cursor(self) -> ParquetCursor:
        block = next(row_slices(self._groups[-1].stop, self._n_features))
        return ParquetCursor(self._groups, columns=self._features, batch_size=block.stop)


def _column_names(path: Path, _: ReadOptions) -> list[str]:
    reader = ParquetReader(path)
    index = index_columns(reader.arrow_schema)
    return [one for one in reader.arrow_schema.names if one not in index] + reader.partition_names


FORMAT = Format(
    suffixes=(".parquet", ".pq"),
    summary="a table in a Parquet file or in a folder of them; label names the labels",
    open=ParquetReader,
    options=TABLE_OPTIONS,
    reads_folder=lambda path: bool(parquet_files(path)),
    column_names=_column_names,
)
