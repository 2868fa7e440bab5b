"""Make a report: do the steps of a run in order, and redo only what has to be redone.

The output of each step is in the run folder, under a key made of everything that the step
depends on: the data, its parameters and the keys of the steps before it. A step whose key is
recorded is not done again. Only this module knows the order; what a step does is in
`aeviz.pipeline.tasks` and in the packages that it uses.

Why nothing is imported in advance by a thread: importing holds Python's lock. On two cores, runs
of the digits took 39 to 43 s without such a thread and 39 to 45 s with one, and t-SNE of 4 s
took 7 to 9 s while TensorFlow was imported.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.atomic_files import atomic_folder
from aeviz.core.environment import cpu, device, threads, versions
from aeviz.core.exceptions import AevizError
from aeviz.core.progress import Progress, Silent
from aeviz.core.registry import ENCODERS, METRICS
from aeviz.core.version import __version__
from aeviz.data.prepared import N_SHOWN, Prepared, prepare
from aeviz.encoders import Encoder
from aeviz.evaluation.faithfulness import Neighborhoods
from aeviz.neighbors.search import NeighborSearch
from aeviz.pipeline.add_samples import kept_additions
from aeviz.pipeline.clusters import cluster_step
from aeviz.pipeline.factory import parameters, refusals_named
from aeviz.pipeline.faithfulness import neighborhood_sizes, score_faithfulness
from aeviz.pipeline.memory_estimates import Needs
from aeviz.pipeline.own_steps import own_steps
from aeviz.pipeline.repeats import Repeats
from aeviz.pipeline.report_plan import ReportPlan
from aeviz.pipeline.scoring import score
from aeviz.pipeline.sources import chosen_settings, load
from aeviz.pipeline.tasks import embed, encode, warn_of_short_training
from aeviz.pipeline.tensorboard_log import check_board, write_projector
from aeviz.runs.pair import IDENTITY, OWN, Pair
from aeviz.runs.run import Run
from aeviz.runs.steps import Step, check_memory, perform

__all__ = ["ReportSteps", "run_report"]

_log = logging.getLogger(__name__)


def run_report(
    source: Any, *, progress: Progress | None = None, force: bool = False, **settings: Any
) -> Run:
    """Turn a data set into a run folder with a report.

    Parameters
    ----------
    source : Settings, str, path-like or object
        All settings; or a bundled name, a path, or data in memory as `aeviz.load_dataset` takes
        them.
    progress : Progress or None
        Told what the run is doing.
    force : bool
        Do every step again, and write into a folder that holds something else.
    **settings
        `maps` and `codes`, mappings from a name to an array or a data frame: coordinates and
        codes that you already have, for which see `map` and `code`; and the fields of
        `aeviz.settings.Settings`, such as out, title, quick, encoder, embedding, seeds, code_size,
        epochs, sample, seed, label, labels, columns, drop, batch, map, code, key, on_missing,
        scale, transform, top_features and params.

    Returns
    -------
    Run
        The finished run; its report is at ``run.report_path``.

    Raises
    ------
    AevizError
        If the source or a setting is not acceptable; nothing is written then.
    FileNotFoundError
        If the source is a path where nothing is.
    """
    chosen, in_memory = chosen_settings(source, settings)
    chosen = chosen.in_full()
    if chosen.tensorboard is not None:
        check_board(Path(chosen.tensorboard))
    dataset = load(chosen, **in_memory)
    prepared = prepare(dataset, seed=chosen.seed, **chosen.preparation)
    plan = ReportPlan(chosen, prepared.dataset)
    run = Run(chosen.out or Path("reports") / dataset.name)
    if chosen.out is None and "source" not in in_memory and not force:
        _check_same_source(run, chosen.source)
    with run.claimed(force=force):
        ReportSteps(run, plan, prepared, progress or Silent()).execute()
    return run


def _check_same_source(run: Run, source: str) -> None:
    """Check that the default folder holds no run of another file of the same name."""
    before = run.settings["source"] if run.exists else source
    if before != source and Path(before).resolve() != Path(source).resolve():
        raise AevizError(
            f"{run.path} holds the run of {before}, not of {source}; accepted: another folder as "
            "out, or force=True, which replaces that run"
        )


class ReportSteps:
    """Steps of one run, in order."""

    # What t-SNE asks for; finding them takes little longer than finding the 14 of UMAP.
    N_SHARED_NEIGHBORS = 90

    def __init__(self, run: Run, plan: ReportPlan, prepared: Prepared, progress: Progress) -> None:
        self.run = run
        self.plan = plan
        self.prepared = prepared
        self.progress = progress
        self.fitted: dict[str, Encoder] = {}
        self.searches: dict[str, NeighborSearch] = {}
        self.needs = Needs(*prepared.X.shape)
        self.repeats = Repeats(self)

    def execute(self) -> None:
        """Do every step that is not done yet, and render the report."""
        steps = self.steps()
        self.run.begin(
            {
                "aeviz": __version__,
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "settings": self.plan.settings.to_json(),
                "seed": self.plan.settings.seed,
                "versions": versions(),
                "data_fingerprint": self.plan.fingerprint,
                "encoders": self.plan.kinds,
                "own_codes": list(self.plan.own_codes),
                "n_trainings": 1 + len(self.repeats.numbers),
                "pairs": [[pair.encoder, pair.embedding] for pair in self.plan.pairs],
                # Until the page is rendered, files may be those of other settings.
                "is_finished": False,
            }
        )
        check_memory(steps, folder=self.run)
        self.progress.begin(list(steps))
        for name, step in steps.items():
            is_new = perform(name, step, folder=self.run, progress=self.progress)
            board = None if is_new else self.plan.board(name.removeprefix("encode "))
            if board is not None:
                _log.warning(
                    "%s is not done again and logs nothing in %s; force=True trains again",
                    name,
                    board,
                )
            if is_new and name != "render":
                # Without a network there is no need to import Keras for three seconds.
                where = device() if self.plan.has_networks else cpu()
                self.run.note(device=where, threads=threads())
        # New samples of a run that was fitted again may have been dropped.
        self.run.keep_steps([name for name, step in steps.items() if step.output.exists()])

    def steps(self) -> dict[str, Step]:
        """Return every step by its name, in order."""
        run, plan, needs = self.run, self.plan, self.needs
        source = [plan.fingerprint, plan.settings.seed, plan.settings.preparation, __version__]
        dataset = self.prepared.dataset
        names = [plan.settings.source, dataset.feature_names]
        names += [dataset.target_names or dataset.class_order, dataset.class_colors]
        # Ids, further labels, batches and notes change nothing that is fitted, so only the copies
        # of them are redone, and scores of batches.
        identity = dataset.identity_fingerprint()
        card = [*source, *names, identity, dataset.notes]
        prepare_data = partial(run.write_data, self.prepared, source=plan.settings.source)
        need = partial(needs.step, "prepare")
        steps = {"prepare": Step(card, prepare_data, run.path / "data", need)}
        for kind, encoder in plan.encoders.items():
            depends_on = [*source, kind, parameters(encoder)]
            make, need = partial(self._encode, kind), partial(needs.encoding, encoder)
            steps[f"encode {kind}"] = Step(depends_on, make, run.encoder_path(kind), need)
        steps |= own_steps(run, plan, source)
        steps["cluster"] = cluster = cluster_step(self, steps, source, names)
        steps |= self._embedding_steps(steps, source)
        fitted = [
            step.depends_on for name, step in steps.items() if name not in ("prepare", "cluster")
        ]
        repeated = self.repeats.steps(steps)
        steps |= repeated
        everything = [[*source, *names, "scaling"], *fitted]
        scored = ["curves", "test codes", "trainings", METRICS.names()]
        scored += ["quick"] * self.plan.settings.quick
        scored += [step.depends_on for step in repeated.values()]
        scored += [] if dataset.batch is None else [identity]
        later: dict[str, tuple[list[Any], Callable[[], None], Path]] = {
            # A step by itself, because it does not depend on the embeddings.
            "search neighbors": (source, self._search, run.neighbors_path),
            "score samples": (everything, self._score_samples, run.faithfulness_path),
            # The key says what is scored and on which samples: codes were once scored on all.
            "score": (
                [*everything, *scored],
                self._score,
                run.scores_path,
            ),
            # The key says what the columns are: there were only coordinates at first.
            "tabulate": (
                [*everything, "false and missing neighbors", identity, cluster.depends_on],
                self._tabulate,
                run.embeddings_path,
            ),
            "keep samples": ([*everything, names, "browse"], self._keep_samples, run.browse_path),
        }
        of_scores = partial(needs.scoring, 1 + len(plan.kinds) + len(plan.pairs))
        for name, parts in later.items():
            steps[name] = Step(*parts, of_scores if name == "score" else partial(needs.step, name))
        steps |= kept_additions(run, steps)
        # The page depends on the code of the report as well, and is always rendered.
        now = datetime.now(UTC).isoformat()
        need = partial(needs.rendering, len(plan.pairs))
        steps["render"] = Step([now], self._render, run.report_path, need)
        return steps

    def _embedding_steps(self, steps: Mapping[str, Step], source: list[Any]) -> dict[str, Step]:
        """Return the steps that fit embeddings; `steps` are those that make codes."""
        run, plan, needs, found = self.run, self.plan, self.needs, dict[str, Step]()
        for pair in plan.pairs:
            if pair.is_latent or pair.encoder == OWN:
                continue
            kind, embedding = pair.encoder, plan.embeddings[pair.embedding]
            of_code = steps.get(f"take code {kind}") or steps.get(f"encode {kind}")
            code = source if of_code is None else of_code.depends_on
            depends_on = [*code, pair.embedding, parameters(embedding)]
            if plan.is_fitted_to_training(pair):
                depends_on.append("fitted to training samples")
            need = partial(needs.embedding, embedding, plan.encoders.get(kind))
            if kind in plan.own_codes:
                size = plan.own_codes[kind].shape[1]
                need = partial(embedding.memory_need, needs.n_samples, size)
            make, output = partial(self._embed, pair), run.embedding_path(pair)
            found[f"embed {kind} {pair.embedding}"] = Step(depends_on, make, output, need)
        return found

    # -- what the steps do ---------------------------------------------------------------

    def _encode(self, kind: str) -> None:
        """Fit an encoder on the training samples, and write its codes and reconstructions."""
        encoder, board = self.plan.encoders[kind], self.plan.board(kind)
        with refusals_named(kind, self.plan.settings):
            encoded = encode(
                encoder,
                self.prepared.X,
                is_train=self.prepared.is_train,
                shown=self.prepared.shown[:N_SHOWN],
                board=board,
                progress=self.progress.update,
            )
        if not self.plan.settings.quick:
            warn_of_short_training(kind, encoder)
        self.fitted[kind] = encoder
        if board is not None:
            write_projector(board, encoded.code, self.prepared)
        self.run.write_encoder(
            kind, encoder, encoded.code, encoded.artifacts, scaling=self.prepared.scaling
        )

    def _embed(self, pair: Pair) -> None:
        """Fit an embedding on the codes of all samples, or of the training samples alone."""
        embedding, kind = self.plan.embeddings[pair.embedding], pair.encoder
        code = self.prepared.X if kind == IDENTITY else self._codes()[kind]
        neighbors = self._neighbors(kind, code) if embedding.searches_neighbors else None
        is_train = self.prepared.is_train if self.plan.is_fitted_to_training(pair) else None
        report = self.progress.update
        made = embed(embedding, code, is_train=is_train, neighbors=neighbors, progress=report)
        with atomic_folder(self.run.embedding_path(pair)) as folder:
            embedding.save(folder)
            # Of all samples, also where some were transformed.
            np.save(folder / "points.npy", made.points)

    def _neighbors(self, kind: str, code: np.ndarray) -> NeighborSearch:
        """Return the search that all embeddings of a code share.

        Only this one is kept, and the one of the original data, which is needed again later.
        """
        self.searches = {k: search for k, search in self.searches.items() if k in (kind, IDENTITY)}
        if kind not in self.searches:
            self.searches[kind] = NeighborSearch(code, n_least=self.N_SHARED_NEIGHBORS)
        return self.searches[kind]

    def _codes(self) -> dict[str, np.ndarray]:
        return {kind: np.asarray(self.run.code(kind)) for kind in self.plan.kinds}

    def _points(self) -> dict[Pair, np.ndarray]:
        return {pair: self.run.points(pair) for pair in self.plan.pairs}

    def _search(self) -> None:
        """Find every sample's neighbours in the data, once for all embeddings."""
        X = self.prepared.X
        _, n_near = neighborhood_sizes(len(X))
        search = self.searches.get(IDENTITY)
        found = Neighborhoods.of(X, n_near, neighbors=search, progress=self.progress.update)
        self.run.write_neighbors(found)

    def _score_samples(self) -> None:
        """Compare every sample's neighbours in each embedding with those in the data."""
        of_data = self.run.neighbors
        if of_data is None:
            raise FileNotFoundError(self.run.neighbors_path)
        outliers = [self.run.outliers(kind) for kind in self.plan.encoders]
        found = score_faithfulness(
            self.prepared,
            of_data,
            self._points(),
            outliers=[one.rows for one in outliers if one is not None],
            progress=self.progress.update,
        )
        self.run.write_faithfulness(found)

    def _score(self) -> None:
        """Score codes and embeddings."""
        errors, bounds = {}, {}
        for kind in self.plan.encoders:
            reconstruction, bound = self.run.reconstruction(kind), self.run.bound(kind)
            if reconstruction is not None:
                errors[kind] = reconstruction.sample_error
            if bound is not None and bound.sample_elbo is not None:
                bounds[kind] = bound.sample_elbo
        found = score(
            self.prepared,
            self._codes(),
            self._points(),
            sample_errors=errors,
            sample_bounds=bounds,
            seed=self.plan.settings.seed,
            is_quick=self.plan.settings.quick,
            repeats=self.repeats.trainings(),
            progress=self.progress.update,
        )
        self.run.write_scores(found.rows, found.differences, found.curves)

    def _tabulate(self) -> None:
        """Write one table with every sample's coordinates and errors, as `Run.embeddings`."""
        dataset, faithfulness = self.prepared.dataset, self.run.faithfulness
        columns: dict[str, Any] = {
            "sample_id": dataset.ids,
            "split": np.where(self.prepared.is_train, "train", "test"),
        }
        if dataset.has_labels:
            columns["label"] = dataset.named_labels
        if dataset.batch is not None:
            columns["batch"] = dataset.batch
        columns |= {f"label_{name}": values for name, values in dataset.metadata.items()}
        if self.run.clusters is not None:
            columns["cluster"] = self.run.clusters.numbers
        for pair, xy in self._points().items():
            columns[f"{pair.key}_x"], columns[f"{pair.key}_y"] = xy[:, 0], xy[:, 1]
            if faithfulness is not None:
                found = faithfulness.pairs[pair]
                columns[f"{pair.key}_false_neighbors"] = found.false_neighbors
                columns[f"{pair.key}_missing_neighbors"] = found.missing_neighbors
        for kind in self.plan.encoders:
            reconstruction = self.run.reconstruction(kind)
            if reconstruction is not None:
                columns[f"{kind}_error"] = reconstruction.sample_error
        self.run.write_embeddings(pd.DataFrame(columns))

    def _keep_samples(self) -> None:
        """Write what the page shows of single samples, and decoders that it can run."""
        from aeviz.runs.page_samples import Browsable, write_decoder

        pairs = self.plan.pairs
        found = Browsable.of(self.prepared, self.run.points(pairs[0]), n_embeddings=len(pairs))
        with atomic_folder(self.run.browse_path) as folder:
            found.write(folder)
            for kind, code in self._codes().items():
                if kind in self.plan.own_codes:
                    continue
                encoder = self.fitted.get(kind)
                if encoder is None:
                    encoder = ENCODERS.get(kind).load(self.run.encoder_path(kind))
                write_decoder(folder / kind, encoder, code, self.prepared.scaling)

    def _render(self) -> None:
        from aeviz.report.rendering import render

        self.run.note(is_finished=True)
        render(self.run, progress=self.progress.update)
