"""Samples read block by block, for data that do not fit in memory.

A stream gives what a `aeviz.data.formats.base.Reader` reads as finite float32 numbers, in the
units of the source. Nothing is scaled or shuffled but by the caller, and nothing is kept of what
was read.
"""

from collections.abc import Iterator
from typing import Self

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import column_name, plural
from aeviz.data._row_blocks import row_slices
from aeviz.data.formats.base import Reader
from aeviz.data.magnitude import check_magnitude

__all__ = ["SampleStream"]


class SampleStream:
    """Samples of a source in blocks of rows, without ever holding all of them.

    Memory depends on the size of a block, not on the number of samples. One thread at a
    time may use a stream; it need not always be the same one.

    Parameters
    ----------
    reader : Reader
    scale_pixels : bool, default=False
        Divide images of eight bits by 255, so that they are in [0, 1].

    Attributes
    ----------
    name : str
        Short name of the data.
    source : str
        What the source is called in messages.
    n_samples, n_features : int
    image_shape : (height, width, channels) or None
        None for tables.
    feature_names : tuple of str or None
        One name per column; None for images and unnamed arrays.

    Raises
    ------
    AevizError
        If there are no samples or no features.

    Notes
    -----
    Values are those of `aeviz.load_dataset`, in the units of the source: eight-bit images are
    in 0..255 unless `scale_pixels` is true. Integers and booleans become float32, unless what reads
    asks for the dtype of the source: encoders do, which centre samples before that.
    """

    def __init__(self, reader: Reader, *, scale_pixels: bool = False) -> None:
        schema = reader.schema()
        self._reader = reader
        self._scale_pixels = scale_pixels
        self.name, self.source = reader.name, reader.source
        self.n_samples, self.n_features = schema.n_samples, schema.n_features
        self.image_shape = schema.image_shape
        self.feature_names = schema.feature_names
        for count, noun in ((self.n_samples, "sample"), (self.n_features, "feature")):
            if count < 1:
                raise AevizError(f"{self.source} has {plural(count, noun)}; accepted: at least 1")

    @property
    def notes(self) -> tuple[str, ...]:
        """Return sentences on what was left out or changed, as far as is known by now."""
        return self._reader.notes

    @property
    def blocks(self) -> list[slice]:
        """Return the ranges of rows that are natural to read, in order, covering all rows.

        A block holds about 8 MB as float32 at most, or one row where that is larger.
        """
        return self._reader.ranges()

    def shuffled_blocks(self, rng: np.random.Generator) -> list[slice]:
        """Return every block once, in a random order that is cheap to read.

        Parameters
        ----------
        rng : numpy.random.Generator

        Notes
        -----
        Most sources read any block at the same cost, and all blocks are shuffled. Within a large
        row group of Parquet going back is costly: there groups are shuffled and the blocks of one
        stay together and in order, so a file of one group keeps its order.
        """
        runs = self._reader.runs()
        return [rows for position in rng.permutation(len(runs)) for rows in runs[position]]

    def read(self, rows: slice, *, as_stored: bool = False) -> np.ndarray:
        """Return consecutive samples.

        Parameters
        ----------
        rows : slice of step 1
            Cut to the rows that there are, as slices of a list are.
        as_stored : bool, default=False
            Keep the dtype of the source.

        Returns
        -------
        ndarray of float32 of shape (n_rows, n_features), C-contiguous
            Finite, in the units of the source. A new array, free to be changed.

        Raises
        ------
        ValueError
            If the slice has another step.
        AevizError
            If a value is missing, infinite or beyond float32's range, or as stored so large that
            its square is beyond float64's, or the file cannot be read.
        """
        start, stop, step = rows.indices(self.n_samples)
        if step != 1:
            raise ValueError(f"rows must be a slice of step 1, got {rows}")
        if stop <= start:
            return np.empty((0, self.n_features), dtype=np.float32)
        X = self._read_as(self._reader.read(start, stop), as_stored)
        self._check_finite(X, np.arange(start, stop))
        return X

    def take(self, rows: np.ndarray, *, as_stored: bool = False) -> np.ndarray:
        """Return scattered samples, a few thousand of them, without reading all at once.

        Parameters
        ----------
        rows : ndarray of int of shape (n_rows,)
            In ascending order; the same row may occur again.
        as_stored : bool, default=False
            Keep the dtype of the source.

        Returns
        -------
        ndarray of float32 of shape (n_rows, n_features), C-contiguous
            As `read` gives them.

        Raises
        ------
        ValueError
            If `rows` are no ascending row numbers in 0..n_samples - 1.
        AevizError
            As for `read`.
        """
        rows = self._checked_rows(rows)
        X = np.empty((len(rows), self.n_features), dtype=np.float32)
        for part in row_slices(len(rows), self.n_features):
            values = self._read_as(self._reader.take(rows[part]), as_stored)
            self._check_finite(values, rows[part])
            if part.start == 0 and values.dtype != X.dtype:
                X = np.empty(X.shape, values.dtype)
            X[part] = values
        return X

    def iterate(
        self, rows_per_block: int | None = None, *, as_stored: bool = False
    ) -> Iterator[tuple[slice, np.ndarray]]:
        """Return an iterator over all samples in order: range of rows, and its samples.

        Parameters
        ----------
        rows_per_block : int, optional
            Rows that every block but the last has; `blocks` are read by default.
        as_stored : bool, default=False
            Keep the dtype of the source.

        Raises
        ------
        ValueError
            If `rows_per_block` is less than 1.
        """
        if rows_per_block is not None and rows_per_block < 1:
            raise ValueError(f"rows_per_block must be at least 1, got {rows_per_block}")
        ranges = self._reader.ranges(rows_per_block)
        return ((rows, self.read(rows, as_stored=as_stored)) for rows in ranges)

    def close(self) -> None:
        """Close open files and drop buffers. A stream that is read again opens them again."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _read_as(self, X: np.ndarray, as_stored: bool) -> np.ndarray:
        if self._scale_pixels and self.image_shape is not None and X.dtype == np.uint8:
            return np.asarray(np.divide(X, 255, dtype=np.float32))
        if as_stored:
            return np.ascontiguousarray(X)
        with np.errstate(over="ignore"):  # infinite values are reported by row and column
            return X.astype(np.float32, order="C", copy=False)

    def _checked_rows(self, rows: np.ndarray) -> np.ndarray:
        rows = np.asarray(rows)
        if rows.ndim != 1 or rows.dtype.kind not in "iu":
            raise ValueError(
                f"rows must be row numbers in one dimension, got {rows.dtype} of shape {rows.shape}"
            )
        rows = rows.astype(np.int64)
        if (np.diff(rows) < 0).any():
            raise ValueError("rows must be in ascending order, got others")
        if len(rows) and (rows[0] < 0 or rows[-1] >= self.n_samples):
            raise ValueError(
                f"rows must be in 0..{self.n_samples - 1} (n_samples - 1), "
                f"got {rows[0]}..{rows[-1]}"
            )
        return rows

    def _check_finite(self, X: np.ndarray, rows: np.ndarray) -> None:
        is_finite = np.isfinite(X)
        if is_finite.all():
            check_magnitude(X, source=self.source, rows=rows, feature_names=self.feature_names)
            return
        row, column = np.unravel_index(is_finite.argmin(), X.shape)
        is_nan = np.isnan(X[row, column])
        value = "no value or NaN" if is_nan else "a value that is infinite as float32"
        raise AevizError(
            f"{self.source} has {value} in row {rows[row]}, "
            f"{column_name(self.feature_names, int(column))}; accepted: finite values"
        )
