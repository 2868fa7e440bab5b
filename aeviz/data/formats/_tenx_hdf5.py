"""Read the HDF5 files of 10x Genomics' Cell Ranger, which are told by what is in them.

Version 3 has one group ``matrix`` with a group of features; version 2 a group of each genome,
with genes. The matrix is compressed by cells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._sparse import sparse_of_parts
from aeviz.data.dataset import Dataset
from aeviz.data.formats._tenx import Genes, tenx_dataset

if TYPE_CHECKING:
    from aeviz.data.formats.hdf5 import Hdf5File

__all__ = ["read_tenx", "tenx_groups"]

_PARTS = ("barcodes", "data", "indices", "indptr", "shape")
_ABOUT = ("features/name", "features/feature_type", "features/genome", "gene_names", "genes")


def tenx_groups(file: Hdf5File) -> list[str]:
    """Return the groups of a file that hold a matrix of 10x, none where it is another file."""
    groups = sorted(name.removesuffix("/barcodes") for name in file.entries if name.count("/") == 1)
    return [
        group
        for group in groups
        if all(f"{group}/{part}" in file.entries for part in _PARTS)
        and (f"{group}/features/name" in file.entries or f"{group}/genes" in file.entries)
    ]


def read_tenx(file: Hdf5File, groups: list[str], *, key: str | None) -> Dataset:
    """Return the cells of one of the groups.

    Raises
    ------
    SettingError
        If `key` names nothing there.
    AevizError
        If there are several groups and none is named, or one is damaged.
    """
    has_features = f"{groups[0]}/features/name" in file.entries
    group = groups[0]
    if not has_features and key is not None:
        if key not in groups:
            message = (
                f"key {quoted(key)} names no genome of {file.path}; those there are "
                f"{listed(map(quoted, groups))}"
            )
            raise SettingError("key", key, "a genome", message)
        group, key = key, None
    elif len(groups) > 1:
        raise AevizError(
            f"{file.path} holds counts of {listed(map(quoted, groups))}; accepted: one of them, "
            "as key=NAME"
        )
    texts = {
        name: [str(one) for one in file.read(f"{group}/{name}").tolist()]
        for name in ("barcodes", *_ABOUT)
        if f"{group}/{name}" in file.entries
    }
    names = texts.get("features/name") or texts.get("gene_names") or texts["genes"]
    parts = {name: file.read(f"{group}/{name}") for name in _PARTS[1:]}
    # Compressed by the columns of a matrix of features × cells: by the rows of its transpose.
    parts |= {"format": np.array("csr"), "shape": np.ravel(parts["shape"])[::-1]}
    matrix = sparse_of_parts(parts, source=f"{group} in {file.path}")
    counts = (len(texts["barcodes"]), len(names))
    if matrix.shape != counts or {len(one) for one in texts.values()} - set(counts):
        raise AevizError(
            f"{group} in {file.path} is a matrix of {matrix.shape[0]:,} × {matrix.shape[1]:,} with "
            f"{plural(counts[0], 'barcode')} and {plural(counts[1], 'name')} of features; "
            "accepted: one for each"
        )
    genes = Genes(
        names,
        types=texts.get("features/feature_type", ()),
        genomes=texts.get("features/genome", ()),
    )
    ids, source = texts["barcodes"], str(file.path)
    return tenx_dataset(file.path.stem, matrix, genes, barcodes=ids, key=key, source=source)
