"""Swap samples and features where a source has its features in rows, and see where it may have.

Tables of genes, probes or wavelengths are often written so: the first column holds the names of
the features, and the other columns are samples.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.wording import listed, plural, quoted
from aeviz.data.column_names import name_kind
from aeviz.data.columns import unique_names

__all__ = ["swapped_hint", "transposed", "transposed_frame"]

_MIN_SAMPLES, _SHARE = 3, 0.8
_OF_FEATURES = re.compile(
    r"(gene|probe|symbol|hgnc|ensembl|entrez|transcript|protein|peptide|metabolite|feature|otu"
    r"|taxon|cpg|wavelength)s?([ _.-]?(set|id|name|symbol|ref|accession)s?)*",
    re.IGNORECASE,
)
_OF_SAMPLE = re.compile(
    r"(GSM|SRR|ERR|DRR)\d{3,}.*|(TCGA|GTEX)-.+|[ACGT]{10,}([-.]\d+)?"
    r"|(sample|cell|patient|subject|donor|mouse|tumou?r|control|ctrl|replicate)[ _.-]?\d+",
    re.IGNORECASE,
)


def transposed(values: np.ndarray, *, what: str) -> np.ndarray:
    """Return a matrix with its rows as columns.

    Raises
    ------
    AevizError
        If it has another number of dimensions than two.
    """
    if values.ndim != 2:
        raise AevizError(f"{what} has shape {values.shape}; accepted for transpose: two dimensions")
    return values.T


def transposed_frame(frame: pd.DataFrame, *, source: str) -> tuple[pd.DataFrame, list[str]]:
    """Return a table whose rows were features with a column per feature, and notes.

    The features' names are the index, where it holds others than row numbers, or the first
    column, where it holds text or is named like ids. The names of the other columns
    become the index, which are the samples' ids. Columns that hold text only, beside others
    that don't, describe features and are left out.

    Raises
    ------
    AevizError
        If no column is left.
    """
    notes = []
    if isinstance(frame.index, pd.RangeIndex) and frame.shape[1]:
        first = frame.iloc[:, 0]
        is_text = not pd.api.types.is_numeric_dtype(first.dtype)
        if (
            is_text
            or name_kind(str(first.name)) in ("id", "key", "row")
            or _OF_FEATURES.fullmatch(str(first.name))
        ):
            frame = frame.iloc[:, 1:].set_axis(first.astype(str).tolist(), axis=0)
        else:
            notes.append("The rows have no names, so features are named by their numbers.")
            frame = frame.set_axis([f"row {row + 1}" for row in range(len(frame))], axis=0)
    numbers = [_n_numbers(frame.iloc[:, place]) > 0 for place in range(frame.shape[1])]
    if any(numbers) and not all(numbers):
        names = [str(one) for one, is_one in zip(frame.columns, numbers, strict=True) if not is_one]
        count = plural(len(names), "column")
        notes.append(f"{count} of text left out, no samples: {listed(map(quoted, names))}.")
        frame = frame.loc[:, numbers]
    if not frame.shape[1]:
        raise AevizError(f"{source} has no columns that could be samples; accepted: one per sample")
    names = unique_names(map(str, frame.index))
    if all(pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes):
        swapped = frame.T.set_axis(names, axis=1)
    else:
        rows = frame.astype(object).to_numpy()
        columns = {name: _as_numbers(row) for name, row in zip(names, rows, strict=True)}
        swapped = pd.DataFrame(columns, index=frame.columns)
    note = "Rows were taken as features and columns as samples."
    return swapped, [note, *notes]


def _n_numbers(values: pd.Series) -> int:
    if pd.api.types.is_numeric_dtype(values.dtype):
        return len(values)
    return int(pd.to_numeric(values.astype(object), errors="coerce").notna().sum())


def _as_numbers(values: np.ndarray) -> pd.Series | np.ndarray:
    """Return the values of a row as numbers where all that are there are."""
    numbers = pd.to_numeric(pd.Series(values, dtype=object), errors="coerce")
    is_number = bool((numbers.notna() | pd.isna(values)).all()) and bool(numbers.notna().any())
    return np.asarray(numbers) if is_number else values


def swapped_hint(frame: pd.DataFrame) -> list[str]:
    """Return a note where the names of a table say that its columns are samples, else nothing."""
    names = [str(name) for name in frame.columns]
    if frame.index.name is not None:
        names.insert(0, str(frame.index.name))
    samples = [name for name in names if _OF_SAMPLE.fullmatch(name)]
    of_features = _first_names_features(frame, names)
    others = len(names) - 1
    if not of_features and not (len(samples) >= max(_MIN_SAMPLES, _SHARE * others)):
        return []
    shown = [*names[:1]] * of_features + samples
    return [
        f"Rows look like features and columns like samples ({listed(map(quoted, shown))}); "
        "transpose swaps them."
    ]


def _first_names_features(frame: pd.DataFrame, names: Sequence[str]) -> bool:
    """Return whether the first column, or the index, names features, and numbers follow."""
    if not names or not _OF_FEATURES.fullmatch(names[0]):
        return False
    values = frame.index if frame.index.name is not None else frame.iloc[:, 0]
    rest = frame.dtypes.iloc[0 if frame.index.name is not None else 1 :]
    n_numbers = sum(map(pd.api.types.is_numeric_dtype, rest))
    is_text = not pd.api.types.is_numeric_dtype(values.dtype)
    return is_text and values.is_unique and n_numbers >= max(_MIN_SAMPLES, _SHARE * len(rest))
