"""Forecast how long the steps of a job still take, from those that are done."""

import re
from collections.abc import Sequence

from aeviz.cli._step_words import usual_work

__all__ = ["Forecast"]


class Forecast:
    """Forecast of the remaining seconds.

    A step takes as long as one like it took, such as another training of the same encoder; else
    what its usual work takes at the pace of the steps that are done.

    Parameters
    ----------
    names : sequence of str
        All steps, in order.

    Examples
    --------
    >>> forecast = Forecast(["encode deep", "encode sparse", "score"])
    >>> forecast.finish("encode deep", 8.0)
    >>> forecast.remaining("encode sparse", seconds=2.0, share=0.25)
    14.0
    """

    # A pace is known after so much work; a step's own share counts from here on.
    MIN_WORK, MIN_SHARE = 2.0, 0.1

    def __init__(self, names: Sequence[str]) -> None:
        self._left = list(names)
        self._seconds_of: dict[str, float] = {}
        self._work = self._seconds = 0.0

    def finish(self, name: str, seconds: float) -> None:
        """Take note of a step that is done."""
        self.keep(name)
        self._seconds_of[_kind(name)] = seconds
        self._work += usual_work(name)
        self._seconds += seconds

    def keep(self, name: str) -> None:
        """Take note of a step that does not have to be done."""
        if name in self._left:
            self._left.remove(name)

    def remaining(self, name: str, *, seconds: float, share: float) -> float | None:
        """Return the remaining seconds, or None while too little is known.

        Parameters
        ----------
        name : str
            The current step.
        seconds : float
            What it took so far.
        share : float in [0, 1]
            How much of it is done.
        """
        pace = self._seconds / self._work if self._work >= self.MIN_WORK else None
        if share >= self.MIN_SHARE:
            current = seconds * (1 - share) / share
            pace = seconds / share / usual_work(name) if pace is None else pace
        elif pace is not None:
            current = max(self._expected(name, pace) - seconds, 0.0)
        if pace is None:
            return None
        return current + sum(self._expected(one, pace) for one in self._left if one != name)

    def _expected(self, name: str, pace: float) -> float:
        return self._seconds_of.get(_kind(name), usual_work(name) * pace)


def _kind(name: str) -> str:
    """Return what steps that take equally long have in common."""
    return re.sub(r"^(encode|embed|repeat) | \d+$", "", name)
