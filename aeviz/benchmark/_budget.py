"""Estimate from finished runs whether another run fits in the remaining time."""

import time
from collections.abc import Callable
from dataclasses import replace

from aeviz.benchmark._plan import Job

__all__ = ["Budget"]


class Budget:
    """Remaining time, and the seconds that finished runs took.

    Parameters
    ----------
    minutes : float or None
        From now on; None for no end.
    sizes : dict of str to int
        Training samples of each data set.
    clock : function () -> seconds

    Notes
    -----
    A run is expected to take as long as the longest similar run: the same run with another
    seed; else the same method on another code of the data set; else the same method on another
    data set, in proportion to the training samples. A run with no similar finished run has no
    expected time and is started while any time is left.
    """

    def __init__(
        self,
        minutes: float | None,
        sizes: dict[str, int],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._end = None if minutes is None else clock() + 60.0 * minutes
        self._sizes = sizes
        self._done: dict[Job, float] = {}

    def note(self, job: Job, seconds: float) -> None:
        """Record the seconds that a run took."""
        self._done[job] = seconds

    def allows(self, job: Job) -> bool:
        """Return whether a run should be started."""
        if self._end is None:
            return True
        left = self._end - self._clock()
        return left > 0 and (self.expected(job) or 0.0) <= left

    def expected(self, job: Job) -> float | None:
        """Return the seconds that a run is expected to take, or None where nothing is known."""
        likenesses: list[Callable[[Job], object]] = [
            lambda one: replace(one, seed=None),
            lambda one: (one.dataset, _method(one)),
            _method,
        ]
        for likeness in likenesses:
            found = [
                seconds * self._sizes[job.dataset] / self._sizes[one.dataset]
                for one, seconds in self._done.items()
                if likeness(one) == likeness(job)
            ]
            if found:
                return max(found)
        return None


def _method(job: Job) -> str:
    """Return what decides most of the time: the embedding, or for a code the encoder."""
    return job.encoder if job.embedding is None else f"→ {job.embedding}"
