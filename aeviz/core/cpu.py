"""Say how many cores this process may keep busy, and share a machine out among several.

A process takes every core, unless its environment says how many are its own: workers beside
each other are told so, before any library has started its threads. On how many threads a
result was computed changes no digit of it.
"""

from __future__ import annotations

import os

__all__ = ["n_cores", "worker_environment"]

_OWN = "AEVIZ_CORES"
# What the libraries under NumPy, Arrow, numba and TensorFlow look at when they are loaded.
_THREADS = (
    _OWN,
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)


def n_cores() -> int:
    """Return how many cores this process may keep busy, at least one."""
    there = os.cpu_count() or 1
    own = os.environ.get(_OWN, "")
    return min(int(own), there) if own.isdigit() and int(own) else there


def worker_environment(n_workers: int) -> dict[str, str]:
    """Return the environment that gives each of some workers its share of the cores.

    Examples
    --------
    >>> worker_environment(10_000)["OMP_NUM_THREADS"]
    '1'
    """
    share = str(max(1, n_cores() // n_workers))
    return dict.fromkeys(_THREADS, share)
