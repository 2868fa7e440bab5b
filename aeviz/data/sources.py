"""Turn what a user names into a data set: a bundled name, a path, or an object of Python.

This is the public edge of `aeviz.data`: it finds the reader, adds labels from a second
file, has the data checked and takes a sample. How a file is read is the format's matter.
"""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.registry import FORMATS
from aeviz.core.wording import plural
from aeviz.data._arrays import as_labels
from aeviz.data._checks import MIN_SAMPLES, check_dataset, check_variation
from aeviz.data._files import check_readable, path_exists
from aeviz.data._objects import is_tensorflow, read_object
from aeviz.data._sparse import dense_dataset
from aeviz.data._tables import label_values
from aeviz.data.bundled import bundled_names, load_bundled
from aeviz.data.card import DataCard, in_feature_order
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Format, Reader, ReadOptions, accepted_suffixes, format_of
from aeviz.data.formats.npy import read_npy_file
from aeviz.data.missing import check_on_missing, imputed, learned_values, without_missing
from aeviz.data.split import sample_rows, split_rows

__all__ = [
    "find_format",
    "finish_dataset",
    "is_bundled",
    "is_named",
    "load_dataset",
    "open_reader",
    "read_dataset",
    "refuse_options",
    "source_words",
]

# What an option is about, for those who give it with a source that has nothing of the kind.
_OF_COLUMNS = "names a column of a table, and {source} has no named columns"
_OF_TEXT = "is about tables written as text, and {source} is none"
_OF_TABLES = "is about tables with named columns, and {source} is none"
_MEANINGS = {
    **dict.fromkeys(("label", "id", "split", "group", "batch"), _OF_COLUMNS),
    **dict.fromkeys(
        ("columns", "drop", "category", "number"), _OF_COLUMNS.replace("a column", "columns")
    ),
    **dict.fromkeys(("header", "delimiter", "quote"), _OF_TEXT),
    **dict.fromkeys(("decimal", "thousands", "na"), _OF_TABLES),
    "max_categories": "is about columns of text, and {source} has no named columns",
    "key": "names a part of a file of several data sets, and {source} is none",
    "label_key": "names a part of a file of several data sets, and {source} is none",
    "kind": "is about arrays of numbers, and {source} is none",
    "transpose": "is about tables and matrices, and {source} is none",
    "image_size": "is the size of images from a folder, and {source} is none",
    "channels": "is about images from a folder, and {source} is none",
}


def load_dataset(
    source: Any,
    *,
    labels: Any = None,
    on_missing: str = "impute",
    data_dir: str | Path | None = None,
    image_size: int | tuple[int, int] | None = None,
    **options: Any,
) -> Dataset:
    """Return the samples and labels of a bundled data set, of a file or folder, or of an object.

    Parameters
    ----------
    source : str or path-like, or an object
        A name from `aeviz.data.bundled.bundled_names`; a path of a file whose suffix one of
        the formats reads, or of a folder of images or of Parquet files; or a pandas or polars
        data frame, Arrow table, NumPy array, scipy sparse matrix, or `tf.data.Dataset` of
        batches of samples or of (samples, labels).
    labels : path-like or array-like, optional
        Labels, one per sample, or a `.npy` file of them, for a source without labels of its own.
    on_missing : {"impute", "drop", "error"}, default="impute"
        What to do about NaN, infinite and missing values: replace them by the median, or of
        categories by the most frequent value, of the training samples; leave their rows out; or
        refuse them. Samples without a label are kept.
    data_dir : path-like, optional
        Folder where the files of bundled data sets are looked for first.
    image_size : int or (height, width), optional
        What images of a folder are resized to, in pixels; an integer is both.
    **options
        The parameters of `aeviz.data.formats.base.ReadOptions`, for example ``label="species"``,
        ``drop=["id"]`` or ``sample=2000``. One name may stand in place of a list of names.

    Returns
    -------
    Dataset
        Finite, at least 10 samples and 2 features. `notes` says what was left out, `columns`
        what became of each column of a table.

    Raises
    ------
    FileNotFoundError
        If `source` or `labels` is a path and there is no such file.
    TypeError
        If `source` is an object of another kind.
    AevizError
        If the source is neither a name nor a file of a known format, or its content cannot
        be used; the message says what was received and what is accepted.

    Examples
    --------
    >>> digits = load_dataset("digits", sample=100)
    >>> digits.X.shape, digits.image_shape
    ((100, 64), (8, 8, 1))
    """
    reading = ReadOptions.of(image_size=image_size, **options)
    dataset = read_dataset(source, reading, labels=labels, data_dir=data_dir)
    return finish_dataset(dataset, reading, called=source_words(source), on_missing=on_missing)


