"""Tell a caller how far an embedding has come.

Both libraries report in their own way; this turns either into calls of
``callback(iteration, n_iterations)``. It draws nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["Callback", "Progress", "ProgressFile"]

Callback = Callable[[int, int], object]


class Progress:
    """Pass on iterations that grow, each at most once.

    Parameters
    ----------
    callback : callable of (iteration, n_iterations), or None
        What it returns is ignored; what it raises ends the embedding.
    n_iterations : int
        The number that the last call will carry.
    """

    def __init__(self, callback: Callback | None, n_iterations: int) -> None:
        self.callback = callback
        self.n_iterations = n_iterations
        self.reached = 0

    def report(self, iteration: int) -> None:
        """Say that an iteration is finished."""
        if self.callback is not None and self.reached < iteration <= self.n_iterations:
            self.reached = iteration
            self.callback(iteration, self.n_iterations)


class ProgressFile:
    """Read the iteration from what tqdm writes, in place of a terminal.

    umap-learn offers no callback, only keywords for its tqdm bar: the bar is asked to
    draw nothing but its number, into this object.
    """

    def __init__(self, progress: Progress) -> None:
        self.progress = progress

    @property
    def tqdm_kwds(self) -> dict[str, object]:
        """Return the keywords that make tqdm write here."""
        return {
            "disable": self.progress.callback is None,
            "file": self,
            "bar_format": "{n}",
            "miniters": 1,
            "mininterval": 0.1,
        }

    def write(self, text: str) -> None:
        """Report the last number in what a bar wrote."""
        numbers = re.findall(r"\d+", text)
        if numbers:
            self.progress.report(int(numbers[-1]))

    def flush(self) -> None:
        """Do nothing: numbers are passed on as they are written."""
