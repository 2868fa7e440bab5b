"""Read a Matrix Market file, alone or in a folder of 10x Genomics with barcodes and features.

A folder holds ``matrix.mtx``, ``barcodes.tsv`` and ``features.tsv`` or ``genes.tsv``, packed or
not; their names may begin alike, as those of GEO do. Such a matrix has features in its rows. By
its lengths it is known whether it has them in its columns instead; a matrix without names
beside it has samples in its rows, which a note says.
"""

import re
from pathlib import Path
from typing import Any

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data._files import PACKED, check_readable, plain_stem, unpacked_text
from aeviz.data.dataset import Dataset
from aeviz.data.formats._matrix_market import read_matrix
from aeviz.data.formats._tenx import Genes, tenx_dataset
from aeviz.data.formats.base import Format, ReadOptions, whole_file

__all__ = ["FORMAT"]

_ENDS = (".mtx", *(f".mtx{packed}" for packed in PACKED))
_STANDARD = re.compile(r"matrix\.mtx(\.\w+)?$", re.IGNORECASE)
_BARCODES = ("barcodes.tsv",)
_FEATURES = ("features.tsv", "genes.tsv")


def _read(path: Path, options: ReadOptions) -> Dataset:
    matrix_path = path
    if path.is_dir():
        found = _matrices(path)
        if len(found) != 1:
            raise AevizError(
                f"{path} holds {listed(quoted(one.name) for one in found)}; accepted: a folder "
                "of one .mtx file, or the path of one of them"
            )
        matrix_path = found[0]
        check_readable(matrix_path)
    barcodes, features = _beside(matrix_path, _BARCODES), _beside(matrix_path, _FEATURES)
    matrix = read_matrix(matrix_path)
    name = path.name if path.is_dir() else plain_stem(path)
    if barcodes is None and features is None:
        return _nameless(name, matrix, options, source=str(path))
    if options.transpose:
        message = (
            f"transpose is not needed for {path}: the names beside the matrix say which are the "
            "samples; leave it out"
        )
        raise SettingError("transpose", True, "left out", message)
    rows = [[], []] if features is None else _columns(features)
    ids = None if barcodes is None else _columns(barcodes)[0]
    names = rows[1] if len(rows) > 1 else rows[0]
    matrix, notes = _oriented(
        matrix,
        n_samples=None if ids is None else len(ids),
        n_features=None if features is None else len(names),
        source=str(matrix_path),
    )
    if features is None:
        names = [f"feature_{number}" for number in range(1, matrix.shape[1] + 1)]
        rows, notes = [], [*notes, "There is no file of the features' names beside the matrix."]
    genes = Genes(names, types=rows[2] if len(rows) > 2 else ())
    dataset = tenx_dataset(name, matrix, genes, barcodes=ids, key=options.key, source=str(path))
    return Dataset(**{**vars(dataset), "notes": (*notes, *dataset.notes)})


def _nameless(name: str, matrix: Any, options: ReadOptions, *, source: str) -> Dataset:
    if options.key is not None:
        message = f"key names a type of features, and {source} has no file of features beside it"
        raise SettingError("key", options.key, "left out", message)
    if options.transpose:
        return Dataset(name, matrix.T.tocsr())
    note = (
        "There are no files of names beside the matrix, so its rows are the samples; "
        "transpose takes its columns."
    )
    return Dataset(name, matrix, notes=(note,))


def _matrices(folder: Path) -> list[Path]:
    inside = (path for path in folder.iterdir() if path.name[0] not in "._")
    return sorted(path for path in inside if path.name.lower().endswith(_ENDS) and path.is_file())


def _beside(path: Path, names: tuple[str, ...]) -> Path | None:
    """Return the file of barcodes or features that belongs to a matrix, or None."""
    prefix = _STANDARD.sub("", path.name)
    prefixes = [prefix] if _STANDARD.search(path.name) else [""]
    wanted = [f"{one}{name}".lower() for one in prefixes for name in names]
    wanted += [f"{name}{packed}" for name in wanted for packed in PACKED]
    found = [one for one in path.parent.iterdir() if one.name.lower() in wanted and one.is_file()]
    if len(found) > 1:
        raise AevizError(
            f"beside {path} are {listed(sorted(quoted(one.name) for one in found))}; accepted: "
            "one of them"
        )
    return found[0] if found else None


def _columns(path: Path) -> list[list[str]]:
    """Return the columns of a file of names; those of rows that are cut short stay out."""
    lines = unpacked_text(path, bytes_each=100).rstrip("\n").split("\n")
    rows = [line.split("\t") for line in lines]
    if len({len(row) for row in rows}) > 1:
        raise AevizError(
            f"{path} has lines of {listed(sorted({str(len(row)) for row in rows}))} values; "
            "accepted: as many in each line, with tabs between them"
        )
    return [list(column) for column in zip(*rows, strict=True)]


def _oriented(
    matrix: Any, *, n_samples: int | None, n_features: int | None, source: str
) -> tuple[Any, list[str]]:
    """Return the matrix with samples in its rows, by the numbers of names."""

    def fits(n_rows: int, n_columns: int) -> bool:
        return n_samples in (None, n_rows) and n_features in (None, n_columns)

    n_rows, n_columns = matrix.shape
    of_10x, as_it_is = fits(n_columns, n_rows), fits(n_rows, n_columns)
    if not of_10x and not as_it_is:
        counts = ((n_samples, "barcode"), (n_features, "feature"))
        there = " and ".join(plural(n, noun) for n, noun in counts if n is not None)
        raise AevizError(
            f"{source} is a matrix of {n_rows:,} × {n_columns:,}, and the files beside it name "
            f"{there}; accepted: a name for each row and each column"
        )
    notes = []
    if of_10x and as_it_is and n_rows == n_columns:
        notes.append("The matrix is square; its rows were taken as features, as 10x writes them.")
    return (matrix.T.tocsr() if of_10x else matrix), notes


FORMAT = Format(
    suffixes=(".mtx",),
    summary="a Matrix Market file, or a folder of one with barcodes and features as 10x writes it",
    open=whole_file(_read),
    options=frozenset({"key", "transpose"}),
    reads_folder=lambda path: bool(_matrices(path)),
    unpacks=True,
)
