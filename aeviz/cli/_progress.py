"""Show a run's progress: live where stderr is a terminal, plain lines where it is not.

TensorFlow writes notices straight to the process's standard error before any of its
settings can stop it. While a run goes on, file descriptor 2 leads nowhere, and what
aeviz itself has to say goes to a copy of where it led before.
"""

import logging
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Display

from aeviz.core.progress import Progress, Silent

__all__ = ["showing_progress"]

SECONDS_BETWEEN_LINES = 10.0
KEPT = "kept from an earlier run"


@contextmanager
def showing_progress(*, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """Give what a run should report to, and clean the display up afterwards."""
    with _own_stderr(hide_native=not verbose) as stream:
        console = Console(file=stream)
        if quiet:
            yield Silent()
        elif console.is_terminal:
            display = Display(
                TextColumn("{task.description}"),
                BarColumn(bar_width=24),
                TimeElapsedColumn(),
                TextColumn("[dim]{task.fields[message]}"),
                console=console,
            )
            with display:
                yield _Live(display)
        else:
            yield _Lines(stream)


@contextmanager
def _own_stderr(*, hide_native: bool) -> Iterator[TextIO]:
    """Give a stream to standard error that native code does not write to.

    The handlers of aeviz's log are led there too. With `hide_native` False nothing is hidden.
    """
    if not hide_native:
        yield sys.stderr
        return
    sys.stderr.flush()
    original = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    handlers = [
        h for h in logging.getLogger("aeviz").handlers if isinstance(h, logging.StreamHandler)
    ]
    former = [handler.stream for handler in handlers]
    with os.fdopen(
        os.dup(original), "w", encoding="utf-8", errors="replace", buffering=1
    ) as stream:
        for handler in handlers:
            handler.setStream(stream)
        os.dup2(nowhere, 2)
        try:
            yield stream
        finally:
            os.dup2(original, 2)
            os.close(original)
            os.close(nowhere)
            for handler, old in zip(handlers, former, strict=True):
                handler.setStream(old)


class _Counted:
    """Steps that are counted as they start."""

    def begin(self, names: Sequence[str]) -> None:
        """Remember how many steps there are."""
        self.total = len(names)
        self.position = 0

    def start(self, name: str) -> None:
        """Count the step."""
        self.position += 1
        self.name = name


class _Live(_Counted):
    """Draw a line for each finished step and a bar for the current one."""

    def __init__(self, display: Display) -> None:
        self.display = display

    def start(self, name: str) -> None:
        """Add a line for the step."""
        super().start(name)
        description = rf"\[{self.position:>2}/{self.total}] {name:<20}"
        self.task = self.display.add_task(description, total=None, message="")

    def update(self, done: float, total: float, message: str = "") -> None:
        """Move the bar."""
        count = f"{done:g}/{total:g}" if total > 1 else ""
        text = "  ".join(part for part in (count, message.replace("[", r"\[")) if part)
        self.display.update(self.task, completed=done, total=total, message=text)

    def finish(self, name: str, seconds: float) -> None:
        """Fill the bar and stop its clock."""
        self.display.update(self.task, completed=1, total=1)
        self.display.stop_task(self.task)

    def keep(self, name: str) -> None:
        """Add a line for a step that is not done again."""
        self.start(name)
        self.update(1, 1, KEPT)
        self.display.stop_task(self.task)


class _Lines(_Counted):
    """Print a line when a step starts, now and then while it runs, and when it is done."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def start(self, name: str) -> None:
        """Print the step's name."""
        super().start(name)
        self._print("...")

    def update(self, done: float, total: float, message: str = "") -> None:
        """Print how far the step is, if the last line is some time ago."""
        if time.monotonic() - self.last >= SECONDS_BETWEEN_LINES:
            count = f"{done:g}/{total:g}" if total > 1 else f"{done:.0%}"
            self._print(f"{count} {message}".strip())

    def finish(self, name: str, seconds: float) -> None:
        """Print what the step took."""
        self._print(f"done in {seconds:.1f} s")

    def keep(self, name: str) -> None:
        """Print that the step is not done again."""
        super().start(name)
        self._print(KEPT)

    def _print(self, text: str) -> None:
        self.last = time.monotonic()
        print(f"[{self.position}/{self.total}] {self.name}: {text}", file=self.stream, flush=True)
