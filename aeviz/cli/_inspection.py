"""Print what is known about a source: one line per fact and per column."""

from __future__ import annotations

import click

from aeviz.core.wording import plural
from aeviz.data.columns import TableColumn
from aeviz.pipeline.inspect_source import Inspection

__all__ = ["print_inspection"]

MAX_COLUMNS = 200
MAX_LETTERS = 32
MAX_VALUES = 6


def print_inspection(found: Inspection) -> None:
    """Print facts, columns, notes, and whether a report would run."""
    click.echo(f"{found.source}: {found.format}")
    for title, text in _facts(found):
        click.echo(f"  {title:<15} {text}")
    if found.columns is not None:
        _print_columns(found.columns)
    if found.notes:
        click.echo("notes:")
        for note in found.notes:
            click.echo(f"  {_in_line(note)}")
    verdict = "would run" if found.stopped is None else f"would stop: {found.stopped}"
    click.echo(f"a report {_in_line(verdict)}")


def _facts(found: Inspection) -> list[tuple[str, str]]:
    facts = [("samples", f"{found.n_samples:,}"), ("features", f"{found.n_features:,}")]
    if found.image_shape is not None:
        height, width, n_channels = found.image_shape
        colors = "grey" if n_channels == 1 else f"{n_channels} channels"
        facts.append(("images", f"{height} × {width} pixels (height × width), {colors}"))
    missing = "none"
    if found.n_missing:
        rows = plural(found.n_rows_missing, "row")
        missing = f"{plural(found.n_missing, 'value')} in {rows}"
    facts += [("missing", missing), ("labels", found.labels)]
    facts += [("further label", _in_line(text)) for text in found.further_labels]
    facts += [("split", found.split)]
    return facts if found.scaling is None else [*facts, ("scaling", found.scaling)]


def _print_columns(columns: list[TableColumn]) -> None:
    shown = columns[:MAX_COLUMNS]
    click.echo(f"{plural(len(columns), 'column')}:")
    names = [_short(column.name) for column in shown]
    width = max(map(len, names), default=0)
    for name, column in zip(names, shown, strict=True):
        click.echo(f"  {name:<{width}}  {_kind(column):<22}  {_fate(column)}")
    if len(columns) > len(shown):
        click.echo(f"  … and {len(columns) - len(shown):,} more (--json has all)")


def _kind(column: TableColumn) -> str:
    words = column.role
    if column.n_values is not None:
        words += f", {plural(column.n_values, 'value')}"
    return words


def _fate(column: TableColumn) -> str:
    words = column.fate
    if column.values:
        values = ", ".join(map(_short, column.values[:MAX_VALUES]))
        words += f": {values}" + ", …" * (len(column.values) > MAX_VALUES)
    missing = f"; {column.n_missing:,} missing" if column.n_missing else ""
    return _in_line(words) + missing


def _short(text: str) -> str:
    text = _in_line(text)
    return text if len(text) <= MAX_LETTERS else text[: MAX_LETTERS - 1] + "…"


def _in_line(text: str) -> str:
    """Return text of a file printable and on one line."""
    return "".join(one if one.isprintable() else " " for one in " ".join(text.split()))
