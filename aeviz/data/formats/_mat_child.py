"""Read arrays of a MATLAB file for another process, and store them as NumPy does.

Run as a script with the path, the path of the result, and the names of the arrays as arguments;
it imports nothing of aeviz. An array is stored as ``values/NAME``, a sparse matrix as its parts,
``data/NAME`` and so on. What is wrong with the file is printed in one line.

Why a process of its own: SciPy was seen to end it, in about one of two hundred damaged files with
a few bytes changed, and no exception tells of that.
"""

import sys
import warnings
from typing import Any

import numpy as np
import scipy.sparse
from scipy.io import loadmat

__all__ = ["main"]

_PARTS = ("data", "indices", "indptr", "shape")


def main(path: str, target: str, names: list[str]) -> int:
    """Store the arrays; return the exit code."""
    warnings.simplefilter("ignore")  # of names that occur twice, and the like
    try:
        content = loadmat(path, variable_names=names, squeeze_me=False)
        found = dict[str, Any]()
        for name in names:
            values = content[name]
            if scipy.sparse.issparse(values):
                values = values.tocsc()
                found |= {f"{part}/{name}": np.asarray(getattr(values, part)) for part in _PARTS}
            else:
                found[f"values/{name}"] = values
        np.savez(target, **found)
    except Exception as error:  # noqa: BLE001 - SciPy raises whatever a damaged byte leads to
        print((str(error).splitlines() or [type(error).__name__])[0])  # noqa: T201 - the answer
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
