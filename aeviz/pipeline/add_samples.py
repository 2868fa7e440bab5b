"""Add new samples to a finished run, to show them over its embeddings.

The samples of a source are one step of the run, in a folder of their own. When a run is fitted
again, its new samples are read from their source and transformed again. They are dropped, with a
warning, if the source cannot be read any more or has changed.
"""

import logging
import re
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.atomic_files import atomic_folder, write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.progress import Progress, Silent, performing
from aeviz.core.subsampling import evenly
from aeviz.core.version import __version__
from aeviz.data.dataset import Dataset
from aeviz.data.sources import is_bundled
from aeviz.evaluation.classes import majority
from aeviz.evaluation.scores import Bootstrap
from aeviz.evaluation.stages import Stage
from aeviz.neighbors.search import neighbors_of
from aeviz.pipeline.out_of_sample import OutOfSampleResult, OutOfSampleTransformer
from aeviz.pipeline.sources import chosen_settings, load, load_new
from aeviz.plots.images import ImageScale
from aeviz.runs.new_samples import Added, fitted_keys
from aeviz.runs.page_samples import Browsable
from aeviz.runs.run import Run
from aeviz.runs.steps import Step, perform, step_key
from aeviz.settings import ReadingOptions, Settings

__all__ = ["add_samples", "kept_additions"]

_log = logging.getLogger(__name__)

STEP = "add "
N_VOTES = 10
MAX_EVALUATED = 10_000
_FITTED = ("encode ", "embed ")


def add_samples(
    run: Run | str | Path,
    source: Any,
    *more: Any,
    draws_report: bool = True,
    progress: Progress | None = None,
    **settings: Any,
) -> Run:
    """Transform new samples by a finished run, and render its report with them.

    The run's own coordinates, models and scores do not change. Adding the same source again
    replaces its samples; another source is added to the former ones. To remove new samples,
    delete their folder below ``run.added_path`` and render the report again.

    Parameters
    ----------
    run : Run or path-like
        A finished run, or its folder.
    source, *more : str, path-like or object
        Samples with the run's features, as `aeviz.load_dataset` takes them. Columns of a table
        are found by their names. Data in memory of one type and shape count as one source.
    draws_report : bool
        Whether the report is rendered; False leaves that to a later call or `aeviz render`.
    progress : Progress or None
        Receives what is done.
    **settings
        How every source is read: label, labels, drop (of columns that are no features), key,
        on_missing, sample, seed, data_dir; see `aeviz.settings.Settings`.

    Returns
    -------
    Run
        With the new samples in `aeviz.runs.new_samples.Added.all`.

    Raises
    ------
    AevizError
        If the folder holds no finished run, the features are others, a setting would change the
        run, or no embedding can transform the samples; nothing is written then.
    FileNotFoundError
        If the source is a path where nothing is.
    """
    reading = ReadingOptions.names()
    for name in settings:
        if name not in reading:
            raise AevizError(
                f"new samples are transformed by a run as it is, and {name} would change it; "
                f"accepted: {', '.join(sorted(reading))}"
            )
    wanted = [chosen_settings(one, settings) for one in (source, *more)]
    run, progress = Run(run.path if isinstance(run, Run) else run), progress or Silent()
    run.require_finished()
    names = [f"{STEP}{Path(one.source).stem}" for one, _ in wanted]
    progress.begin(["load", *names, *(["render"] if draws_report else [])])
    with performing(progress, "load"):
        transformer = OutOfSampleTransformer(run)
        found = []
        for chosen, in_memory in wanted:
            dataset = load_new(chosen, run.data, **in_memory)
            if dataset.fingerprint() == run.data.fingerprint:
                raise AevizError(f"{dataset.name} holds the run's own samples; accepted: others")
            found.append((_recorded(chosen, in_memory), dataset))
    with run.claimed(force=False, called="the run"):
        for record, dataset in found:
            name = _folder_name(run, dataset.name, record)
            depends_on = [__version__, fitted_keys(run), record, _fingerprints(dataset)]
            make = partial(_write, transformer, dataset, run.added_path / name, record)
            need = partial(transformer.need, dataset)
            step = Step(depends_on, make, run.added_path / name, need)
            perform(f"{STEP}{name}", step, folder=run, progress=progress)
        if draws_report:
            from aeviz.report.rendering import render

            draw = partial(render, run, progress=progress.update)
            drawing = Step([datetime.now(UTC).isoformat()], draw, run.report_path)
            perform("render", drawing, folder=run, progress=progress)
    return run


