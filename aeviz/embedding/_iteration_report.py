"""Report how far the fit of an embedding is.

Members count in their own way; this turns any count into calls of
``callback(iteration, n_iterations)``.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["Callback", "IterationReport"]

Callback = Callable[[int, int], object]


class IterationReport:
    """Report of a growing number of iterations, each at most once.

    Parameters
    ----------
    callback : callable of (iteration, n_iterations), or None
        What it returns is ignored; what it raises ends the fit.
    n_iterations : int
        The number that the last call will carry.
    """

    def __init__(self, callback: Callback | None, n_iterations: int) -> None:
        self.callback = callback
        self.n_iterations = n_iterations
        self.reached = 0

    def report(self, iteration: int) -> None:
        """Report that an iteration is finished."""
        if self.callback is not None and self.reached < iteration <= self.n_iterations:
            self.reached = iteration
            self.callback(iteration, self.n_iterations)
