"""Define ``aeviz tutorial``: reproduce and test the field's best-known tutorial."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aeviz.cli import _options as cli
from aeviz.cli._printing import print_page, print_table

if TYPE_CHECKING:
    from aeviz.tutorial.folder import TutorialFolder

__all__ = ["command"]


@cli.define
@cli.option("-o --out", "Output folder.  [default: reports/tutorial]", metavar="DIR")
@cli.option(
    "--epochs-scale",
    "Multiply the epochs of every training by this, above 0.  [default: 1]",
    type=float,
    default=1.0,
    metavar="NUMBER",
)
@cli.option("--data-dir", "Folder to look for mnist.npz in.", metavar="DIR")
@cli.option("--seed", "Seed of everything random.  [default: 0]", type=int, default=0)
@cli.flag("--force", "Do every step again, in whatever folder.")
@cli.progress_options
def command(out: str | None, show_progress: cli.Show, **options: Any) -> None:
    """Reproduce the field's best-known tutorial on MNIST.

    It is "Building Autoencoders in Keras" (2016).  Its six networks are trained as they were
    published and once more with this project's encoders, its claims are tested, and one page tells
    of it all.  A whole run takes hours on a small CPU; --epochs-scale 0.02 takes minutes and shows
    what there will be to see.
    """
    with show_progress("MNIST") as progress:
        from aeviz.tutorial.run import run_tutorial

        folder = run_tutorial(out, progress=progress, **options)
    _print_summary(folder)


def _print_summary(folder: TutorialFolder) -> None:
    """Print test losses as published, as reproduced and ours, and the page's path."""
    from aeviz.tutorial.model_comparison import compare

    rows = []
    for kind, numbers in folder.load_results("overview").numbers["models"].items():
        told = compare(kind, numbers)
        losses = (told.published.test_loss, told.here["test"], told.ours["test"])
        rows.append((kind, told.epochs, *map(told.loss, losses), told.outcome))
    columns = ("model", "epochs run", "published", "reproduced", "aeviz", "reproduced?")
    print_table(
        {name: "right" if name in columns[2:5] else "left" for name in columns},
        rows,
        title="test losses on MNIST, nats per pixel (variational: per image)",
    )
    print_page("report", folder.report_path)
