"""Define the options of a run once, for the command line, TOML files and Python.

Each field carries the help text of its command-line option and the values that it accepts.
`ReadingOptions`, `PreparationOptions`, `TrainingOptions` and `ReportOptions` are groups that
commands choose from; `Settings` has all of them. A TOML file uses the fields' names as keys, and
Python passes them as keywords.
"""

from aeviz.settings._option import split_names
from aeviz.settings.groups import QUICK, PreparationOptions, ReportOptions, TrainingOptions
from aeviz.settings.reading import ReadingOptions
from aeviz.settings.settings import Settings

__all__ = [
    "QUICK",
    "PreparationOptions",
    "ReadingOptions",
    "ReportOptions",
    "Settings",
    "TrainingOptions",
    "split_names",
]
