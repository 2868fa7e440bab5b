"""Describe what a report would do with a source, before anything is trained.

The source is read as a report reads it, with every row and every missing value; then it is
asked whether it could be worked with. What would stop a report is part of the answer, not an
error, as long as the source can be read at all.
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.progress import Silent
from aeviz.core.registry import FORMATS
from aeviz.core.wording import plural, quoted
from aeviz.data.columns import TableColumn
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import prepare
from aeviz.data.sources import find_format, is_bundled
from aeviz.pipeline.make_report import ReportSteps
from aeviz.pipeline.own_arrays import own_arrays
from aeviz.pipeline.report_forecast import ReportForecast
from aeviz.pipeline.report_plan import ReportPlan
from aeviz.pipeline.sources import finish, read_options, read_whole
from aeviz.runs.run import Run
from aeviz.settings import Settings

__all__ = ["Inspection", "inspect_source"]


@dataclass(frozen=True)
class Inspection:
    """Description of a source.

    Parameters
    ----------
    source : str
        What was named.
    format : str
        What it was read as: a member of the family of formats, or ``"bundled"``.
    n_samples, n_features : int
        As read, before rows with missing values are left out or a sample is drawn.
    image_shape : (height, width, channels) or None
    split : str
        Which samples are held out, in words.
    labels : str
        What kind of labels there are, in words.
    further_labels : list of str
    batches : str or None
        How many batches there are.
    own : list of str
        Maps and codes of the user, in words.
    scaling : str or None
        What preparation does to the values, in words; None where a report would stop.
    n_missing : int
        Values of features that are missing or infinite.
    n_rows_missing : int
        Rows with at least one of them.
    columns : list of TableColumn or None
        What becomes of every column of a table; None for other sources.
    notes : list of str
        What the reader and the checks had to say.
    stopped : str or None
        Why a report would stop, None if it would not.
    forecast : ReportForecast or None
        Memory and time of the report; None where it would stop.
    """

    source: str
    format: str
    n_samples: int
    n_features: int
    image_shape: tuple[int, int, int] | None
    split: str
    labels: str
    scaling: str | None
    n_missing: int
    n_rows_missing: int
    further_labels: list[str] = field(default_factory=list)
    batches: str | None = None
    own: list[str] = field(default_factory=list)
    columns: list[TableColumn] | None = None
    notes: list[str] = field(default_factory=list)
    stopped: str | None = None
    forecast: ReportForecast | None = None

    def to_json(self) -> dict[str, Any]:
        """Return all of it as JSON-able values, with the fate of every column in words."""
        content = asdict(self)
        if self.columns is not None:
            content["columns"] = [{**one.to_json(), "fate": one.fate} for one in self.columns]
        if self.forecast is not None:
            content["forecast"] |= {"machine_gb": self.forecast.machine_gb}
        return {"schema": 1, **content}


def inspect_source(settings: Settings) -> Inspection:
    """Return what a report would do with the source that settings name.

    Raises
    ------
    FileNotFoundError, AevizError
        If the source cannot be read as the settings say.
    """
    options = read_options(settings)
    own = own_arrays(settings, options, settings.source)
    dataset = read_whole(settings, options, settings.source, labels=settings.labels, own=own)
    stopped, scaling, usable, forecast = None, None, dataset, None
    try:
        usable = finish(dataset, settings, options, called=settings.source)
        prepared = prepare(usable, seed=settings.seed, **settings.preparation)
        usable, scaling = prepared.dataset, prepared.scaling.words
        plan, run = ReportPlan(settings, usable), Run(Path("reports") / usable.name)
        forecast = ReportForecast.of(ReportSteps(run, plan, prepared, Silent()))
    except AevizError as error:
        stopped = str(error)
    is_bad = ~np.isfinite(dataset.X) if dataset.X.dtype.kind == "f" else np.zeros((1, 1), bool)
    return Inspection(
        source=settings.source,
        format=_format_name(settings.source),
        n_samples=dataset.n_samples,
        n_features=dataset.n_features,
        image_shape=dataset.image_shape,
        split=_split_words(dataset),
        labels="none" if usable.y is None else _kind_words(usable.y),
        scaling=scaling,
        n_missing=int(is_bad.sum()),
        n_rows_missing=int(is_bad.any(axis=1).sum()),
        further_labels=[f"{name}: {_kind_words(y)}" for name, y in dataset.metadata.items()],
        batches=None if dataset.batch is None else f"{pd.Series(dataset.batch).nunique():,}",
        own=[
            f"{option} {quoted(name)}, {plural(values.shape[1], 'column')}"
            for option, arrays in (("map", dataset.maps), ("code", dataset.codes))
            for name, values in arrays.items()
        ],
        columns=None if dataset.columns is None else list(dataset.columns),
        notes=list(usable.notes),
        stopped=stopped,
        forecast=forecast,
    )


def _format_name(source: str) -> str:
    if is_bundled(source):
        return "bundled"
    found = find_format(Path(source))
    return next(name for name, member in FORMATS.members().items() if member is found)


def _split_words(dataset: Dataset) -> str:
    given = dataset.is_test
    if given is not None and given.any() and not given.all():
        return f"the source's own: {int((~given).sum()):,} to train, {int(given.sum()):,} held out"
    if dataset.groups is not None:
        return f"about a fifth held out at random, {len({*dataset.groups}):,} groups kept together"
    by = ", in proportion from every class" if dataset.has_classes else ""
    return f"a fifth held out at random{by}"


def _kind_words(y: np.ndarray) -> str:
    """Return what kind of labels these are, and how many of them are missing."""
    values = pd.Series(y)
    known = values.dropna().to_numpy()
    n_missing = len(values) - len(known)
    missing = f", {n_missing:,} missing" if n_missing else ""
    if Dataset("", np.empty((len(known), 0)), known).has_classes:
        n_classes = len(set(known.tolist()))
        return f"{n_classes:,} class{'es' * (n_classes != 1)}{missing}"
    return f"continuous, from {known.min():g} to {known.max():g}{missing}"
