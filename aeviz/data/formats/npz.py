"""Read samples, labels and names from an archive of NumPy arrays, or a sparse matrix.

Which arrays hold samples and labels, `aeviz.data._array_names` finds out by their names and
shapes; a split into parts is kept. Only the arrays that are needed are read. An archive that
`scipy.sparse.save_npz` wrote is told by its arrays. Nothing is ever unpickled, and no member is
written to disk.
"""

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line
from aeviz.data._array_names import ArrayInfo, chosen_arrays
from aeviz.data._array_values import record_frame
from aeviz.data._arrays import as_labels, assemble
from aeviz.data._files import explained
from aeviz.data._refused_options import refuse_options
from aeviz.data._sparse import sparse_of_parts
from aeviz.data._tables import table_dataset
from aeviz.data._transpose import transposed
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import TABLE_OPTIONS, Format, ReadOptions, whole_file
from aeviz.data.formats.npy import read_npy, read_npy_header

__all__ = ["FORMAT"]

_ZIP_START = b"PK\x03\x04"


def _read(path: Path, options: ReadOptions) -> Dataset:
    with _unpacking(path), zipfile.ZipFile(path) as archive:
        return _assembled(path, archive, options)


@contextmanager
def _unpacking(path: Path) -> Iterator[None]:
    """Explain what goes wrong while an archive is read."""
    try:
        # What zipfile says of encrypted members, unknown compression and damaged names.
        with explained(f"{path} cannot be unpacked", RuntimeError, ValueError):
            yield
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
        with path.open("rb") as stream:
            is_damaged = stream.read(len(_ZIP_START)) == _ZIP_START
        if is_damaged:
            raise AevizError(
                f"{path} is cut off or damaged: {first_line(error)}; accepted: a whole .npz archive"
            ) from error
        raise AevizError(
            f"{path} is not an .npz archive, whatever its name; "
            "accepted: a file that numpy.savez wrote"
        ) from error


def _assembled(path: Path, archive: zipfile.ZipFile, options: ReadOptions) -> Dataset:
    names = [name for name in archive.namelist() if name.endswith(".npy")]
    members = {name.removesuffix(".npy"): name for name in names}

    def array(key: str) -> tuple[str, np.ndarray]:
        info = archive.getinfo(members[key])
        what = f"{key} in {path}"
        with archive.open(info) as stream:
            return what, read_npy(stream, what=what, size_bytes=info.file_size)

    if {"format", "shape", "data"} <= members.keys():
        refuse_options(options, accepted=frozenset({"transpose"}), source=str(path))
        parts = {key: array(key)[1] for key in members}
        matrix = sparse_of_parts(parts, source=str(path))
        return Dataset(path.stem, matrix.T.tocsr() if options.transpose else matrix)
    arrays = {key: _info(archive, name, what=f"{key} in {path}") for key, name in members.items()}
    choice = chosen_arrays(arrays, key=options.key, label_key=options.label_key, source=str(path))
    given = {key: array(key)[1] for key in members if key in ("feature_names", "target_names")}
    samples, labels = [array(key) for key in choice.samples], [array(key) for key in choice.labels]
    if len(samples) == 1 and arrays[choice.samples[0]].is_record:
        return _records(path, samples[0][1], labels, options)
    refuse_options(options, accepted=_ARRAY_OPTIONS, source=str(path))
    if options.transpose:
        samples = [(what, transposed(values, what=what)) for what, values in samples]
    found = assemble(
        path.stem, samples, labels, options=options, is_test=choice.is_test, names=given
    )
    return replace(found, notes=(*choice.notes, *found.notes))


def _records(
    path: Path,
    samples: np.ndarray,
    labels: list[tuple[str, np.ndarray]],
    options: ReadOptions,
) -> Dataset:
    """Return the table that an array of records is, with the labels beside it."""
    refuse_options(options, accepted=TABLE_OPTIONS | {"key", "label_key"}, source=str(path))
    frame, notes = record_frame(samples)
    found = table_dataset(frame, name=path.stem, source=str(path), options=options, notes=notes)
    if not labels or found.has_labels:
        return found
    what, values = labels[0]
    return replace(found, y=as_labels(values, n_samples=found.n_samples, what=what))


def _info(archive: zipfile.ZipFile, name: str, *, what: str) -> ArrayInfo:
    """Return what the header of a member tells; Python objects are of no use as samples."""
    with archive.open(name) as stream:
        header = read_npy_header(stream, what=what)
    kind = header.dtype.kind
    is_record = bool(header.dtype.names) and len(header.shape) == 1
    return ArrayInfo(header.shape, is_number=kind in "biuf", is_record=is_record)


def _column_names(path: Path, _: ReadOptions) -> list[str]:
    """Return the names of the columns of an only array, of records; none of other archives."""
    with _unpacking(path), zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        if len(names) != 1 or not names[0].endswith(".npy"):
            return []
        with archive.open(names[0]) as stream:
            dtype = read_npy_header(stream, what=str(path)).dtype
    return list(record_frame(np.empty(0, dtype))[0].columns)


_ARRAY_OPTIONS = frozenset({"key", "label_key", "kind", "transpose"})

FORMAT = Format(
    suffixes=(".npz",),
    summary="NumPy arrays such as X and y, data and labels, or x_train and x_test; or a sparse "
    "matrix, as scipy.sparse.save_npz writes it",
    open=whole_file(_read),
    options=_ARRAY_OPTIONS | TABLE_OPTIONS,
    column_names=_column_names,
)
