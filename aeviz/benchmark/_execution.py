"""Make what does not stand yet, run after run, and score it.

A run is the fit of one encoder, or of one embedding to its code, and the scores of what
comes out. One that ends with an error is put on record and what is made from it left out,
so that an hour of other runs is not lost to one training that diverged.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.benchmark._budget import Budget
from aeviz.benchmark._job import IDENTITY, Subject
from aeviz.benchmark._plan import Plan
from aeviz.benchmark._scores import PLACED, PROTOCOL, Space, measure
from aeviz.benchmark.folder import Benchmark
from aeviz.core.memory import check_need
from aeviz.core.progress import Progress, performing
from aeviz.core.registry import METRICS
from aeviz.core.resource_meter import Meter
from aeviz.pipeline.factory import refusals_named
from aeviz.pipeline.memory_estimates import Needs
from aeviz.pipeline.tensorboard_log import listen
from aeviz.runs.steps import step_key

__all__ = ["Execution"]

N_TO_WARM = 32

Row = dict[str, Any]


class Execution:
    """Go through the runs of one benchmark.

    Attributes
    ----------
    n_done : int
        How many runs were done now.
    left_out : list of Subject
        What the budget left no time for.
    failed : dict of Subject to str
        What ended with an error, and with which.
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
        self.left_out: list[Subject] = []
        self.failed: dict[Subject, str] = {}

    def execute(self) -> None:
        """Do every run that there is time for."""
        for subject in self.plan.subjects:
            if self._stands(subject):
                self.budget.note(subject, self._cost(subject))
                self.progress.keep(subject.title)
                continue
            code = self.plan.code_of(subject)
            if code in self.failed:
                self.failed[subject] = f"its code could not be made: {self.failed[code]}"
            elif not self._is_made(code, subject) or not self.budget.allows(subject):
                self.left_out.append(subject)
            else:
                self._do(subject)

    def results(self) -> tuple[list[Row], list[Row]]:
        """Return the scores of every run that stands, and their differences to PCA's."""
        rows, differences = [], []
        for subject in self.plan.subjects:
            if not self._stands(subject):
                continue
            found = self.folder.scores(self._score_key(subject))
            for row in found["rows"]:
                seconds = self._seconds(subject, is_placed=row["placing"] == PLACED)
                rows.append({**subject.row, **row, "seconds": seconds})
            for row in found["differences"]:
                size = int(row["baseline"])
                differences.append({**subject.row, **row, "baseline_code_size": size})
        return rows, differences

    # -- one run -----------------------------------------------------------------------------

    def _do(self, subject: Subject) -> None:
        try:
            with performing(self.progress, subject.title):
                key = self.plan.key(subject)
                self._check_memory(subject)
                if not self._is_made(subject):
                    if subject.embedding is None:
                        self._encode(subject, key)
                    else:
                        self._embed(subject, key)
                self._score(subject)
        except (ValueError, FloatingPointError) as error:
            self.failed[subject] = " ".join(str(error).split())
            return
        self.n_done += 1
        self.budget.note(subject, self._cost(subject))

    def _check_memory(self, subject: Subject) -> None:
        """Refuse a run that does not fit in memory, which others of the benchmark may."""
        needs = Needs(*self.plan.prepared(subject).X.shape)
        is_data = subject.encoder == IDENTITY
        if not self._is_made(subject):
            encoder = None if is_data else self.plan.encoder(self.plan.code_of(subject))
            if subject.embedding is not None:
                check_need("fitting", needs.embedding(self.plan.embedding(subject), encoder))
            elif encoder is not None:
                check_need("fitting", needs.encoding(encoder))
        check_need("scoring", needs.scoring(2 + len(self._baselines(subject))))

    def _encode(self, subject: Subject, key: str) -> None:
        """Fit an encoder on the training samples, and keep codes and losses of all samples."""
        prepared = self.plan.prepared(subject)
        X, is_train = prepared.X, prepared.is_train
        encoder = self.plan.encoder(subject)
        listen(encoder, self.progress.update)
        with Meter() as fitting:
            settings = self.plan.run_settings(subject)
            with refusals_named(subject.encoder, settings):
                encoder.fit(X[is_train])
        with Meter() as encoding:
            code = encoder.transform(X)
        artifacts = encoder.artifacts(X, code, is_train=is_train, shown=np.arange(1))
        seconds = {"fit": fitting.seconds, "transform": encoding.seconds}
        facts = {"title": subject.title, "seconds": seconds, "n_features": code.shape[1]}
        arrays = {"points": code, "sample_errors": artifacts["reconstruction"]["sample_error"]}
        if "bound" in artifacts:
            arrays["sample_bounds"] = artifacts["bound"]["sample_elbo"]
        self.folder.save(key, facts=facts, **arrays)

    def _embed(self, subject: Subject, key: str) -> None:
        """Fit an embedding on the codes of training samples, and place the others in it."""
        prepared = self.plan.prepared(subject)
        is_train = prepared.is_train
        code = self._space(self.plan.code_of(subject)).points
        embedding = self.plan.embedding(subject)
        if subject.embedding not in self._warmed:
            # What is imported and compiled once a process is no part of what a method takes.
            self.plan.embedding(subject).fit(code[:N_TO_WARM])
            self._warmed.add(subject.embedding)
        if "callback" in embedding.get_params():
            embedding.set_params(callback=self.progress.update)
        with Meter() as fitting:
            fitted = embedding.fit_transform(code[is_train])
        with Meter() as placing:
            placed = embedding.transform(code[~is_train])
        points = np.empty((len(code), fitted.shape[1]), fitted.dtype)
        points[is_train], points[~is_train] = fitted, placed
        seconds = {"fit": fitting.seconds, "transform": placing.seconds}
        facts = {"title": subject.title, "seconds": seconds}
        self.folder.save(key, facts=facts, points=points)

    def _score(self, subject: Subject) -> None:
        baselines = self._baselines(subject)
        is_data = subject.embedding is None and subject.encoder == IDENTITY
        with Meter() as meter:
            rows, differences = measure(
                self.plan.prepared(subject),
                None if is_data else self._space(subject),
                {str(one.code_size): self._space(one) for one in baselines},
                seed=self.plan.settings.common.seed,
                progress=self.progress.update,
            )
        found = {"rows": rows, "differences": differences, "seconds": meter.seconds}
        self.folder.save_scores(self._score_key(subject), found)

    # -- what stands -------------------------------------------------------------------------

    def _is_made(self, code: Subject, subject: Subject | None = None) -> bool:
        """Tell whether a code or an embedding is there; the data themselves always are.

        With `subject`, of which `code` is the code, one that is its own code needs none.
        """
        is_data = code.embedding is None and code.encoder == IDENTITY
        return is_data or code == subject or self.folder.has(self.plan.key(code))

    def _stands(self, subject: Subject) -> bool:
        return self._is_made(subject) and self.folder.has_scores(self._score_key(subject))

    def _baselines(self, subject: Subject) -> list[Subject]:
        return [one for one in self.plan.baselines(subject) if self._is_made(one)]

    def _score_key(self, subject: Subject) -> str:
        """Return the key of a subject's scores, which depend on the baselines that are there."""
        keys = [self.plan.key(one) for one in (subject, *self._baselines(subject))]
        seed = self.plan.settings.common.seed
        return step_key("score", keys, METRICS.names(), PROTOCOL, seed)

    def _space(self, subject: Subject) -> Space:
        if subject.embedding is None and subject.encoder == IDENTITY:
            return Space(self.plan.prepared(subject).X)
        key = self.plan.key(subject)
        return Space(**self.folder.arrays(key))

    # -- what it took ------------------------------------------------------------------------

    def _seconds(self, subject: Subject, *, is_placed: bool) -> float:
        """Return the seconds from the data to a subject, the placing of new samples included."""
        total = 0.0
        for one in dict.fromkeys([self.plan.code_of(subject), subject]):
            if one.embedding is None and one.encoder == IDENTITY:
                continue
            seconds = self.folder.facts(self.plan.key(one))["seconds"]
            total += seconds["fit"] + (seconds["transform"] if is_placed else 0.0)
        return round(total, 3)

    def _cost(self, subject: Subject) -> float:
        """Return the seconds that one run took, its scores included."""
        total = float(self.folder.scores(self._score_key(subject))["seconds"])
        if not (subject.embedding is None and subject.encoder == IDENTITY):
            total += sum(self.folder.facts(self.plan.key(subject))["seconds"].values())
        return total
