"""Define ``aeviz doctor``: show what a bug report needs to say about this machine."""

from __future__ import annotations

import json

import click

__all__ = ["command"]


@click.command("doctor")
@click.option("--json", "is_json", is_flag=True, help="Print JSON.")
def command(is_json: bool) -> None:
    """Show versions, devices, memory and folders, and whether each part works.

    Ends with exit code 1 if a part that every report needs does not work.
    """
    from aeviz.cli._diagnostics import diagnose

    found = diagnose()
    if is_json:
        click.echo(json.dumps({"facts": found.facts, "parts": found.to_json()}, indent=1))
    else:
        width = max(map(len, [*found.facts, *(part.name for part in found.parts)]))
        for name, value in found.facts.items():
            click.echo(f"{name:<{width}}  {value}")
        click.echo()
        for part in found.parts:
            mark = "works" if part.works else ("missing" if part.is_optional else "BROKEN")
            click.echo(f"{part.name:<{width}}  {mark:<8}{part.told}")
    if not found.is_well:
        raise SystemExit(1)
