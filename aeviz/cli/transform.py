"""Offer ``aeviz transform``: the places of new samples in the embeddings of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from aeviz.cli._options import loudness_options, set_loudness, settings_options
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import ENGINES
from aeviz.settings import Settings

__all__ = ["command"]

EXAMPLES = """\b
Examples:
  aeviz transform reports/digits new.csv -o places.parquet
  aeviz transform out/iris table.csv --label species --picture deep_umap -o places.npy
  aeviz transform out/mnist shards/ -o out/places --head --workers 8
"""
FILES = (".npy", ".csv", ".parquet")
# What of a source's options has a meaning for shards, which are read by the plan of the run.
OF_SHARDS = ("label", "on_missing")
SOME_FAILED = 1


@click.command("transform", epilog=EXAMPLES)
@click.argument("run")
@click.argument("source")
@click.option(
    "-o",
    "--out",
    required=True,
    metavar="PATH",
    help="A .npy, .csv or .parquet file; of a folder of shards, a folder.",
)
@click.option(
    "--picture",
    "embeddings",
    multiple=True,
    metavar="NAME",
    help="A picture to place them in, as deep_umap; repeatable.  [default: all]",
)
@click.option(
    "--fast",
    "--head",
    "fast",
    is_flag=True,
    help="Of shards: place by networks that learn the pictures first, many times faster; head.json "
    "says how far they agree.",
)
@click.option(
    "--workers",
    "n_workers",
    type=int,
    help="Of shards: processes.  [default: one a core, as far as memory goes]",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES.names()),
    help="Of shards: processes of this machine, or actors of Ray.  [default: local]",
)
@click.option(
    "--retries",
    "n_retries",
    type=int,
    help="Of shards: how often a failed one is tried again.  [default: 1]",
)
@settings_options("data")
@loudness_options
def command(
    run: str,
    source: str,
    out: str,
    embeddings: tuple[str, ...],
    quiet: bool,
    verbose: bool,
    **options: Any,
) -> int:
    """Place the samples of SOURCE in the pictures of RUN, without moving what is there.

    RUN is a folder that `aeviz report` wrote; SOURCE has the same features.  Tables hold sample
    ids and labels, the places, and for each sample how unlike those of the run it is: the error
    with which it comes back, the distance to the nearest code, and is_outlier.  A .npy file holds
    the places alone, of shape (n_samples, n_pictures, 2).

    SOURCE may be a folder of shards (.parquet, .npy) of any total size, where PATH is a folder,
    too: it gets places/SHARD.parquet for every shard, and manifest.json with their checksums.  The
    same command goes on with what is missing, damaged or changed.  The exit code is 1 where
    shards failed.
    """
    set_loudness(quiet=quiet, verbose=verbose)
    names = ("fast", "n_workers", "engine", "n_retries")
    given = {name: options.pop(name) for name in names}
    given = {name: value for name, value in given.items() if not (value is None or value is False)}
    if Path(source).is_dir() and Path(out).suffix.lower() not in FILES:
        _refuse(options)
        shared = {"embeddings": list(embeddings) or None, **_of_shards(options)}
        return _transform_shards(
            run, source, out, {**given, **shared}, quiet=quiet, verbose=verbose
        )
    is_to_folder = Path(out).suffix == ""
    if is_to_folder and not Path(source).exists():
        raise FileNotFoundError(f"there is no folder of shards {source}; --out names no file")
    for name in given:
        flag = f"--{name.split('_')[-1]}"
        raise AevizError(f"{flag} is for a folder of shards and an --out that is a folder")
    settings = Settings().updated(source=source, **options)
    from aeviz.cli._progress import showing_progress
    from aeviz.core.wording import plural
    from aeviz.pipeline.transform import transform_source

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        result = transform_source(
            run, settings, out, embeddings=list(embeddings), progress=progress
        )
    for name, reason in result.left_out.items():
        click.echo(f"{name} is left out: {reason}", err=True)
    table = result.table
    click.echo(f"places: {plural(len(table), 'sample')} in {', '.join(result.embeddings)}: {out}")
    _tell_outliers(int(table["is_outlier"].sum()), len(table))
    return 0


def _transform_shards(
    run: str, source: str, out: str, options: dict[str, Any], *, quiet: bool, verbose: bool
) -> int:
    from aeviz.cli._progress import showing_progress
    from aeviz.core.wording import plural
    from aeviz.sharding import ShardOptions, transform_shards

    with showing_progress(quiet=quiet, verbose=verbose) as progress:
        found = transform_shards(run, source, out, ShardOptions(**options), progress=progress)
    for name, reason in (found.left_out | found.failed).items():
        is_shard = name in found.failed
        click.echo(f"{name} {'failed' if is_shard else 'is left out'}: {reason}", err=True)
    click.echo(
        f"shards: {len(found.done):,} transformed, {found.n_kept:,} kept from an earlier run, "
        f"{len(found.failed):,} failed: {out}"
    )
    if found.n_samples:
        workers, most = plural(found.n_workers, "worker"), found.peak_memory_bytes / 1e9
        click.echo(
            f"places: {found.n_samples:,} samples in {found.seconds:.1f} s, "
            f"{found.samples_per_second:,.0f} a second; {workers} of at most {most:.2f} GB"
        )
        _tell_outliers(found.n_outliers, found.n_samples)
    for picture, agreement in found.agreement.items():
        click.echo(f"head of {picture}: {_agreement_words(agreement)}")
    return SOME_FAILED if found.failed else 0


def _agreement_words(found: Any) -> str:
    words = (
        f"on {found.n_test:,} samples that it did not see {found.median_distance:.1%} of "
        f"the picture's spread off (median; 95 % within {found.p95_distance:.0%}), shares "
        f"{found.neighbor_overlap:.0%} of 10 neighbours"
    )
    if found.knn_accuracy is None:
        return words
    both = (found.knn_accuracy, found.knn_accuracy_fitted)
    return words + ", k-NN accuracy {:.3f} for {:.3f}".format(*both)


def _tell_outliers(n_outliers: int, n_samples: int) -> None:
    click.echo(f"unlike the samples of the run: {n_outliers:,} ({n_outliers / n_samples:.1%})")


def _refuse(options: dict[str, Any]) -> None:
    """Say that an option has no meaning for shards, before it is silently ignored."""
    for name, value in options.items():
        if name not in OF_SHARDS and value not in (None, ()):
            raise AevizError(
                f"--{name.replace('_', '-')} has no meaning for a folder of shards, which are read "
                f"as the run's source was; leave it out (got {value!r})"
            )
    if len(options["label"]) > 1:
        raise AevizError(f"--label must be given once for shards, got {len(options['label'])}")


def _of_shards(options: dict[str, Any]) -> dict[str, Any]:
    found = {"label": options["label"][0] if options["label"] else None}
    if options["on_missing"] is not None:
        found["on_missing"] = options["on_missing"]
    return found
