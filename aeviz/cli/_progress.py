"""Show a job's progress: one bar where stderr is a terminal, a few lines where it is not.

TensorFlow writes notices straight to the process's standard error before any of its
settings can stop it. While a job goes on, file descriptor 2 leads nowhere, and what
aeviz itself has to say goes to a copy of where it led before.
"""

import logging
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO, cast

from rich.console import Console, Group
from rich.file_proxy import FileProxy
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from aeviz.cli._forecast import Forecast
from aeviz.cli._step_words import in_words
from aeviz.core.progress import Progress, Silent
from aeviz.core.wording import plural

__all__ = ["showing_progress"]

SECONDS_BETWEEN_LINES = 10.0
MOST_BAR_WIDTH = 30
Handlers = list["logging.StreamHandler[TextIO]"]


@contextmanager
def showing_progress(opening: str, *, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """Give what a job should report to, and clean the display up afterwards.

    Parameters
    ----------
    opening : str
        What is done before the first step, ``reading data.csv`` for example.
    quiet : bool
        Whether to show nothing.
    verbose : bool
        Whether to show what native code writes, too.
    """
    with _own_stderr(hide_native=not verbose) as stream:
        console = Console(file=stream)
        if quiet:
            yield Silent()
        elif console.is_terminal and not console.is_dumb_terminal:
            shown = _Bar(opening, console)
            live = Live(
                get_renderable=shown.drawn,
                console=console,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            with live, _logging_to(cast(TextIO, FileProxy(console, stream))):
                yield shown
            if shown.total:
                console.print(shown.summary(), highlight=False, soft_wrap=True)
        else:
            lines = _Lines(opening, stream)
            yield lines
            if lines.total:
                print(lines.summary(), file=stream, flush=True)


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
    with os.fdopen(
        os.dup(original), "w", encoding="utf-8", errors="replace", buffering=1
    ) as stream:
        os.dup2(nowhere, 2)
        try:
            with _logging_to(stream):
                yield stream
        finally:
            os.dup2(original, 2)
            os.close(original)
            os.close(nowhere)


@contextmanager
def _logging_to(stream: TextIO) -> Iterator[None]:
    """Lead the handlers of aeviz's log to a stream."""
    handlers: Handlers = [
        h for h in logging.getLogger("aeviz").handlers if isinstance(h, logging.StreamHandler)
    ]
    former = [handler.setStream(stream) for handler in handlers]
    try:
        yield
    finally:
        for handler, old in zip(handlers, former, strict=True):
            if old is not None:
                handler.setStream(old)


class _Counted:
    """Steps that are counted, with what they took and what they will take."""

    def __init__(self, opening: str) -> None:
        self.name, self.doing, self.message = "", opening, ""
        self.total = self.position = self.n_kept = 0
        self.share = self.shown_share = 0.0
        self.began = self.step_began = time.monotonic()
        self.forecast: Forecast | None = None

    def begin(self, names: Sequence[str]) -> None:
        """Remember the steps."""
        self.total = len(names)
        self.forecast = Forecast(names)

    def start(self, name: str) -> None:
        """Count the step."""
        self.position += 1
        self.name, self.doing, self.message, self.share = name, in_words(name), "", 0.0
        self.step_began = time.monotonic()

    def update(self, done: float, total: float, message: str = "") -> None:
        """Remember how far the step is."""
        self.share = min(done / total, 1.0) if total else 0.0
        count = f"{done:g} of {total:g}" if total > 1 and done else ""
        self.message = ", ".join(part for part in (count, message) if part)

    def finish(self, name: str, seconds: float) -> None:
        """Take note of what the step took."""
        if self.forecast is not None:
            self.forecast.finish(name, seconds)
        self.share = 0.0

    def keep(self, name: str) -> None:
        """Count a step that an earlier run did."""
        self.position += 1
        self.n_kept += 1
        if self.forecast is not None:
            self.forecast.keep(name)

    @property
    def now(self) -> str:
        """Return what is done now."""
        return f"{self.doing}: {self.message}" if self.message else self.doing

    @property
    def seconds(self) -> float:
        """Return the seconds since the beginning."""
        return time.monotonic() - self.began

    def remaining(self) -> float | None:
        """Return the seconds that are left, or None while they are not known."""
        if self.forecast is None or not self.position:
            return None
        taken = time.monotonic() - self.step_began
        return self.forecast.remaining(self.name, seconds=taken, share=self.share)

    def times(self) -> str:
        """Return the elapsed and the remaining time in words."""
        left = self.remaining()
        return _spoken(self.seconds) + ("" if left is None else f", about {_spoken(left)} left")

    def summary(self) -> str:
        """Return what was done, in one line."""
        kept = f", {self.n_kept:,} of them by an earlier run" if self.n_kept else ""
        return f"{plural(self.total, 'step')} done in {_spoken(self.seconds)}{kept}"


class _Bar(_Counted):
    """One bar over all steps, with the current step below it."""

    def __init__(self, opening: str, console: Console) -> None:
        super().__init__(opening)
        self.console = console

    def drawn(self) -> Group:
        """Return the bar and the line below it, for the width of the terminal."""
        current = Text(f"  {self.now}", style="dim", no_wrap=True, overflow="ellipsis")
        if not self.total:
            return Group(Text(f"{self.now} ...", no_wrap=True, overflow="ellipsis"))
        bar = Table.grid(padding=(0, 1))
        width = min(MOST_BAR_WIDTH, self.console.width // 3)
        text = Text(f"{self._overall():4.0%}  {self.times()}", no_wrap=True, overflow="ellipsis")
        bar.add_row(ProgressBar(total=1.0, completed=self._overall(), width=width), text)
        return Group(bar, current)

    def _overall(self) -> float:
        """Return how much of everything is done; it never goes back."""
        left = self.remaining()
        share = self.position / (self.total + 1)
        if left is not None:
            share = self.seconds / max(self.seconds + left, 1e-9)
        self.shown_share = max(self.shown_share, min(share, 1.0))
        return self.shown_share


class _Lines(_Counted):
    """Print a line at the beginning, and now and then what is done."""

    def __init__(self, opening: str, stream: TextIO) -> None:
        super().__init__(opening)
        self.stream, self.last = stream, float("-inf")
        print(opening, file=stream, flush=True)

    def start(self, name: str) -> None:
        """Print what the step does, if the last line is some time ago."""
        super().start(name)
        self._tell()

    def update(self, done: float, total: float, message: str = "") -> None:
        """Print how far the step is, if the last line is some time ago."""
        super().update(done, total, message)
        self._tell()

    def _tell(self) -> None:
        if time.monotonic() - self.last >= SECONDS_BETWEEN_LINES:
            self.last = time.monotonic()
            text = f"[{self.position}/{self.total}] {self.now} ({self.times()})"
            print(text, file=self.stream, flush=True)


def _spoken(seconds: float) -> str:
    """Return a time in words.

    Examples
    --------
    >>> _spoken(3.2), _spoken(75), _spoken(4_020)
    ('3 s', '1 min 15 s', '1 h 7 min')
    """
    if seconds < 1:
        return "less than 1 s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
