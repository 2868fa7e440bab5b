"""Turn what a user names into a data set: a bundled name or a path.

This is the public edge of `aeviz.data`: it finds the reader, adds labels from a second
file, has the data checked and takes a sample. How a file is read is the format's matter.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from aeviz._errors import AevizError
from aeviz.data._arrays import as_labels
from aeviz.data._checks import MIN_SAMPLES, check_dataset
from aeviz.data._format import ReadOptions, accepted_suffixes, format_of
from aeviz.data._npy import read_npy_file
from aeviz.data._paths import check_readable, path_exists
from aeviz.data.bundled import bundled_names, load_bundled
from aeviz.data.dataset import Dataset
from aeviz.data.splitting import sample_rows

__all__ = ["load_dataset", "read_dataset", "read_file"]


def load_dataset(
    source: str | Path,
    *,
    label: str | None = None,
    labels: str | Path | None = None,
    on_missing: str = "error",
    sample: int | None = None,
    seed: int = 0,
    data_dir: str | Path | None = None,
    is_to_fit: bool = True,
) -> Dataset:
    """Return the samples and labels of a bundled data set or of a file.

    Parameters
    ----------
    source : str or path-like
        A name from `aeviz.data.bundled.bundled_names`, or a path whose suffix one of the
        formats reads.
    label : str, optional
        Column of a table that holds the labels.
    labels : path-like, optional
        `.npy` file of labels, one a sample, for a source without labels of its own.
    on_missing : {"error", "drop", "impute"}, default="error"
        What to do about NaN, infinite and missing values: refuse them, leave their rows
        out, or put the column's median in their place. Rows without label are left out
        under both of the latter.
    sample : int, optional
        Number of rows to keep, drawn in proportion from every class and from both sides
        of the source's split. More than there are keeps all.
    seed : int, default=0
        Seed of that draw.
    data_dir : path-like, optional
        Folder where the files of bundled data sets are looked for first.
    is_to_fit : bool, default=True
        False for samples that a fitted model is applied to: one is enough, and they may be
        identical.

    Returns
    -------
    Dataset
        Finite, at least 10 samples and 2 features. `notes` says what was left out.

    Raises
    ------
    FileNotFoundError
        If `source` or `labels` is a path and there is no such file.
    AevizError
        If the source is neither a name nor a file of a known format, or its content cannot
        be used; the message says what was received and what is accepted.

    Examples
    --------
    >>> digits = load_dataset("digits", sample=100)
    >>> digits.X.shape, digits.image_shape
    ((100, 64), (8, 8, 1))
    """
    if sample is not None and sample < MIN_SAMPLES:
        raise AevizError(f"sample must be at least {MIN_SAMPLES} rows, got {sample}")
    dataset = read_dataset(source, label=label, labels=labels, data_dir=data_dir)
    dataset = check_dataset(dataset, source=str(source), on_missing=on_missing, is_to_fit=is_to_fit)
    dataset = replace(dataset, notes=dataset.notes + _label_notes(dataset))
    if sample is None or sample >= dataset.n_samples:
        return dataset
    note = f"A sample of {sample:,} of {dataset.n_samples:,} rows was drawn (seed {seed})."
    sampled = dataset.take(sample_rows(dataset, sample, seed=seed))
    # A few rows of a data set that varies can all be identical.
    checked = check_dataset(sampled, source=f"a sample of {source}", is_to_fit=is_to_fit)
    return replace(checked, notes=(*dataset.notes, note))


def read_dataset(
    source: str | Path,
    *,
    label: str | None = None,
    labels: str | Path | None = None,
    data_dir: str | Path | None = None,
) -> Dataset:
    """Return a data set as its reader makes it, with every row and every missing value.

    Parameters
    ----------
    source, label, labels, data_dir
        As in `load_dataset`.

    Raises
    ------
    FileNotFoundError, AevizError
        As `load_dataset` does, but for what values there have to be, and how many.
    """
    name = _bundled_name(source)
    if name is not None:
        _refuse_options(ReadOptions(label=label), accepted=frozenset(), source=name)
        dataset = load_bundled(name, data_dir=data_dir)
    else:
        dataset = read_file(Path(source), ReadOptions(label=label))
    if labels is not None:
        dataset = _with_labels(dataset, Path(labels), source=str(source))
    return dataset


def _bundled_name(source: str | Path) -> str | None:
    """Return the bundled name that is meant, or None for a path."""
    if not isinstance(source, str):
        return None
    name = source.lower().replace("-", "_")
    return name if name in bundled_names() else None


def read_file(path: Path, options: ReadOptions) -> Dataset:
    """Return what the reader of a file makes of it.

    Raises
    ------
    FileNotFoundError, AevizError
        If there is no such file, or none that can be read with these options.
    """
    member = format_of(path)
    accepted = (
        f"accepted: a file ({', '.join(accepted_suffixes())}) or one of "
        f"{', '.join(bundled_names())}"
    )
    if not path_exists(path):
        raise FileNotFoundError(f"there is no file or bundled data set {path}; {accepted}")
    if path.is_dir():
        raise AevizError(f"{path} is a folder; {accepted}")
    if member is None:
        raise AevizError(f"{path} has no suffix of a known format; {accepted}")
    _refuse_options(options, accepted=member.options, source=str(path))
    check_readable(path)
    return member.read(path, options)


def _refuse_options(options: ReadOptions, *, accepted: frozenset[str], source: str) -> None:
    """Say that an option has no meaning for a source, before it is silently ignored."""
    for name in sorted(options.given() - accepted):
        raise AevizError(
            f"--{name} names a column of a table, and {source} has no named columns; "
            f"leave it out (got {getattr(options, name)!r})"
        )


def _with_labels(dataset: Dataset, path: Path, *, source: str) -> Dataset:
    if dataset.has_labels:
        raise AevizError(f"{source} has labels already; leave out --labels (got {path})")
    if not path_exists(path):
        raise FileNotFoundError(f"there is no file of labels {path}; accepted: a .npy file")
    if path.is_dir() or path.suffix.lower() != ".npy":
        raise AevizError(f"labels must be in a .npy file, got {path}")
    check_readable(path)
    values = read_npy_file(path)
    return replace(dataset, y=as_labels(values, n_samples=dataset.n_samples, what=str(path)))


def _label_notes(dataset: Dataset) -> tuple[str, ...]:
    """Say what may be a surprise in how labels were taken."""
    y = dataset.y
    if y is None or y.dtype.kind not in "iu" or dataset.target_names is not None:
        return ()
    n_classes = len(set(y.tolist()))
    if n_classes <= Dataset.MAX_CLASSES:
        return ()
    return (
        f"The labels are whole numbers and were taken as {n_classes:,} classes; "
        "give them as fractions to have them taken as a continuous target.",
    )
