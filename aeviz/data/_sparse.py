"""Make dense samples of a sparse matrix, if they fit, or of a sample of its rows.

Networks and embeddings here work on dense matrices, and a sparse one is often sparse because
its dense form would be too large. So what it would need is said before it is made, and with
`sample` only the rows that are wanted are made dense.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import listed, quoted
from aeviz.data._files import explained
from aeviz.data.dataset import Dataset
from aeviz.data.split import sample_rows

__all__ = ["dense_dataset", "is_sparse", "sparse_of_parts"]

_PARTS = {
    "csr": ("data", "indices", "indptr"),
    "csc": ("data", "indices", "indptr"),
    "bsr": ("data", "indices", "indptr"),
    "coo": ("data", "row", "col"),
    "dia": ("data", "offsets"),
}


def is_sparse(value: Any) -> bool:
    """Return whether something is a sparse matrix or array of scipy, without importing scipy."""
    return type(value).__module__.startswith("scipy.sparse")


def sparse_of_parts(parts: Mapping[str, np.ndarray], *, source: str) -> Any:
    """Return the sparse matrix of the arrays that `scipy.sparse.save_npz` wrote.

    It is compressed by rows, with its indices within its shape. `AevizError` is raised if an
    array is missing or damaged.
    """
    from scipy import sparse

    layout = parts["format"]  # scipy writes it as bytes
    kind = layout.item() if layout.ndim == 0 and layout.dtype.kind in "SU" else ""
    kind = kind.decode("ascii", "replace") if isinstance(kind, bytes) else kind
    needed = _PARTS.get(kind)
    if needed is None:
        raise AevizError(
            f"{source} holds a sparse matrix of the kind {quoted(kind)}; accepted: "
            f"{', '.join(_PARTS)}"
        )
    lacking = [name for name in needed if name not in parts]
    if lacking:
        raise AevizError(f"{source} is a damaged sparse matrix: it lacks {listed(lacking)}")
    shape, data = parts["shape"], parts["data"]
    if shape.shape != (2,) or shape.dtype.kind not in "iu" or (shape < 0).any():
        raise AevizError(f"{source} has a shape of {shape.tolist()}; accepted: two whole numbers")
    size = tuple(map(int, shape))
    others = [parts[name] for name in needed[1:]]
    if any(part.dtype.kind not in "iu" for part in others) or data.dtype.kind not in "biuf":
        raise AevizError(f"{source} is a damaged sparse matrix: its indices are no whole numbers")
    errors = (ValueError, TypeError, IndexError, OverflowError, MemoryError)
    with explained(f"{source} is a damaged sparse matrix", *errors):
        if kind == "coo":
            return sparse.coo_array((data, tuple(others)), shape=size).tocsr()
        if kind == "dia":
            check_fits(2 * data.nbytes + 8 * size[0], what=source)
            return sparse.dia_array((data, *others), shape=size).tocsr()
        matrix = getattr(sparse, f"{kind}_array")((data, *others), shape=size)
        # An index that leads out of its arrays would be read or written at, whatever lies there;
        # and with a last pointer of 0, scipy's own check takes the others for good.
        if matrix.indptr.size and (matrix.indptr[0] != 0 or np.any(np.diff(matrix.indptr) < 0)):
            raise ValueError("its pointers do not rise from 0")
        matrix.check_format(full_check=True)
        return matrix.tocsr()


def dense_dataset(dataset: Dataset, *, source: str, sample: int | None, seed: int) -> Dataset:
    """Return a data set whose samples are dense, whatever the reader left them as.

    Of a sparse matrix a sample is drawn before anything is made dense. `AevizError` is raised
    if it holds no real numbers, or its dense form does not fit in memory.
    """
    if not is_sparse(dataset.X):
        return dataset
    if dataset.X.dtype.kind not in "biuf":
        raise AevizError(f"{source} holds {dataset.X.dtype}; accepted: real numbers")
    notes: list[str] = []
    n_all = dataset.n_samples
    if sample is not None and sample < n_all:
        dataset = dataset.take(sample_rows(dataset, sample, seed=seed))
        notes.append(f"A sample of {sample:,} of {n_all:,} rows was drawn (seed {seed}).")
    matrix: Any = dataset.X
    n_rows, n_columns = matrix.shape
    check_fits(
        n_rows * n_columns * matrix.dtype.itemsize,
        what=f"{source}, made dense as {n_rows:,} × {n_columns:,} {matrix.dtype.name},",
        instead="fewer samples, as sample=N",
    )
    share = matrix.nnz / max(1, n_rows * n_columns)
    notes.append(f"A sparse matrix, {share:.1%} of whose values are not zero, made dense.")
    X = np.ascontiguousarray(matrix.toarray())
    X = X.astype(X.dtype.newbyteorder("="), copy=False)
    return replace(dataset, X=X, notes=(*dataset.notes, *notes))
