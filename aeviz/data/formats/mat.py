"""Read samples from a MATLAB file: a matrix, the only one or the one that `key` names.

Files up to version 7 are read by scipy, those of version 7.3 are HDF5 files whose arrays have
their axes in the opposite order. Labels are the vector that `label_key` names, or one of a name
that is common for labels. Cells and objects are not read; nothing in a file is run.
"""

import math
import os
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.memory import check_fits
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._arrays import as_labels, assemble
from aeviz.data._files import explained
from aeviz.data._sparse import sparse_of_parts
from aeviz.data._transpose import transposed
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Format, ReadOptions, whole_file
from aeviz.data.formats.hdf5 import Hdf5File

__all__ = ["FORMAT"]

_LABELS = ("y", "label", "labels", "target", "targets", "gnd", "gt", "class", "classes", "species")
_CLASSES = frozenset(f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)) | {
    "double",
    "single",
    "logical",
    "sparse",
}
_SCRIPT = Path(__file__).with_name("_mat_child.py")
_USERBLOCK_BYTES, _HEADER_BYTES, _PIECE_BYTES = 512, 128, 2**14
_PACKED = 15  # MATLAB's number for an element that is packed by zlib
_UNREADABLE = (
    *(OSError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError),
    *(ArithmeticError, NotImplementedError, MemoryError, RuntimeError, UnicodeError, zlib.error),
)


@dataclass(frozen=True)
class _Variable:
    """What a file holds under a name; `kind` is MATLAB's class."""

    name: str
    shape: tuple[int, ...]
    kind: str

    @property
    def is_numbers(self) -> bool:
        return self.kind in _CLASSES

    @property
    def is_matrix(self) -> bool:
        return self.is_numbers and len(self.shape) > 1 and sum(n > 1 for n in self.shape) > 1

    @property
    def is_vector(self) -> bool:
        return sum(n > 1 for n in self.shape) == 1 and (self.is_numbers or self.kind == "char")


def _read(path: Path, options: ReadOptions) -> Dataset:
    with path.open("rb") as stream:
        stream.seek(_USERBLOCK_BYTES)
        is_hdf5 = stream.read(8) == b"\x89HDF\r\n\x1a\n"
    there = _listed_in_hdf5(path) if is_hdf5 else _listed(path)
    samples = _samples(path, there, options.key)
    labels = _labels(path, there, samples, options)
    names = [samples] if labels is None else [samples, labels]
    with explained(f"{path} is damaged", *_UNREADABLE):
        values = _values_in_hdf5(path, names) if is_hdf5 else _values(path, names)
    return _assembled(path, values, names, options, n_there=len(there))


def _assembled(
    path: Path, values: Mapping[str, Any], names: list[str], options: ReadOptions, *, n_there: int
) -> Dataset:
    X, notes = values[names[0]], []
    what = f"{quoted(names[0])} in {path}"
    if n_there > len(names) and options.key is None:
        notes.append(f"Samples are those in {quoted(names[0])}.")
    y = None if len(names) == 1 else _vector(values[names[1]])
    if X.ndim > 2:
        X, more = _with_samples_first(X, y, what=what)
        notes += more
    elif options.transpose:
        X = X.T if not isinstance(X, np.ndarray) else transposed(X, what=what)
    if y is not None:
        if len(y) != X.shape[0] and len(y) == X.shape[-1] and X.ndim == 2:
            raise AevizError(
                f"{what} is a matrix of {X.shape[0]:,} × {X.shape[1]:,}, and {quoted(names[1])} "
                f"holds {plural(len(y), 'label')}, one for each column; "
                "accepted: transpose, which takes the columns as samples"
            )
        y = as_labels(y, n_samples=X.shape[0], what=f"{quoted(names[1])} in {path}")
        notes += [f"Labels are those in {quoted(names[1])}."] * (options.label_key is None)
    if not isinstance(X, np.ndarray):
        return Dataset(path.stem, X.tocsr(), y, notes=tuple(notes))
    found = assemble(path.stem, [(what, X)], [])
    return replace(found, y=y, notes=(*found.notes, *notes))


def _samples(path: Path, there: list[_Variable], key: str | None) -> str:
    """Return the name of the variable that holds the samples."""
    matrices = [one for one in there if one.is_matrix]
    if key is not None:
        named = [one for one in there if one.name == key]
        if not named or not named[0].is_numbers:
            found = f"a {named[0].kind}" if named else "no variable"
            message = (
                f"key {quoted(key)} names {found} in {path}; its matrices are "
                f"{_described(matrices)}"
            )
            raise SettingError("key", key, "the name of a matrix", message)
        return key
    if len(matrices) != 1:
        how_many = "several matrices" if matrices else "no matrix of numbers"
        raise AevizError(
            f"{path} holds {how_many}: {_described(matrices or there)}; accepted: one, or key=NAME"
        )
    return matrices[0].name


def _labels(path: Path, there: list[_Variable], samples: str, options: ReadOptions) -> str | None:
    """Return the name of the variable that holds the labels, or None."""
    vectors = [one for one in there if one.is_vector and one.name != samples]
    if options.label_key is not None:
        if options.label_key not in [one.name for one in vectors]:
            message = (
                f"label_key {quoted(options.label_key)} names no vector of numbers in {path}; "
                f"its vectors are {_described(vectors)}"
            )
            raise SettingError("label_key", options.label_key, "the name of a vector", message)
        return options.label_key
    shape = next(one.shape for one in there if one.name == samples)
    sides = {shape[0], shape[-1]}
    found = [
        one for one in vectors if one.name.lower() in _LABELS and math.prod(one.shape) in sides
    ]
    return found[0].name if len(found) == 1 else None


