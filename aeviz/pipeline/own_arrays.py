"""Own coordinates and own codes: where settings say they are, and which row is whose sample.

``map`` and ``code`` name columns of the source, a matrix of its ``obsm``, or another file. What
they name becomes no feature. Rows of another file are matched by id where both sides have ids, and
by their order otherwise, which a note says.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions, format_of
from aeviz.data.magnitude import check_magnitude
from aeviz.data.sources import find_format, is_bundled, is_named, read_dataset, source_words
from aeviz.settings import Settings, split_names

__all__ = ["Own", "check_own", "own_arrays", "with_own"]

OBSM = "obsm/"
# Columns that aeviz's own tables have beside coordinates.
IDENTITY = ("split", "label")


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
    """

    option: str
    name: str
    source: Any
    columns: tuple[str, ...] = ()
    key: str | None = None

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
            options = ReadOptions(columns=self.columns, key=self.key, has_only_numbers=True)
            return read_dataset(self.source, options), []
        drop = [name for name in _column_names(self.source) if name in IDENTITY]
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


def own_arrays(
    settings: Settings,
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
    there = _column_names(source) if settings.map or settings.code else []
    found = [
        _named(option, text, source, there)
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


def with_own(dataset: Dataset, own: Sequence[Own], *, source: str, is_sample: bool) -> Dataset:
    """Return the data set with the maps and codes of its samples.

    Parameters
    ----------
    dataset : Dataset
        As read, before rows are left out.
    own : sequence of Own
    source : str
        What the data set is called in messages.
    is_sample : bool
        Whether its samples may be some of those of the source.

    Raises
    ------
    AevizError
        If a map or a code is no matrix of numbers, or has not the samples of the data set.
    """
    kept: dict[str, dict[str, np.ndarray]] = {
        "map": dict(dataset.maps),
        "code": dict(dataset.codes),
    }
    notes = list(dataset.notes)
    for one in own:
        found, left_out = one.read()
        _check_width(one, found)
        rows, how = _paired(found, dataset, one, source=source, is_sample=is_sample)
        values = found.X[rows]
        kept[one.option][one.name] = values if values.dtype.kind == "f" else values.astype(float)
        notes += [f"{one.words[0].upper()}{one.words[1:]} is matched {how}."] if how else []
        if left_out:
            names = listed(map(quoted, left_out))
            notes.append(f"No part of {one.words}, as they hold no numbers: {names}.")
    return replace(dataset, maps=kept["map"], codes=kept["code"], notes=tuple(notes))


def check_own(dataset: Dataset) -> None:
    """Check that every sample has finite coordinates and codes.

    Raises
    ------
    AevizError
        If one has not.
    """
    for option, arrays in (("map", dataset.maps), ("code", dataset.codes)):
        for name, values in arrays.items():
            what = f"the {option} {quoted(name)}"
            n_bad = int((~np.isfinite(values)).any(axis=1).sum())
            if n_bad:
                raise AevizError(
                    f"{what} has missing or infinite values for {plural(n_bad, 'sample')}; "
                    "accepted: numbers for every sample"
                )
            check_magnitude(values, source=what)


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
    uses = {name: getattr(settings, name) for name in ("label", "columns", "drop")}
    uses["batch"] = (settings.batch,)
    for one in found:
        for use, names in uses.items():
            both = [name for name in one.columns if name in names]
            if both:
                raise AevizError(
                    f"{quoted(both[0])} is in {use} and in {one.option}; accepted: one of both"
                )


def _column_names(source: Any) -> list[str]:
    """Return the names of a table's columns, in memory or in a file; none of other sources."""
    if _has_names(source):
        names = getattr(source, "column_names", getattr(source, "columns", ()))
        return list(map(str, names))
    if not is_named(source) or is_bundled(source):
        return []
    names_of = find_format(Path(source)).column_names
    return [] if names_of is None else names_of(Path(source))


def _has_names(source: Any) -> bool:
    """Return whether an object is a table with named columns."""
    if isinstance(source, Dataset):
        return False
    return hasattr(source, "columns") or hasattr(source, "column_names")


def _is_number(column: Any) -> bool:
    return column.use == "feature" and column.role in ("number", "boolean")


# -- which row is whose -----------------------------------------------------------------------


def _check_width(one: Own, found: Dataset) -> None:
    """Check that there are two columns, or for a code two or more."""
    is_map, n = one.option == "map", found.n_features
    if n == 2 or (n > 2 and not is_map):
        return
    names = f" ({listed(map(quoted, found.feature_names))})" if found.feature_names else ""
    raise AevizError(
        f"{one.words} has {plural(n, 'column')} of numbers{names}; accepted: two"
        f"{'' if is_map else ' or more'}"
    )


def _paired(
    found: Dataset, dataset: Dataset, one: Own, *, source: str, is_sample: bool
) -> tuple[np.ndarray, str]:
    """Return the row of every sample of a data set, and how it was found, in words."""
    has_ids = found.sample_ids is not None and dataset.sample_ids is not None
    if has_ids or (one.is_inside and found.n_samples != dataset.n_samples):
        ids = pd.Index([str(one) for one in found.ids])
        if ids.is_unique:
            rows = ids.get_indexer([str(one) for one in dataset.ids])
            n_lacking = int((rows < 0).sum())
            n_more = found.n_samples - len(set(rows.tolist()))
            if n_lacking or (n_more and not is_sample):
                lacks = f"lacks {n_lacking:,} of them" if n_lacking else f"has {n_more:,} more"
                raise AevizError(
                    f"{one.words} has other ids than the {plural(dataset.n_samples, 'sample')} of "
                    f"{source}: it {lacks}; accepted: the same ids in both"
                )
            return rows, "" if one.is_inside else "by id"
    order = np.arange(found.n_samples)
    if dataset.drawn_of == found.n_samples:
        order = np.asarray(dataset.sample_ids)
    if len(order) != dataset.n_samples:
        raise AevizError(
            f"{one.words} has {found.n_samples:,} rows and {source} {dataset.n_samples:,}; "
            "accepted: a row for every sample, in the same order or with the same ids"
        )
    who = "it has" if found.sample_ids is None else "the data have"
    return order, "" if one.is_inside else f"by the order of its rows, for {who} no ids"
