"""Choose some of many rows, evenly and not at random."""

import numpy as np

__all__ = ["evenly"]


def evenly(values: np.ndarray, n_rows: int) -> np.ndarray:
    """Return at most so many rows, the first and the last and others evenly between them.

    Parameters
    ----------
    values : ndarray of shape (n, ...)
    n_rows : int, at least 1

    Returns
    -------
    ndarray of shape (min(n, n_rows), ...)

    Examples
    --------
    >>> evenly(np.arange(9), 3)
    array([0, 4, 8])
    """
    if len(values) <= n_rows:
        return values
    return values[np.linspace(0, len(values) - 1, n_rows).astype(int)]
