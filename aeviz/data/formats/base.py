"""Contract of the file formats: what a file holds, and its samples in blocks of rows.

A member of the family `aeviz.data.formats` is one `Format`: suffixes, and what opens such a
file. A format whose rows can be read separately gives a `Reader` of its own, with `schema()` and
`blocks()`; of the others a function reads the whole file, which then is one block. Every way to
the data uses the same reader: `aeviz.load_dataset` puts the blocks together,
`aeviz.open_stream` and the shards of `aeviz.sharding` iterate over them.

Reading says what the file's own structure does not allow. What every data set has to fulfil
(finite values, enough rows) is checked once, in `aeviz.data._checks`, and labels from a second
file are added in `aeviz.data.sources`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from aeviz.core.registry import FORMATS
from aeviz.data._files import packed_name
from aeviz.data._row_blocks import row_slices, slices_of
from aeviz.data._sparse import dense_dataset
from aeviz.data.columns import TableColumn
from aeviz.data.dataset import Dataset

__all__ = [
    "TABLE_OPTIONS",
    "Format",
    "ReadOptions",
    "Reader",
    "Schema",
    "accepted_suffixes",
    "format_of",
    "whole_file",
]


@dataclass(frozen=True)
class ReadOptions:
    """What a user asked of a reader.

    Parameters
    ----------
    label : tuple of str
        Names of the columns that hold labels; the first is the label of scores and colours. Of
        a folder of images those of a table beside them.
    columns : tuple of str
        Names of the columns that are features; empty means all that can be.
    drop : tuple of str
        Names of columns that are left out.
    id, split, group, batch : str or None
        Names of the columns of identifiers; of a split into training and test samples; of groups
        whose samples stay together in a split; and of batches, by which nothing is trained.
    aside : tuple of str
        Names of columns that hold own coordinates or codes, which are no features.
    category, number : tuple of str
        Names of columns that are categories or numbers, whatever they look like.
    key, label_key : str or None
        Which data set inside a file of many holds the samples, and which the labels.
    header, delimiter, decimal, thousands, quote : str or None
        How a table is written as text; None detects it. The header is the number of its line, from
        1, or ``"none"``; the quote is a character or ``"none"``.
    na : tuple of str
        Further spellings of a missing value.
    kind : {"images", "series", "table"} or None
        What the samples of an array of three or four dimensions are; None decides by its shape.
    transpose : bool
        Whether the rows of the source are features, and its columns samples.
    max_categories : int or None
        Maximal number of values of a text column that is one-hot encoded; None is the default.
    image_size : (height, width) or None
        Size in pixels to which the images of a folder are resized.
    channels : {1, 3} or None
        Of a folder of images: grey, or red, green and blue; None is what the images have.
    image_shape : (height, width, channels) or None
        Shape of the images that a model was fitted to; those of a folder get the same shape.
    array_shape : tuple of int or None
        Shape of a sample, no image, in the array that a model was fitted to.
    pixel_type : str or None
        Type of the pixels of those images, ``"uint8"`` for example.
    sample : int or None
        How many rows are wanted in the end.
    seed : int
        Seed for choosing them.
    is_to_fit : bool
        False for samples that a fitted model is applied to: then nothing is left out because
        of the values that happen to be there.
    plan : tuple of TableColumn or None
        What became of the columns of the table that a model was fitted to; the same is then
        done to this one.
    has_only_numbers : bool
        Refuse text rather than encode it or leave it out.
    """

    label: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    id: str | None = None
    split: str | None = None
    group: str | None = None
    batch: str | None = None
    aside: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    number: tuple[str, ...] = ()
    key: str | None = None
    label_key: str | None = None
    header: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    quote: str | None = None
    na: tuple[str, ...] = ()
    kind: str | None = None
    transpose: bool = False
    max_categories: int | None = None
    image_size: tuple[int, int] | None = None
    channels: int | None = None
    image_shape: tuple[int, int, int] | None = None
    array_shape: tuple[int, ...] | None = None
    pixel_type: str | None = None
    sample: int | None = None
    seed: int = 0
    is_to_fit: bool = True
    plan: tuple[TableColumn, ...] | None = None
    has_only_numbers: bool = False

    @classmethod
    def of(cls, *, image_size: int | tuple[int, int] | None = None, **others: Any) -> Self:
        """Return the options of a caller, who may give one name, and one length of images.

        Names of columns may be numbers, as those of data frames are.
        """
        known = sorted(item.name for item in fields(cls))
        for name in others:
            if name not in known:
                raise TypeError(f"there is no option {name!r}; accepted: {', '.join(known)}")
        size = (image_size, image_size) if isinstance(image_size, int) else image_size
        for name in {"label", "columns", "drop", "category", "number", "na"} & others.keys():
            given = others[name] if others[name] is not None else ()
            is_one = isinstance(given, str | int)
            others[name] = (str(given),) if is_one else tuple(map(str, given))
        for name in {"id", "split", "group", "batch"} & others.keys():
            others[name] = None if others[name] is None else str(others[name])
        if others.get("plan") is not None:
            others["plan"] = tuple(others["plan"])
        return cls(image_size=size, **others)

    def given(self) -> set[str]:
        """Return the names of the options that a user gave and that a reader may not know."""
        own = {"aside", "image_shape", "pixel_type", "array_shape", "sample", "seed", "is_to_fit"}
        own |= {"plan", "has_only_numbers"}
        names = {item.name for item in fields(self)} - own
        return {name for name in names if getattr(self, name) not in (None, (), False)}


@dataclass(frozen=True)
class Schema:
    """What a source holds, known before its samples are read.

    Parameters
    ----------
    n_samples, n_features : int
    image_shape : (height, width, channels) or None
        None for tables.
    feature_names : tuple of str or None
        One name per column; None for images and unnamed arrays.
    """

    n_samples: int
    n_features: int
    image_shape: tuple[int, int, int] | None = None
    feature_names: tuple[str, ...] | None = None


class Reader(ABC):
    """An open source of samples, in its own units and its own order.

    Parameters
    ----------
    name : str
        Short name of the data set.
    source : str
        What the source is called in messages.
    options : ReadOptions, optional

    Raises
    ------
    AevizError
        By all methods, if the source cannot be read.
    """

    _schema: Schema

    def __init__(self, *, name: str, source: str, options: ReadOptions | None = None) -> None:
        self.name, self.source = name, source
        self.options = options or ReadOptions()

    def schema(self) -> Schema:
        """Return what the source holds."""
        return self._schema

    @abstractmethod
    def read(self, start: int, stop: int) -> np.ndarray:
        """Return the samples in the rows from `start` to before `stop`, at least one.

        A new array of shape (n_rows, n_features), real numbers; values need not be finite.
        """

    def dataset(self) -> Dataset:
        """Return all samples, with labels, ids and notes; or a sample of what does not fit.

        Missing values may be left in `X` (as NaN) and in `y` (as NaN, or None among strings),
        and `X` may be a sparse matrix of scipy.
        """
        schema = self.schema()
        X = self.read(0, schema.n_samples)
        return Dataset(self.name, X, image_shape=schema.image_shape)

    def ranges(self, n_rows: int | None = None) -> list[slice]:
        """Return ranges of rows, in order, covering all rows.

        Parameters
        ----------
        n_rows : int, optional
            Rows of every range but the last; by default what suits the source, see `runs`.
        """
        if n_rows is None:
            return [rows for run in self.runs() for rows in run]
        return list(slices_of(self.schema().n_samples, n_rows))

    def blocks(self, n_rows: int | None = None) -> Iterator[tuple[slice, np.ndarray]]:
        """Yield the `ranges` of rows with their samples."""
        return ((rows, self.read(rows.start, rows.stop)) for rows in self.ranges(n_rows))

    def runs(self) -> list[list[slice]]:
        """Return the natural blocks, in groups that are cheap to read only from front to back.

        A block holds about 8 MB as float32 at most, or one row where that is larger.
        """
        schema = self.schema()
        return [[rows] for rows in row_slices(schema.n_samples, schema.n_features)]

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Return some scattered rows, at most as many as fill a block, in ascending order."""
        parts = []
        starts = [block.start for block in self.ranges()]
        inside = np.searchsorted(starts, rows, side="right")
        for wanted in np.split(rows, np.flatnonzero(np.diff(inside)) + 1):
            first, last = int(wanted[0]), int(wanted[-1])
            parts.append(self.read(first, last + 1)[wanted - first])
        return np.concatenate(parts)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return sentences on what was left out or changed, as far as is known by now."""
        return ()

    def close(self) -> None:  # noqa: B027 - most kinds hold nothing
        """Close open files and drop buffers. A reader that is used again opens them again."""


ReadFile = Callable[[Path, ReadOptions], Dataset]
ReadFrame = Callable[[Path, ReadOptions], tuple[pd.DataFrame, list[str]]]


class _OneBlockReader(Reader):
    """A file that cannot be read in parts: its samples are one block, which is kept."""

    def __init__(self, path: Path, options: ReadOptions, *, read_file: ReadFile) -> None:
        super().__init__(name=path.stem, source=str(path), options=options)
        self._path, self._read_file = path, read_file

    @cached_property
    def _block(self) -> Dataset:
        dataset = self.dataset()
        self.name = dataset.name
        return dense_dataset(dataset, source=self.source, sample=None, seed=0)

    def schema(self) -> Schema:
        """Return what the file holds."""
        block = self._block
        return Schema(block.n_samples, block.n_features, block.image_shape, block.feature_names)

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return consecutive samples."""
        return self._block.X[start:stop].copy()

    def take(self, rows: np.ndarray) -> np.ndarray:
        """Return scattered samples."""
        return np.asarray(self._block.X[rows])

    def dataset(self) -> Dataset:
        """Return what the file holds; a sparse matrix stays sparse."""
        return self._read_file(self._path, self.options)

    @property
    def notes(self) -> tuple[str, ...]:
        """Return the notes of the data set."""
        return self._block.notes


