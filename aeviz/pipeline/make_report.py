"""Know the order of the steps of a run, and redo only what has to be redone.

Each step's output stands in the run folder under a key made of everything that it
depends on: the data, the parameters of the step and the keys of the steps before.
A step whose key is recorded is taken as it is. This is the only place that knows
the order; what a step does is written where it belongs (encoders, embedding,
metrics, report).

Why nothing is imported ahead in a thread: importing is Python's work and holds its lock.
On two cores, three runs of the digits in turn took 39 to 43 s without such a thread, 39 to
45 s with one from the start and 38 to 42 s with one from the first training on; t-SNE of
4 s slowed to 7 to 9 s while TensorFlow's 2 s of imports went on beside it.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.atomic_files import atomic_folder
from aeviz.core.environment import cpu, device, threads, versions
from aeviz.core.exceptions import AevizError
from aeviz.core.progress import Progress, Silent
from aeviz.core.registry import EMBEDDINGS, METRICS
from aeviz.core.version import __version__
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import N_SHOWN, Prepared, prepare
from aeviz.embedding._storage import save_embedding
from aeviz.embedding.base import NeighborEmbedding
from aeviz.encoders import Encoder
from aeviz.encoders.base import SAMPLE_ARRAYS
from aeviz.evaluation.faithfulness import Neighborhoods
from aeviz.neighbors.search import NeighborSearch
from aeviz.pipeline.add_samples import kept_additions
from aeviz.pipeline.embeddings_table import tabulate
from aeviz.pipeline.factory import (
    check_code_size,
    check_drawable,
    make_encoder,
    make_member,
    parameters,
    refusals_named,
    set_code_sizes,
)
from aeviz.pipeline.faithfulness import neighborhood_sizes, score_faithfulness
from aeviz.pipeline.memory_estimates import Needs
from aeviz.pipeline.sources import chosen_settings, load
from aeviz.pipeline.tasks import embed, encode, score
from aeviz.pipeline.tensorboard_log import check_board, check_logs, write_projector
from aeviz.runs.pair import IDENTITY, LATENT, Pair
from aeviz.runs.run import Run, write_data
from aeviz.runs.steps import Step, check_memory, perform
from aeviz.settings import Settings

__all__ = ["run_report", "run_settings"]

_log = logging.getLogger(__name__)

BASELINE = Pair(IDENTITY, "pca")
# As many as t-SNE asks for; to find them takes little longer than to find UMAP's 14.
N_SHARED_NEIGHBORS = 90


def run_report(
    source: Any, *, progress: Progress | None = None, force: bool = False, **settings: Any
) -> Run:
    """Turn a data set into a run folder with a report.

    Parameters
    ----------
    source : str, path-like or object
        A bundled name, a path, or data in memory as `aeviz.load_dataset` takes them.
    progress : Progress or None
        Hears what the run is doing.
    force : bool
        Do every step again, and write into a folder that holds something else.
    **settings
        The fields of `aeviz.settings.Settings`: out, encoder, embedding, code_size, epochs,
        batch_size, tensorboard, sample, seed, label, labels, columns, drop, key,
        max_categories, image_size, on_missing, data_dir, params.

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
    return run_settings(chosen, progress=progress, force=force, **in_memory)


def run_settings(
    settings: Settings,
    *,
    source: Any = None,
    labels: Any = None,
    progress: Progress | None = None,
    force: bool = False,
) -> Run:
    """Do what the settings say, with data or labels in memory in place of named ones if given.

    See `run_report`.
    """
    if settings.tensorboard is not None:
        check_board(Path(settings.tensorboard))
    dataset = load(settings, source=source, labels=labels)
    plan = _Plan(settings, dataset)
    run = Run(settings.out or Path("reports") / dataset.name)
    if settings.out is None and source is None and not force:
        _check_same_source(run, settings.source)
    with run.claimed(force=force):
        prepared = prepare(dataset, seed=settings.seed)
        _Execution(run, plan, prepared, progress or Silent()).execute()
    return run


