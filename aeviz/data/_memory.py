"""Ask whether something fits in memory before it is made, and say so in one line if not.

What a file announces may be much more than it holds: archives are compressed, sparse matrices
leave out zeros, and a damaged header may say anything. So a reader asks here first. The limit
is a share of the memory that is free now, within what a container and the process's own limit
allow.
"""

from __future__ import annotations

import psutil

from aeviz._errors import AevizError
from aeviz._limits import left_by_containers, left_by_own_limit
from aeviz._size_words import size_words

__all__ = ["SHARE", "available_bytes", "budget_bytes", "check_fits"]

SHARE = 0.6
"""What part of the free memory a data set may take; training needs the rest."""


def available_bytes() -> int:
    """Return how much memory this process may still take."""
    free = int(psutil.virtual_memory().available)
    return min([free, *left_by_containers(), *left_by_own_limit()])


def budget_bytes() -> int:
    """Return how much memory a data set may take."""
    return int(SHARE * available_bytes())


def check_fits(n_bytes: int, *, what: str, instead: str = "a smaller source") -> None:
    """Refuse what would not fit.

    Parameters
    ----------
    n_bytes : int
        Memory that it needs.
    what : str
        What needs it, the subject of the message.
    instead : str
        What is accepted.

    Raises
    ------
    AevizError
        If it needs more than `budget_bytes`.
    """
    budget = budget_bytes()
    if n_bytes > budget:
        raise AevizError(
            f"{what} needs {size_words(n_bytes)} of memory, more than the {size_words(budget)} "
            f"that a data set may take here ({SHARE:.0%} of what is free); accepted: {instead}"
        )
