"""Train again under other seeds, to say how far differences with PCA depend on the seed.

What is compared with PCA and depends on the seed is repeated, and so are PCA's own embeddings,
which start or descend at random too: a comparison has as many trainings on both sides. Only codes,
errors and coordinates are kept, since the report shows the first training.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz.encoders import Encoder
from aeviz.neighbors.search import NeighborSearch
from aeviz.pipeline.factory import parameters, refusals_named
from aeviz.pipeline.scoring import PCA, Training
from aeviz.pipeline.tasks import embed, encode
from aeviz.runs.pair import Pair
from aeviz.runs.repeated_trainings import RepeatedCode
from aeviz.runs.steps import Step

if TYPE_CHECKING:
    from aeviz.pipeline.make_report import ReportSteps

__all__ = ["Repeats", "default_trainings"]

_N_TRAININGS, _MOST_VALUES = 5, 200_000


def default_trainings(n_samples: int, n_features: int) -> int:
    """Return how many trainings a report makes where none are asked for.

    Why five: two standard errors of a mean of three trainings are 4.3 of t's, and a difference of
    three standard deviations between seeds would be missed in three of ten reports.

    Examples
    --------
    >>> default_trainings(1_797, 64), default_trainings(70_000, 784)
    (5, 1)
    """
    return _N_TRAININGS if n_samples * n_features <= _MOST_VALUES else 1


class Repeats:
    """Steps of the trainings after the first.

    Parameters
    ----------
    report : ReportSteps
        The steps of the run. A network that it has fitted is trained again and not shown any more:
        it leaves `report.fitted`.
    """

    def __init__(self, report: ReportSteps) -> None:
        self.report = report
        self._former: dict[str, Encoder] = {}
        self._search: tuple[str, NeighborSearch] | None = None
        plan = report.plan
        sizes = {kind: one.get_params().get("code_size") for kind, one in plan.encoders.items()}
        compared = [
            kind
            for kind, one in plan.encoders.items()
            if kind != PCA and (one.is_embedding or sizes[kind] == sizes.get(PCA))
        ]
        self.kinds = [kind for kind in compared if plan.encoders[kind].depends_on_seed]
        has_maps = any(not plan.encoders[kind].is_embedding for kind in compared)
        kinds = [*compared, *([PCA] if has_maps else [])]
        self.pairs = [
            pair
            for pair in plan.pairs
            if pair.encoder in kinds
            and not pair.is_latent
            and (pair.encoder in self.kinds or plan.embeddings[pair.embedding].depends_on_seed)
        ]

    @property
    def numbers(self) -> range:
        """Return the numbers of the repeated trainings; the first training is 0."""
        return range(1, self.report.plan.n_trainings if self.kinds or self.pairs else 1)

    def steps(self, first: dict[str, Step]) -> dict[str, Step]:
        """Return every step by its name, in order.

        Parameters
        ----------
        first : dict of str to Step
            Those of the first training.
        """
        run, plan, needs = self.report.run, self.report.plan, self.report.needs
        steps = {}
        for number in self.numbers:
            depends_on = {kind: first[f"encode {kind}"].depends_on for kind in plan.encoders}
            for kind in self.kinds:
                encoder = plan.encoders[kind]
                depends_on[kind] = [*depends_on[kind][:-1], _seeded(encoder, number)]
                make, need = partial(self._encode, kind, number), partial(needs.encoding, encoder)
                output = run.repeats.path(kind, number)
                steps[f"repeat {kind} {number}"] = Step(depends_on[kind], make, output, need)
            for pair in self.pairs:
                embedding = plan.embeddings[pair.embedding]
                of_pair = [*depends_on[pair.encoder], pair.embedding, _seeded(embedding, number)]
                need = partial(needs.embedding, embedding, plan.encoders[pair.encoder])
                make, output = (
                    partial(self._embed, pair, number),
                    run.repeats.path(pair.key, number),
                )
                name = f"repeat {pair.encoder} {pair.embedding} {number}"
                steps[name] = Step(of_pair, make, output, need)
        return steps

    def trainings(self) -> list[Training]:
        """Return what the finished steps gave."""
        run, plan = self.report.run, self.report.plan
        latent = [pair for pair in plan.pairs if pair.is_latent and pair.encoder in self.kinds]
        found = []
        for number in self.numbers:
            codes = {kind: run.repeats.code(kind, number) for kind in self.kinds}
            errors = {kind: one.sample_error for kind, one in codes.items()}
            bounds = {kind: one.sample_elbo for kind, one in codes.items()}
            training = Training(
                {kind: one.code for kind, one in codes.items()},
                {pair: run.repeats.points(pair, number) for pair in (*self.pairs, *latent)},
                {kind: values for kind, values in errors.items() if values is not None},
                {kind: values for kind, values in bounds.items() if values is not None},
            )
            found.append(training)
        return found

    def _encode(self, kind: str, number: int) -> None:
        """Train an encoder again, by the compiled network of its last training in this process."""
        report = self.report
        template = report.plan.encoders[kind]
        former = self._former.get(kind) or report.fitted.pop(kind, None) or template
        encoder = former.again(_seed(template, number))
        with refusals_named(kind, report.plan.settings):
            made = encode(
                encoder,
                report.prepared.X,
                is_train=report.prepared.is_train,
                shown=np.arange(1),
                progress=report.progress.update,
            )
        self._former[kind] = encoder
        code = RepeatedCode(made.code, made.sample_errors, made.sample_bounds)
        report.run.repeats.write_code(kind, number, code)

    def _embed(self, pair: Pair, number: int) -> None:
        """Embed the codes of all samples again."""
        report, kind = self.report, pair.encoder
        is_repeated = kind in self.kinds
        code = report.run.repeats.code(kind, number).code if is_repeated else report.run.code(kind)
        template = report.plan.embeddings[pair.embedding]
        # Not a clone, which would copy what it tells its progress to.
        params = {**template.get_params(deep=False), "random_state": _seed(template, number)}
        embedding = type(template)(**params)
        neighbors = None
        if embedding.searches_neighbors:
            neighbors = self._neighbors(f"{kind} {number * is_repeated}", np.asarray(code))
        made = embed(
            embedding, np.asarray(code), neighbors=neighbors, progress=report.progress.update
        )
        report.run.repeats.write_points(pair, number, made.points)

    def _neighbors(self, name: str, code: np.ndarray) -> NeighborSearch:
        """Return the search that the embeddings of a code share."""
        if self._search is None or self._search[0] != name:
            self._search = name, NeighborSearch(code, n_least=self.report.N_SHARED_NEIGHBORS)
        return self._search[1]


def _seed(member: Any, number: int) -> int:
    """Return the seed of a repeated training of a member."""
    return int(member.get_params()["random_state"]) + number


def _seeded(member: Any, number: int) -> dict[str, Any]:
    """Return the parameters of a repeated training of a member."""
    return {**parameters(member), "random_state": _seed(member, number)}