def whole_file(read_file: ReadFile) -> Callable[[Path, ReadOptions], Reader]:
    """Return what opens files of a format that cannot be read in parts.

    Parameters
    ----------
    read_file : function (path, options) -> Dataset
        Reads an existing, non-empty file as `Reader.dataset` does. Raises `AevizError` for what
        is wrong.
    """
    return partial(_OneBlockReader, read_file=read_file)


@dataclass(frozen=True)
class Format:
    """A file format.

    Parameters
    ----------
    suffixes : tuple of str
        Endings of the files, lower case, with the leading dot.
    summary : str
        What such a file holds, for the list of formats.
    open : function (path, options) -> Reader
        Opens an existing file or folder.
    options : frozenset of str
        The `ReadOptions` that have a meaning; others are refused before the file is opened.
    reads_folder : function (path) -> bool, or None
        Tells whether an existing folder is one of this format; None if no folder is.
    column_names : function (path, options) -> list of str, or None
        Gives the names of a table's columns without reading it; None if there are none.
    unpacks : bool
        Whether such a file is read also where it is packed, see `aeviz.data._files.PACKED`.
    read_frame : function (path, options) -> (DataFrame, list of str), or None
        Gives a table, before it is decided what its columns are, and notes; a folder of such
        files is one table.
    """

    suffixes: tuple[str, ...]
    summary: str
    open: Callable[[Path, ReadOptions], Reader]
    options: frozenset[str] = frozenset()
    reads_folder: Callable[[Path], bool] | None = None
    column_names: Callable[[Path, ReadOptions], list[str]] | None = None
    unpacks: bool = False
    read_frame: ReadFrame | None = None


TABLE_OPTIONS = frozenset(
    {
        *("label", "columns", "drop", "max_categories", "id", "category", "number"),
        *("split", "group", "batch", "na", "decimal", "thousands", "transpose"),
    }
)
"""The options that have a meaning for tables with named columns."""


def format_of(path: Path) -> Format | None:
    """Return the format that reads files named like this one, or None.

    Raises
    ------
    AevizError
        If the file is a .zip archive that does not hold exactly one table.
    """
    members: list[Format] = list(FORMATS.members().values())
    name = path.name.lower()
    found = [member for member in members if name.endswith(member.suffixes)]
    if not found and (name := packed_name(path).lower()):
        found = [one for one in members if one.unpacks and name.endswith(one.suffixes)]
    return found[0] if found else None


def accepted_suffixes() -> list[str]:
    """Return the suffixes that some format reads, in alphabetical order."""
    return sorted(suffix for member in FORMATS.members().values() for suffix in member.suffixes)
