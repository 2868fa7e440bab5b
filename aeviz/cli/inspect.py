"""Define ``aeviz inspect``: show what a report would do with a source, training nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._source_check import check_source
from aeviz.core.wording import plural
from aeviz.settings import (
    PreparationOptions,
    ReadingOptions,
    ReportOptions,
    Settings,
    TrainingOptions,
)

if TYPE_CHECKING:
    from aeviz.data.columns import TableColumn
    from aeviz.pipeline.inspect_source import Inspection

__all__ = ["command"]

MAX_COLUMNS = 200
MAX_LETTERS = 32
MAX_VALUES = 6


@cli.define
@cli.source()
@cli.settings_options(
    PreparationOptions,
    ReadingOptions,
    ReportOptions,
    TrainingOptions,
    without=("out", "title", "tensorboard"),
)
@cli.flag("--json is_json", "Print JSON instead of text.")
@cli.progress_options
def command(source: str, is_json: bool, show_progress: cli.Show, **options: Any) -> None:
    """Show what a report would do with SOURCE; train nothing.

    SOURCE is what `aeviz report` takes, and so are the options.  Of a table every column is
    listed with what it holds and what becomes of it.  Whatever would stop a report is told in
    the last line.

    Examples
    --------
    aeviz inspect table.csv --label species
    aeviz inspect cells.h5ad --key counts --json
    """
    settings = Settings().updated(source=source, **options)
    check_source(source, options)
    with show_progress(source):
        from aeviz.pipeline.inspect_source import inspect_source

        found = inspect_source(settings)
    if is_json:
        click.echo(json.dumps(found.to_json(), indent=1, ensure_ascii=False))
        return
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
    facts += [] if found.batches is None else [("batches", found.batches)]
    facts += [("own", _in_line(text)) for text in found.own]
    facts += [("split", found.split)]
    if found.scaling is not None:
        facts.append(("scaling", found.scaling))
    if found.forecast is not None:
        facts += [("memory", found.forecast.memory_words), ("time", found.forecast.time_words)]
    return facts


def _print_columns(columns: list[TableColumn]) -> None:
    """Print what each column holds and what becomes of it."""
    shown = columns[:MAX_COLUMNS]
    click.echo(f"{plural(len(columns), 'column')}:")
    width = max((len(_short(column.name)) for column in shown), default=0)
    for one in shown:
        kind, fate = one.role, one.fate
        if one.n_values is not None:
            kind += f", {plural(one.n_values, 'value')}"
        if one.values:
            fate += f": {', '.join(map(_short, one.values[:MAX_VALUES]))}"
            fate += ", …" * (len(one.values) > MAX_VALUES)
        missing = f"; {one.n_missing:,} missing" if one.n_missing else ""
        click.echo(f"  {_short(one.name):<{width}}  {kind:<22}  {_in_line(fate)}{missing}")
    if len(columns) > len(shown):
        click.echo(f"  … and {len(columns) - len(shown):,} more (--json has all)")


def _short(text: str) -> str:
    text = _in_line(text)
    return text if len(text) <= MAX_LETTERS else text[: MAX_LETTERS - 1] + "…"


def _in_line(text: str) -> str:
    """Return text of a file printable and on one line."""
    return "".join(one if one.isprintable() else " " for one in " ".join(text.split()))
