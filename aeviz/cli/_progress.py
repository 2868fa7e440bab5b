"""Show a job's progress: one bar where stderr is a terminal, a few lines where it is not.

TensorFlow writes notices straight to the process's standard error before any of its
settings can stop it. While a job goes on, file descriptor 2 leads nowhere, and what
aeviz itself has to say goes to a copy of where it led before.
"""

import logging
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from aeviz.cli._step_counts import StepCounts
from aeviz.core.progress import Progress, Silent

__all__ = ["showing_progress"]

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
    with _shown(opening, quiet=quiet, verbose=verbose) as shown, _interrupts() as interrupts:
        yield _Interruptible(shown, interrupts)


@contextmanager
def _shown(opening: str, *, quiet: bool, verbose: bool) -> Iterator[Progress]:
    """Give what shows the progress."""
    with _own_stderr(hide_native=not verbose) as stream:
        if quiet:
            yield Silent()
        elif stream.isatty() and os.environ.get("TERM") not in ("dumb", "unknown"):
            width = shutil.get_terminal_size().columns
            print(f"{opening} ..."[: width - 1], end="", file=stream, flush=True)
            # Imported only now, so that the first words are there at once.
            from aeviz.cli._progress_bar import drawn_progress

            print("\r", end="", file=stream, flush=True)
            with drawn_progress(opening, stream) as (shown, above), _logging_to(above):
                yield shown
        else:
            lines = _Lines(opening, stream)
            yield lines
            if lines.total:
                print(lines.summary(), file=stream, flush=True)


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Give a list that gets an entry for every Ctrl-C, which is raised as usual, too."""
    seen: list[int] = []

    def remember(number: int, frame: FrameType | None) -> None:
        seen.append(number)
        signal.default_int_handler(number, frame)

    if threading.current_thread() is not threading.main_thread():
        yield seen
        return
    before = signal.signal(signal.SIGINT, remember)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)


class _Interruptible:
    """Progress that raises a Ctrl-C again: while libraries are imported, it may get lost."""

    def __init__(self, shown: Progress, interrupts: Sequence[int]) -> None:
        self._shown, self._interrupts = shown, interrupts

    def begin(self, names: Sequence[str]) -> None:
        self._shown.begin(names)

    def start(self, name: str) -> None:
        self._check()
        self._shown.start(name)

    def update(self, done: float, total: float, message: str = "") -> None:
        self._check()
        self._shown.update(done, total, message)

    def finish(self, name: str, seconds: float) -> None:
        self._shown.finish(name, seconds)

    def keep(self, name: str) -> None:
        self._shown.keep(name)

    def _check(self) -> None:
        if self._interrupts:
            raise KeyboardInterrupt


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


class _Lines(StepCounts):
    """Print a line at the beginning, and now and then what is done."""

    def __init__(self, opening: str, stream: TextIO, *, seconds_between: float = 10.0) -> None:
        super().__init__(opening)
        self.stream, self.last = stream, float("-inf")
        self.seconds_between = seconds_between
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
        if time.monotonic() - self.last >= self.seconds_between:
            self.last = time.monotonic()
            text = f"[{self.position}/{self.total}] {self.now} ({self.times()})"
            print(text, file=self.stream, flush=True)
