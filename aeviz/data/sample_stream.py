"""Say what a source of samples is that is read block by block.

A member of the family `aeviz.data.streams` is one class derived from `SampleStream`. It
says where the samples are and how some consecutive rows are read; which ranges of rows
there are, that values are finite, and how scattered rows are gathered is settled here,
once. Nothing is scaled or shuffled but by the caller, and nothing is kept of what was read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import ClassVar, Self

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import column_name, plural
from aeviz.data._checks import row_slices

__all__ = ["SampleStream"]


class SampleStream(ABC):
    """Give samples of a source in blocks of rows, without ever holding all of them.

    Memory depends on the size of a block, not on the number of samples. One thread at a
    time may use a stream; it need not always be the same one.

    Parameters
    ----------
    name : str
        Short name, used for the default output folder.
    source : str
        What the source is called in messages.
    shape : (n_samples, n_features)
    image_shape : (height, width, channels) or None
        None for tables.
    feature_names : tuple of str or None
        One name a column; None for images and unnamed arrays.
    notes : tuple of str
        Sentences on what is left out or changed.

    Attributes
    ----------
    name, source, n_samples, n_features, image_shape, feature_names
        As above.
    summary : str
        Of the class: what it reads, for messages.
    options : frozenset of str
        Of the class: the options of `aeviz.open_stream` that its constructor takes.

    Raises
    ------
    AevizError
        If there are no samples or no features.

    Notes
    -----
    **Units.** Images of eight bits (unsigned) come out divided by 255, in [0, 1];
    everything else comes out in its own units, integers and booleans as floats.
    """

    summary: ClassVar[str]
    options: ClassVar[frozenset[str]] = frozenset()

    def __init__(
        self,
        *,
        name: str,
        source: str,
        shape: tuple[int, int],
        image_shape: tuple[int, int, int] | None = None,
        feature_names: tuple[str, ...] | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        for count, noun in zip(shape, ("sample", "feature"), strict=True):
            if count < 1:
                raise AevizError(f"{source} has {plural(count, noun)}; accepted: at least 1")
        self.name = name
        self.source = source
        self.n_samples, self.n_features = shape
        self.image_shape = image_shape
        self.feature_names = feature_names
        self._notes = notes

    @classmethod
    @abstractmethod
    def accepts(cls, source: object) -> bool:
        """Tell whether a source, an object or an existing path, is of this kind."""

    @abstractmethod
    def _read(self, start: int, stop: int) -> np.ndarray:
        """Return the rows from `start` to before `stop`, at least one, as `read` does.

        The array is a new one that the caller may change; values need not be finite.
        """

    def _runs(self) -> list[list[slice]]:
        """Return the blocks in groups that are cheap to read only from front to back."""
        return [[rows] for rows in row_slices(self.n_samples, self.n_features)]

    def _gather(self, rows: np.ndarray) -> np.ndarray:
        """Return some scattered rows, at most as many as fill a block, in ascending order."""
        parts = []
        starts = np.array([block.start for block in self.blocks])
        inside = np.searchsorted(starts, rows, side="right") - 1
        for position in np.unique(inside).tolist():
            wanted = rows[inside == position]
            first, last = int(wanted[0]), int(wanted[-1])
            parts.append(self._read(first, last + 1)[wanted - first])
        return np.concatenate(parts)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return sentences on what was left out or changed, as far as is known by now."""
        return self._notes

    @property
    def blocks(self) -> list[slice]:
        """Return the ranges of rows that are natural to read, in order, covering all rows.

        A block holds about 8 MB as float32 at most, or one row where that is larger.
        """
        return [rows for run in self._runs() for rows in run]

    def shuffled_blocks(self, rng: np.random.Generator) -> list[slice]:
        """Return every block once, in a random order that is cheap to read.

        Parameters
        ----------
        rng : numpy.random.Generator

        Notes
        -----
        Most sources read any block at the same cost, and all blocks are shuffled. Where
        going back is dear, within a large row group of Parquet, groups are shuffled and the
        blocks of one stay together and in order: a file of one group keeps its order.
        """
        runs = self._runs()
        return [rows for position in rng.permutation(len(runs)) for rows in runs[position]]

    def read(self, rows: slice) -> np.ndarray:
        """Return consecutive samples.

        Parameters
        ----------
        rows : slice of step 1
            Cut to the rows that there are, as slices of a list are.

        Returns
        -------
        ndarray of float32 of shape (n_rows, n_features), C-contiguous
            Finite, in the units that the class names. A new array, free to be changed.

        Raises
        ------
        ValueError
            If the slice has another step.
        AevizError
            If a value is missing, infinite or beyond float32's range, or the file cannot
            be read.
        """
        start, stop, step = rows.indices(self.n_samples)
        if step != 1:
            raise ValueError(f"rows must be a slice of step 1, got {rows}")
        if stop <= start:
            return np.empty((0, self.n_features), dtype=np.float32)
        X = self._read(start, stop)
        self._check_finite(X, range(start, stop))
        return X

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Return scattered samples, a few thousand of them, without reading all at once.

        Parameters
        ----------
        rows : ndarray of int of shape (n_rows,)
            In ascending order; the same row may occur again.

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
            X[part] = self._gather(rows[part])
        self._check_finite(X, rows)
        return X

    def iterate(self, rows_a_block: int | None = None) -> Iterator[tuple[slice, np.ndarray]]:
        """Return an iterator over all samples in order: range of rows, and its samples.

        Parameters
        ----------
        rows_a_block : int, optional
            Rows that every block but the last has; `blocks` are read by default.

        Raises
        ------
        ValueError
            If `rows_a_block` is less than 1.
        """
        if rows_a_block is None:
            return ((rows, self.read(rows)) for rows in self.blocks)
        if rows_a_block < 1:
            raise ValueError(f"rows_a_block must be at least 1, got {rows_a_block}")
        ends = ((start, start + rows_a_block) for start in range(0, self.n_samples, rows_a_block))
        ranges = (slice(start, min(stop, self.n_samples)) for start, stop in ends)
        return ((rows, self.read(rows)) for rows in ranges)

    def close(self) -> None:  # noqa: B027 - most kinds hold nothing
        """Let go of open files and buffers. A stream that is read again opens them again."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

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

    def _check_finite(self, X: np.ndarray, rows: Sequence[int] | np.ndarray) -> None:
        is_finite = np.isfinite(X)
        if is_finite.all():
            return
        row, column = np.unravel_index(is_finite.argmin(), X.shape)
        is_nan = np.isnan(X[row, column])
        value = "no value or NaN" if is_nan else "a value that is infinite as float32"
        raise AevizError(
            f"{self.source} has {value} in row {rows[row]}, "
            f"{column_name(self.feature_names, int(column))}; accepted: finite values"
        )
