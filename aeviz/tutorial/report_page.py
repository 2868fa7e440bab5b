"""Write the tutorial's page: every chapter's section, and how everything was made."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from aeviz.core.registry import CHAPTERS
from aeviz.page.builder import Heading, PageSection, write_page
from aeviz.page.content import SectionContent
from aeviz.page.provenance import provenance
from aeviz.page.wording import capitalised, method
from aeviz.tutorial.chapters.base import Chapter
from aeviz.tutorial.folder import TutorialFolder

__all__ = ["render"]


def render(
    folder: TutorialFolder, *, progress: Callable[[float, float, str], None] | None = None
) -> Path:
    """Write ``report.html`` and the figures of a tutorial; return the path of the page.

    Raises
    ------
    AevizError
        If the folder holds no tutorial, or an unfinished one.
    """
    sections = []
    for name in folder.info["chapters"]:
        chapter: Chapter = CHAPTERS.get(name)
        build = partial(chapter.show, folder.load_results(name))
        sections.append(PageSection(name, chapter.title, build))
    sections.append(PageSection("methods", "How this was made", partial(_methods, folder)))
    return write_page(folder, _heading(folder.info), sections, progress=progress)


def _heading(info: dict[str, Any]) -> Heading:
    data, settings = info["data"], info["settings"]
    scale = settings["epochs_scale"]
    facts = (
        f"{data['n_train']:,} images to train on",
        f"{data['n_test']:,} test images",
        "whole trainings" if scale == 1 else f"trainings of {scale:g} × their length",
        f"seed {settings['seed']}",
    )
    kind = "Tutorial, after Chollet (2016)"
    return Heading(kind, "Building autoencoders", facts, info["created"])


def _methods(folder: TutorialFolder) -> SectionContent:
    info = folder.info
    summary = (
        "The same scale and seed, with these versions on this machine, give the same figures to "
        "the last digit."
    )
    fingerprint = info["data"]["fingerprint"]
    blocks = provenance(
        info["settings"], folder.steps, info, fingerprint=fingerprint, step_words=_step
    )
    return SectionContent(summary, blocks)


def _step(name: str) -> str:
    """Return a step's name in words."""
    verb, *what = name.split(" ")
    if verb == "train":
        owner = "The published" if what[0] == "published" else "aeviz’s"
        return f"{owner} {method(what[-1])}"
    if verb == "measure":
        return f"Chapter: {CHAPTERS.get(what[0]).title}"
    return capitalised(name)
