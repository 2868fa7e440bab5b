"""Read samples from one data set of an HDF5 file.

That is the only one with two dimensions or more, or the one that `key` names; labels are
a data set of one dimension that `label` names, or that is called y, labels or the like. Files are
read through a process that can be ended, see `aeviz.data.formats._hdf5_child`.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import IO, Any, Self, cast

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.memory import budget_bytes, check_fits
from aeviz.core.wording import listed, quoted
from aeviz.data._arrays import as_labels, assemble
from aeviz.data._transpose import transposed
from aeviz.data.dataset import Dataset
from aeviz.data.formats._tenx_hdf5 import read_tenx, tenx_groups
from aeviz.data.formats.base import Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

_SCRIPT = Path(__file__).with_name("_hdf5_child.py")
_PIECE_BYTES = 2**23
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MAX_HEADER_BYTES = 2**29
_TEXT_BYTES = 64
_LABELS = ("y", "label", "labels", "target", "targets")


def _read(path: Path, options: ReadOptions) -> Dataset:
    notes = []
    with Hdf5File(path) as file:
        if groups := tenx_groups(file):
            if options.label or options.transpose:
                name = "label" if options.label else "transpose"
                message = f"{name} means nothing for {path}, a file of 10x Genomics; leave it out"
                raise SettingError(name, getattr(options, name), "left out", message)
            return read_tenx(file, groups, key=options.key)
        samples = _samples(file, options.key)
        values = file.read(samples)
        values = transposed(values, what=f"{samples} in {path}") if options.transpose else values
        found = assemble(path.stem, [(f"{samples} in {path}", values)], [])
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


# -- the file ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """A group or data set of a file.

    Parameters
    ----------
    name : str
        Its path in the file, without a leading slash but for the root.
    shape : list of int or None
        None for a group, and for a data set without values.
    dtype : str
        Of a data set, as NumPy writes it, or ``"text"``; empty for a group.
    attributes : mapping
        Those that are text, numbers or lists of them.
    fields : list of str
        Of a data set of records, which counts as a group with a data set a field: their names.
    """

    name: str
    shape: list[int] | None = None
    dtype: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    fields: list[str] = field(default_factory=list)

    @property
    def n_dimensions(self) -> int:
        """Return the number of dimensions, 0 where there are no values."""
        return len(self.shape or ())

    @property
    def is_group(self) -> bool:
        """Return whether it is a group, not a data set."""
        return not self.dtype

    @property
    def is_number(self) -> bool:
        """Return whether it is a data set of real numbers or booleans."""
        return self.dtype[1:2] in set("biuf")


class Hdf5File:
    """Contents of an HDF5 file, to be used in a ``with`` statement.

    Links to other files are not followed, and nothing in the file is run.

    Parameters
    ----------
    path : Path
    script : Path
        The program that reads, see `aeviz.data.formats._hdf5_child`.
    seconds : float
        How long to wait for an answer, or for 8 MB of one, before the file counts as damaged.
    offset_bytes : int
        Where the signature of HDF5 stands, after what another program wrote before it.

    Raises
    ------
    AevizError
        By all methods, if the file is none of HDF5 or damaged, or does not fit in memory.
    """

    def __init__(
        self, path: Path, *, script: Path = _SCRIPT, seconds: float = 30.0, offset_bytes: int = 0
    ) -> None:
        self.path, self._script, self._seconds = path, script, seconds
        self._offset_bytes = offset_bytes
        self._is_late = False
        self.entries: dict[str, Entry] = {}

    def __enter__(self) -> Self:
        if find_spec("h5py") is None:
            raise AevizError(f"to read {self.path} takes h5py; pip install h5py")
        with self.path.open("rb") as stream:
            stream.seek(self._offset_bytes)
            if stream.read(len(_SIGNATURE)) != _SIGNATURE:
                raise AevizError(f"{self.path} is not an HDF5 file; accepted: what h5py writes")
        self._process = subprocess.Popen(  # noqa: S603 - Python itself, with a file of this package
            [sys.executable, str(self._script), str(self.path.absolute()), str(budget_bytes())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        # Neither is None, as both were asked for.
        self._in = cast(IO[bytes], self._process.stdin)
        self._out = cast(IO[bytes], self._process.stdout)
        try:
            entries = self._ask({"what": "list"}, "its contents")["entries"]
        except BaseException:
            self.__exit__()
            raise
        self.entries = {entry["name"]: Entry(**entry) for entry in entries}
        return self

    def __exit__(self, *_: object) -> None:
        """End the process that reads."""
        self._process.kill()
        self._process.communicate()

    def read(self, name: str) -> np.ndarray:
        """Return one of `entries`, a data set: numbers in their dtype, strings as objects."""
        entry = self.entries[name]
        item_bytes = _TEXT_BYTES if entry.dtype == "text" else np.dtype(entry.dtype).itemsize
        n_bytes = math.prod(entry.shape or ()) * item_bytes
        check_fits(n_bytes, what=f"{name} in {self.path}", instead="a smaller data set")
        answer = self._ask({"what": "read", "name": name}, name)
        if "texts" in answer:
            return np.array(answer["texts"], dtype=object)
        values = np.empty(answer["shape"], dtype=np.dtype(answer["dtype"]))
        content, position = values.reshape(-1).view(np.uint8).data, 0
        while position < len(content):
            with self._in_time():
                piece = self._out.read(min(_PIECE_BYTES, len(content) - position))
            if not piece:
                raise self._failure(name)
            content[position : position + len(piece)] = piece
            position += len(piece)
        return values

    def _ask(self, request: dict[str, Any], what: str) -> dict[str, Any]:
        """Return the answer to a request."""
        with suppress(BrokenPipeError):  # it has ended, and there is no answer
            self._in.write(json.dumps(request).encode() + b"\n")
            self._in.flush()
        with self._in_time():
            line = self._out.readline(_MAX_HEADER_BYTES)
        if not line.endswith(b"\n"):
            raise self._failure(what)
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise AevizError(f"{what} in {self.path} cannot be read: {answer['error']}")
        return answer

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """End the process that reads if the ``with`` statement takes too long."""

        def end() -> None:
            self._is_late = True
            self._process.kill()

        timer = Timer(self._seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _failure(self, what: str) -> AevizError:
        why = f"nothing came of it in {self._seconds:g} s" if self._is_late else "reading ended"
        return AevizError(
            f"{what} in {self.path} cannot be read: {why}; the file is damaged or needs more "
            "memory than there is"
        )


FORMAT = Format(
    suffixes=(".h5", ".hdf5"),
    summary="a data set in an HDF5 file: the only one of two dimensions or more, or that of key; "
    "or the counts of 10x Genomics",
    open=whole_file(_read),
    options=frozenset({"key", "label", "transpose"}),
)