def _check_same_source(run: Run, source: str) -> None:
    """Refuse to replace a run of another file of the same name in a folder that nobody named."""
    before = run.settings["source"] if run.exists else source
    if before != source and Path(before).resolve() != Path(source).resolve():
        raise AevizError(
            f"{run.path} holds the run of {before}, not of {source}; accepted: another folder by "
            "--out, or --force, which replaces that run"
        )


class _Plan:
    """Know which members a run uses, with which parameters, checked before anything is written."""

    def __init__(self, settings: Settings, dataset: Dataset) -> None:
        self.settings = settings
        self.fingerprint = dataset.fingerprint()
        check_code_size(settings, dataset)
        asked = list(dict.fromkeys(settings.encoder))
        self.encoders = {
            kind: make_encoder(kind, settings, dataset) for kind in asked if kind != IDENTITY
        }
        set_code_sizes(self.encoders, settings, dataset)
        if settings.tensorboard is not None:
            check_logs(self.encoders.values())
        self.has_networks = any(encoder.is_trained for encoder in self.encoders.values())
        self.pairs: list[Pair] = []
        for kind in asked:
            if kind != IDENTITY and self.encoders[kind].is_embedding:
                self.pairs.append(Pair(kind, LATENT))
            else:
                self.pairs += [Pair(kind, name) for name in dict.fromkeys(settings.embedding)]
        if BASELINE not in self.pairs:
            self.pairs.append(BASELINE)
        methods = {pair.embedding for pair in self.pairs if not pair.is_latent}
        self.embeddings = {name: make_member(EMBEDDINGS, name, settings, {}) for name in methods}
        for pair in self.pairs:
            kind, name = pair.encoder, pair.embedding
            if kind in self.encoders and name in self.embeddings:
                check_drawable(kind, self.encoders[kind], name, self.embeddings[name])

    def board(self, kind: str) -> Path | None:
        """Return the folder of a network's log for TensorBoard, or None where none is kept."""
        asked = self.settings.tensorboard
        if asked is None or kind not in self.encoders or not self.encoders[kind].is_trained:
            return None
        return Path(asked) / kind


