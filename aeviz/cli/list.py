"""Define ``aeviz list``: list encoders, embeddings, metrics, sections, formats and data sets."""

import shutil
import sys
import textwrap

import click

from aeviz.cli import _options as cli
from aeviz.core.declared import declared, summary_of
from aeviz.core.registry import FAMILIES
from aeviz.data.bundled_summaries import SUMMARIES

__all__ = ["command"]

# What each kind is, and where its names are used.
KINDS = {
    "encoders": "reduce each sample to a code of some 32 numbers: --encoder NAME",
    "embeddings": "draw codes as a map of two dimensions: --embedding NAME",
    "metrics": "score codes and maps: aeviz score --metric NAME",
    "formats": "files that aeviz reads; their suffix says which",
    "datasets": "data sets to try, in place of a file: aeviz report NAME",
    "exports": "what aeviz export --to NAME writes",
    "sections": "parts of a report's page",
}


@cli.define
@click.argument("kind", required=False, type=click.Choice(list(KINDS)), metavar="[KIND]")
def command(kind: str | None) -> None:
    """List encoders, embeddings, metrics, formats, data sets ...

    KIND is one of encoders, embeddings, metrics, formats, datasets, exports and sections; without
    it all are listed.  Of encoders alone, their layers and their losses are told too.

    Examples
    --------
    aeviz list
    aeviz list encoders
    """
    if kind is not None:
        _print(_entries(kind, has_details=True), indent="")
        return
    for name, about in KINDS.items():
        click.echo(f"{name}: {about}")
        _print(_entries(name, has_details=False), indent="  ")
        click.echo()


def _print(entries: dict[str, str], *, indent: str) -> None:
    """Print a line per entry, wrapped where a person reads it."""
    width = max(map(len, entries), default=0)
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    for entry, description in entries.items():
        first = f"{indent}{entry:<{width}}  "
        rest = " " * len(first)
        lines = textwrap.wrap(
            description, columns, initial_indent=first, subsequent_indent=rest
        ) or [first.rstrip()]
        click.echo("\n".join(lines))


def _entries(kind: str, *, has_details: bool) -> dict[str, str]:
    """Return what each member of a family or each bundled data set is.

    Read from the source: importing all metrics would load scikit-learn. For the details of
    encoders, their layers and losses, their classes are imported.
    """
    if kind == "datasets":
        return dict(sorted(SUMMARIES.items()))
    family = FAMILIES[kind]
    found = {name: summary_of(family, name) for name in family.names()}
    for name in found:
        suffixes = declared(family, name, "suffixes") if kind == "formats" else None
        found[name] = declared(family, name, "question") or found[name]
        if suffixes:
            found[name] += f" Suffixes: {', '.join(suffixes)}."
    if kind == "encoders" and has_details:
        for name, member in family.members().items():
            encoder = member()
            about = f"Layers: {encoder.architecture_text()}. Loss: {encoder.loss_text()}."
            found[name] = f"{found[name]} {about}"
    return found
