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
from aeviz.data._array_names import NO_LABELS, ArrayInfo, Choice, chosen_arrays
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


def _read(path: Path, options: ReadOptions) -> Dataset:
    if options.label and options.label_key:
        message = f"label_key and label both name labels in {path}; leave one of them out"
        raise SettingError("label_key", options.label_key, message=message)
    with Hdf5File(path) as file:
        if groups := tenx_groups(file):
            for name in sorted(options.given() - {"key"}):
                message = f"{name} means nothing for {path}, a file of 10x Genomics; leave it out"
                raise SettingError(name, getattr(options, name), "left out", message)
            return read_tenx(file, groups, key=options.key)
        choice = _choice(file, options)

        def read(names: Iterable[str]) -> list[tuple[str, np.ndarray]]:
            return [(f"{name} in {path}", _scaled(file, name)) for name in names]

        samples = read(choice.samples)
        if options.transpose:
            samples = [(what, transposed(values, what=what)) for what, values in samples]
        found = assemble(
            path.stem,
            samples,
            read(choice.labels),
            options=options,
            is_test=choice.is_test,
        )
        further = {
            name: as_labels(values, n_samples=found.n_samples, what=what)
            for name, (what, values) in zip(
                options.label, read(_labels(file, name) for name in options.label), strict=True
            )
        }
    if further:
        found = replace(found, y=further.pop(options.label[0]), metadata=further)
    return replace(found, notes=(*found.notes, *choice.notes, *_scale_notes(file, choice.samples)))


def _scaled(file: Hdf5File, name: str) -> np.ndarray:
    """Return the values of a data set, packed ones as its attributes say, as in NetCDF."""
    values, (factor, offset) = _unfilled(file, name), _packing(file, name)
    if (factor, offset) == (1, 0) or values.dtype.kind not in "iuf":
        return values
    return values.astype(np.float64) * factor + offset


def _packing(file: Hdf5File, name: str) -> tuple[float, float]:
    """Return the factor and the offset of packed values, 1 and 0 where there are none."""
    found = []
    for attribute, usual in (("scale_factor", 1.0), ("add_offset", 0.0)):
        value = file.entries[name].attributes.get(attribute, usual)
        value = value[0] if isinstance(value, list) and len(value) == 1 else value
        is_number = isinstance(value, int | float) and np.isfinite(value)
        found.append(float(value) if is_number else usual)
    return found[0], found[1]


def _scale_notes(file: Hdf5File, names: Iterable[str]) -> list[str]:
    packed = {name: _packing(file, name) for name in names}
    return [
        f"{quoted(name)} is packed: its values were multiplied by {factor:g}, plus {offset:g}."
        for name, (factor, offset) in packed.items()
        if (factor, offset) != (1, 0)
    ]


def _unfilled(file: Hdf5File, name: str) -> np.ndarray:
    """Return a data set, masked where its attributes say that a value stands for none."""
    values, attributes = file.read(name), file.entries[name].attributes
    fills = [attributes.get(one) for one in ("_FillValue", "missing_value")]
    for fill in (value for one in fills for value in (one if isinstance(one, list) else [one])):
        if isinstance(fill, int | float) and values.dtype.kind in "iuf":
            # As the file's own type has it: 1e20 is another number in float32.
            known = values.dtype.type(fill) if values.dtype.kind == "f" else fill
            values = np.ma.masked_where(np.ma.getdata(values) == known, values)
    return values


def _choice(file: Hdf5File, options: ReadOptions) -> Choice:
    """Return the data sets that hold samples and, where none were named, labels."""
    arrays = {
        name: ArrayInfo(tuple(entry.shape), is_number=entry.is_number)
        for name, entry in file.entries.items()
        if entry.shape is not None and not entry.is_group
    }
    label_key = NO_LABELS if options.label else options.label_key
    source = str(file.path)
    choice = chosen_arrays(arrays, key=options.key, label_key=label_key, source=source)
    notes = []
    if options.key is None and len(file.entries) > 2:
        notes.append(f"Samples are those in {listed(map(quoted, choice.samples))}.")
    if choice.labels and options.label_key is None:
        notes.append(f"Labels are those in {listed(map(quoted, choice.labels))}.")
    more = (note for note in choice.notes if not note.startswith("Samples are those in"))
    return replace(choice, notes=(*notes, *more))


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
        self, path: Path, *, script: Path = _SCRIPT, seconds: float = 15.0, offset_bytes: int = 0
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
    options=frozenset({"key", "label", "label_key", "kind", "transpose"}),
)