class _Execution:
    """Go through the steps of one run."""

    def __init__(self, run: Run, plan: _Plan, prepared: Prepared, progress: Progress) -> None:
        self.run = run
        self.plan = plan
        self.prepared = prepared
        self.progress = progress
        self.keys: dict[str, str] = {}
        self.searches: dict[str, NeighborSearch] = {}
        self.fitted: dict[str, Encoder] = {}
        self.needs = Needs(*prepared.X.shape)

    def execute(self) -> None:
        """Do every step that is not done yet, and draw the report."""
        steps = self._steps()
        self.run.begin(
            {
                "aeviz": __version__,
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "settings": self.plan.settings.to_json(),
                "seed": self.plan.settings.seed,
                "versions": versions(),
                "data_fingerprint": self.plan.fingerprint,
                "encoders": list(self.plan.encoders),
                "pairs": [[pair.encoder, pair.embedding] for pair in self.plan.pairs],
                # Until the page is drawn, what stands here may be of other settings than these.
                "is_finished": False,
            }
        )
        check_memory(steps, folder=self.run)
        self.progress.begin(list(steps))
        for name, step in steps.items():
            is_new = perform(name, step, folder=self.run, progress=self.progress)
            board = None if is_new else self.plan.board(name.removeprefix("encode "))
            if board is not None:
                _log.warning("%s is kept and logs nothing in %s; --force trains anew", name, board)
            if is_new and name != "render":
                # Without a network there is no need to import Keras for three seconds.
                where = device() if self.plan.has_networks else cpu()
                self.run.note(device=where, threads=threads())
        # New samples may have been dropped: those of a run that was fitted anew.
        self.run.keep_steps([name for name, step in steps.items() if step.output.exists()])

    def _steps(self) -> dict[str, Step]:
        """Return every step by its name, in order."""
        run, plan, needs = self.run, self.plan, self.needs
        source = [plan.fingerprint, plan.settings.seed, __version__]
        dataset = self.prepared.dataset
        names = [plan.settings.source, dataset.feature_names, dataset.target_names]
        # Nothing is computed from ids, further labels and notes, so only their copies are redone.
        identity = dataset.identity_fingerprint()
        told = [*source, *names, identity, dataset.notes]
        steps = {"prepare": Step(told, self._prepare, run.path / "data", needs.describing)}
        for kind, encoder in plan.encoders.items():
            depends_on = [*source, kind, parameters(encoder)]
            make = partial(self._encode, kind)
            need = partial(needs.encoding, encoder)
            steps[f"encode {kind}"] = Step(depends_on, make, run.encoder_path(kind), need)
        for pair in plan.pairs:
            kind, name = pair.encoder, pair.embedding
            if not pair.is_latent:
                code = steps[f"encode {kind}"].depends_on if kind in plan.encoders else source
                depends_on = [*code, name, parameters(plan.embeddings[name])]
                make = partial(self._embed, pair)
                output = run.embedding_path(pair)
                need = partial(needs.embedding, plan.embeddings[name], plan.encoders.get(kind))
                steps[f"embed {kind} {name}"] = Step(depends_on, make, output, need)
        fitted = [step.depends_on for name, step in steps.items() if name != "prepare"]
        everything = [[*source, *names, "scaling"], *fitted]
        # By itself, for of all that is judged only this does not depend on the pictures.
        steps["search neighbors"] = Step(source, self._search, run.neighbors_path, needs.searching)
        steps["judge samples"] = Step(everything, self._judge, run.faithfulness_path, needs.judging)
        # What is measured, and on what, belongs to its key: codes were measured on all at first.
        measured = [*everything, "curves", "held-out codes", METRICS.names()]
        n_spaces = 1 + len(plan.encoders) + len(plan.pairs)
        need = partial(needs.scoring, n_spaces)
        steps["score"] = Step(measured, self._score, run.scores_path, need)
        # What is in the table belongs to its key: an earlier one had coordinates only.
        tabulated = [*everything, "judged", identity]
        steps["tabulate"] = Step(tabulated, self._tabulate, run.embeddings_path, needs.tabulating)
        browsed = [*everything, names, "browse"]
        steps["keep samples"] = Step(browsed, self._browse, run.browse_path, needs.browsing)
        steps |= kept_additions(run, steps)
        # Drawing depends on the code of the report too, and is always done.
        now = datetime.now(UTC).isoformat()
        steps["render"] = Step(
            [now], self._render, run.report_path, partial(needs.rendering, len(plan.pairs))
        )
        return steps

    # -- what the steps do ---------------------------------------------------------------

    def _prepare(self) -> None:
        write_data(self.run, self.prepared, source=self.plan.settings.source)

    def _encode(self, kind: str) -> None:
        """Fit an encoder on the training samples, and keep codes and reconstructions of all."""
        encoder = self.plan.encoders[kind]
        board = self.plan.board(kind)
        with refusals_named(kind, self.plan.settings):
            encoded = encode(
                encoder,
                self.prepared.X,
                is_train=self.prepared.is_train,
                shown=self.prepared.shown[:N_SHOWN],
                board=board,
                progress=self.progress.update,
            )
        if board is not None:
            write_projector(board, encoded.code, self.prepared)
        self.fitted[kind] = encoded.encoder
        with atomic_folder(self.run.encoder_path(kind)) as folder:
            encoder.save(folder)
            np.save(folder / "code.npy", encoded.code)
            for name, arrays in encoded.artifacts.items():
                self._save_artifact(folder / f"{name}.npz", arrays)

    def _save_artifact(self, path: Path, arrays: dict[str, np.ndarray]) -> None:
        """Write arrays, those that hold samples in the units of the source."""
        contents: dict[str, Any] = dict(arrays)
        for name in contents.keys() & set(SAMPLE_ARRAYS):
            samples = arrays[name].reshape(-1, arrays[name].shape[-1])
            restored = self.prepared.scaling.inverse_transform(samples)
            contents[name] = restored.reshape(arrays[name].shape)
        np.savez(path, **contents)

    def _embed(self, pair: Pair) -> None:
        """Fit an embedding on the codes of all samples."""
        kind, name = pair.encoder, pair.embedding
        code = self.prepared.X if kind == IDENTITY else np.asarray(self.run.code(kind))
        embedding = self.plan.embeddings[name]
        neighbors = None
        if isinstance(embedding, NeighborEmbedding):
            neighbors = self._neighbors(kind, code)
        embed(embedding, code, neighbors=neighbors, progress=self.progress.update)
        with atomic_folder(self.run.embedding_path(pair)) as folder:
            save_embedding(embedding, name, folder)

    def _neighbors(self, kind: str, code: np.ndarray) -> NeighborSearch:
        """Return the search of a code that all that need its neighbours share.

        Those of the code before are let go of, but for the data's, which are asked for again.
        """
        self.searches = {k: search for k, search in self.searches.items() if k in (kind, IDENTITY)}
        if kind not in self.searches:
            self.searches[kind] = NeighborSearch(code, n_least=N_SHARED_NEIGHBORS)
        return self.searches[kind]

    def _search(self) -> None:
        """Find every sample's neighbours in the data, once for all pictures."""
        X = self.prepared.X
        _, n_near = neighborhood_sizes(len(X))
        found = Neighborhoods.of(
            X, n_near, neighbors=self.searches.get(IDENTITY), progress=self.progress.update
        )
        self.run.write_neighbors(found)

    def _judge(self) -> None:
        """Say of every sample how far its place in each picture is to be believed."""
        of_data = self.run.neighbors
        if of_data is None:
            raise FileNotFoundError(self.run.neighbors_path)
        points = {pair: self.run.points(pair) for pair in self.plan.pairs}
        outliers = {}
        for kind in self.plan.encoders:
            kept = self.run.outliers(kind)
            if kept is not None:
                outliers[kind] = kept.rows
        found = score_faithfulness(
            self.prepared, of_data, points, outliers=outliers, progress=self.progress.update
        )
        self.run.write_faithfulness(found)

    def _score(self) -> None:
        codes = {kind: np.asarray(self.run.code(kind)) for kind in self.plan.encoders}
        points = {pair: self.run.points(pair) for pair in self.plan.pairs}
        errors, bounds = {}, {}
        for kind in codes:
            reconstruction, bound = self.run.reconstruction(kind), self.run.bound(kind)
            if reconstruction is not None:
                errors[kind] = reconstruction.sample_error
            if bound is not None and bound.sample_elbo is not None:
                bounds[kind] = bound.sample_elbo
        found = score(
            self.prepared,
            codes,
            points,
            sample_errors=errors,
            sample_bounds=bounds,
            seed=self.plan.settings.seed,
            progress=self.progress.update,
        )
        self.run.write_scores(found.rows, found.differences, found.curves)

    def _tabulate(self) -> None:
        """Write every sample's place in every embedding, and what is wrong there, as one table."""
        points = {pair: self.run.points(pair) for pair in self.plan.pairs}
        encoders = list(self.plan.encoders)
        self.run.write_embeddings(tabulate(self.prepared, self.run, points, encoders=encoders))

    def _browse(self) -> None:
        """Keep what the page shows of single samples, and decoders that it can run."""
        from aeviz.runs.page_samples import Browsable, write_decoder

        pairs = self.plan.pairs
        found = Browsable.of(self.prepared, self.run.points(pairs[0]), n_pictures=len(pairs))
        with atomic_folder(self.run.browse_path) as folder:
            found.write(folder)
            for kind in self.plan.encoders:
                code = np.asarray(self.run.code(kind))
                write_decoder(folder / kind, self._fitted(kind), code, self.prepared.scaling)

    def _fitted(self, kind: str) -> Encoder:
        """Return an encoder as this run, or the one that it goes on from, fitted it."""
        if kind not in self.fitted:
            self.fitted[kind] = type(self.plan.encoders[kind]).load(self.run.encoder_path(kind))
        return self.fitted[kind]

    def _render(self) -> None:
        from aeviz.report.rendering import render

        self.run.note(is_finished=True)
        render(self.run, progress=self.progress.update)
