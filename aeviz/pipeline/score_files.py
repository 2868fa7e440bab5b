"""Score an embedding that lies in a file against the data that lie in another.

Nothing of a run is needed: any tool may have made the embedding. Rows are matched by ids where
both files have them, else by their order, see `aeviz.data.pairing`; no row is left out of either
file. Measuring itself is `aeviz.evaluate`.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.atomic_files import atomic_file, write_json
from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.output_paths import check_file
from aeviz.core.progress import Progress, Silent, performing
from aeviz.data.column_names import name_kind
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions, format_of
from aeviz.data.magnitude import check_magnitude
from aeviz.data.pairing import id_column, paired_rows, table_columns
from aeviz.data.scaling import KINDS, SCALES, Scaling
from aeviz.data.sources import find_format, read_dataset
from aeviz.pipeline.evaluate import evaluate, metric_named
from aeviz.runs.score_table import SCORES_SCHEMA

__all__ = ["FileScores", "score_files"]

SUFFIXES = (".csv", ".json")
# Columns that aeviz's own tables begin with, which are no coordinates.
IDENTITY = ("sample_id", "split", "label")


@dataclass(frozen=True, eq=False)
class FileScores:
    """Scores of an embedding, and what was compared.

    Parameters
    ----------
    data, embedding : str
        What was named.
    n_samples, n_features, n_components : int
    left_out : tuple of str
        Columns of the embedding's file that were not taken as coordinates.
    notes : tuple of str
        What is to be said of how the data were read.
    n_neighbors, seed : int
    table : DataFrame
        As `aeviz.evaluate` gives it.
    """

    data: str
    embedding: str
    n_samples: int
    n_features: int
    n_components: int
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    n_neighbors: int
    seed: int
    table: pd.DataFrame


def score_files(
    data: str | Path,
    embedding: str | Path,
    *,
    label: str | None = None,
    labels: str | Path | None = None,
    data_dir: str | Path | None = None,
    columns: Sequence[str] = (),
    scale: str = "none",
    metrics: Sequence[str] = (),
    n_neighbors: int = 10,
    n_evaluated: int | None = None,
    seed: int = 0,
    out: str | Path | None = None,
    progress: Progress | None = None,
    **reading: Any,
) -> FileScores:
    """Return how well an embedding in a file stands for the data in another.

    Parameters
    ----------
    data : str or path-like
        A bundled name or a file, of any kind that `aeviz.load_dataset` reads. In a table all
        columns but labels and ids have to be numbers.
    embedding : path-like
        A file with the same samples: of the same ids, in any order, or in the same order where
        one of the files has no ids. In a table the columns sample_id, split and label, others
        named like ids, and those without a name, are no coordinates.
    label, labels, data_dir
        As in `aeviz.load_dataset`.
    columns : sequence of str
        The columns of the embedding's table that hold its coordinates; empty means all.
    scale : {"none", "auto", "standard", "minmax", "unit"}
        How the data are scaled before, by all samples; the embedding is taken as it is.
    metrics : sequence of str
        Names of metrics, as in `aeviz.evaluate`; empty means all that apply.
    n_neighbors, n_evaluated
        As in `aeviz.evaluate`.
    seed : int
        Of what is drawn.
    out : path-like or None
        A ``.csv`` or ``.json`` file to write the scores to.
    progress : Progress or None
    **reading
        Further options for the data, as in `aeviz.data.formats.base.ReadOptions`.

    Returns
    -------
    FileScores

    Raises
    ------
    AevizError
        If a file cannot be used, the rows do not fit, or a value is out of range; nothing is
        written then.
    FileNotFoundError
        If there is no such file.
    """
    _check_given(out, metrics, scale)
    progress = progress or Silent()
    progress.begin(["load", "score"])
    with performing(progress, "load"):
        options = ReadOptions.of(**reading, has_only_numbers=True)
        options = replace(options, label=() if label is None else (label,))
        dataset = read_dataset(data, options, labels=labels, data_dir=data_dir)
        points, left_out, notes = _paired_points(Path(embedding), tuple(columns), dataset, data)
        X, of_scaling = _scaled(dataset, scale)
    with performing(progress, "score"):
        try:
            table = evaluate(
                X,
                points,
                dataset.class_labels,
                metrics=list(metrics) or None,
                n_neighbors=n_neighbors,
                n_evaluated=n_evaluated,
                random_state=seed,
            )
        except ValueError as error:
            raise AevizError(str(error)) from error
    found = FileScores(
        data=str(data),
        embedding=str(embedding),
        n_samples=dataset.n_samples,
        n_features=dataset.n_features,
        n_components=int(points.shape[1]),
        left_out=left_out,
        notes=(*dataset.notes, *notes, *of_scaling),
        n_neighbors=n_neighbors,
        seed=seed,
        table=table,
    )
    if out is not None:
        _write(Path(out), found)
    return found


def _check_given(out: str | Path | None, metrics: Sequence[str], scale: str) -> None:
    """Check what can be checked before the files are read."""
    if out is not None:
        check_file(Path(out), suffixes=SUFFIXES)
    for name in metrics:
        metric_named(name)
    if scale not in SCALES:
        raise SettingError("scale", scale, SCALES)


def _paired_points(
    path: Path, columns: tuple[str, ...], dataset: Dataset, data: str | Path
) -> tuple[np.ndarray, tuple[str, ...], list[str]]:
    """Return an embedding in the order of the data, the columns left out, and notes."""
    ids = dataset.sample_ids
    points, others, left_out = _read_points(path, columns, ids)
    rows, notes = paired_rows(
        ids, others, n_samples=dataset.n_samples, what=str(path), of=str(data)
    )
    points = points if rows is None else points[rows]
    _check(dataset, points, str(data), str(path))
    return points, left_out, notes


def _scaled(dataset: Dataset, scale: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the samples as they are compared, and a note on their scaling."""
    if scale == "none":
        return dataset.X, ()
    scaling = Scaling.fit(dataset, np.ones(dataset.n_samples, bool), scale=scale)
    words = KINDS[scaling.kind][1].partition(";")[0].removesuffix(" in the training samples")
    words = words.removesuffix(" over the training samples")
    return scaling.transform(dataset.X), (f"The data were scaled: {words}.",)