def kept_additions(run: Run, steps: Mapping[str, Step]) -> dict[str, Step]:
    """Return the steps that keep the new samples of a run that is made again.

    They do nothing unless the run was fitted again; then the samples are transformed again or
    dropped.
    """
    # What `fitted_keys` will return once the run is finished.
    keys = sorted(step_key(k, one.depends_on) for k, one in steps.items() if k.startswith(_FITTED))
    return {
        f"{STEP}{one.name}": Step(
            [__version__, keys, one.info["record"], one.info["fingerprints"]],
            partial(_write_again, run, one),
            one.folder,
        )
        for one in Added.kept(run)
    }


def _fingerprints(dataset: Dataset) -> list[str]:
    return [dataset.fingerprint(), dataset.identity_fingerprint()]


def _recorded(settings: Settings, in_memory: Mapping[str, Any]) -> dict[str, Any]:
    """Return how samples were read, with the absolute path of their source."""
    values = settings.to_json()
    record = {name: values[name] for name in ReadingOptions.names()}
    if "source" not in in_memory and not is_bundled(settings.source):
        record["source"] = str(Path(settings.source).resolve())
    if settings.labels is not None:
        record["labels"] = str(Path(settings.labels).resolve())
    return {**record, "is_in_memory": bool(in_memory)}


def _folder_name(run: Run, name: str, record: dict[str, Any]) -> str:
    """Return the name of a source's folder: that of its former samples, or else a new one."""
    taken = {one.name: one.info["record"]["source"] for one in Added.kept(run)}
    for known, source in taken.items():
        if source == record["source"]:
            return known
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:60] or "samples"
    numbers = (plain if i == 1 else f"{plain}-{i}" for i in range(1, len(taken) + 2))
    return next(one for one in numbers if one not in taken)


# -- one source ------------------------------------------------------------------------------


def _write(
    transformer: OutOfSampleTransformer, dataset: Dataset, folder: Path, record: dict[str, Any]
) -> None:
    """Transform samples, and write all that the report shows of them, whole or not at all."""
    run = transformer.run
    result = transformer.transform(dataset)
    result.require_embeddings()
    table, kind = _labelled(result.table, dataset, run)
    former = Browsable.read(run.browse_path)
    with atomic_folder(folder) as partial_folder:
        table.to_parquet(partial_folder / Added.TABLE, index=False)
        if dataset.annotations:
            texts = pd.DataFrame(dict(dataset.annotations))
            texts.to_parquet(partial_folder / Added.TEXTS, index=False)
        np.savez(partial_folder / Added.CODES, **result.codes)  # type: ignore[arg-type] # its stub
        if former is not None:
            shape = run.data.image_shape or (1, 1, 1)
            (partial_folder / Added.BROWSE).mkdir()
            shown = Browsable.beside(
                former, run.data.reduced(dataset), ImageScale(run.samples.X, shape)
            )
            shown.write(partial_folder / Added.BROWSE)
        info = {
            "schema": Added.SCHEMA,
            "name": dataset.name,
            "record": record,
            "fitted": fitted_keys(run),
            "fingerprints": _fingerprints(dataset),
            "label_kind": kind,
            # Row numbers are no ids that tell samples from the run's.
            "has_ids": dataset.sample_ids is not None
            and set(run.embeddings["sample_id"].astype(str)).isdisjoint(map(str, dataset.ids)),
            "left_out": result.left_out,
            "bounds": result.bounds,
            "agreement": _agreement(run, result, table, kind),
        }
        write_json(partial_folder / Added.INFO, info)


