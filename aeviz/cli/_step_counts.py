"""Count the steps of a job, with what they took and what they will take."""

import time
from collections.abc import Sequence

from aeviz.cli._forecast import Forecast
from aeviz.cli._step_words import in_words
from aeviz.core.wording import plural

__all__ = ["StepCounts", "spoken"]


class StepCounts:
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
        is_last = self.position == self.total
        self.doing = "finishing" if is_last else "preparing the next step"
        self.message, self.share = "", 0.0

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
        if left is None:
            return spoken(self.seconds)
        return f"{spoken(self.seconds)}, " + (
            f"about {spoken(left)} left" if left >= 1 else "almost done"
        )

    def summary(self) -> str:
        """Return what was done, in one line."""
        kept = f", {self.n_kept:,} of them by an earlier run" if self.n_kept else ""
        return f"{plural(self.total, 'step')} done in {spoken(self.seconds)}{kept}"


def spoken(seconds: float) -> str:
    """Return a time in words.

    Examples
    --------
    >>> spoken(3.2), spoken(75), spoken(4_020)
    ('3 s', '1 min 15 s', '1 h 7 min')
    """
    if seconds < 1:
        return "less than 1 s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
