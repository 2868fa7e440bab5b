"""Say how a run tells that it goes on, without saying how that is shown.

The pipeline speaks to a `Progress`; the command line gives one that draws, tests
give one that listens, and `Silent` is for everybody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from aeviz.core.resource_meter import Meter

__all__ = ["Progress", "Silent", "performing"]


class Progress(Protocol):
    """Hear what a run is doing; calls come in this order, `update` any number of times."""

    def begin(self, names: Sequence[str]) -> None:
        """Hear the names of all steps before the first starts."""

    def start(self, name: str) -> None:
        """Hear that a step starts."""

    def update(self, done: float, total: float, message: str = "") -> None:
        """Hear how far the current step is, with a short word on it (a loss, say)."""

    def finish(self, name: str, seconds: float) -> None:
        """Hear that the step is done."""

    def keep(self, name: str) -> None:
        """Hear that a step stands finished from an earlier run, and does not start."""


class Silent:
    """Hear and say nothing."""

    def begin(self, names: Sequence[str]) -> None:
        """Do nothing."""

    def start(self, name: str) -> None:
        """Do nothing."""

    def update(self, done: float, total: float, message: str = "") -> None:
        """Do nothing."""

    def finish(self, name: str, seconds: float) -> None:
        """Do nothing."""

    def keep(self, name: str) -> None:
        """Do nothing."""


@contextmanager
def performing(progress: Progress, name: str) -> Iterator[Meter]:
    """Tell of a step's start and end, and give the clock that runs over the ``with`` block."""
    progress.start(name)
    with Meter() as meter:
        yield meter
    progress.finish(name, meter.seconds)