def finish_dataset(
    dataset: Dataset,
    options: ReadOptions,
    *,
    called: str,
    on_missing: str,
    like: DataCard | None = None,
) -> Dataset:
    """Return what `read_dataset` gave without missing values, and a sample if one is asked for.

    Parameters
    ----------
    dataset : Dataset
    options : ReadOptions
    called : str
        What the source is called in messages.
    on_missing : {"impute", "drop", "error"}
    like : DataCard or None
        Of the data that a run or model was fitted to: its medians are used then, and its features
        in their order.

    Raises
    ------
    AevizError
        If it cannot be worked with.
    """
    check_on_missing(on_missing)
    if like is not None:
        dataset = in_feature_order(dataset, like)
    check_dataset(dataset, source=called, is_to_fit=options.is_to_fit)
    n_read = dataset.n_samples
    dataset = without_missing(dataset, source=called, on_missing=on_missing)
    if dataset.n_samples < n_read:
        words = f"{called}, rows with missing values left out,"
        check_dataset(dataset, source=words, is_to_fit=options.is_to_fit)
    dataset = _with_label_notes(dataset)
    sample = options.sample
    if sample is not None and sample < dataset.n_samples:
        note = (
            f"A sample of {sample:,} of {dataset.n_samples:,} rows was drawn (seed {options.seed})."
        )
        dataset = dataset.take(sample_rows(dataset, sample, seed=options.seed))
        dataset = replace(dataset, notes=(*dataset.notes, note))
        called = f"a sample of {called}"  # a few rows of data that vary can all be identical
    if like is not None or not options.is_to_fit:
        values = None if like is None or like.fill_values is None else np.array(like.fill_values)
        return imputed(dataset, values, source=called, is_to_fit=False)
    if not dataset.is_image or dataset.X.dtype.kind == "f":
        values = learned_values(dataset, split_rows(dataset, seed=options.seed))
        dataset = imputed(dataset, values, source=called)
    check_variation(dataset, source=called)
    return dataset


def _with_label_notes(dataset: Dataset) -> Dataset:
    """Return a data set with sentences on labels that are missing or very many."""
    if dataset.y is None:
        return dataset
    notes, n_missing = [], int(dataset.lacks_label.sum())
    if n_missing == dataset.n_samples:
        note = "No sample has a label, so there are none."
        return replace(dataset, y=None, target_names=None, notes=(*dataset.notes, note))
    if n_missing:
        notes.append(
            f"{plural(n_missing, 'sample')} without a label: grey on the maps, and in no score of "
            "labels."
        )
    if dataset.y.dtype.kind in "iu" and dataset.target_names is None:
        n_classes = len(set(dataset.y.tolist()))
        if n_classes > Dataset.MAX_CLASSES:
            notes.append(
                f"The labels are whole numbers and were taken as {n_classes:,} classes; "
                "give them as fractions to have them taken as a continuous target."
            )
    return replace(dataset, notes=(*dataset.notes, *notes))


def is_bundled(source: Any) -> bool:
    """Return whether a source is the name of a bundled data set."""
    return isinstance(source, str) and _bundled_name(source) in bundled_names()


def is_named(source: Any) -> bool:
    """Return whether a source is named, by a path or a bundled name, and not itself in memory."""
    return isinstance(source, str | os.PathLike)


def source_words(source: Any) -> str:
    """Return what a source is called in messages and in a run's record."""
    if is_named(source):
        return str(source)
    shape = getattr(source, "shape", None)
    of = " × ".join(f"{n:,}" for n in shape) if isinstance(shape, tuple) and shape else ""
    kind = "tf.data.Dataset" if is_tensorflow(source) else type(source).__name__
    return f"the {kind}" + (f" of {of}" if of else "")


