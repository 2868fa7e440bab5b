"""Say what a reader is, so that formats can be told apart without a list of them.

A member of the family `aeviz.data.formats` is one `Format`. Reading turns a file into
arrays in a `Dataset` and says what the file's own structure does not allow; what every
data set has to fulfil (finite values, enough rows) is checked once, in
`aeviz.data._checks`, and labels from a second file are added in `aeviz.data.loading`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aeviz.data.dataset import Dataset
from aeviz.registry import FORMATS

__all__ = ["Format", "ReadOptions", "accepted_suffixes", "format_of"]


@dataclass(frozen=True)
class ReadOptions:
    """Carry what a user asked of a reader.

    Parameters
    ----------
    label : str or None
        Name of the column that holds the labels.
    column : tuple of str or None
        Names of the columns that hold the samples; None means all but the labels.
    """

    label: str | None = None
    column: tuple[str, ...] | None = None

    def given(self) -> set[str]:
        """Return the names of the options that were given."""
        return {name for name, value in vars(self).items() if value is not None}


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
        in `y` (as NaN, or None among strings). Raises `AevizError` for what is wrong.
    options : frozenset of str
        The `ReadOptions` that `read` heeds; others are refused before it is called.
    """

    suffixes: tuple[str, ...]
    summary: str
    read: Callable[[Path, ReadOptions], Dataset]
    options: frozenset[str] = field(default=frozenset())


def format_of(path: Path) -> Format | None:
    """Return the format that reads files named like this one, or None."""
    name = path.name.lower()
    for member in FORMATS.members().values():
        if name.endswith(member.suffixes):
            return member
    return None


def accepted_suffixes() -> list[str]:
    """Return the suffixes that some format reads, in alphabetical order."""
    return sorted(suffix for member in FORMATS.members().values() for suffix in member.suffixes)
