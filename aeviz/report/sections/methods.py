"""Section that states how the run was done, so that it can be repeated and checked."""

from aeviz.page.content import Block, Copyable, Facts, Fold, SectionContent
from aeviz.page.provenance import provenance
from aeviz.page.wording import capitalised, method
from aeviz.report.methods_text import methods_text
from aeviz.report.sections.base import Section
from aeviz.runs.run import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent:
    settings = {
        name: value for name, value in run.settings.items() if value not in (None, {}, [], "")
    }
    settings.setdefault("seed", run.info.get("seed"))
    settings.setdefault("seeds", run.n_trainings or 1)
    summary = (
        "The same settings and seed, with these versions on this machine, give the same scores to "
        "the last digit."
    )
    fingerprint = run.data.fingerprint
    encoders = [
        (capitalised(method(kind)), f"{about['architecture']}. Loss: {about['loss']}.")
        for kind in run.encoders
        if (about := run.about(kind))
    ]
    blocks = _text(run)
    blocks += [Facts(encoders, "Encoders", is_wide=True)] if encoders else []
    blocks += provenance(settings, run.steps, run.info, fingerprint=fingerprint, step_words=_step)
    return SectionContent(summary, blocks)


def _shared(run: Run) -> SectionContent:
    """Return the methods as text; settings name files and columns."""
    return SectionContent("How this was made, with the papers behind it.", _text(run))


def _text(run: Run) -> list[Block]:
    told = methods_text(run)
    return [
        Fold("Methods, to paste into a paper", [Copyable("\n\n".join(told.paragraphs))]),
        Fold("References of these methods, as BibTeX", [Copyable(told.bibtex, is_code=True)]),
    ]


def _step(name: str) -> str:
    """Return a step's name in words: its verb, and what it was done with."""
    verb, *what = name.split(" ")
    if verb == "embed":
        # The name of a user's code may have blanks.
        what = [" ".join(what[:-1]), what[-1]]
    if verb == "encode" and len(what) == 1:
        return f"Fit the {method(what[0])}" if what[0] != "pca" else "Fit PCA"
    if verb == "embed" and len(what) == 2:
        return f"Embed: {method(*what)}"
    if verb == "repeat":
        *members, number = what
        return f"Training {int(number) + 1}: {method(*members)}"
    return capitalised(name)


SECTION = Section("Settings and methods", 80, _build, _shared)
