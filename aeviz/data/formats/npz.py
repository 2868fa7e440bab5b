"""Read samples, labels and names from an archive of NumPy arrays, or a sparse matrix.

Two layouts are known: `X` and `y`, and `x_train`, `y_train`, `x_test`, `y_test` as
keras.datasets has it, whose split is kept. Only the arrays that are needed are read;
others in the archive are ignored. An archive that `scipy.sparse.save_npz` wrote is told by
its arrays. Nothing is ever unpickled, and no member is written to disk.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from pathlib import Path

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line, listed, quoted
from aeviz.data._arrays import assemble
from aeviz.data._npy import read_npy
from aeviz.data._sparse import sparse_of_parts
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

_LAYOUTS = "X (with y), or x_train and x_test (with y_train and y_test)"
_ZIP_START = b"PK\x03\x04"


def _read(path: Path, _options: ReadOptions) -> Dataset:
    try:
        with zipfile.ZipFile(path) as archive:
            if {"format", "shape", "data"} <= _members(archive).keys():
                return _sparse(path, archive)
            return _assembled(path, archive)
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
    except (NotImplementedError, RuntimeError, ValueError) as error:
        if isinstance(error, AevizError):
            raise
        # What zipfile says of encrypted members, unknown compression and damaged names.
        raise AevizError(f"{path} cannot be unpacked: {first_line(error)}") from error


def _array(path: Path, archive: zipfile.ZipFile, member: str) -> tuple[str, np.ndarray]:
    """Return what an array is called in messages, and the array."""
    info = archive.getinfo(member)
    what = f"{member.removesuffix('.npy')} in {path}"
    with archive.open(info) as stream:
        return what, read_npy(stream, what=what, size_bytes=info.file_size)


def _sparse(path: Path, archive: zipfile.ZipFile) -> Dataset:
    parts = {key: _array(path, archive, name)[1] for key, name in _members(archive).items()}
    return Dataset(path.stem, sparse_of_parts(parts, source=str(path)))


def _assembled(path: Path, archive: zipfile.ZipFile) -> Dataset:
    members = _members(archive)

    def array(key: str) -> tuple[str, np.ndarray]:
        return _array(path, archive, members[key])

    if "x_train" in members:
        parts = ["_train"] + (["_test"] if "x_test" in members else [])
    elif "x" in members:
        parts = [""]
    else:
        found = listed(quoted(name) for name in members) or "nothing"
        raise AevizError(f"{path} holds {found}; accepted: the arrays {_LAYOUTS}")
    labelled = [f"y{part}" for part in parts if f"y{part}" in members]
    if labelled and len(labelled) < len(parts):
        raise AevizError(
            f"{path} holds {labelled[0]} but not both y_train and y_test; "
            "accepted: labels of both parts, or of none"
        )
    return assemble(
        path.stem,
        [array(f"x{part}") for part in parts],
        [array(key) for key in labelled],
        names={
            key: array(key)[1] if key in members else None
            for key in ("feature_names", "target_names")
        },
    )


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the file of every array by its name in lower case, for X and x are both used."""
    return {
        name.removesuffix(".npy").lower(): name
        for name in archive.namelist()
        if name.endswith(".npy")
    }


FORMAT = Format(
    suffixes=(".npz",),
    summary=f"NumPy arrays {_LAYOUTS}; or a sparse matrix, as scipy.sparse.save_npz writes it",
    open=whole_file(_read),
)
