"""Read samples from one data set of an HDF5 file.

That is the only one with two dimensions or more, or the one that `key` names; labels are
a data set of one dimension that `label` names, or that is called y, labels or the like.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import listed, quoted
from aeviz.data._arrays import as_labels, assemble
from aeviz.data._hdf5 import Entry, Hdf5File
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

_LABELS = ("y", "label", "labels", "target", "targets")


def _read(path: Path, options: ReadOptions) -> Dataset:
    notes = []
    with Hdf5File(path) as file:
        samples = _samples(file, options.key)
        found = assemble(path.stem, [(f"{samples} in {path}", file.read(samples))], [])
        named = {name: _labels(file, name) for name in options.label}
        beside = None if named else _beside(file, samples, found.n_samples)
        if beside is not None:
            named = {beside: beside}
            notes.append(f"Labels are those in {quoted(beside)}.")
        labels = {
            name: as_labels(file.read(entry), n_samples=found.n_samples, what=f"{entry} in {path}")
            for name, entry in named.items()
        }
    if options.key is None and len(file.entries) > 2:
        notes.insert(0, f"Samples are those in {quoted(samples)}.")
    y = labels.pop(next(iter(labels))) if labels else None
    return replace(found, y=y, metadata=labels, notes=(*found.notes, *notes))


def _samples(file: Hdf5File, key: str | None) -> str:
    """Return the name of the data set that holds the samples."""
    wide = [entry for entry in file.entries.values() if entry.n_dimensions > 1]
    if key is not None:
        entry = file.entries.get(key.strip("/"))
        if entry is None or entry.is_group:
            message = (
                f"key {quoted(key)} names no data set in {file.path}; those of two dimensions or "
                f"more are {_described(wide)}"
            )
            raise SettingError("key", key, "the name of a data set", message)
        return entry.name
    numbers = [entry for entry in wide if entry.is_number]
    if len(numbers) != 1:
        how_many = "several data sets" if numbers else "no data set"
        raise AevizError(
            f"{file.path} holds {how_many} of numbers in two dimensions or more: "
            f"{_described(numbers or file.entries.values())}; accepted: one, or key=NAME"
        )
    return numbers[0].name


def _labels(file: Hdf5File, name: str) -> str:
    """Return the name in the file of a data set of labels."""
    entry = file.entries.get(name.strip("/"))
    if entry is None or entry.is_group:
        there = (entry for entry in file.entries.values() if entry.n_dimensions == 1)
        raise AevizError(
            f"label {quoted(name)} is no data set in {file.path}; those of one dimension are "
            f"{_described(there)}"
        )
    return entry.name


def _beside(file: Hdf5File, samples: str, n_samples: int) -> str | None:
    """Return the data set of labels in the same group, by its name and length."""
    group = samples.rpartition("/")[0]
    for name, entry in file.entries.items():
        inside, _, last = name.rpartition("/")
        if inside == group and last.lower() in _LABELS and entry.shape == [n_samples]:
            return name
    return None


def _described(entries: Iterable[Entry]) -> str:
    with_values = (entry for entry in entries if entry.shape is not None)
    words = (f"{quoted(e.name)} ({' × '.join(map(str, e.shape or ()))})" for e in with_values)
    return listed(words) or "none"


FORMAT = Format(
    suffixes=(".h5", ".hdf5"),
    summary="a data set in an HDF5 file: the only one of two dimensions or more, or that of key",
    open=whole_file(_read),
    options=frozenset({"key", "label"}),
)
