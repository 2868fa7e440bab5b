"""Contract of a section of the report: one file of this folder with one `Section`.

A section reads a finished run and returns what the page shows of it, as data: a summary,
figures and tables. It writes no HTML, trains nothing and fits nothing. `aeviz.core.registry`
finds its file, the report puts it on the page by its `order`, and the contract test asserts
what is stated here, so a new section is one new file.
"""

from collections.abc import Callable
from dataclasses import dataclass

from aeviz.page.content import SectionContent
from aeviz.runs.run import Run

__all__ = ["Section"]


@dataclass(frozen=True)
class Section:
    """Description of one section.

    Parameters
    ----------
    title : str
        Heading of the section and its entry in the table of contents.
    order : int
        Where it stands on the page, different from that of any other section. Low numbers come
        first; the present ones leave gaps.
    build : function (run) -> SectionContent or None
        Returns None where the run has nothing for this section, which is then left out. It gets
        a finished run and changes nothing in it. Names of figures are file names and occur
        once in a report, so they begin with the name of the section or of what they show.
    shared : function (run) -> SectionContent or None, or None
        As `build`, for a page to share: without values, ids, texts or images of samples, names of
        features and codes. None leaves the section out, so that a new one shows nothing there by
        mistake.
    """

    title: str
    order: int
    build: Callable[[Run], SectionContent | None]
    shared: Callable[[Run], SectionContent | None] | None = None
