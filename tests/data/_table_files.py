"""Make small files of the formats that other programs write: for the tests of this folder."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import flowio
import h5py
import numpy as np
import pandas as pd
import scipy.io
import scipy.sparse

__all__ = [
    "arff_text",
    "fcs_bytes",
    "mat73_bytes",
    "mat_bytes",
    "mtx_bytes",
    "repacked",
    "tenx_bytes",
    "workbook_bytes",
]


def fcs_bytes(
    X: np.ndarray, channels: list[str], markers: list[str] | None = None, **metadata: str
) -> bytes:
    """Return a flow cytometry file."""
    stream = io.BytesIO()
    values = X.astype(float).ravel().tolist()
    flowio.create_fcs(stream, values, channels, opt_channel_names=markers, metadata_dict=metadata)
    return stream.getvalue()


def mat_bytes(variables: Mapping[str, object], **options: object) -> bytes:
    """Return a MATLAB file of a version up to 7."""
    stream = io.BytesIO()
    scipy.io.savemat(stream, variables, **options)
    return stream.getvalue()


def mat73_bytes(folder: Path, variables: Mapping[str, object]) -> bytes:
    """Return a MATLAB file of version 7.3: numbers, text and sparse matrices."""
    path = folder / "mat73"
    with h5py.File(path, "w", userblock_size=512) as file:
        for name, values in variables.items():
            if scipy.sparse.issparse(values):
                matrix, group = values.tocsc(), file.create_group(name)
                group["data"], group["ir"] = matrix.data, matrix.indices.astype(np.uint64)
                group["jc"] = matrix.indptr.astype(np.uint64)
                group.attrs["MATLAB_sparse"] = np.uint64(matrix.shape[0])
                group.attrs["MATLAB_class"] = np.bytes_("double")
                continue
            array = np.asarray(values)
            kind = "double"
            if array.dtype.kind == "U":
                kind = "char"
                array = np.array([list(map(ord, text)) for text in array.tolist()], np.uint16)
            file.create_dataset(name, data=array.T).attrs["MATLAB_class"] = np.bytes_(kind)
    content = path.read_bytes()
    path.unlink()
    text = b"MATLAB 7.3 MAT-file, Platform: GLNXA64, HDF5 schema 1.00 ."
    return text.ljust(124) + b"\x00\x02IM" + content[128:]


def mtx_bytes(matrix: object) -> bytes:
    """Return a Matrix Market file."""
    stream = io.BytesIO()
    scipy.io.mmwrite(stream, matrix)
    return stream.getvalue()


def tenx_bytes(folder: Path, groups: Mapping[str, Mapping[str, object]]) -> bytes:
    """Return an HDF5 file of groups of arrays, texts as bytes; names may hold slashes."""
    path = folder / "tenx"
    with h5py.File(path, "w") as file:
        for group, arrays in groups.items():
            for name, values in arrays.items():
                array = np.asarray(values)
                array = array.astype("S") if array.dtype.kind == "U" else array
                file[f"{group}/{name}"] = array
    content = path.read_bytes()
    path.unlink()
    return content


def workbook_bytes(*sheets: tuple[str, pd.DataFrame, Mapping[str, object]]) -> bytes:
    """Return an Excel workbook of tables, each with the options of `DataFrame.to_excel`."""
    stream = io.BytesIO()
    with pd.ExcelWriter(stream, engine="openpyxl") as writer:
        for name, frame, options in sheets:
            frame.to_excel(writer, sheet_name=name, **{"index": False, **options})
    return stream.getvalue()


def repacked(archive: bytes, name: str, content: bytes) -> bytes:
    """Return a zip archive with other content of one member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(stream, "w") as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return stream.getvalue()


def arff_text(attributes: Mapping[str, str], rows: list[str]) -> str:
    """Return an ARFF file of declared attributes and rows."""
    declared = [f"@attribute {name} {kind}" for name, kind in attributes.items()]
    return "\n".join(["% a comment", "@relation test", *declared, "@data", *rows, ""])