def read_dataset(
    source: Any,
    options: ReadOptions | None = None,
    *,
    labels: Any = None,
    data_dir: str | Path | None = None,
) -> Dataset:
    """Return a data set as its reader makes it, with every row and every missing value.

    Parameters
    ----------
    source, labels, data_dir
        As in `load_dataset`.
    options : ReadOptions, optional

    Raises
    ------
    FileNotFoundError, TypeError, AevizError
        As `load_dataset` does, but for what values there have to be, and how many.
    """
    options = options or ReadOptions()
    if options.sample is not None and options.sample < MIN_SAMPLES:
        raise SettingError("sample", options.sample, f"at least {MIN_SAMPLES} rows")
    if isinstance(source, str) and not source:
        raise AevizError("source is an empty name; accepted: a bundled name or a path")
    called = source_words(source)
    if is_bundled(source):
        name = _bundled_name(source)
        refuse_options(options, accepted=frozenset(), source=name)
        dataset = load_bundled(name, data_dir=data_dir)
    elif is_named(source):
        dataset = open_reader(Path(source), options).dataset()
    else:
        dataset, accepted = read_object(source, options, called=called)
        refuse_options(options, accepted=accepted, source=called)
    if labels is not None:
        dataset = _with_labels(dataset, labels, source=called)
    return dense_dataset(dataset, source=called, sample=options.sample, seed=options.seed)


def _bundled_name(source: str) -> str:
    return source.lower().replace("-", "_")


def find_format(path: Path) -> Format:
    """Return the format of an existing file or folder.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    AevizError
        If no format reads it, or several read the folder.
    """
    accepted = (
        f"accepted: a file ({', '.join(accepted_suffixes())}), a folder of images or of Parquet "
        f"files, or one of {', '.join(bundled_names())}"
    )
    if not path_exists(path):
        raise FileNotFoundError(f"there is no file or bundled data set {path}; {accepted}")
    if not path.is_dir():
        member = format_of(path)
        if member is None:
            raise AevizError(f"{path} has no suffix of a known format; {accepted}")
        return member
    if not os.access(path, os.R_OK | os.X_OK):
        raise AevizError(f"{path} cannot be opened; accepted: a folder that may be read")
    members = [one for one in FORMATS.members().values() if one.reads_folder is not None]
    found: list[Format] = [one for one in members if one.reads_folder(path)]
    if not found:
        raise AevizError(f"{path} is a folder without images and without Parquet files; {accepted}")
    if len(found) > 1:
        both = " and as ".join(member.summary for member in found)
        raise AevizError(f"{path} can be read as {both}; accepted: a folder of one kind")
    return found[0]


def open_reader(path: Path, options: ReadOptions) -> Reader:
    """Return a reader of an existing file or folder.

    Raises
    ------
    FileNotFoundError, AevizError
        If there is no such file, or none that can be read with these options.
    """
    member = find_format(path)
    refuse_options(options, accepted=member.options, source=str(path))
    if not path.is_dir():
        check_readable(path)
    return member.open(path, options)


def refuse_options(options: ReadOptions, *, accepted: frozenset[str], source: str) -> None:
    """Refuse an option that has no meaning for a source, before it is silently ignored."""
    for name in sorted(options.given() - accepted):
        value = getattr(options, name)
        shown = ", ".join(map(repr, value)) if isinstance(value, tuple) else repr(value)
        meaning = _MEANINGS[name].format(source=source)
        message = f"{name} {meaning}; leave it out (got {shown})"
        raise SettingError(name, value, "left out", message)


def _with_labels(dataset: Dataset, labels: Any, *, source: str) -> Dataset:
    if dataset.has_labels:
        message = f"labels given, and {source} has labels already; leave it out (got {labels})"
        raise SettingError("labels", labels, "left out", message)
    if is_named(labels):
        path = Path(labels)
        if not path_exists(path):
            raise FileNotFoundError(f"there is no file of labels {path}; accepted: a .npy file")
        if path.is_dir() or path.suffix.lower() != ".npy":
            message = f"labels must be in a .npy file, got {path}"
            raise SettingError("labels", path, "in a .npy file", message)
        check_readable(path)
        values, what = read_npy_file(path), str(path)
    else:
        values, what = np.asarray(labels), "labels"
        if values.dtype.kind == "O" and values.ndim == 1:
            is_text = [one is None or isinstance(one, str | bytes) for one in values]
            # Other objects are taken as those of a table's column would be.
            values = values if all(is_text) else label_values(pd.Series(values.tolist()))
    y = as_labels(values, n_samples=dataset.drawn_of or dataset.n_samples, what=what)
    return replace(dataset, y=y if dataset.drawn_of is None else y[dataset.sample_ids])
