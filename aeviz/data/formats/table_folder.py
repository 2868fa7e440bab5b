"""Read one table from a folder of text files with the same columns, as programs write shards.

All files of one format are its rows, in order of their names; columns may stand in another order
in each. A folder that holds images or files of other formats beside them is not read so.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.memory import check_fits
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._files import PACKED, check_readable
from aeviz.data._tables import table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.formats import csv
from aeviz.data.formats._image_files import has_images
from aeviz.data.formats.base import Format, ReadOptions, format_of, whole_file

__all__ = ["FORMAT"]


def _read(folder: Path, options: ReadOptions) -> Dataset:
    files = _files(folder)
    suffixes = sorted({suffix for _, suffix in files})
    if len(suffixes) > 1:
        raise AevizError(
            f"{folder} holds tables of several kinds, {listed(suffixes)}; accepted: a folder of "
            "one kind, or the path of a file"
        )
    member = files[0][0][1]
    for name in sorted(options.given() - member.options):
        message = (
            f"{name} means nothing for {suffixes[0]} files, as those of {folder}; leave it out"
        )
        raise SettingError(name, getattr(options, name), "left out", message)
    paths = [path for (path, _), _ in files]
    notes = [f"The table is that of {plural(len(paths), 'file')}, one after the other."]
    frames: list[pd.DataFrame] = []
    n_bytes = 0
    for path in paths:
        frame, more = _frame(path, member, options)
        frames.append(_like_first(frame, path, frames, paths))
        notes += [note for note in more if note not in notes]
        n_bytes += int(frame.memory_usage(index=False).sum())
        check_fits(2 * n_bytes, what=f"the table of {folder}")
    has_ids = not isinstance(frames[0].index, pd.RangeIndex)
    table = pd.concat(frames, ignore_index=not has_ids)
    name, source = folder.absolute().name, str(folder)
    return table_dataset(table, name=name, source=source, options=options, notes=notes)


def _frame(path: Path, member: Format, options: ReadOptions) -> tuple[pd.DataFrame, list[str]]:
    check_readable(path)
    if member.read_frame is None:
        raise TypeError(f"{member.summary} has no read_frame")
    frame, notes = member.read_frame(path, replace(options, sample=None))
    if frame.index.dtype.kind in "iu":
        frame = frame.reset_index(drop=True)  # row numbers, of the file or of what it is part of
    return frame.set_axis(frame.columns.astype(str), axis=1), notes


def _like_first(
    frame: pd.DataFrame, path: Path, before: list[pd.DataFrame], paths: list[Path]
) -> pd.DataFrame:
    """Return a table with its columns in the order of the first one's."""
    if not before:
        return frame
    first = before[0]
    same_ids = isinstance(frame.index, pd.RangeIndex) == isinstance(first.index, pd.RangeIndex)
    lacking = [name for name in first.columns if name not in frame.columns]
    added = [name for name in frame.columns if name not in first.columns]
    if lacking or added or not same_ids or not frame.columns.is_unique:
        words = [f"it lacks {listed(map(quoted, lacking))}"] * bool(lacking)
        words += [f"it has {listed(map(quoted, added))} besides"] * bool(added)
        raise AevizError(
            f"{path} has other columns than {paths[0].name}: "
            f"{' and '.join(words) or 'row names or repeated names'}; accepted: the same columns "
            "in every file of the folder, in any order"
        )
    return frame[list(first.columns)]


def _files(folder: Path) -> list[tuple[tuple[Path, Format], str]]:
    """Return the files of a folder that are tables as text, with their suffixes unpacked."""
    return [
        ((path, member), _suffix(path, member))
        for path, member in _known(folder)
        if member.read_frame is not None
    ]


def _known(folder: Path) -> Iterator[tuple[Path, Format]]:
    for path in sorted(folder.iterdir()):
        if path.name[0] not in "._" and path.is_file():
            member = format_of(path)
            if member is not None:
                yield path, member


def _suffix(path: Path, member: Format) -> str:
    name = path.name.lower()
    name = next((name.removesuffix(one) for one in PACKED if name.endswith(one)), name)
    return next((one for one in member.suffixes if name.endswith(one)), path.suffix.lower())


def _reads_folder(folder: Path) -> bool:
    if has_images(folder):
        return False
    members = [member for _, member in _known(folder)]
    return bool(members) and all(member.read_frame is not None for member in members)


def _column_names(folder: Path, options: ReadOptions) -> list[str]:
    (path, member), _ = _files(folder)[0]
    return [] if member.column_names is None else member.column_names(path, options)


FORMAT = Format(
    suffixes=(),
    summary="a folder of tables as text (CSV, JSON lines) with the same columns",
    open=whole_file(_read),
    options=csv.FORMAT.options,
    reads_folder=_reads_folder,
    column_names=_column_names,
)
