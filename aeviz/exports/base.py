"""Contract of an export format: where it goes, which options it takes, and how it is written.

A member of the family is one `Export`. What all have in common, from reading the run to writing
the result completely or not at all, is in `aeviz.exports._export_run`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aeviz.core.exceptions import AevizError, SettingError

if TYPE_CHECKING:
    from aeviz.runs.model import Model
    from aeviz.runs.run import Run

__all__ = ["OPTIONS", "Choices", "Export"]

Update = Callable[[float, float, str], None]

# What can be asked for.
OPTIONS = ("encoders", "codes", "figures", "theme", "width_mm", "dpi")


@dataclass(frozen=True)
class Choices:
    """What to export from a run, and how.

    Parameters
    ----------
    encoders : tuple of str
        Encoders whose codes and embeddings are wanted, each known to the run; in the order
        asked for, or the run's if all are wanted. ``identity``, the original data, may be among
        them.
    codes : bool
        Whether a table holds the codes.
    figures : tuple of str
        Names of figures; none means all.
    theme : {"light", "dark"}
    width_mm : float or None
        Width of every figure; None keeps the size on the page.
    dpi : int
        Pixels per inch of a raster image.
    update : function (done, total, message)
        Receives the progress of writing.
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
    """Export format.

    Parameters
    ----------
    write : function (source, path, choices) -> list of str
        Writes to a new path or into an empty folder, and returns lines for the user, first
        what was written. The source is a finished run, or a model where those are accepted.
    suffix : str or None
        Suffix of the file; None for a folder.
    marker : str
        File of a folder by which an earlier export is recognised.
    options : frozenset of str
        Fields of `Choices` that this format uses.
    accepts_models : bool
        Whether a model of ``aeviz train`` is accepted as well as a run.
    needs : str or None
        Package that must be installed, with the extra of its name.
    """

    write: Callable[[Run | Model, Path, Choices], list[str]]
    suffix: str | None = None
    marker: str = ""
    options: frozenset[str] = frozenset({"encoders"})
    accepts_models: bool = False
    needs: str | None = None

    def check_options(self, to: str, given: dict[str, Any]) -> None:
        """Check that this format uses the given options and can be written.

        Raises
        ------
        AevizError
            If not.
        """
        taken = ", ".join(name for name in OPTIONS if name in self.options)
        for name in given.keys() - self.options:
            message = f"{name} has no meaning for the format {to}, which takes {taken}"
            raise SettingError(name, given[name], taken, message=message)
        if self.needs is not None and find_spec(self.needs) is None:
            raise AevizError(
                f"the format {to} needs the package {self.needs}, which is not installed: "
                f"pip install 'aeviz[{self.needs}]'"
            )
