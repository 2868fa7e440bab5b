"""Say what a reader is, so that formats can be told apart without a list of them.

A member of the family `aeviz.data.formats` is one `Format`. Reading turns a file into
arrays in a `Dataset` and says what the file's own structure does not allow; what every
data set has to fulfil (finite values, enough rows) is checked once, in
`aeviz.data._checks`, and labels from a second file are added in `aeviz.data.sources`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aeviz.core.exceptions import AevizError
from aeviz.core.registry import FORMATS
from aeviz.data.columns import TableColumn
from aeviz.data.dataset import Dataset

__all__ = [
    "TABLE_OPTIONS",
    "Format",
    "ReadOptions",
    "accepted_suffixes",
    "find_folder_format",
    "format_of",
]


@dataclass(frozen=True)
class ReadOptions:
    """Carry what a user asked of a reader.

    Parameters
    ----------
    label : tuple of str
        Names of the columns that hold labels; the first is the label of scores and colours.
    columns : tuple of str
        Names of the columns that are features; empty means all that can be.
    drop : tuple of str
        Names of columns that are left out.
    key : str or None
        Which data set inside a file of many holds the samples.
    max_categories : int or None
        Most values of a column of text for which it is one-hot encoded; None is the default.
    image_size : (height, width) or None
        What images of a folder are resized to, in pixels.
    image_shape : (height, width, channels) or None
        What the images were made that a model was fitted to; the same is then made of those of
        a folder.
    sample : int or None
        How many rows are wanted in the end.
    seed : int
        Of that draw.
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
    key: str | None = None
    max_categories: int | None = None
    image_size: tuple[int, int] | None = None
    image_shape: tuple[int, int, int] | None = None
    sample: int | None = None
    seed: int = 0
    is_to_fit: bool = True
    plan: tuple[TableColumn, ...] | None = None
    has_only_numbers: bool = False

    def given(self) -> set[str]:
        """Return the names of the options that a user gave and that a reader may not know."""
        names = ("label", "columns", "drop", "key", "max_categories", "image_size")
        return {name for name in names if getattr(self, name) not in (None, ())}


@dataclass(frozen=True)
class Format:
    """Describe a file format and read it.

    Parameters
    ----------
    suffixes : tuple of str
        Endings of the files, lower case, with the leading dot.
    summary : str
        What such a file holds, for the list of formats.
    read : function (path, options) -> Dataset
        Reads an existing, non-empty file. Missing values may be left in `X` (as NaN) and
        in `y` (as NaN, or None among strings), and `X` may be a sparse matrix of scipy by
        rows, which the loader makes dense. Raises `AevizError` for what is wrong.
    options : frozenset of str
        The `ReadOptions` that `read` heeds; others are refused before it is called.
    reads_folder : function (path) -> bool, or None
        Tells whether an existing folder is one of this format; None if no folder is.
    column_names : function (path) -> list of str, or None
        Gives the names of a table's columns without reading it; None if there are none.
    """

    suffixes: tuple[str, ...]
    summary: str
    read: Callable[[Path, ReadOptions], Dataset]
    options: frozenset[str] = field(default=frozenset())
    reads_folder: Callable[[Path], bool] | None = None
    column_names: Callable[[Path], list[str]] | None = None


TABLE_OPTIONS = frozenset({"label", "columns", "drop", "max_categories"})
"""The options that a reader of tables with names heeds."""


def format_of(path: Path) -> Format | None:
    """Return the format that reads files named like this one, or None."""
    name = path.name.lower()
    for member in FORMATS.members().values():
        if name.endswith(member.suffixes):
            return member
    return None


def find_folder_format(path: Path) -> Format | None:
    """Return the format that reads an existing folder, or None.

    Raises
    ------
    AevizError
        If several could.
    """
    found = [
        member
        for member in FORMATS.members().values()
        if member.reads_folder is not None and member.reads_folder(path)
    ]
    if len(found) > 1:
        both = " and as ".join(member.summary for member in found)
        raise AevizError(f"{path} can be read as {both}; accepted: a folder of one kind")
    return found[0] if found else None


def accepted_suffixes() -> list[str]:
    """Return the suffixes that some format reads, in alphabetical order."""
    return sorted(suffix for member in FORMATS.members().values() for suffix in member.suffixes)
