"""Compile functions for numba once, and keep the machine code between runs.

Why keeping it is sound: numba files the machine code under the signature, the processor with
its features, the operating system, its own version, Python's version and the contents of the
file that the function is in (its time and size, if numba is old), and compiles anew if any of
them differs. It would not notice a new version of what the function calls in other files, so a
file's compiled functions call only each other. numba writes to a temporary file and renames it, so
two processes at once can only do the same work twice. It goes next to the function's file, or
where that cannot be written into the user's cache folder, or wherever NUMBA_CACHE_DIR says;
where nothing can be written, the code is compiled for the process alone. What is loaded is the
machine code that was saved, so results are the same from either.
"""

from collections.abc import Callable
from typing import Any

import numba

__all__ = ["kept"]


def kept(
    signature: str | list[str], **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that compiles a function, or loads it from where it was kept.

    Parameters
    ----------
    signature : str or list of str
        The types of the arguments and of the result, as numba writes them, or several such;
        the function is compiled for these when its file is imported, and for no others.
    **options
        Those of `numba.njit`.
    """

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            return numba.njit(signature, cache=True, **options)(function)
        except (RuntimeError, OSError):
            # There is no folder that numba may write to, or writing to it fails.
            return numba.njit(signature, **options)(function)

    return compiled
