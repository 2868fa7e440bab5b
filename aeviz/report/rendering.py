"""Draw the figures of a finished run and set them into one self-contained page."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from aeviz.core.exceptions import SettingError
from aeviz.core.output_paths import check_file
from aeviz.core.registry import SECTIONS
from aeviz.page.builder import Heading, PageSection, Place, write_page
from aeviz.report._live_page import live_page
from aeviz.report._shared_page import shared_page
from aeviz.report.sections.base import Section
from aeviz.runs.clusters import Clusters
from aeviz.runs.run import Run

__all__ = ["SHARED", "render", "render_shared"]

SHARED = "report-share.html"
"""Name of the page to share in a run's folder."""

Progress = Callable[[float, float, str], None]


def render(run: Run, *, progress: Progress | None = None) -> Path:
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
    sections = [PageSection(name, one.title, partial(one.build, run)) for name, one in _members()]
    return write_page(run, _heading(run), sections, live=live_page(run), progress=progress)


def render_shared(
    run: Run, path: str | Path | None = None, *, progress: Progress | None = None
) -> Path:
    """Write a page to share: coordinates, labels and scores, and nothing else of the samples.

    It has no values, names of features, ids, texts, batches, further labels, images, codes,
    decoders or new samples. Sections that show these are left out, or shown without them. The
    files of the run stay as they are.

    Parameters
    ----------
    run : Run
    path : path-like or None
        An ``.html`` file, which is written over; None is ``report-share.html`` in the run's folder.
    progress : function (done, total, name of the section) or None

    Returns
    -------
    Path
        The page.

    Raises
    ------
    AevizError
        If the folder holds no finished run, or the file cannot be written.
    """
    run.require_finished()
    run = _SharedRun(run.path)
    target = run.path / SHARED if path is None else Path(path)
    check_file(target, suffixes=[".html"])
    if target.resolve() == run.report_path.resolve():
        message = f"out must be another file than {target}, the run's own page"
        raise SettingError("out", message=message)
    sections = [
        PageSection(name, one.title, partial(one.shared, run))
        for name, one in _members()
        if one.shared is not None
    ]
    with TemporaryDirectory() as folder:
        place, heading = Place(target, Path(folder) / "figures"), _heading(run)
        heading = replace(heading, kind=f"{heading.kind}, without its samples")
        return write_page(place, heading, sections, live=shared_page(run), progress=progress)


class _SharedRun(Run):
    """Run whose clusters are told by no feature and no sample."""

    @property
    def clusters(self) -> Clusters | None:
        """Return the clusters by label or number alone."""
        found = super().clusters
        return None if found is None else found.without_samples()


def _members() -> list[tuple[str, Section]]:
    """Return the sections in the order of the page."""
    return sorted(SECTIONS.members().items(), key=lambda item: item[1].order)


def _heading(run: Run) -> Heading:
    facts = (
        f"{run.data.n_samples:,} samples",
        f"{run.data.n_features:,} features",
        f"seed {run.info['seed']}",
    )
    is_quick = run.settings.get("quick", False)
    kind = "Quick first page" if is_quick else "Dimensionality-reduction report"
    title = run.settings.get("title") or run.data.name
    return Heading(kind, title, facts, run.info["created"])
