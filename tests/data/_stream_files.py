"""Make a small source of every format, with the samples that it must give."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from PIL import Image

from tests.data._table_files import arff_text, fcs_bytes, mat_bytes, mtx_bytes, workbook_bytes


def save_parquet(path: Path, *, row_group_size: int | None = None, **columns: object) -> Path:
    """Write columns to a Parquet file and return its path."""
    pq.write_table(pa.table(columns), path, row_group_size=row_group_size)
    return path


def save_image(path: Path, pixels: np.ndarray, **options: object) -> Path:
    """Write pixels of shape (height, width) or (height, width, 3), and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path, **options)
    return path


def random_pixels(*shape: int, seed: int = 0) -> np.ndarray:
    """Return random eight-bit pixels."""
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


def _table(X: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(X, columns=[f"c{position}" for position in range(X.shape[1])])


def _array(folder: Path, X: np.ndarray) -> np.ndarray:
    del folder
    return X.astype(np.float64)


def _npy(folder: Path, X: np.ndarray) -> Path:
    np.save(folder / "samples.npy", X.astype(">f8"))
    return folder / "samples.npy"


def _npz(folder: Path, X: np.ndarray) -> Path:
    np.savez(folder / "samples.npz", x_train=X[:15], x_test=X[15:])
    return folder / "samples.npz"


def _csv(folder: Path, X: np.ndarray) -> Path:
    _table(X).to_csv(folder / "samples.csv", index=False)
    return folder / "samples.csv"


def _arrow(folder: Path, X: np.ndarray) -> Path:
    _table(X).to_feather(folder / "samples.feather")
    return folder / "samples.feather"


def _parquet(folder: Path, X: np.ndarray) -> Path:
    half = len(X) // 2
    (folder / "parts").mkdir()
    for name, part in (("b", X[half:]), ("a", X[:half])):
        columns = {f"c{position}": values for position, values in enumerate(part.T)}
        save_parquet(folder / "parts" / f"{name}.parquet", row_group_size=7, **columns)
    return folder / "parts"


def _images(folder: Path, X: np.ndarray) -> Path:
    for row, pixels in enumerate(X.astype(np.uint8)):
        save_image(folder / "pictures" / f"{row:04}.png", pixels.reshape(2, -1))
    return folder / "pictures"


def _idx(folder: Path, X: np.ndarray) -> Path:
    pixels = X.astype(np.uint8).reshape(len(X), 2, 3)
    header = struct.pack(">HBB3I", 0, 8, 3, *pixels.shape)
    (folder / "samples-ubyte").write_bytes(header + pixels.tobytes())
    return folder / "samples-ubyte"


def _hdf5(folder: Path, X: np.ndarray) -> Path:
    with h5py.File(folder / "samples.h5", "w") as file:
        file["X"] = X
    return folder / "samples.h5"


def _h5ad(folder: Path, X: np.ndarray) -> Path:
    with h5py.File(folder / "samples.h5ad", "w") as file:
        file["X"] = X
        for name, length in (("obs", len(X)), ("var", X.shape[1])):
            group = file.create_group(name)
            group.attrs["_index"] = "_index"
            group["_index"] = [f"{name}{row}" for row in range(length)]
    return folder / "samples.h5ad"


def _arff(folder: Path, X: np.ndarray) -> Path:
    rows = [",".join(map(str, row)) for row in X.tolist()]
    declared = {f"c{place}": "numeric" for place in range(X.shape[1])}
    (folder / "samples.arff").write_text(arff_text(declared, rows))
    return folder / "samples.arff"


def _excel(folder: Path, X: np.ndarray) -> Path:
    (folder / "samples.xlsx").write_bytes(workbook_bytes(("one", _table(X), {})))
    return folder / "samples.xlsx"


def _fcs(folder: Path, X: np.ndarray) -> Path:
    channels = [f"c{place}" for place in range(X.shape[1])]
    (folder / "samples.fcs").write_bytes(fcs_bytes(X, channels))
    return folder / "samples.fcs"


def _jsonl(folder: Path, X: np.ndarray) -> Path:
    _table(X).to_json(folder / "samples.jsonl", orient="records", lines=True)
    return folder / "samples.jsonl"


def _mat(folder: Path, X: np.ndarray) -> Path:
    (folder / "samples.mat").write_bytes(mat_bytes({"fea": X}))
    return folder / "samples.mat"


def _mtx(folder: Path, X: np.ndarray) -> Path:
    (folder / "samples.mtx").write_bytes(mtx_bytes(X))
    return folder / "samples.mtx"


def _table_folder(folder: Path, X: np.ndarray) -> Path:
    (folder / "shards").mkdir()
    _table(X[:9]).to_csv(folder / "shards" / "0.csv", index=False)
    _table(X[9:]).to_csv(folder / "shards" / "1.csv.bz2", index=False)
    return folder / "shards"


#: From the name of a format (or "array") to a function that makes a source, which `open_stream`
#: takes, of samples of shape (23, 6) that are whole numbers in 0..255. A new format needs a line
#: here, and is then held to the contract.
MAKERS: dict[str, Callable[[Path, np.ndarray], object]] = {
    "array": _array,
    "arff": _arff,
    "arrow": _arrow,
    "csv": _csv,
    "excel": _excel,
    "fcs": _fcs,
    "h5ad": _h5ad,
    "hdf5": _hdf5,
    "idx": _idx,
    "images": _images,
    "jsonl": _jsonl,
    "mat": _mat,
    "mtx": _mtx,
    "npy": _npy,
    "npz": _npz,
    "parquet": _parquet,
    "table_folder": _table_folder,
}
