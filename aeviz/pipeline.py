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

import inspect
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz import __version__
from aeviz._environment import cpu, device, threads, versions
from aeviz._errors import AevizError
from aeviz._files import whole_file, whole_folder
from aeviz.data.dataset import Dataset
from aeviz.data.loading import load_dataset
from aeviz.preparing import N_SHOWN, Prepared, prepare, write_data
from aeviz.progress import Progress, Silent
from aeviz.registry import EMBEDDINGS, ENCODERS
from aeviz.runs import Run
from aeviz.scoring import score_run
from aeviz.settings import Settings
from aeviz.steps import Step, perform

__all__ = ["run_report", "run_settings"]

IDENTITY = "identity"
BASELINE = (IDENTITY, "pca")
LATENT = "latent"


def run_report(
    source: str | Path, *, progress: Progress | None = None, force: bool = False, **settings: Any
) -> Run:
    """Turn a data set into a run folder with a report.

    Parameters
    ----------
    source : str or path-like
        A bundled name or a path.
    progress : Progress or None
        Hears what the run is doing.
    force : bool
        Do every step again, and write into a folder that holds something else.
    **settings
        The fields of `aeviz.settings.Settings`: out, encoder, embedding, code_size, epochs,
        batch_size, sample, seed, label, labels, on_missing, data_dir, params.

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
    values = {name: str(v) if isinstance(v, Path) else v for name, v in settings.items()}
    chosen = Settings.from_mapping({"source": str(source), **values})
    return run_settings(chosen, progress=progress, force=force)


def run_settings(
    settings: Settings, *, progress: Progress | None = None, force: bool = False
) -> Run:
    """Do what the settings say; see `run_report`."""
    dataset = load_dataset(
        settings.source,
        label=settings.label,
        labels=settings.labels,
        on_missing=settings.on_missing,
        sample=settings.sample,
        seed=settings.seed,
        data_dir=settings.data_dir,
    )
    plan = _Plan(settings, dataset)
    run = Run(settings.out or Path("reports") / dataset.name)
    run.claim(force=force)
    _Execution(run, plan, prepare(dataset, seed=settings.seed), progress or Silent()).execute()
    return run


class _Plan:
    """Know which members a run uses, with which parameters, checked before anything is written."""

    def __init__(self, settings: Settings, dataset: Dataset) -> None:
        self.settings = settings
        self.fingerprint = dataset.fingerprint()
        size = settings.code_size
        if size is not None and size > dataset.n_features:
            raise AevizError(
                f"--code-size must be in 1..{dataset.n_features} (the features of "
                f"{dataset.name}), got {size}"
            )
        asked = list(dict.fromkeys(settings.encoder))
        self.encoders = {kind: self._encoder(kind) for kind in asked if kind != IDENTITY}
        self.has_networks = any(map(_is_network, self.encoders.values()))
        self.pairs: list[tuple[str, str]] = []
        for kind in asked:
            if kind != IDENTITY and _draws_itself(self.encoders[kind]):
                self.pairs.append((kind, LATENT))
            else:
                self.pairs += [(kind, name) for name in dict.fromkeys(settings.embedding)]
        if BASELINE not in self.pairs:
            self.pairs.append(BASELINE)
        methods = {name for _, name in self.pairs if name != LATENT}
        self.embeddings = {name: self._member(EMBEDDINGS, name, {}) for name in methods}

    def _encoder(self, kind: str) -> Any:
        """Return an unfitted encoder; the general settings go where None means 'choose'."""
        parameters = inspect.signature(ENCODERS.get(kind)).parameters
        general = {
            name: getattr(self.settings, name)
            for name in ("code_size", "epochs", "batch_size")
            if name in parameters and parameters[name].default is None
        }
        return self._member(ENCODERS, kind, general)

    def _member(self, family: Any, name: str, general: dict[str, Any]) -> Any:
        own = dict(self.settings.params.get(name, {}))
        cls = family.get(name)
        accepted = set(inspect.signature(cls).parameters) - {"callbacks", "callback"}
        for key in own:
            if key not in accepted:
                listed = ", ".join(sorted(accepted))
                raise AevizError(f"params.{name} has the unknown key {key!r}; accepted: {listed}")
        return cls(**{**general, "random_state": self.settings.seed, **own})


class _Execution:
    """Go through the steps of one run."""

    def __init__(self, run: Run, plan: _Plan, prepared: Prepared, progress: Progress) -> None:
        self.run = run
        self.plan = plan
        self.prepared = prepared
        self.progress = progress
        self.keys: dict[str, str] = {}

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
                "pairs": [list(pair) for pair in self.plan.pairs],
            }
        )
        self.progress.begin(list(steps))
        for name, step in steps.items():
            is_new = perform(name, step, folder=self.run, progress=self.progress)
            if is_new and name != "render":
                # Without a network there is no need to import Keras for three seconds.
                where = device() if self.plan.has_networks else cpu()
                self.run.note(device=where, threads=threads())
        self.run.keep_steps(list(steps))

    def _steps(self) -> dict[str, Step]:
        """Return every step by its name, in order."""
        run, plan = self.run, self.plan
        source = [plan.fingerprint, plan.settings.seed, __version__]
        dataset = self.prepared.dataset
        names = [plan.settings.source, dataset.feature_names, dataset.target_names]
        steps = {"prepare": Step([*source, *names], self._prepare, run.path / "data")}
        for kind, encoder in plan.encoders.items():
            depends_on = [*source, kind, _params(encoder)]
            make = partial(self._encode, kind)
            steps[f"encode {kind}"] = Step(depends_on, make, run.encoder_path(kind))
        for kind, name in plan.pairs:
            if name != LATENT:
                code = steps[f"encode {kind}"].depends_on if kind in plan.encoders else source
                depends_on = [*code, name, _params(plan.embeddings[name])]
                make = partial(self._embed, kind, name)
                output = run.embedding_path(kind, name)
                steps[f"embed {kind} {name}"] = Step(depends_on, make, output)
        everything = [step.depends_on for step in steps.values()]
        steps["score"] = Step(everything, self._score, run.scores_path)
        steps["tabulate"] = Step(everything, self._tabulate, run.embeddings_path)
        # Drawing depends on the code of the report too, and is always done.
        now = datetime.now(UTC).isoformat()
        steps["render"] = Step([now], self._render, run.report_path)
        return steps

    # -- what the steps do ---------------------------------------------------------------

    def _prepare(self) -> None:
        write_data(self.run, self.prepared, source=self.plan.settings.source)

    def _encode(self, kind: str) -> None:
        """Fit an encoder on the training samples, and keep codes and reconstructions of all."""
        from aeviz.encoders._exhibits import manifold, reconstruct

        encoder = self.plan.encoders[kind]
        if _is_network(encoder):
            from aeviz.encoders._watching import EpochWatcher

            encoder.set_params(callbacks=[EpochWatcher(self.progress.update)])
        X, is_train = self.prepared.X, self.prepared.is_train
        with whole_folder(self.run.encoder_path(kind)) as folder:
            self._fit(kind, X[is_train])
            encoder.save(folder)
            code = encoder.transform(X)
            np.save(folder / "code.npy", code)
            shown = self.prepared.shown[:N_SHOWN]
            lost = reconstruct(encoder, X, code, is_train=is_train, shown=shown)
            self._save_exhibit(folder / "reconstruction.npz", lost)
            if _draws_itself(encoder):
                self._save_exhibit(folder / "manifold.npz", manifold(encoder))

    def _fit(self, kind: str, X: np.ndarray) -> None:
        """Fit an encoder; a parameter of its own that it refuses is the user's to mend."""
        try:
            self.plan.encoders[kind].fit(X)
        except (TypeError, ValueError) as error:
            if kind not in self.plan.settings.params:
                raise
            raise AevizError(f"params.{kind}: {error}") from error

    def _save_exhibit(self, path: Path, arrays: dict[str, np.ndarray]) -> None:
        """Write arrays of which `X` holds decoded samples, in the units of the source."""
        samples = arrays["X"].reshape(-1, arrays["X"].shape[-1])
        X = self.prepared.scaling.inverse_transform(samples).reshape(arrays["X"].shape)
        contents: dict[str, Any] = {**arrays, "X": X}
        np.savez(path, **contents)

    def _embed(self, kind: str, name: str) -> None:
        """Fit an embedding on the codes of all samples."""
        code = self.prepared.X if kind == IDENTITY else np.asarray(self.run.code(kind))
        embedding = self.plan.embeddings[name]
        if "callback" in embedding.get_params():
            embedding.set_params(callback=self.progress.update)
        points = embedding.fit_transform(code)
        with whole_file(self.run.embedding_path(kind, name)) as partial:
            np.save(partial, points)

    def _points(self, kind: str, name: str) -> np.ndarray:
        if name == LATENT:
            return np.asarray(self.run.code(kind))
        return np.load(self.run.embedding_path(kind, name), allow_pickle=False)

    def _score(self) -> None:
        codes = {kind: np.asarray(self.run.code(kind)) for kind in self.plan.encoders}
        points = {pair: self._points(*pair) for pair in self.plan.pairs}
        errors = {}
        for kind in codes:
            reconstruction = self.run.reconstruction(kind)
            if reconstruction is not None:
                errors[kind] = reconstruction["sample_error"]
        rows, differences = score_run(
            self.prepared,
            codes,
            points,
            errors,
            seed=self.plan.settings.seed,
            progress=self.progress.update,
        )
        self.run.write_scores(rows, differences)

    def _tabulate(self) -> None:
        """Write every sample's coordinates in every embedding as one table."""
        dataset = self.prepared.dataset
        ids = np.arange(dataset.n_samples) if dataset.sample_ids is None else dataset.sample_ids
        columns: dict[str, Any] = {
            "sample_id": ids,
            "split": np.where(self.prepared.is_train, "train", "test"),
        }
        if dataset.has_labels:
            labels = dataset.class_labels if dataset.has_classes else dataset.y
            columns["label"] = labels
        for kind, name in self.plan.pairs:
            points = self._points(kind, name)
            columns[f"{kind}_{name}_x"], columns[f"{kind}_{name}_y"] = points[:, 0], points[:, 1]
        self.run.write_embeddings(pd.DataFrame(columns))

    def _render(self) -> None:
        from aeviz.report.rendering import render

        render(self.run, progress=self.progress.update)


def _is_network(encoder: Any) -> bool:
    """Tell whether an encoder is trained in epochs, by Keras."""
    return "callbacks" in encoder.get_params()


def _draws_itself(encoder: Any) -> bool:
    """Tell whether the code is already a picture that the encoder can draw samples for."""
    return hasattr(encoder, "decode") and encoder.get_params().get("code_size") == 2


def _params(estimator: Any) -> dict[str, Any]:
    hidden = {"callbacks", "callback"}
    return {name: v for name, v in estimator.get_params().items() if name not in hidden}
