"""Read samples, labels and names from an archive of NumPy arrays, or a sparse matrix.

Two layouts are known: `X` and `y`, and `x_train`, `y_train`, `x_test`, `y_test` as
keras.datasets has it, whose split is kept. Only the arrays that are needed are read;
others in the archive are ignored. An archive that `scipy.sparse.save_npz` wrote is told by
its arrays. Nothing is ever unpickled, and no member is written to disk.
"""

import lzma
import zipfile
import zlib
from pathlib import Path

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import first_line, listed, quoted
from aeviz.data._arrays import assemble
from aeviz.data._files import explained
from aeviz.data._sparse import sparse_of_parts
from aeviz.data._transpose import transposed
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import Format, ReadOptions, whole_file
from aeviz.data.formats.npy import read_npy

__all__ = ["FORMAT"]

_LAYOUTS = "X (with y), or x_train and x_test (with y_train and y_test)"
_ZIP_START = b"PK\x03\x04"


def _read(path: Path, options: ReadOptions) -> Dataset:
    try:
        # What zipfile says of encrypted members, unknown compression and damaged names.
        unpacking = explained(f"{path} cannot be unpacked", RuntimeError, ValueError)
        with unpacking, zipfile.ZipFile(path) as archive:
            return _assembled(path, archive, options)
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
    # By their names in lower case, for X and x are both used.
    names = [name for name in archive.namelist() if name.endswith(".npy")]
    members = {name.removesuffix(".npy").lower(): name for name in names}

    def array(key: str) -> tuple[str, np.ndarray]:
        info = archive.getinfo(members[key])
        what = f"{info.filename.removesuffix('.npy')} in {path}"
        with archive.open(info) as stream:
            return what, read_npy(stream, what=what, size_bytes=info.file_size)

    if {"format", "shape", "data"} <= members.keys():
        parts = {key: array(key)[1] for key in members}
        matrix = sparse_of_parts(parts, source=str(path))
        return Dataset(path.stem, matrix.T.tocsr() if options.transpose else matrix)
    if "x_train" in members:
        ends = ["_train"] + (["_test"] if "x_test" in members else [])
    elif "x" in members:
        ends = [""]
    else:
        found = listed(quoted(name) for name in members) or "nothing"
        raise AevizError(f"{path} holds {found}; accepted: the arrays {_LAYOUTS}")
    labelled = [f"y{end}" for end in ends if f"y{end}" in members]
    if labelled and len(labelled) < len(ends):
        raise AevizError(
            f"{path} holds {labelled[0]} but not both y_train and y_test; "
            "accepted: labels of both parts, or of none"
        )
    given = {key: array(key)[1] for key in ("feature_names", "target_names") if key in members}
    samples = [array(f"x{end}") for end in ends]
    if options.transpose:
        samples = [(what, transposed(values, what=what)) for what, values in samples]
    return assemble(path.stem, samples, [array(key) for key in labelled], **given)


FORMAT = Format(
    suffixes=(".npz",),
    summary=f"NumPy arrays {_LAYOUTS}; or a sparse matrix, as scipy.sparse.save_npz writes it",
    open=whole_file(_read),
    options=frozenset({"transpose"}),
)
