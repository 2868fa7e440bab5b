"""Show help in sections, and commands in groups."""

from typing import Any

import click
from click.types import OptionHelpExtra

__all__ = ["Command", "Option", "write_commands"]

OTHERS = "Other options"
# The commands by what one wants of them; those of no group come last.
GROUPS = {
    "Reports": ("report", "inspect", "render", "add", "transform", "export"),
    "Models": ("train", "encode", "reconstruct", "generate"),
    "Comparisons": ("score", "benchmark", "tutorial"),
    "Help": ("list", "doctor", "completion"),
}


class Option(click.Option):
    """Option with the title of the section in which help shows it."""

    def __init__(self, *args: Any, section: str = OTHERS, **rules: Any) -> None:
        super().__init__(*args, **rules)
        self.section = section

    def get_help_extra(self, ctx: click.Context) -> OptionHelpExtra:
        """Return what help adds; the range of a number is in the text where it matters."""
        extra = super().get_help_extra(ctx)
        extra.pop("range", None)
        return extra


class Command(click.Command):
    """Command whose help shows its options in sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options section by section, in the order of their first options."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for option in self.get_params(ctx):
            record = option.get_help_record(ctx)
            if record is not None and isinstance(option, click.Option):
                sections.setdefault(getattr(option, "section", OTHERS), []).append(record)
        others = sections.pop(OTHERS, [])
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)
        with formatter.section(OTHERS if sections else "Options"):
            formatter.write_dl(others)


def write_commands(summaries: dict[str, str], formatter: click.HelpFormatter) -> None:
    """Write the commands with their summaries, group by group."""
    width = max(map(len, summaries))
    left = dict(summaries)
    for title, names in GROUPS.items():
        rows = [(f"{name:<{width}}", left.pop(name)) for name in names if name in left]
        with formatter.section(title):
            formatter.write_dl(rows)
    if left:
        with formatter.section("Others"):
            formatter.write_dl(list(left.items()))
