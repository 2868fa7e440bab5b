"""Builder of one self-contained page from its sections, with their figures as files.

Everything that the page needs is inside it: styles, figures as data, and for a run the script of
the live maps with its data. Its Content-Security-Policy allows that script and those styles by
their hashes, nothing else and no request. The builder knows no run: `aeviz.report.rendering` gives
it the sections of a run, `aeviz.tutorial.report_page` those of the tutorial, and
`aeviz.benchmark.report_page` those of a benchmark.
"""

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
from aeviz.page.forest import Forest
from aeviz.page.wording import in_sentence, shortened
from aeviz.plots.figure import EMPTY
from aeviz.runs.steps import StepFolder

__all__ = ["Heading", "Live", "PageSection", "Place", "write_page"]

# Every page has the first; the others style what the script makes.
STYLES = ("report.css", "live.css", "decoder.css")
MAX_CHARACTERS = 80

Progress = Callable[[float, float, str], None]


@dataclass(frozen=True)
class Place:
    """The file of a page, and the folder of its figures."""

    report_path: Path
    figures_path: Path


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


def write_page(
    page: StepFolder | Place,
    heading: Heading,
    sections: Iterable[PageSection],
    *,
    live: Live | None = None,
    progress: Progress | None = None,
) -> Path:
    """Build the sections, draw their figures and write the page.

    Parameters
    ----------
    page : StepFolder or Place
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
    report = progress or (lambda done, total, name: None)
    members = list(sections)
    built: list[tuple[PageSection, SectionContent]] = []
    drawn: dict[str, Drawn] = {}
    with atomic_folder(page.figures_path) as folder:
        for done, section in enumerate(members):
            report(done, len(members), in_sentence(section.title))
            content = section.build()
            if content is not None:
                for figure in content.files:
                    keep(figure, folder)
                drawn |= {figure.name: draw(figure, folder) for figure in content.figures()}
                built.append((section, content))
    with atomic_file(page.report_path) as partial:
        filled = _filled(live, heading=heading, sections=built, drawn=drawn)
        partial.write_text(filled, encoding="utf-8")
    report(len(members), len(members), "")
    return page.report_path


def _filled(live: Live | None, **contents: object) -> str:
    """Fill the template."""
    environment = Environment(
        loader=PackageLoader("aeviz.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["forest"] = Forest.of
    environment.filters["heading"] = _unbroken
    environment.filters["in_sentence"] = in_sentence
    environment.filters["label"] = lambda text: shortened(text.strip(), MAX_CHARACTERS) or EMPTY
    names = STYLES if live else STYLES[:1]
    folder = files("aeviz.page")
    styles = "\n".join((folder / "templates" / name).read_text("utf-8") for name in names)
    script = (folder / "static" / "report.js").read_text("utf-8") if live else ""
    return environment.get_template("report.html").render(
        **contents,
        # Ours, not the data's: the policy allows exactly this text by its hash.
        styles=Markup(styles),  # noqa: S704 - see above
        style_hash=_hash(styles),
        script=Markup(script),  # noqa: S704 - see above
        script_hash=_hash(script) if live else "",
        manifest=Markup(live.json()) if live else "",  # noqa: S704 - escaped by json()
        blobs=live.blobs.texts if live else [],
        version=__version__,
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _unbroken(title: str) -> str:
    """Return a title that breaks before an arrow or a minus sign, and not within t-SNE."""
    kept = title.replace("t-SNE", "t\N{NON-BREAKING HYPHEN}SNE")
    return kept.replace("→ ", "→\N{NO-BREAK SPACE}")
