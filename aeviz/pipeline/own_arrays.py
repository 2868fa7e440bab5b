"""Own coordinates and own codes: where settings say that they are.

``map`` and ``code`` name columns of the source, a matrix of its ``obsm``, or another file. What
they name becomes no feature. Which row is whose sample is the matter of
`aeviz.pipeline.own_values`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import listed, quoted
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions, format_of
from aeviz.data.sources import find_format, is_bundled, is_named, read_dataset, source_words
from aeviz.settings import Settings, split_names

__all__ = ["Own", "own_arrays"]

OBSM = "obsm/"
# Columns that aeviz's own tables have beside coordinates.
IDENTITY = ("split", "label")
_ROLES = ("batch", "id", "split", "group")


@dataclass(frozen=True)
class Own:
    """One map or code of the user.

    Parameters
    ----------
    option : {"map", "code"}
    name : str
        What the user calls it.
    source : object
        What it is read from, as `aeviz.data.sources.read_dataset` takes it.
    columns : tuple of str
        Columns of the source of the samples that hold it; empty where it is elsewhere.
    key : str or None
        Its matrix in the source of the samples.
    options : ReadOptions
        How the source of the samples is read.
    """

    option: str
    name: str
    source: Any
    columns: tuple[str, ...] = ()
    key: str | None = None
    options: ReadOptions = field(default_factory=ReadOptions)

    @property
    def words(self) -> str:
        """Return what it is called in messages."""
        return f"the {self.option} {quoted(self.name)}"

    @property
    def is_inside(self) -> bool:
        """Return whether it is a part of the source of the samples."""
        return bool(self.columns) or self.key is not None

    def check_file(self) -> None:
        """Check that its file is there.

        Raises
        ------
        FileNotFoundError
            If it is not.
        """
        if isinstance(self.source, Path) and not self.is_inside and not self.source.exists():
            raise FileNotFoundError(f"there is no file {self.source}, which {self.option} names")

    def read(self) -> tuple[Dataset, list[str]]:
        """Return its values with their ids, and the columns that were left out."""
        if self.is_inside:
            return read_dataset(self.source, self._options_inside()), []
        drop = [name for name in _column_names(self.source, ReadOptions()) if name in IDENTITY]
        found = read_dataset(self.source, ReadOptions(drop=tuple(drop), is_to_fit=False))
        if found.columns is None:
            return found, []
        numbers = [one.name for one in found.columns if _is_number(one)]
        others = [one for one in found.columns if one.use != "id" and not _is_number(one)]
        is_number = np.isin(np.array(found.feature_names, dtype=object), numbers)
        return (
            replace(found, X=found.X[:, is_number], feature_names=tuple(numbers)),
            [one.name for one in others],
        )

    def _options_inside(self) -> ReadOptions:
        """Return how the columns or the matrix are read: as text and files are, and nothing else.

        What says which columns are features, labels and the like is about the samples.
        """
        plain = ReadOptions()
        names = (
            "label",
            "drop",
            "aside",
            "category",
            "number",
            "max_categories",
            "sample",
            *_ROLES,
        )
        others = {name: getattr(plain, name) for name in names}
        options = replace(self.options, **others, columns=self.columns, has_only_numbers=True)
        if self.key is None:
            return options
        return replace(options, key=self.key, label_key=None, transpose=False)


def own_arrays(
    settings: Settings,
    options: ReadOptions,
    source: Any,
    *,
    maps: Mapping[str, Any] | None = None,
    codes: Mapping[str, Any] | None = None,
) -> list[Own]:
    """Return the maps and codes that settings name, and those in memory by their names.

    Raises
    ------
    AevizError
        If one names nothing that is there, or two have the same name.
    """
    there = _column_names(source, options) if settings.map or settings.code else []
    found = [
        replace(_named(option, text, source, there), options=options)
        for option, texts in (("map", settings.map), ("code", settings.code))
        for text in texts
    ]
    for option, arrays in (("map", maps), ("code", codes)):
        found += [
            Own(option, str(name), values if _has_names(values) else np.asarray(values))
            for name, values in (arrays or {}).items()
        ]
    for one in found:
        if (one.option, one.name) in [
            (other.option, other.name) for other in found if other is not one
        ]:
            message = f"{one.option} has the name {quoted(one.name)} twice; accepted: NAME=..."
            raise SettingError(one.option, message=message)
    _check_uses(found, settings)
    return found


# -- what a setting names ---------------------------------------------------------------------


def _named(option: str, text: str, source: Any, there: Sequence[str]) -> Own:
    """Return what one text names, which may be NAME=PLACE."""
    name, sign, place = text.partition("=")
    if not sign or Path(text).exists():
        name, place = "", text
    name, place = name.strip(), place.strip()
    if place.startswith(OBSM):
        if not is_named(source) or not str(source).lower().endswith(".h5ad"):
            message = (
                f"{option} names {place}, a part of an .h5ad file; {source_words(source)} is none"
            )
            raise SettingError(option, message=message)
        return Own(option, name or place.removeprefix(OBSM), source, key=place)
    if format_of(Path(place)) is not None:
        path = Path(place)
        if place in there and path.exists():
            message = (
                f"{option} names {place}, which is a column of the source and a file; rename one"
            )
            raise SettingError(option, message=message)
        if place not in there:
            return Own(option, name or path.name.split(".")[0], path)
    columns = _chosen(option, place, source, there)
    return Own(option, name or place, source, columns=columns)


def _chosen(option: str, place: str, source: Any, there: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of the source that a list of names and patterns means."""
    accepted = "accepted: columns of the source, obsm/NAME of an .h5ad file, or a file"
    if not there:
        message = (
            f"{option} names {place}, and {source_words(source)} has no named columns; {accepted}"
        )
        raise SettingError(option, message=message)
    columns: list[str] = []
    for word in split_names(place):
        found = [word] if word in there else [name for name in there if fnmatchcase(name, word)]
        if not found:
            known = listed(map(quoted, there))
            message = (
                f"{option} names {quoted(word)}, which is no column of {source_words(source)}, and "
                f"no file; its columns are {known}"
            )
            raise SettingError(option, message=message)
        columns += found
    return tuple(dict.fromkeys(columns))


def _check_uses(found: Iterable[Own], settings: Settings) -> None:
    """Check that no column of a map or code is used for something else."""
    several, one_each = ("label", "columns", "drop", "category", "number"), _ROLES
    uses = {name: getattr(settings, name) for name in several}
    uses |= {name: (getattr(settings, name),) for name in one_each}
    for one in found:
        for use, names in uses.items():
            both = [name for name in one.columns if name in names]
            if both:
                raise AevizError(
                    f"{quoted(both[0])} is in {use} and in {one.option}; accepted: one of both"
                )


def _column_names(source: Any, options: ReadOptions) -> list[str]:
    """Return the names of a table's columns, in memory or in a file; none of other sources."""
    if _has_names(source):
        names = getattr(source, "column_names", getattr(source, "columns", ()))
        return list(map(str, names))
    if not is_named(source) or is_bundled(source):
        return []
    names_of = find_format(Path(source)).column_names
    return [] if names_of is None else names_of(Path(source), options)


def _has_names(source: Any) -> bool:
    """Return whether an object is a table with named columns."""
    if isinstance(source, Dataset):
        return False
    return hasattr(source, "columns") or hasattr(source, "column_names")


def _is_number(column: Any) -> bool:
    return column.use == "feature" and column.role in ("number", "boolean")
