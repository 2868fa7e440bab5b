"""Draw the figures of a finished run and set them into one self-contained page.

Everything that the page needs is inside it: styles, and figures as data. It has no
script, and its Content-Security-Policy allows none and no request.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aeviz import __version__
from aeviz._files import whole_file, whole_folder
from aeviz.plots._text import EMPTY
from aeviz.registry import SECTIONS
from aeviz.report._content import Section, SectionContent
from aeviz.report._drawing import Drawn, draw, keep
from aeviz.report._words import shortened
from aeviz.runs import Run

__all__ = ["render"]

MOST_CHARACTERS = 80


@dataclass(frozen=True)
class _Built:
    """Hold a section ready for the template."""

    name: str
    title: str
    content: SectionContent
    drawn: dict[str, Drawn]


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
    built = []
    members = sorted(SECTIONS.members().items(), key=lambda item: item[1].order)
    with whole_folder(run.figures_path) as folder:
        for done, (name, section) in enumerate(members):
            if progress is not None:
                progress(done, len(members), name)
            one = _build(run, name, section, folder)
            if one is not None:
                built.append(one)
    with whole_file(run.report_path) as partial:
        partial.write_text(_page(run, built), encoding="utf-8")
    if progress is not None:
        progress(len(members), len(members), "")
    return run.report_path


def _build(run: Run, name: str, section: Section, folder: Path) -> _Built | None:
    content = section.build(run)
    if content is None:
        return None
    for figure in content.files:
        keep(figure, folder)
    drawn = {figure.name: draw(figure, folder) for figure in content.figures()}
    return _Built(name, section.title, content, drawn)


def _page(run: Run, sections: list[_Built]) -> str:
    """Fill the template."""
    environment = Environment(
        loader=PackageLoader("aeviz.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["heading"] = _unbroken
    environment.filters["label"] = lambda text: shortened(text.strip(), MOST_CHARACTERS) or EMPTY
    styles = files("aeviz.report").joinpath("templates/report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
    return environment.get_template("report.html").render(
        run=run,
        sections=sections,
        drawn={name: one for section in sections for name, one in section.drawn.items()},
        # Ours, not the data's: the policy allows exactly this text by its hash.
        styles=Markup(styles),
        style_hash=f"sha256-{digest}",
        version=__version__,
    )


def _unbroken(title: str) -> str:
    """Return a title that breaks before an arrow or a minus sign, and not within t-SNE."""
    kept = title.replace("t-SNE", "t\N{NON-BREAKING HYPHEN}SNE")
    return kept.replace("→ ", "→\N{NO-BREAK SPACE}")
