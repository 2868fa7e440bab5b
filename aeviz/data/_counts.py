"""Tell tables of raw counts, which are seldom meant to be compared as they are."""

import numpy as np

from aeviz.core.subsampling import evenly
from aeviz.data.dataset import Dataset

__all__ = ["count_note"]

N_LOOKED_AT = 500
MIN_FEATURES, MIN_ZEROS, MIN_LARGEST = 50, 0.3, 10
# Of the largest value: what half of those that are not 0 are below.
SMALL = 0.2


def count_note(dataset: Dataset) -> str:
    """Return a sentence that recommends a transform where values look like raw counts, or "".

    Counts are whole numbers of at least 0, many of them 0, most others small and a few large,
    such as those of molecules per gene or of words per text. Pixels are not: many are large.
    """
    if dataset.is_image or dataset.n_features < MIN_FEATURES:
        return ""
    X = evenly(dataset.X, N_LOOKED_AT)
    if X.dtype.kind == "b" or X.min() < 0 or not np.all(np.round(X) == X):
        return ""
    zeros, largest = float(np.mean(X == 0)), float(X.max())
    if zeros < MIN_ZEROS or largest < MIN_LARGEST or np.median(X[X > 0]) > SMALL * largest:
        return ""
    return (
        f"The values look like raw counts: whole numbers up to {largest:,.0f}, {zeros:.0%} of "
        "them 0. --transform counts scales every sample to the median total and takes logarithms, "
        "as single-cell tools do."
    )
