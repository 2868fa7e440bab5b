"""Show a run's progress: live where stderr is a terminal, plain lines where it is not."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Display

from aeviz.cli._terminal import own_stderr
from aeviz.core.progress import Progress, Silent

__all__ = ["showing_progress"]

SECONDS_BETWEEN_LINES = 10.0


@contextmanager
def showing_progress(*, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """Give what a run should report to, and clean the display up afterwards."""
    with own_stderr(hide_native=not verbose) as stream:
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


class _Live:
    """Draw a line for each finished step and a bar for the current one."""

    def __init__(self, display: Display) -> None:
        self.display = display

    def begin(self, names: Sequence[str]) -> None:
        """Remember how many steps there are."""
        self.total = len(names)
        self.position = 0

    def start(self, name: str) -> None:
        """Add a line for the step."""
        self.position += 1
        description = f"[{self.position:>2}/{self.total}] {name:<20}".replace("[", r"\[", 1)
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
        self.update(1, 1, "kept from an earlier run")
        self.display.stop_task(self.task)


class _Lines:
    """Print a line when a step starts, now and then while it runs, and when it is done."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def begin(self, names: Sequence[str]) -> None:
        """Remember how many steps there are."""
        self.total = len(names)
        self.position = 0

    def start(self, name: str) -> None:
        """Print the step's name."""
        self.position += 1
        self.name = name
        self.last = time.monotonic()
        self._print("...")

    def update(self, done: float, total: float, message: str = "") -> None:
        """Print how far the step is, if the last line is some time ago."""
        if time.monotonic() - self.last < SECONDS_BETWEEN_LINES:
            return
        self.last = time.monotonic()
        count = f"{done:g}/{total:g}" if total > 1 else f"{done:.0%}"
        self._print(f"{count} {message}".strip())

    def finish(self, name: str, seconds: float) -> None:
        """Print what the step took."""
        self._print(f"done in {seconds:.1f} s")

    def keep(self, name: str) -> None:
        """Print that the step is not done again."""
        self.position += 1
        self.name = name
        self._print("kept from an earlier run")

    def _print(self, text: str) -> None:
        print(f"[{self.position}/{self.total}] {self.name}: {text}", file=self.stream, flush=True)
