"""Say what a format of export is: where it goes, what can be asked of it, and how it is written.

A member of the family is one `Export`. What is common to all, from finding the run to putting
the result in its place whole, is `aeviz.exports._export_run`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aeviz.core.exceptions import AevizError

if TYPE_CHECKING:
    from aeviz.runs.model import Model
    from aeviz.runs.run import Run

__all__ = ["OPTIONS", "Choices", "Export"]

Update = Callable[[float, float, str], None]

# What can be asked for, by the name of the option on the command line.
OPTIONS = {
    "encoders": "--encoder",
    "codes": "--codes",
    "figures": "--figure",
    "theme": "--theme",
    "width_mm": "--width",
    "dpi": "--dpi",
}


@dataclass(frozen=True)
class Choices:
    """Say what of a run is wanted, and how.

    Parameters
    ----------
    encoders : tuple of str
        Those whose codes and pictures are wanted, each known to the run; in the order asked for,
        or the run's if all are wanted. The data themselves, ``identity``, may be among them.
    codes : bool
        Whether a table holds the codes.
    figures : tuple of str
        Names of figures; none means all.
    theme : {"light", "dark"}
    width_mm : float or None
        Width of every figure; None leaves each as large as it is on the page.
    dpi : int
        Pixels an inch of a raster image.
    update : function (done, total, message)
        Hears how far the writing is.
    """

    encoders: tuple[str, ...]
    update: Update
    codes: bool = False
    figures: tuple[str, ...] = ()
    theme: str = "light"
    width_mm: float | None = None
    dpi: int = 300


@dataclass(frozen=True)
class Export:
    """Describe a format.

    Parameters
    ----------
    write : function (source, path, choices) -> list of str
        Writes to a path where nothing is, or into an empty folder, and returns lines for the
        user, what was written first. The source is a finished run, or a model where those are
        accepted.
    suffix : str or None
        Of the file; None if it is a folder.
    marker : str
        Of a folder, the file by which an earlier export is known.
    options : frozenset of str
        Fields of `Choices` that have a meaning here.
    accepts_models : bool
        Whether a model of ``aeviz train`` will do as well as a run.
    needs : str or None
        A package that comes with the extra of its name.
    """

    write: Callable[[Run | Model, Path, Choices], list[str]]
    suffix: str | None = None
    marker: str = ""
    options: frozenset[str] = frozenset({"encoders"})
    accepts_models: bool = False
    needs: str | None = None

    def check_options(self, to: str, given: dict[str, Any]) -> None:
        """Check that what was asked for has a meaning in this format, and that it can be written.

        Raises
        ------
        AevizError
            If not.
        """
        taken = ", ".join(OPTIONS[name] for name in OPTIONS if name in self.options)
        for name in given.keys() - self.options:
            raise AevizError(f"{OPTIONS[name]} says nothing to {to}, which takes {taken}")
        if self.needs is not None and find_spec(self.needs) is None:
            raise AevizError(
                f"--to {to} needs the package {self.needs}, which is not installed: "
                f"pip install 'aeviz[{self.needs}]'"
            )