def _write_again(run: Run, former: Added) -> None:
    """Transform samples by a run that was fitted again, or drop them with a warning."""
    record = dict(former.info["record"])
    try:
        if record.pop("is_in_memory"):
            raise AevizError("they were given in memory")
        dataset = load(Settings.from_mapping(record), like=run.data)
        if _fingerprints(dataset) != former.info["fingerprints"]:
            raise AevizError(f"{record['source']} has changed since")
        # Everything that `_write` needs is there; only rendering is left.
        run.note(is_finished=True)
        _write(OutOfSampleTransformer(Run(run.path)), dataset, former.folder, former.info["record"])
    except (AevizError, FileNotFoundError) as error:
        shutil.rmtree(former.folder)
        _log.warning(
            "the run was fitted again and the new samples of %s are dropped, because they cannot "
            "be transformed again: %s",
            former.name,
            error,
        )


def _labelled(table: pd.DataFrame, dataset: Dataset, run: Run) -> tuple[pd.DataFrame, str | None]:
    """Return the table with labels of the run's kind and further labels, and the kind."""
    kind, y = run.data.label_kind, dataset.y
    if y is None or not (y.dtype.kind in "iufb" if kind == "continuous" else dataset.has_classes):
        kind = None
    elif kind == "continuous":
        table = table.assign(label=y.astype(float))
    named = {f"label_{name}": values for name, values in dataset.metadata.items()}
    if dataset.batch is not None:
        named["batch"] = dataset.batch
    return table.assign(**named), kind


def _agreement(
    run: Run, result: OutOfSampleResult, table: pd.DataFrame, kind: str | None
) -> list[dict[str, Any]]:
    """Return how often a sample's nearest neighbours in the run have its label.

    For every code and embedding, with 95 % intervals over the new samples. Samples of a class
    that the run does not have count as wrong.
    """
    if kind != "classes" or run.embeddings["label"].notna().sum() < N_VOTES:
        return []
    old = run.embeddings
    known = np.flatnonzero(old["label"].notna().to_numpy())
    names, classes = np.unique(old["label"].to_numpy()[known].astype(str), return_inverse=True)
    numbers = {name: i for i, name in enumerate(names)}
    has_label = table["label"].notna().to_numpy()
    if not has_label.any():
        return []
    truth = table["label"].astype(str).map(numbers).fillna(-1).to_numpy(int)
    rows = evenly(np.flatnonzero(has_label), MAX_EVALUATED)
    spaces: dict[tuple[str, str | None], tuple[np.ndarray, np.ndarray]] = {
        (kind, None): (code, np.asarray(run.code(kind))) for kind, code in result.codes.items()
    }
    for pair in run.pairs:
        if pair.key in result.embeddings:
            at = [f"{pair.key}_{axis}" for axis in "xy"]
            spaces[pair.encoder, pair.embedding] = (table[at].to_numpy(), old[at].to_numpy())
    # The same score of the run's own samples, each by its neighbours among the others.
    own = {
        (one.stage, one.encoder, one.embedding if isinstance(one.embedding, str) else None): one
        for one in run.scores[run.scores["metric"] == "knn_accuracy"].itertuples()
    }
    bootstrap = Bootstrap(len(rows))
    found = []
    for (encoder, embedding), (new, fitted) in spaces.items():
        nearest, _ = neighbors_of(new[rows], fitted[known], N_VOTES)
        is_same = (majority(classes[nearest]) == truth[rows]).astype(float)
        value = float(is_same.mean())
        low, high = bootstrap.interval(value, bootstrap.means(is_same[:, None])[:, 0])
        stage = Stage.DATA_TO_CODE if embedding is None else Stage.DATA_TO_EMBEDDING
        of_run = own.get((stage, encoder, embedding))
        found.append(
            {
                "encoder": encoder,
                "embedding": embedding,
                "n": len(rows),
                "value": value,
                "low": low,
                "high": high,
                "own": None if of_run is None else float(of_run.value),
            }
        )
    return found
