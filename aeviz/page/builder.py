"""Builder of one self-contained page from its sections, with their figures as files.

Everything that the page needs is inside it: styles, figures as data, and for a run the script of
the live maps with its data. Its Content-Security-Policy allows that script and those styles by
their hashes, nothing else and no request. The builder knows no run: `aeviz.report.rendering` gives
it the sections of a run, `aeviz.tutorial.report_page` those of the tutorial, and
`aeviz.benchmark.report_page` those of a benchmark.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from aeviz.core.atomic_files import atomic_file, atomic_folder
from aeviz.core.version import __version__
from aeviz.page.blobs import Blobs
from aeviz.page.content import SectionContent
from aeviz.page.drawing import Drawn, draw, keep
from aeviz.page.wording import in_sentence, shortened
from aeviz.plots.text import EMPTY
from aeviz.runs.steps import StepFolder

__all__ = ["Heading", "Live", "PageSection", "write_page"]

# Every page has the first; the others style what the script makes.
STYLES = ("report.css", "live.css", "decoder.css")
MAX_CHARACTERS = 80

Progress = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Heading:
    """Heading of a page, and its title.

    Parameters
    ----------
    kind : str
        What sort of page it is, on a line of its own above the title.
    title : str
    facts : sequence of str
        The line below the title.
    created : str
        When the results were made, ISO 8601; the page shows the day.
    """

    kind: str
    title: str
    facts: tuple[str, ...]
    created: str


@dataclass(frozen=True)
class PageSection:
    """A section and the function that builds it; without content it is left out."""

    name: str
    title: str
    build: Callable[[], SectionContent | None]


@dataclass(frozen=True)
class Live:
    """Data for the page's script; for its types see `aeviz.report.manifest`."""

    manifest: Mapping[str, object]
    blobs: Blobs

    def json(self) -> str:
        """Return the manifest as JSON that cannot end the element that it is in."""
        text = json.dumps(self.manifest, allow_nan=False, separators=(",", ":"))
        return text.replace("<", "\\u003c")


@dataclass(frozen=True)
class _Built:
    """A section ready for the template."""

    name: str
    title: str
    content: SectionContent
    drawn: dict[str, Drawn]


def write_page(
    page: StepFolder,
    heading: Heading,
    sections: Iterable[PageSection],
    *,
    live: Live | None = None,
    progress: Progress | None = None,
) -> Path:
    """Build the sections, draw their figures and write the page.

    Parameters
    ----------
    page : StepFolder
        Where the page and its figures go: the page appears whole or not at all, the folder of
        figures is replaced as a whole.
    heading : Heading
    sections : iterable of PageSection
        In the order of the page.
    live : Live or None
        Data for the script; None writes a page without script.
    progress : function (done, total, name of the section) or None

    Returns
    -------
    Path
        The page.
    """
    members = list(sections)
    built = []
    with atomic_folder(page.figures_path) as folder:
        for done, section in enumerate(members):
            if progress is not None:
                progress(done, len(members), section.name)
            one = _build(section, folder)
            if one is not None:
                built.append(one)
    with atomic_file(page.report_path) as partial:
        partial.write_text(_filled(heading, built, live), encoding="utf-8")
    if progress is not None:
        progress(len(members), len(members), "")
    return page.report_path


def _build(section: PageSection, folder: Path) -> _Built | None:
    content = section.build()
    if content is None:
        return None
    for figure in content.files:
        keep(figure, folder)
    drawn = {figure.name: draw(figure, folder) for figure in content.figures()}
    return _Built(section.name, section.title, content, drawn)


def _filled(heading: Heading, sections: list[_Built], live: Live | None) -> str:
    """Fill the template."""
    environment = Environment(
        loader=PackageLoader("aeviz.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["heading"] = _unbroken
    environment.filters["in_sentence"] = in_sentence
    environment.filters["label"] = lambda text: shortened(text.strip(), MAX_CHARACTERS) or EMPTY
    names = STYLES if live else STYLES[:1]
    styles = "\n".join(_text_of(f"templates/{name}") for name in names)
    script = _text_of("static/report.js") if live else ""
    return environment.get_template("report.html").render(
        heading=heading,
        sections=sections,
        drawn={name: one for section in sections for name, one in section.drawn.items()},
        # Ours, not the data's: the policy allows exactly this text by its hash.
        styles=Markup(styles),  # noqa: S704 - see above
        style_hash=_hash(styles),
        script=Markup(script),  # noqa: S704 - see above
        script_hash=_hash(script) if live else "",
        manifest=Markup(live.json()) if live else "",  # noqa: S704 - escaped by json()
        blobs=live.blobs.texts if live else [],
        version=__version__,
    )


def _text_of(name: str) -> str:
    return files("aeviz.page").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _unbroken(title: str) -> str:
    """Return a title that breaks before an arrow or a minus sign, and not within t-SNE."""
    kept = title.replace("t-SNE", "t\N{NON-BREAKING HYPHEN}SNE")
    return kept.replace("→ ", "→\N{NO-BREAK SPACE}")
