"""Tell whether a run is expected to end in the time that is left, from those that are done."""

from __future__ import annotations

import time
from collections.abc import Callable

from aeviz.benchmark._job import Subject

__all__ = ["Budget"]


class Budget:
    """Watch the time, and know what finished runs took.

    Parameters
    ----------
    minutes : float or None
        From now on; None for no end.
    sizes : dict of str to int
        Training samples of each data set.
    clock : function () -> seconds

    Notes
    -----
    A run is expected to take as long as the longest finished run that is like it: the same
    but for its seed; else the same method on another code of the data set; else, in
    proportion to the training samples, the same on another data set. What is like nothing
    that is finished has no expectation, and is started while there is time left at all.
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
        self._done: dict[Subject, float] = {}

    def note(self, subject: Subject, seconds: float) -> None:
        """Take down what a run took."""
        self._done[subject] = seconds

    def allows(self, subject: Subject) -> bool:
        """Tell whether a run is to be started."""
        if self._end is None:
            return True
        left = self._end - self._clock()
        return left > 0 and (self.expected(subject) or 0.0) <= left

    def expected(self, subject: Subject) -> float | None:
        """Return the seconds that a run is expected to take, or None where nothing is known."""
        tests: list[Callable[[Subject], bool]] = [
            lambda one: _but_seed(one) == _but_seed(subject),
            lambda one: one.dataset == subject.dataset and _method(one) == _method(subject),
            lambda one: _method(one) == _method(subject),
        ]
        for is_like in tests:
            found = [
                seconds * self._sizes[subject.dataset] / self._sizes[one.dataset]
                for one, seconds in self._done.items()
                if is_like(one)
            ]
            if found:
                return max(found)
        return None


def _but_seed(subject: Subject) -> tuple[str, str, int | None, str | None]:
    return subject.dataset, subject.encoder, subject.code_size, subject.embedding


def _method(subject: Subject) -> str:
    """Return what decides most of the time: the embedding, or for a code the encoder."""
    return subject.encoder if subject.embedding is None else f"→ {subject.embedding}"