def _described(variables: Iterable[_Variable]) -> str:
    words = (
        f"{quoted(one.name)} ({' × '.join(map(str, one.shape))} {one.kind})" for one in variables
    )
    return listed(words) or "none"


def _vector(values: Any) -> np.ndarray:
    """Return labels as one dimension, rows of letters as strings."""
    if not isinstance(values, np.ndarray):
        values = values.toarray()
    texts = values.dtype.kind in "US"
    return np.char.strip(values.ravel()) if texts else values.ravel()


def _with_samples_first(
    X: np.ndarray, y: np.ndarray | None, *, what: str
) -> tuple[np.ndarray, list[str]]:
    """Return an array of images whose samples are along the axis that the labels fit."""
    n_first, n_last = X.shape[0], X.shape[-1]
    if y is None or n_first == n_last or len(y) not in (n_first, n_last):
        raise AevizError(
            f"{what} has shape {X.shape}, which does not say along which axis its samples are; "
            "accepted: two dimensions, or labels (label_key) as many as the first or the last"
        )
    if len(y) == n_first:
        return X, []
    return np.moveaxis(X, -1, 0), ["Samples are along the last axis, as the labels are many."]


# -- files up to version 7 --------------------------------------------------------------------


def _listed(path: Path) -> list[_Variable]:
    from scipy.io import whosmat
    from scipy.io.matlab import MatReadError

    wrong = explained(f"{path} is not a MATLAB file or is damaged", *_UNREADABLE, MatReadError)
    with wrong, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that occur twice, and the like
        found = [_Variable(name, tuple(shape), kind) for name, shape, kind in whosmat(path)]
    return [one for one in found if not one.name.startswith("__")]


def _values(path: Path, names: list[str]) -> dict[str, Any]:
    for one in _listed(path):
        if one.name in names and one.kind != "sparse":
            check_fits(16 * math.prod(one.shape), what=f"{quoted(one.name)} in {path}")
    _check_unpacked(path)
    with TemporaryDirectory() as folder:
        target = Path(folder) / "values.npz"
        command = [sys.executable, "-P", str(_SCRIPT), str(path.absolute()), str(target), *names]
        # Python itself, with a file of this package; -P as modules beside it have names of others
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode != 0 or not target.exists():
            why = done.stdout.strip() or "reading ended"
            raise AevizError(f"{path} is damaged: {why}")
        with np.load(target, allow_pickle=False) as found:
            return {name: _whole(found, name) for name in names}


def _whole(found: Mapping[str, np.ndarray], name: str) -> Any:
    """Return an array, or a sparse matrix put together."""
    if f"values/{name}" in found:
        return found[f"values/{name}"]
    parts = {part: found[f"{part}/{name}"] for part in ("data", "indices", "indptr", "shape")}
    return sparse_of_parts(parts | {"format": np.array("csc")}, source=name)


def _check_unpacked(path: Path) -> None:
    """Check that what is packed in a file fits in memory: a sparse matrix does not announce it."""
    n_bytes = 0
    with path.open("rb") as stream:
        start = stream.read(_HEADER_BYTES)
        order = ">" if start.endswith(b"MI") else "<"
        while len(tag := stream.read(8)) == 8:
            kind, n_left = struct.unpack(f"{order}II", tag)
            if kind != _PACKED:
                stream.seek(n_left, os.SEEK_CUR)
                continue
            unpacker = zlib.decompressobj()
            while n_left and (piece := stream.read(min(n_left, _PIECE_BYTES))):
                n_left -= len(piece)
                n_bytes += len(unpacker.decompress(piece))
                check_fits(2 * n_bytes, what=f"what is packed in {path}")


# -- files of version 7.3 ---------------------------------------------------------------------


def _listed_in_hdf5(path: Path) -> list[_Variable]:
    variables = []
    with Hdf5File(path, offset_bytes=_USERBLOCK_BYTES) as file:
        for name, entry in file.entries.items():
            kind = str(entry.attributes.get("MATLAB_class", ""))
            if "/" in name or not kind:
                continue
            shape = tuple(reversed(entry.shape or []))
            if kind == "char":
                shape = shape[:1]  # a text in each row
            n_rows = entry.attributes.get("MATLAB_sparse")
            if entry.is_group and isinstance(n_rows, int) and f"{name}/jc" in file.entries:
                shape, kind = (n_rows, (file.entries[f"{name}/jc"].shape or [1])[0] - 1), "sparse"
            variables.append(_Variable(name, shape, kind))
    return variables


def _values_in_hdf5(path: Path, names: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    with Hdf5File(path, offset_bytes=_USERBLOCK_BYTES) as file:
        for name in names:
            entry = file.entries[name]
            if not entry.is_group:
                # MATLAB stores columns first, and HDF5's order is the opposite of NumPy's.
                values[name] = file.read(name).T
                if entry.attributes.get("MATLAB_class") == "char":
                    rows = values[name].astype(np.uint32)
                    values[name] = np.array(["".join(map(chr, row)) for row in rows.tolist()])
                continue
            parts = {of: file.read(f"{name}/{of}") for of in ("data", "ir", "jc")}
            shape = np.array([entry.attributes["MATLAB_sparse"], len(parts["jc"]) - 1])
            csc = {"data": parts["data"], "indices": parts["ir"].astype(np.int64)}
            csc |= {"indptr": parts["jc"].astype(np.int64), "format": np.array("csc")}
            values[name] = sparse_of_parts(csc | {"shape": shape}, source=f"{name} in {path}")
    return values


FORMAT = Format(
    suffixes=(".mat",),
    summary="a matrix in a MATLAB file: the only one, or that of key; labels by label_key",
    open=whole_file(_read),
    options=frozenset({"key", "label_key", "transpose"}),
)
