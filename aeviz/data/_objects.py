"""Read what a Python program has in memory: data frames, arrays, sparse matrices, `tf.data`.

Libraries are recognised by where a type was defined, so that none is imported that the
program does not use itself.
"""

from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import check_fits
from aeviz.core.wording import quoted
from aeviz.data._anndata import anndata_dataset, is_anndata
from aeviz.data._array_values import record_frame
from aeviz.data._arrays import assemble
from aeviz.data._sparse import is_sparse
from aeviz.data._tables import table_dataset
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import TABLE_OPTIONS, ReadOptions

__all__ = ["is_tensorflow", "read_object"]

_ARRAY_OPTIONS = frozenset({"kind"})
_ACCEPTED = (
    "a path, a bundled name, a data frame of pandas or polars, an Arrow table, a NumPy array, a "
    "scipy sparse matrix, an AnnData or a tf.data.Dataset"
)


def read_object(
    source: Any, options: ReadOptions, *, called: str
) -> tuple[Dataset, frozenset[str]]:
    """Return the data set that an object is, and the options that mean something for it.

    Raises
    ------
    TypeError
        If it is of no known kind.
    AevizError
        If its content cannot be used.
    """
    if isinstance(source, Dataset):
        return source, frozenset()
    if (frame := _frame(source)) is not None:
        dataset = table_dataset(frame, name="table", source=called, options=options)
        return dataset, TABLE_OPTIONS
    if is_anndata(source):
        return anndata_dataset(source, options, called=called), frozenset({"key", "label"})
    if is_sparse(source):
        if source.ndim != 2:
            raise AevizError(f"{called} has {source.ndim} dimension; accepted: two")
        return Dataset("matrix", source.tocsr()), frozenset()
    if is_tensorflow(source):
        return _of_batches(source, options, called=called), _ARRAY_OPTIONS
    if isinstance(source, np.ndarray) and source.dtype.names:
        frame, notes = record_frame(source)
        dataset = table_dataset(frame, name="table", source=called, options=options, notes=notes)
        return dataset, TABLE_OPTIONS
    if isinstance(source, np.ndarray):
        return assemble("array", [(called, source)], [], options=options), _ARRAY_OPTIONS
    raise TypeError(f"source must be {_ACCEPTED}; got {type(source).__name__}")


def is_tensorflow(source: Any) -> bool:
    """Return whether something is a `tf.data.Dataset`, without importing TensorFlow."""
    names = {kind.__name__ for kind in type(source).__mro__}
    return "DatasetV2" in names and type(source).__module__.startswith("tensorflow")


def _frame(source: Any) -> pd.DataFrame | None:
    """Return a table as pandas has it, or None for what is no table."""
    if isinstance(source, pd.DataFrame):
        return source
    if type(source).__module__.startswith("polars."):
        source = source.collect() if hasattr(source, "collect") else source
        source = source.to_arrow() if hasattr(source, "columns") else source
    if type(source).__module__.startswith("pyarrow") and hasattr(source, "column_names"):
        from aeviz.data.formats.arrow import arrow_frame

        return arrow_frame(source, source="the table")
    return None


def _of_batches(source: Any, options: ReadOptions, *, called: str) -> Dataset:
    """Return the samples and labels of all batches of a `tf.data.Dataset`."""
    spec = source.element_spec
    parts = spec if isinstance(spec, tuple) else (spec,)
    shapes = (getattr(part, "shape", None) for part in parts)
    ranks: list[Any] = [getattr(shape, "rank", None) for shape in shapes]
    if not 1 <= len(ranks) <= 2 or any(rank is None for rank in ranks):
        raise AevizError(
            f"{called} has elements of {quoted(spec)}; accepted: batches of samples, or of "
            "(samples, labels)"
        )
    if ranks[0] < 2 or (len(ranks) == 2 and ranks[1] < 1):
        raise AevizError(
            f"{called} has single samples as elements, of {quoted(spec)}; accepted: batches, as "
            ".batch(256) makes them"
        )
    if int(source.cardinality()) == -1:
        raise AevizError(f"{called} never ends; accepted: one that does, as .take(n) makes it")
    samples, labels, n_bytes = [], [], 0
    for element in source.as_numpy_iterator():
        batch = element if isinstance(element, tuple) else (element,)
        samples.append(np.asarray(batch[0]))
        labels += [np.asarray(batch[1])] if len(batch) == 2 else []
        n_bytes += samples[-1].nbytes
        check_fits(2 * n_bytes, what=called, instead="fewer samples, as .take(n) makes them")
    if not samples:
        raise AevizError(f"{called} is empty; accepted: at least one batch")
    if len({batch.shape[1:] for batch in samples}) > 1:
        raise AevizError(f"{called} has samples of several shapes; accepted: one shape")
    X = np.concatenate(samples)
    targets = [(f"the labels of {called}", np.concatenate(labels))] if labels else []
    return assemble("dataset", [(called, X)], targets, options=options)
