"""Make a data set of what 10x Genomics' Cell Ranger writes: counts of features in cells.

The same parts come as an HDF5 file or as a folder of text files, see `aeviz.data.formats.hdf5`
and `aeviz.data.formats.mtx`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aeviz.core.exceptions import SettingError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data.columns import unique_names
from aeviz.data.dataset import Dataset

__all__ = ["Genes", "tenx_dataset"]

_MAIN = "Gene Expression"


@dataclass(frozen=True)
class Genes:
    """The features of a matrix of counts.

    Parameters
    ----------
    names : sequence of str
    types, genomes : sequence of str
        One per feature, or none where the file does not say.
    """

    names: Sequence[str]
    types: Sequence[str] = ()
    genomes: Sequence[str] = ()


def tenx_dataset(
    name: str,
    matrix: Any,
    genes: Genes,
    *,
    barcodes: Sequence[str] | None,
    key: str | None,
    source: str,
) -> Dataset:
    """Return cells as samples, with barcodes as ids and genes as names of features.

    Parameters
    ----------
    name : str
    matrix : sparse matrix of shape (n_cells, n_features)
    genes : Genes
    barcodes : sequence of str or None
    key : str or None
        A type of features or a genome: only its features are taken. None takes the gene
        expression, where there are other types beside it, of all genomes.
    source : str
        What the source is called in messages.

    Raises
    ------
    SettingError
        If `key` names neither a type nor a genome of the source.
    """
    types, genomes = Counter(genes.types), Counter(one for one in genes.genomes if one)
    is_kept, notes = np.ones(matrix.shape[1], dtype=bool), []
    if key is not None:
        is_kept = _is_one(genes.types, key) | _is_one(genes.genomes, key)
        if not is_kept.any():
            there = listed(map(quoted, [*types, *genomes])) or "none"
            message = (
                f"key {quoted(key)} names no type of features and no genome of {source}; those "
                f"there are {there}"
            )
            raise SettingError("key", key, "a type of features or a genome", message)
        notes.append(f"Features are those of {quoted(key)}.")
    elif len(types) > 1 and _MAIN in types:
        is_kept = _is_one(genes.types, _MAIN)
        others = listed(f"{quoted(one)} ({n:,})" for one, n in types.items() if one != _MAIN)
        notes.append(
            f"Features are those of gene expression; left out are {others}, which key can name."
        )
    elif len(types) > 1:
        notes.append(f"Features are of several types: {listed(map(quoted, types))}.")
    if key is None and len(genomes) > 1:
        notes.append(f"Features are of several genomes: {listed(map(quoted, genomes))}.")
    names = [one for one, is_one in zip(genes.names, is_kept, strict=True) if is_one]
    feature_names = tuple(unique_names(names))
    n_repeated = sum(one != other for one, other in zip(names, feature_names, strict=True))
    if n_repeated:
        notes.append(
            f"{plural(n_repeated, 'name')} of features came before and got a number at the end, "
            f"as {quoted(next(b for a, b in zip(names, feature_names, strict=True) if a != b))}."
        )
    ids = None
    if barcodes is not None and len(set(barcodes)) == len(barcodes):
        ids = np.array(barcodes, dtype=str)
    return Dataset(
        name=name,
        X=matrix if is_kept.all() else matrix[:, np.flatnonzero(is_kept)],
        feature_names=feature_names,
        sample_ids=ids,
        notes=tuple(notes),
    )


def _is_one(values: Sequence[str], wanted: str) -> np.ndarray:
    return np.array([one == wanted for one in values], dtype=bool) if values else np.array([False])
