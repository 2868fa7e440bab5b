"""Define how the steps of a run report their progress.

The pipeline calls the methods of a `Progress`. The command line passes one that draws, tests
pass one that records, and `Silent` is the default.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from aeviz.core.resource_meter import Meter

__all__ = ["Progress", "Silent", "performing"]


class Progress(Protocol):
    """Receiver of progress; methods are called in this order, `update` any number of times."""

    def begin(self, names: Sequence[str]) -> None:
        """Receive the names of all steps before the first starts."""

    def start(self, name: str) -> None:
        """Receive that a step starts."""

    def update(self, done: float, total: float, message: str = "") -> None:
        """Receive how far the current step is, with a short note (a loss, for example)."""

    def finish(self, name: str, seconds: float) -> None:
        """Receive that the step is done."""

    def keep(self, name: str) -> None:
        """Receive that a step was finished by an earlier run and does not start."""


class Silent:
    """Progress that is shown nowhere."""

    def _ignore(self, *_: Any, **__: Any) -> None:
        """Do nothing."""

    begin = start = update = finish = keep = _ignore


@contextmanager
def performing(progress: Progress, name: str) -> Iterator[Meter]:
    """Report a step's start and end, and yield the meter of the ``with`` block."""
    progress.start(name)
    with Meter() as meter:
        yield meter
    progress.finish(name, meter.seconds)
