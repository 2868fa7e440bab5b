"""Define ``aeviz train``: fit one encoder and keep it for other data."""

from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._assignments import set_option, with_assignments
from aeviz.cli._complete import complete_members
from aeviz.cli._sections import COMPUTING, OUTPUT
from aeviz.cli._source_check import check_source
from aeviz.core.registry import ENCODERS
from aeviz.settings import ReadingOptions, TrainingOptions

__all__ = ["command"]


@cli.define
@cli.source(required=False)
@cli.option(
    "--encoder",
    f"Encoder to fit: one of {', '.join(ENCODERS.names())} (see `aeviz list encoders`).",
    required=True,
    metavar="NAME",
    shell_complete=complete_members(ENCODERS),
    section=COMPUTING,
)
@cli.option(
    "-o --out", "Folder to write the model to.", required=True, metavar="MODEL", section=OUTPUT
)
@cli.flag("--force", "Write into a folder that holds something else.", section=OUTPUT)
@set_option(
    "Any parameter of the encoder's constructor, its value as JSON or text, for example "
    "noise=masking or hidden_sizes=[256,64]; give it again for several.  An unknown name is "
    "answered with those there are.",
    metavar="NAME=VALUE",
    section=COMPUTING,
)
@cli.option(
    "--config",
    "TOML file of settings as for `report`; options overrule it.",
    metavar="FILE",
    section=COMPUTING,
)
@cli.settings_options(TrainingOptions, ReadingOptions)
@cli.progress_options
def command(
    encoder: str,
    out: str,
    assigned: tuple[str, ...],
    config: str | None,
    force: bool,
    show_progress: cli.Show,
    **options: Any,
) -> None:
    """Train one encoder and keep it for samples that come later.

    SOURCE is a bundled name (see `aeviz list datasets`) or a path to a file (see
    `aeviz list formats`).  A fifth of the samples is kept for testing, unless the source has a
    split of its own, and the summary states their reconstruction errors.  `aeviz encode`,
    `aeviz reconstruct` and `aeviz generate` apply the model.

    Examples
    --------
    aeviz train digits --encoder deep --code-size 8 -o digits-deep
    aeviz train digits --encoder denoising --set noise=masking -o digits-clean
    """
    settings = cli.read_settings(config, encoder=(encoder,), out=out, **options)
    settings = with_assignments(settings, assigned, member=encoder)
    check_source(settings.source, vars(settings))
    from aeviz.cli._printing import print_losses

    with show_progress(settings.source) as progress:
        from aeviz.pipeline.train import train_model

        model = train_model(settings, encoder, progress=progress, force=force)
    card, data = model.card, model.card.data
    epochs = len(getattr(model.encoder, "history_", {}).get("loss", []))
    # The first entry of some is before training.
    epochs -= getattr(model.encoder, "starts_fitted", False)
    done = f", {epochs} epochs" if epochs else ""
    click.echo(
        f"{card.kind} encoder of {data.name}: {data.n_features:,} features, a code of "
        f"{card.code_size:,}"
    )
    click.echo(f"trained on {data.n_train:,} samples in {card.seconds:.1f} s{done}")
    print_losses(f"{data.n_test:,} test samples", data.scaling, card.scores)
    click.echo(f"model: {out}")
    if settings.tensorboard is not None:
        click.echo(f"log: tensorboard --logdir {settings.tensorboard}")
