"""Forecast the memory and the time of a report, before anything of it is made."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import psutil

from aeviz.core.memory import MB, size_words
from aeviz.core.wording import plural
from aeviz.pipeline.make_report import ReportSteps
from aeviz.pipeline.time_estimates import Durations
from aeviz.runs.steps import check_memory

__all__ = ["ReportForecast"]

# What the allocator keeps of memory that was given back.
KEPT = 1.1
# Sizes of machines in GB, and the share of their memory that is left to a program.
MACHINES = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
LEFT = 0.9


@dataclass(frozen=True)
class ReportForecast:
    """Memory and time of a report.

    Parameters
    ----------
    peak_bytes : int
        Estimate of the most memory that the process holds; above what was measured, by less than
        the same again.
    seconds : float
        Estimate of the duration on two cores that do nothing else.
    """

    peak_bytes: int
    seconds: float

    @classmethod
    def of(cls, report: ReportSteps) -> ReportForecast:
        """Return the forecast of a report whose data are read and prepared in this process.

        Raises
        ------
        AevizError
            If a step would not fit in the memory that is free.
        """
        more = check_memory(report.steps())
        held = psutil.Process().memory_info().rss
        peak = max(_peak_so_far(), KEPT * (held + more))
        return cls(round(peak), Durations(report).total())

    @property
    def machine_gb(self) -> int | None:
        """Return the size of the smallest usual machine that is enough; None for none of them."""
        return next((gb for gb in MACHINES if self.peak_bytes <= LEFT * gb * 1000 * MB), None)

    @property
    def memory_words(self) -> str:
        """Return the memory in words."""
        machine = "" if self.machine_gb is None else f"; a machine of {self.machine_gb:,} GB"
        return f"about {size_words(self.peak_bytes)} at most{machine}{machine and ' is enough'}"

    @property
    def time_words(self) -> str:
        """Return the time in words, and what the forecast is based on."""
        minutes = self.seconds / 60
        about = "less than a minute" if minutes < 1 else f"about {plural(round(minutes), 'minute')}"
        if minutes >= 90:
            about = f"about {plural(round(minutes / 60), 'hour')}"
        return f"{about} on 2 cores (by what runs of other shapes took; networks may stop earlier)"


def _peak_so_far() -> int:
    """Return the most memory that this process has held; 0 where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return 0
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
