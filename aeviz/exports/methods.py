"""Methods of the run as text for a paper, with its references as BibTeX."""

from pathlib import Path
from typing import Any

from aeviz.core.wording import plural
from aeviz.exports.base import Choices, Export
from aeviz.report.methods_text import methods_text

__all__ = ["EXPORT"]

TEXT, BIBLIOGRAPHY = "methods.md", "references.bib"


def _write(run: Any, folder: Path, choices: Choices) -> list[str]:
    """Write the paragraphs in Markdown, with citations as Pandoc reads them."""
    told = methods_text(run)
    (folder / TEXT).write_text("\n\n".join(told.cited) + "\n", encoding="utf-8", newline="\n")
    (folder / BIBLIOGRAPHY).write_text(told.bibtex, encoding="utf-8", newline="\n")
    return [f"methods: {TEXT}, which cites {plural(len(told.keys), 'paper')} of {BIBLIOGRAPHY}"]


EXPORT = Export(_write, marker=TEXT, options=frozenset())
