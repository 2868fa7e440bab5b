"""Count the cores that this process may use, and divide them among workers.

`joblib.cpu_count` knows the process's affinity and a container's quota. The environment variable
``AEVIZ_CORES`` lowers the count: workers that run side by side are started with it, before any
library has started its threads. The number of threads changes no digit of a result.
"""

import os

__all__ = ["n_cores", "worker_environment"]

_OWN = "AEVIZ_CORES"
# The variables that NumPy's libraries, Arrow, numba and TensorFlow read when they are loaded.
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
    """Return how many cores this process may use, at least one."""
    import joblib

    available = int(joblib.cpu_count())
    own = os.environ.get(_OWN, "")
    return min(int(own), available) if own.isdigit() and int(own) else available


def worker_environment(n_workers: int, *, available: int | None = None) -> dict[str, str]:
    """Return the environment that gives each worker its share of the cores.

    Parameters
    ----------
    n_workers : int
    available : int or None
        Cores to share; None means `n_cores`.

    Examples
    --------
    >>> worker_environment(2, available=7)["OMP_NUM_THREADS"]
    '3'
    >>> worker_environment(10_000)["OMP_NUM_THREADS"]
    '1'
    """
    share = str(max(1, (available or n_cores()) // n_workers))
    return dict.fromkeys(_THREADS, share)
