"""Find the labels of the images of a folder: a table of text beside them, or their sub-folders.

A table has a column of file names, and is found by it. Its labels are taken where the user names
their column, or where there is only one that can be meant.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._arrays import as_labels
from aeviz.data._table_labels import label_values
from aeviz.data.dataset import Dataset
from aeviz.data.formats._image_files import ImageFiles
from aeviz.data.formats._image_tables import NameTable, name_tables
from aeviz.data.formats.base import ReadOptions

__all__ = ["ImageLabels", "image_labels"]

_TRAIN, _TEST = ("train", "training"), ("test", "testing", "val", "valid", "validation")


class ImageLabels(NamedTuple):
    """Labels of the images of a folder.

    Parameters
    ----------
    y : ndarray of shape (n_samples,) or None
    metadata : dict of str to ndarray of shape (n_samples,)
        Further labels.
    is_test : ndarray of bool of shape (n_samples,) or None
    notes : list of str
    table : str or None
        Name of the file that they are from.
    """

    y: np.ndarray | None
    metadata: dict[str, np.ndarray]
    is_test: np.ndarray | None
    notes: list[str]
    table: str | None = None


def image_labels(files: ImageFiles, options: ReadOptions, *, source: str) -> ImageLabels:
    """Return the labels of all images: what the user named, else sub-folders, else a table's.

    Raises
    ------
    AevizError
        If the user named a column and no table of the folder has it, or it says two things of
        one image.
    """
    names = files.names()
    parts, is_test, split_notes = _split(names)
    by_folder, folder_notes = _of_folders(parts)
    is_asked = bool(options.label or options.id)
    tables = name_tables(files, names, options, has_to_be_read=is_asked)
    if is_asked and not tables:
        option, value = ("label", options.label) if options.label else ("id", options.id)
        message = (
            f"{option} names a column of a table of labels, and {source} has none; accepted: a "
            ".csv or .tsv file in that folder with a column of the images' file names"
        )
        raise SettingError(option, value, message=message)
    if options.label:
        table = _with_columns(tables, options.label)
        return _of_table(table, options.label, names, is_test, split_notes, by_folder is not None)
    if by_folder is not None:
        taken = "Labels are the sub-folders, not those in"
        notes = [*split_notes, *folder_notes, *(_hint(table, taken) for table in tables)]
        return ImageLabels(by_folder, {}, is_test, notes)
    choices = [(table, column) for table in tables for column in _few_valued(table)]
    if len(choices) == 1:
        table, column = choices[0]
        return _of_table(table, (column,), names, is_test, split_notes, is_instead=False)
    notes = [
        *split_notes,
        *folder_notes,
        *(_hint(table, "No labels are taken from") for table in tables),
    ]
    return ImageLabels(None, {}, is_test, notes)


def _split(names: list[str]) -> tuple[list[list[str]], np.ndarray | None, list[str]]:
    """Return the sub-folders of each image, those of a split apart, the split, and notes."""
    parts = [name.split("/")[:-1] for name in names]
    tops = {part[0].lower() if part else "" for part in parts}
    if not (tops & set(_TRAIN) and tops & set(_TEST) and tops <= {*_TRAIN, *_TEST}):
        return parts, None, []
    is_test = np.array([part[0].lower() in _TEST for part in parts])
    note = "The images in the sub-folders for tests or validation are test samples."
    return [part[1:] for part in parts], is_test, [note]


def _of_folders(parts: list[list[str]]) -> tuple[np.ndarray | None, list[str]]:
    """Return the sub-folder of each image as its label, if all are in some, and notes."""
    n_without = sum(not part for part in parts)
    if n_without:
        words = f"No labels: {plural(n_without, 'image')} in no sub-folder, others in some."
        return None, [words] if n_without < len(parts) else []
    labels = [part[0] for part in parts]
    if len(set(labels)) < 2:
        return None, ["No labels: all images are in one sub-folder."]
    return np.array(labels, dtype=str), []


def _with_columns(tables: list[NameTable], labels: Sequence[str]) -> NameTable:
    """Return the table that has the columns of labels."""
    found = [table for table in tables if set(labels) <= set(table.others)]
    if len(found) == 1:
        return found[0]
    if found:
        both = " and in ".join(printed for printed in (table.name for table in found))
        raise AevizError(f"label column {quoted(labels[0])} is in {both}; accepted: in one table")
    table = tables[0]
    lacking = next(one for one in labels if one not in table.others)
    columns = listed(map(quoted, table.others)) or "none"
    raise AevizError(
        f"label column {quoted(lacking)} is not in {table.name}; its columns beside the file "
        f"names are {columns}"
    )


def _few_valued(table: NameTable) -> list[str]:
    """Return the columns of a table whose values repeat, and are few enough for classes."""
    found = []
    for column in table.others:
        with suppress(AevizError):  # numbers that can be read in two ways
            known = table.values(column)[0].dropna()
            if 2 <= known.nunique() <= min(Dataset.MAX_CLASSES, len(known) // 2):
                found.append(column)
    return found


def _hint(table: NameTable, taken: str) -> str:
    columns = listed(map(quoted, table.others)) or "none"
    return f"{taken} {table.name}; the option label takes a column of it: {columns}."


def _of_table(
    table: NameTable,
    columns: Sequence[str],
    names: list[str],
    is_test: np.ndarray | None,
    notes: list[str],
    is_instead: bool,
) -> ImageLabels:
    """Return the labels in some columns of a table."""
    read = {column: table.values(column) for column in columns}
    values = {column: _values(table, column, read[column][0], names) for column in columns}
    first = values.pop(columns[0])
    of = f"column {quoted(columns[0])} of {table.name}, by the file names in {quoted(table.key)}"
    notes = [*notes, f"Labels are those in {of}{', not the sub-folders' * is_instead}."]
    notes += [note for _, more in read.values() for note in more]
    n_without = int(pd.isna(first).sum())
    if n_without:
        of_all = f"{n_without:,} of {plural(len(names), 'image')}"
        notes.append(f"{of_all} {'has' if n_without == 1 else 'have'} no label in {table.name}.")
    n_idle = int((table.rows < 0).sum())
    if n_idle:
        verb = "names" if n_idle == 1 else "name"
        notes.append(f"{plural(n_idle, 'row')} of {table.name} {verb} no image that was read.")
    return ImageLabels(first, values, is_test, notes, table.name)


def _values(table: NameTable, column: str, cells: pd.Series, names: list[str]) -> np.ndarray:
    """Return the label of each image in a column; None or NaN where there is none."""
    is_used = table.rows >= 0
    cells = cells[is_used].set_axis(table.rows[is_used])
    cells = cells[cells.notna()]
    different = cells.groupby(level=0).nunique()
    if (different > 1).any():
        row = different.index[different > 1][0]
        two = " and ".join(map(quoted, cells.loc[row].unique()[:2]))
        raise AevizError(
            f"{table.name} has more than one label for {names[row]}: {two}; accepted: one per image"
        )
    labels = cells[~cells.index.duplicated()].reindex(range(len(names)))
    what = f"column {quoted(column)} of {table.name}"
    return as_labels(label_values(labels), n_samples=len(names), what=what)
