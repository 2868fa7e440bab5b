"""Make and score, run after run, whatever is missing.

A run is the fit of one encoder, or of one embedding to its code, and the scores of what
comes out. A run that ends with an error is recorded, and the runs that need its output are
left out, so that one diverged training does not cost an hour of other runs.
"""

from dataclasses import asdict
from typing import Any

import numpy as np

from aeviz.benchmark._budget import Budget
from aeviz.benchmark._comparisons import Method, compare_with_pca
from aeviz.benchmark._plan import IDENTITY, Job, Plan
from aeviz.benchmark._scores import SPLITS, TEST, Space, measure, sides_of
from aeviz.benchmark.folder import Benchmark
from aeviz.core.memory import check_need
from aeviz.core.progress import Progress, performing
from aeviz.core.registry import METRICS
from aeviz.core.resource_meter import Meter
from aeviz.evaluation.protocol import Protocol
from aeviz.pipeline.factory import refusals_named
from aeviz.pipeline.memory_estimates import Needs
from aeviz.pipeline.tasks import Embedded, Encoded, embed, encode, short_training
from aeviz.runs.steps import step_key

__all__ = ["Execution"]

N_TO_WARM = 32

Row = dict[str, Any]


class Execution:
    """Execution of all runs of one benchmark.

    Attributes
    ----------
    n_done : int
        Number of runs done in this call.
    left_out : list of Job
        Runs that the budget left no time for.
    failed : dict of Job to str
        Runs that ended with an error, and its text.
    """

    def __init__(
        self, plan: Plan, folder: Benchmark, progress: Progress, *, budget: Budget
    ) -> None:
        self.plan = plan
        self.folder = folder
        self.progress = progress
        self.budget = budget
        self.n_done = 0
        self._warmed: set[str | None] = set()
        self.left_out: list[Job] = []
        self.failed: dict[Job, str] = {}

    def execute(self) -> None:
        """Do every missing run that the budget has time for."""
        for job in self.plan.jobs:
            if self._stands(job):
                self.budget.note(job, self._cost(job))
                self.progress.keep(job.title)
                continue
            code = self.plan.code_of(job)
            if code in self.failed:
                self.failed[job] = f"its code could not be made: {self.failed[code]}"
            elif not (code == job or self._is_made(code)) or not self.budget.allows(job):
                self.left_out.append(job)
            else:
                self._do(job)

    def results(self) -> tuple[list[Row], list[Row]]:
        """Return the scores of every finished run, and the differences of methods to PCA's."""
        rows = []
        runs = []
        opponents: dict[tuple[Method, Method], None] = {}
        for job in self.plan.jobs:
            if not self._stands(job):
                continue
            key = self._score_key(job)
            found = self.folder.scores(key)["rows"]
            for row in found:
                seconds = self._seconds(job, is_test=row["split"] == TEST)
                rows.append({**job.row, **row, "seconds": seconds})
            runs.append((job.method, job.seed is not None, found, self.folder.deviations(key)))
            opponents |= {
                (job.method, one.method): None
                for one in self.plan.baselines(job)
                if self._stands(one)
            }
        return rows, compare_with_pca(sides_of(runs), opponents)

    def short_trainings(self) -> list[Row]:
        """Return the trainings that stopped at their limit of epochs too early, with that limit.

        What a former version made does not say it.
        """
        found = []
        for job in self.plan.jobs:
            if job.embedding is None and not job.is_data and self._is_made(job):
                n_epochs = self.folder.facts(self.plan.key(job)).get("short_training")
                if n_epochs is not None:
                    found.append({**job.row, "epochs": n_epochs})
        return found

    # -- one run -----------------------------------------------------------------------------

    def _do(self, job: Job) -> None:
        try:
            with performing(self.progress, job.title):
                self._check_memory(job)
                if not self._is_made(job):
                    make = self._encode if job.embedding is None else self._embed
                    make(job)
                self._score(job)
        except (ValueError, FloatingPointError) as error:
            self.failed[job] = " ".join(str(error).split())
            return
        self.n_done += 1
        self.budget.note(job, self._cost(job))

    def _check_memory(self, job: Job) -> None:
        """Refuse a run that does not fit in memory; the other runs go on."""
        needs = Needs(*self.plan.prepared(job).X.shape)
        is_data = job.encoder == IDENTITY
        if not self._is_made(job):
            encoder = None if is_data else self.plan.encoder(self.plan.code_of(job))
            if job.embedding is not None:
                check_need("fitting", needs.embedding(self.plan.embedding(job), encoder))
            elif encoder is not None:
                check_need("fitting", needs.encoding(encoder))
        check_need("scoring", needs.scoring(2))

    def _encode(self, job: Job) -> None:
        """Fit an encoder to the training samples, and keep codes and losses of all samples."""
        prepared = self.plan.prepared(job)
        with refusals_named(job.encoder, self.plan.run_settings(job)):
            made = encode(
                self.plan.encoder(job),
                prepared.X,
                is_train=prepared.is_train,
                shown=np.arange(1),
                progress=self.progress.update,
            )
        losses = {"sample_errors": made.sample_errors, "sample_bounds": made.sample_bounds}
        known = {name: values for name, values in losses.items() if values is not None}
        facts = {"short_training": short_training(made.encoder)}
        self._save(job, made, facts=facts, points=made.code, **known)

    def _embed(self, job: Job) -> None:
        """Fit an embedding to the codes of training samples, and transform the test samples."""
        code = self._space(self.plan.code_of(job)).points
        if job.embedding not in self._warmed:
            # Imports and compilation happen once per process and are not part of a method's time.
            self.plan.embedding(job).fit(code[:N_TO_WARM])
            self._warmed.add(job.embedding)
        is_train = self.plan.prepared(job).is_train
        embedding, report = self.plan.embedding(job), self.progress.update
        made = embed(embedding, code, is_train=is_train, progress=report)
        self._save(job, made, facts={}, points=made.points)

    def _save(
        self, job: Job, made: Encoded | Embedded, *, facts: Row, **arrays: np.ndarray
    ) -> None:
        seconds = {"fit": made.fit_seconds, "transform": made.transform_seconds}
        facts = {"title": job.title, "seconds": seconds, **facts}
        self.folder.save(self.plan.key(job), facts=facts, **arrays)

    def _score(self, job: Job) -> None:
        with Meter() as meter:
            rows, deviations = measure(
                self.plan.prepared(job),
                None if job.is_data else self._space(job),
                seed=self.plan.settings.common.seed,
                progress=self.progress.update,
            )
        found = {"rows": rows, "seconds": meter.seconds}
        self.folder.save_scores(self._score_key(job), found, deviations)

    # -- what stands -------------------------------------------------------------------------

    def _is_made(self, job: Job) -> bool:
        """Return whether a code or an embedding exists; the original data always do."""
        return job.is_data or self.folder.has(self.plan.key(job))

    def _stands(self, job: Job) -> bool:
        return self._is_made(job) and self.folder.has_scores(self._score_key(job))

    def _score_key(self, job: Job) -> str:
        """Return the key of a job's scores; formerly differences were kept beside them."""
        protocol = asdict(Protocol(seed=self.plan.settings.common.seed))
        parts = [METRICS.names(), protocol, list(SPLITS), "deviations"]
        return step_key("score", self.plan.key(job), *parts)

    def _space(self, job: Job) -> Space:
        if job.is_data:
            return Space(self.plan.prepared(job).X)
        return Space(**self.folder.arrays(self.plan.key(job)))

    # -- what it took ------------------------------------------------------------------------

    def _parts(self, job: Job) -> dict[str, float]:
        """Return the seconds of each part of making a code or an embedding."""
        return {} if job.is_data else dict(self.folder.facts(self.plan.key(job))["seconds"])

    def _seconds(self, job: Job, *, is_test: bool) -> float:
        """Return the seconds of fitting, and for test samples also of `transform`."""
        total = 0.0
        for one in dict.fromkeys([self.plan.code_of(job), job]):
            parts = self._parts(one)
            total += parts.get("fit", 0.0) + (parts.get("transform", 0.0) if is_test else 0.0)
        return round(total, 3)

    def _cost(self, job: Job) -> float:
        """Return the seconds that one run took, its scores included."""
        scoring = float(self.folder.scores(self._score_key(job))["seconds"])
        return scoring + sum(self._parts(job).values())
