"""Define ``aeviz transform``: transform new samples with the embeddings of a run."""

from pathlib import Path
from typing import Any

import click

from aeviz.cli import _options as cli
from aeviz.cli._source_check import check_folder, check_source
from aeviz.core.exceptions import SettingError
from aeviz.core.registry import ENGINES
from aeviz.core.wording import plural
from aeviz.settings import ReadingOptions, Settings

__all__ = ["command"]

FILES = (".npy", ".csv", ".parquet")
FOR_SHARDS = ("fast", "n_workers", "engine", "n_retries")
SOME_FAILED = 1


@cli.define
@cli.folder("run")
@cli.source()
@cli.option(
    "-o --out",
    "A .npy, .csv or .parquet file; for a folder of shards, a folder.",
    required=True,
    metavar="PATH",
)
@cli.names(
    "--embedding embeddings",
    "Embeddings to use, deep_umap for example, with commas between them.  [default: all]",
)
@cli.flag(
    "--fast",
    "For shards: first train networks that predict the coordinates, then use them, which is many "
    "times faster; head.json says how well they agree.",
)
@cli.option(
    "--workers n_workers",
    "For shards: processes.  [default: one per core, as far as memory allows]",
    type=int,
)
@cli.option(
    "--engine",
    "For shards: processes of this machine, or actors of Ray.  [default: local]",
    type=click.Choice(ENGINES.names()),
)
@cli.option(
    "--retries n_retries",
    "For shards: how often a failed one is tried again.  [default: 1]",
    type=int,
)
@cli.settings_options(ReadingOptions)
@cli.progress_options
def command(
    run: str,
    source: str,
    out: str,
    embeddings: tuple[str, ...],
    show_progress: cli.Show,
    **options: Any,
) -> int:
    """Place new samples on the maps of a run, which stay.

    RUN is a folder that `aeviz report` wrote; SOURCE has the same features.  Tables hold sample
    ids, labels, coordinates, and for each sample its reconstruction error, the distance to the
    nearest code, outlier_score and is_outlier.  A .npy file holds the coordinates alone, of shape
    (n_samples, n_embeddings, 2).

    SOURCE may be a folder of shards (.parquet, .npy) of any total size; then PATH is a folder,
    too.  It gets places/SHARD.parquet for every shard, and manifest.json with their checksums.  The
    same command continues with what is missing, damaged or changed.  The exit code is 1 if shards
    failed.

    Examples
    --------
    aeviz transform reports/digits new.csv -o new.parquet
    aeviz transform out/iris table.csv --embedding deep_umap -o new.npy
    aeviz transform out/mnist shards/ -o out/places --fast --workers 8
    """
    check_folder(run, "run")
    for_shards = cli.given({name: options.pop(name) for name in FOR_SHARDS})
    if Path(source).is_dir() and Path(out).suffix.lower() not in FILES:
        for_shards |= {"embeddings": list(embeddings) or None, **_reading_of_shards(options)}
        return _transform_shards(run, source, out, for_shards, show_progress)
    if Path(out).suffix == "" and not Path(source).exists():
        raise FileNotFoundError(f"there is no folder of shards {source}, and --out is not a file")
    for name in for_shards:
        message = f"{name} is for a folder of shards and an --out that is a folder"
        raise SettingError(name, message=message)
    settings = Settings().updated(source=source, **options)
    check_source(source, options)
    from aeviz.cli._printing import print_left_out, print_outliers

    with show_progress(source) as progress:
        from aeviz.pipeline.apply import transform_source

        result = transform_source(
            run, settings, out, embeddings=list(embeddings), progress=progress
        )
    print_left_out(result.left_out)
    table = result.table
    click.echo(f"places: {plural(len(table), 'sample')} in {', '.join(result.embeddings)}: {out}")
    print_outliers(int(table["is_outlier"].sum()), len(table))
    return 0


def _reading_of_shards(options: dict[str, Any]) -> dict[str, Any]:
    """Return what is read of shards; an option without a meaning for them is refused."""
    found = cli.given(options)
    for name, value in found.items():
        if name not in ("label", "on_missing"):
            message = (
                f"{name} has no meaning for a folder of shards, which are read as the run's source "
                f"was; leave it out (got {value!r})"
            )
            raise SettingError(name, message=message)
    labels = found.pop("label", ())
    if len(labels) > 1:
        raise SettingError("label", len(labels), "given once for shards")
    return {**found, "label": labels[0] if labels else None}


def _transform_shards(
    run: str, source: str, out: str, options: dict[str, Any], show_progress: cli.Show
) -> int:
    """Transform shards, print what came of them, and return the exit code."""
    from aeviz.cli._printing import print_outliers

    with show_progress(run) as progress:
        from aeviz.sharding import ShardOptions, transform_shards

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
        print_outliers(found.n_outliers, found.n_samples)
    for embedding, one in found.agreement.items():
        accuracy = ""
        if one.knn_accuracy is not None:
            accuracy = f", k-NN accuracy {one.knn_accuracy:.3f} for {one.knn_accuracy_fitted:.3f}"
        click.echo(
            f"fast network of {embedding}: on {one.n_test:,} samples that it did not see "
            f"{one.median_distance:.1%} of the embedding's spread off (median; 95 % within "
            f"{one.p95_distance:.0%}), shares {one.neighbor_overlap:.0%} of 10 neighbours{accuracy}"
        )
    return SOME_FAILED if found.failed else 0