def _read_points(
    path: Path, columns: tuple[str, ...], ids: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray | None, tuple[str, ...]]:
    """Return an embedding, its ids, and the columns of its table that were left out.

    `ids` are those of the data, which a column of any name may hold.
    """
    for name in columns:
        if columns.count(name) > 1:
            given = f"{name!r} {columns.count(name)} times"
            message = f"columns must name each column once; got {given}"
            raise SettingError("columns", message=message)
        if "columns" not in find_format(path).options:
            message = (
                f"columns names a column of a table, and {path} has no named columns; leave it "
                f"out (got {name!r})"
            )
            raise SettingError("columns", message=message)
    names, found = _column_names(path), None
    if names:
        table, found = table_columns(path)
        others = {name: values for name, values in table.items() if name not in columns}
        of_ids = id_column(others, ids)
        found = found if of_ids is None else others[of_ids]
        chosen = columns or tuple(name for name in names if _is_coordinate(name) and name != of_ids)
        if not chosen:
            raise AevizError(
                f"{path} has the columns {', '.join(names)} only, which are no coordinates; "
                "accepted: columns of numbers, chosen by columns=NAME"
            )
        left_out = tuple(name for name in names if name not in chosen) if not columns else ()
        columns = chosen
    else:
        left_out = ()
    dataset = read_dataset(path, ReadOptions(columns=columns, has_only_numbers=True))
    return dataset.X, dataset.sample_ids if found is None else found, left_out


def _is_coordinate(name: str) -> bool:
    return not (name in IDENTITY or name_kind(name) in ("id", "key", "row"))


def _column_names(path: Path) -> list[str]:
    """Return the names of a table's columns; none of other files, and of what is no table."""
    member = format_of(path)
    if member is None or member.column_names is None or not path.is_file():
        return []
    with suppress(AevizError, OSError):  # the reader says what is wrong with it
        return member.column_names(path, ReadOptions())
    return []


def _check(dataset: Dataset, points: np.ndarray, data: str, embedding: str) -> None:
    """Check what `evaluate` would tell of without the names of the files."""
    if len(points) != dataset.n_samples:
        raise AevizError(
            f"{data} has {dataset.n_samples:,} rows and {embedding} {len(points):,}; accepted: "
            "the same samples in the same order in both"
        )
    for name, values in ((data, dataset.X), (embedding, points)):
        n_bad = values.size - int(np.isfinite(values).sum())
        if n_bad:
            raise AevizError(
                f"{name} holds {n_bad:,} NaN or infinite values; accepted: finite numbers"
            )
        check_magnitude(values, source=name)


def _write(path: Path, found: FileScores) -> None:
    """Write the scores as a table, or with what was compared as JSON."""
    if path.suffix.lower() == ".csv":
        with atomic_file(path) as partial:
            found.table.to_csv(partial, index=False)
        return
    content: dict[str, Any] = {"schema": SCORES_SCHEMA, **vars(found)}
    del content["table"], content["left_out"], content["notes"]
    rows = found.table.astype(object).where(found.table.notna(), None)
    write_json(path, {**content, "rows": rows.to_dict("records")})
