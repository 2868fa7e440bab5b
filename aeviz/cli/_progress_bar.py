"""Draw one bar over all steps of a job in a terminal, with the current step below it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO, cast

from rich.console import Console, Group
from rich.file_proxy import FileProxy
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from aeviz.cli._step_counts import StepCounts

__all__ = ["Bar", "drawn_progress"]

MOST_BAR_WIDTH = 30


@contextmanager
def drawn_progress(opening: str, stream: TextIO) -> Iterator[tuple[StepCounts, TextIO]]:
    """Give what draws the progress, and a stream whose lines stand above the bar."""
    console = Console(file=stream)
    shown = Bar(opening, console)
    live = Live(
        get_renderable=shown.drawn,
        console=console,
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with live:
        yield shown, cast(TextIO, FileProxy(console, stream))
    if shown.total:
        console.print(shown.summary(), highlight=False, soft_wrap=True)


class Bar(StepCounts):
    """One bar over all steps, with the current step below it."""

    def __init__(self, opening: str, console: Console) -> None:
        super().__init__(opening)
        self.console = console

    def drawn(self) -> Group:
        """Return the bar, the current step and how far that is, for the terminal's width."""
        if not self.total:
            return Group(_line(f"{self.now} ..."))
        bar = Table.grid(padding=(0, 1))
        width = min(MOST_BAR_WIDTH, self.console.width // 3)
        text = _line(f"{self._overall():4.0%}  {self.times()}")
        bar.add_row(ProgressBar(total=1.0, completed=self._overall(), width=width), text)
        # Always as many lines, so that nothing jumps.
        return Group(bar, _line(f"  {self.doing}"), _line(f"  {self.message}", style="dim"))

    def _overall(self) -> float:
        """Return how much of everything is done; it never goes back."""
        left = self.remaining()
        share = self.position / (self.total + 1)
        if left is not None:
            share = self.seconds / max(self.seconds + left, 1e-9)
        self.shown_share = max(self.shown_share, min(share, 1.0))
        return self.shown_share


def _line(text: str, style: str = "") -> Text:
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")
