"""Find, name and describe the clusters of a run's samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz.clustering import (
    FeatureWords,
    cluster_names,
    find_clusters,
    majorities,
    nearest_to_medoid,
    telling_features,
)
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import Prepared
from aeviz.pipeline.report_plan import ReportPlan
from aeviz.runs.clusters import Cluster, Clusters
from aeviz.runs.pair import IDENTITY
from aeviz.runs.steps import Step

if TYPE_CHECKING:
    from aeviz.pipeline.make_report import ReportSteps

__all__ = ["cluster_step", "describe_clusters"]

_MOST, _MOST_QUICK = 5_000, 2_000
_N_EXAMPLES = 5

Progress = Callable[[float, float], None]


def clustered_kind(plan: ReportPlan) -> str:
    """Return the encoder whose code is clustered: the first that is trained, else the first.

    Without any, the data are.
    """
    trained = [kind for kind, encoder in plan.encoders.items() if encoder.is_trained]
    return [*trained, *plan.kinds, IDENTITY][0]


def cluster_step(
    report: ReportSteps, steps: Mapping[str, Step], source: list[Any], names: list[Any]
) -> Step:
    """Return the step that finds the clusters of a run.

    Parameters
    ----------
    report : ReportSteps
    steps : mapping of str to Step
        Those that make codes are among them.
    source, names : list
        What the data and their preparation depend on; the names of features and labels.
    """
    plan, run = report.plan, report.run
    kind, n_most = clustered_kind(plan), _MOST_QUICK if plan.settings.quick else _MOST

    def make() -> None:
        code = report.prepared.X if kind == IDENTITY else np.asarray(run.code(kind))
        choices: dict[str, Any] = {"kind": kind, "seed": plan.settings.seed, "n_most": n_most}
        update = report.progress.update
        found = describe_clusters(report.prepared, code, progress=update, **choices)
        found.write(run.clusters_path)

    of_code = steps.get(f"take code {kind}") or steps.get(f"encode {kind}")
    depends_on = [*(source if of_code is None else of_code.depends_on), "clusters", n_most, names]
    return Step(depends_on, make, run.clusters_path, report.needs.clustering)


def describe_clusters(
    prepared: Prepared,
    code: np.ndarray,
    *,
    kind: str,
    seed: int,
    n_most: int = _MOST,
    progress: Progress | None = None,
) -> Clusters:
    """Return the clusters of a code with their names and what tells them.

    Parameters
    ----------
    prepared : Prepared
    code : ndarray of shape (n_samples, code_size)
        Code of the samples, or the samples themselves.
    kind : str
        What the code is called.
    seed, n_most, progress
        As in `aeviz.clustering.find_clusters`.
    """
    clusters = find_clusters(code, random_state=seed, n_most=n_most, progress=progress)
    labels, numbers = clusters.labels, range(clusters.n_clusters)
    told: list[list[str]] = [[] for _ in numbers]
    if not prepared.dataset.is_image and clusters.n_clusters:
        told = telling_features(prepared.X, labels, _feature_words(prepared.dataset))
    classes = prepared.dataset.class_labels
    majority = [None for _ in numbers] if classes is None else majorities(labels, classes)
    names = cluster_names(majority, told)
    found = []
    for number in numbers:
        rows, most = np.flatnonzero(labels == number), majority[number]
        found.append(
            Cluster(
                name=names[number],
                size=len(rows),
                stability=float(clusters.stability[number]),
                label=None if most is None else most.label,
                purity=None if most is None else most.purity,
                features=told[number],
                examples=rows[nearest_to_medoid(code[rows], _N_EXAMPLES)].tolist(),
            )
        )
    contact = clusters.contact.tolist()
    return Clusters(kind, clusters.n_clustered, found, contact, labels.astype(np.int32))


def _feature_words(dataset: Dataset) -> list[FeatureWords]:
    """Return how each feature of a table is spoken of, by the names of the user's columns."""
    known: dict[str, FeatureWords] = {}
    for column in dataset.columns or ():
        if column.role == "category":
            of_column = [FeatureWords(column.name, "category", one) for one in column.values]
            known |= zip(column.feature_names, of_column, strict=False)
        elif column.role == "boolean":
            known[column.name] = FeatureWords(column.name, "boolean")
        elif column.role == "date":
            known[column.name] = FeatureWords(column.name, "date")
    names = dataset.feature_names or [f"feature {i + 1}" for i in range(dataset.n_features)]
    return [known.get(name) or FeatureWords(name) for name in names]
