"""Draw the figures of a finished run and set them into one self-contained page."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from aeviz.core.registry import SECTIONS
from aeviz.page.builder import Heading, PageSection, write_page
from aeviz.report._live_page import live_page
from aeviz.runs.run import Run

__all__ = ["render"]


def render(run: Run, *, progress: Callable[[float, float, str], None] | None = None) -> Path:
    """Write ``report.html`` and the figures of a finished run.

    Parameters
    ----------
    run : Run
    progress : function (done, total, name of the section) or None

    Returns
    -------
    Path
        The page.

    Raises
    ------
    AevizError
        If the folder holds no finished run.
    """
    run.require_finished()
    facts = (
        f"{run.data.n_samples:,} samples",
        f"{run.data.n_features:,} features",
        f"seed {run.info['seed']}",
    )
    is_quick = run.settings.get("quick", False)
    kind = "Quick first page" if is_quick else "Dimensionality-reduction report"
    title = run.settings.get("title") or run.data.name
    heading = Heading(kind, title, facts, run.info["created"])
    members = sorted(SECTIONS.members().items(), key=lambda item: item[1].order)
    sections = [PageSection(name, one.title, partial(one.build, run)) for name, one in members]
    return write_page(run, heading, sections, live=live_page(run), progress=progress)
