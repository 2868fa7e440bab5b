"""Define ``aeviz list``: list encoders, embeddings, metrics, sections, formats and data sets."""

import ast
from importlib.util import find_spec
from pathlib import Path

import click

from aeviz.cli import _options as cli
from aeviz.core.registry import FAMILIES

__all__ = ["command"]

KINDS = [*FAMILIES, "datasets"]


@cli.define
@click.argument("kind", required=False, type=click.Choice(KINDS), metavar="[KIND]")
def command(kind: str | None) -> None:
    """List the available encoders, embeddings, metrics, sections, formats, exports and data sets.

    KIND is one of encoders, embedding, metrics, sections, formats, exports and datasets; without
    it all are listed. Of encoders alone, their layers and their losses with all weights.
    """
    for name in KINDS if kind is None else [kind]:
        if kind is None:
            click.echo(f"{name}:")
        entries = _entries(name, has_details=kind is not None)
        width = max(map(len, entries), default=0)
        indent = "  " if kind is None else ""
        for entry, description in entries.items():
            click.echo(f"{indent}{entry:<{width}}  {description}")


def _entries(kind: str, *, has_details: bool) -> dict[str, str]:
    """Return what each member of a family or each bundled data set is.

    Details of encoders are their layers and losses, for which their classes are imported.
    """
    if kind == "datasets":
        # Imported here for NumPy, which help does without.
        from aeviz.data.bundled import bundled_names, bundled_summary

        return {entry: bundled_summary(entry) for entry in bundled_names()}
    family = FAMILIES[kind]
    found = {name: _description(f"{family.package}.{name}") for name in family.names()}
    if kind == "encoders" and has_details:
        for name, member in family.members().items():
            encoder = member()
            about = f"Layers: {encoder.architecture_text()}. Loss: {encoder.loss_text()}."
            found[name] = f"{found[name]} {about}"
    return found


def _description(module: str) -> str:
    """Return the question that a metric answers, or the first line of another module's docstring.

    Read from the source: importing all metrics would load scikit-learn.
    """
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return ""
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "question":
            return str(ast.literal_eval(node.value))
    return (ast.get_docstring(tree) or "").split("\n\n")[0].replace("\n", " ")
