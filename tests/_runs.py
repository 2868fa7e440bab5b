"""Make finished run folders in a second, without training: for tests of the report.

What a network would have learnt is stood in for by cheap linear computations on real or
synthetic data; scores and intervals are computed by the package itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from aeviz.core.atomic_files import write_json
from aeviz.data.dataset import Dataset
from aeviz.data.prepared import N_SHOWN, Prepared, prepare
from aeviz.data.table_files import identity_columns
from aeviz.encoders.pca import PCAEncoder
from aeviz.evaluation.faithfulness import Neighborhoods
from aeviz.neighbors.search import neighbors_of
from aeviz.pipeline.add_samples import _write as write_added
from aeviz.pipeline.faithfulness import neighborhood_sizes, score_faithfulness
from aeviz.pipeline.out_of_sample import OutOfSampleResult
from aeviz.pipeline.scoring import score
from aeviz.runs.new_samples import Added, outlier_score
from aeviz.runs.page_samples import LIMITS, Browsable, PageLimits, write_decoder
from aeviz.runs.pair import Pair
from aeviz.runs.results import Faithfulness
from aeviz.runs.run import Run
from aeviz.runs.steps import StepRecord

__all__ = ["FIRST_VERSION", "add_to", "digits", "make_run", "table"]

# What the first version wrote, see test_versions.py: a run with real encoders, and a model.
FIRST_VERSION = Path(__file__).resolve().parent / "fixtures" / "version_0.1.0"

ENCODERS = ("deep", "pca", "denoising", "sparse", "variational")
PAIRS = (
    ("deep", "tsne"),
    ("deep", "umap"),
    ("pca", "tsne"),
    ("pca", "umap"),
    ("identity", "pca"),
    ("variational", "latent"),
)
N_EPOCHS = 12
N_GRID = 20


def digits(n_samples: int = 240, **changes: Any) -> Dataset:
    """Return the first of scikit-learn's digits as a data set of images."""
    source = load_digits()
    fields: dict[str, Any] = {
        "name": "digits",
        "X": source.data[:n_samples].astype(np.float32),
        "y": source.target[:n_samples],
        "image_shape": (8, 8, 1),
    }
    return Dataset(**{**fields, **changes})


def table(
    n_samples: int = 240,
    n_features: int = 9,
    *,
    labels: str | None = "classes",
    n_classes: int = 3,
    class_names: list[str] | None = None,
    feature_names: list[str] | None = None,
    **changes: Any,
) -> Dataset:
    """Return Gaussian classes in a table, with class labels, continuous ones or none."""
    rng = np.random.default_rng(0)
    codes = np.arange(n_samples) % n_classes
    X = rng.normal(size=(n_classes, n_features))[codes] * 3 + rng.normal(
        size=(n_samples, n_features)
    )
    names = class_names or [f"class {i}" for i in range(n_classes)]
    y = {
        "classes": np.asarray(names, dtype=object)[codes],
        "continuous": X[:, 0] + 0.1 * X[:, 1],
        None: None,
    }[labels]
    fields: dict[str, Any] = {
        "name": "table",
        "X": X,
        "y": y if labels != "classes" else y.astype(str),
        "feature_names": tuple(feature_names or [f"feature {i}" for i in range(n_features)]),
    }
    return Dataset(**{**fields, **changes})


def make_run(
    path: Path,
    dataset: Dataset | None = None,
    *,
    pairs: Any = PAIRS,
    missing_labels: int = 0,
    is_former: bool = False,
    limits: PageLimits = LIMITS,
) -> Run:
    """Write a finished run of a data set, but for its report.

    Parameters
    ----------
    path : Path
    dataset : Dataset or None
        None takes 240 digits.
    pairs : sequence of (encoder, embedding)
    missing_labels : int
        How many samples' labels to leave out of the table of embeddings.
    is_former : bool
        Leave out what runs of former versions did not keep for the page's script.
    limits : PageLimits
    """
    dataset = digits() if dataset is None else dataset
    pairs = [Pair(*names) for names in pairs]
    prepared = prepare(dataset, seed=0)
    run = Run(path)
    encoders = [kind for kind in ENCODERS if kind in {pair.encoder for pair in pairs}]
    run.begin(
        {
            "aeviz": "0.1.0",
            "created": "2026-01-02T03:04:05+00:00",
            "settings": {"source": dataset.name, "encoder": encoders, "epochs": None, "seed": 0},
            "seed": 0,
            "versions": {"python": "3.12.1", "numpy": "2.4.0"},
            "data_fingerprint": dataset.fingerprint(),
            "encoders": encoders,
            "pairs": [[pair.encoder, pair.embedding] for pair in pairs],
            "device": "x86_64 CPU (tensorflow)",
            "threads": {"processors": 2, "blas (openblas)": 2},
        }
    )
    for name, seconds in (("prepare", 0.2), ("encode deep", 12.5), ("embed deep tsne", 30.0)):
        run.record(StepRecord(name, f"key of {name}", seconds, 800_000_000))
    run.write_data(prepared, source=dataset.name)
    fitted = {kind: _fit(prepared, kind) for kind in encoders}
    codes = {kind: _encode(run, prepared, kind, encoder) for kind, encoder in fitted.items()}
    points = {
        pair: codes[pair.encoder]
        if pair.is_latent
        else _embed(codes.get(pair.encoder, prepared.X), pair.embedding)
        for pair in pairs
    }
    errors = {kind: run.reconstruction(kind).sample_error for kind in encoders}
    of_data = Neighborhoods.of(prepared.X, neighborhood_sizes(len(prepared.X))[1])
    outliers = [run.outliers(kind).rows for kind in encoders]
    faithfulness = score_faithfulness(prepared, of_data, points, outliers=outliers)
    run.write_faithfulness(faithfulness)
    found = {kind: run.bound(kind) for kind in encoders}
    bounds = {kind: bound.sample_elbo for kind, bound in found.items() if bound is not None}
    scored = score(prepared, codes, points, sample_errors=errors, sample_bounds=bounds, seed=0)
    run.write_scores(scored.rows, scored.differences, scored.curves)
    shares = {} if is_former else _shares(faithfulness)
    run.write_embeddings(_embeddings(prepared, points, errors, missing_labels).assign(**shares))
    if not is_former:
        run.write_neighbors(of_data)
        _browse(run, prepared, fitted, codes, points, limits)
    return run


def _shares(faithfulness: Faithfulness) -> dict[str, np.ndarray]:
    columns = {}
    for pair, found in faithfulness.pairs.items():
        columns[f"{pair.key}_false_neighbors"] = found.false_neighbors
        columns[f"{pair.key}_missing_neighbors"] = found.missing_neighbors
    return columns


def _browse(
    run: Run,
    prepared: Prepared,
    fitted: dict[str, PCAEncoder],
    codes: dict[str, np.ndarray],
    points: dict[Pair, np.ndarray],
    limits: PageLimits,
) -> None:
    """Keep what the page's script shows, as a run does."""
    run.browse_path.mkdir()
    first = next(iter(points.values()))
    Browsable.of(prepared, first, n_embeddings=len(points), limits=limits).write(run.browse_path)
    for kind, encoder in fitted.items():
        write_decoder(run.browse_path / kind, encoder, codes[kind], prepared.scaling)


def _fit(prepared: Prepared, kind: str) -> PCAEncoder:
    """Return a PCA, of two components of unit spread where the plane is the code."""
    X = prepared.X
    size = 2 if kind == "variational" else min(6, X.shape[1])
    pca = PCAEncoder(size, random_state=0).fit(X[prepared.is_train])
    if kind == "variational":
        pca.components_ *= pca.transform(X).std(axis=0)[:, None]
    return pca


def _encode(run: Run, prepared: Prepared, kind: str, pca: PCAEncoder) -> np.ndarray:
    """Write an encoder's folder and return its code."""
    X, is_train = prepared.X, prepared.is_train
    # What decodes is no longer orthonormal where the code has unit spread.
    code = pca.transform(X) / np.square(pca.components_).sum(axis=1)
    # So that the "deep" code is not the very code of PCA, and a little worse.
    code = code + (0.2 * np.sin(code) if kind == "deep" else 0)
    folder = run.encoder_path(kind)
    folder.mkdir(parents=True)
    np.save(folder / "code.npy", code.astype(np.float32))
    loss = "bernoulli" if prepared.scaling.kind == "range" else "gaussian"
    write_json(
        folder / "params.json",
        {"schema": 1, "class": kind, "params": {}, "fitted": {"loss_": loss}},
    )
    decoded = pca.inverse_transform(code)
    squared = np.square(decoded - X)
    np.savez(
        folder / "reconstruction.npz",
        X=prepared.scaling.inverse_transform(decoded[prepared.shown[:N_SHOWN]]),
        feature_error=squared[~is_train].mean(axis=0),
        sample_error=squared.mean(axis=1),
    )
    worst = np.argsort(-squared.mean(axis=1))[:10]
    back = prepared.scaling.inverse_transform(decoded[worst])
    np.savez(folder / "outliers.npz", rows=worst, X=back)
    if kind != "pca":
        write_json(folder / "history.json", _history(kind))
    if kind == "denoising":
        noisy = prepared.X[prepared.shown[:N_SHOWN]] + 0.3
        restored = pca.inverse_transform(pca.transform(noisy))
        errors = {"noisy_error": 0.09, "restored_error": 0.04}
        unscale = prepared.scaling.inverse_transform
        np.savez(folder / "denoising.npz", noisy=unscale(noisy), X=unscale(restored), **errors)
    if kind == "variational":
        bound = {"negative_elbo": 24.5, "reconstruction": 20.25, "kl": 4.25, "active_units": 2}
        np.savez(folder / "bound.npz", **bound, sample_elbo=-24.5 + np.sin(np.arange(len(X))))
        axis = norm.ppf(np.linspace(0.01, 0.99, N_GRID))
        columns, rows = np.meshgrid(axis, axis[::-1])
        z = np.stack([columns.ravel(), rows.ravel()], axis=1)
        grid = prepared.scaling.inverse_transform(pca.inverse_transform(z))
        np.savez(
            folder / "manifold.npz",
            X=grid.reshape(N_GRID, N_GRID, -1),
            axis=axis,
            probability=np.array([0.01, 0.99]),
        )
    return code.astype(np.float32)


def _history(kind: str) -> dict[str, list[float]]:
    epochs = np.arange(1, N_EPOCHS + 1)
    loss = 20 + 30 / epochs
    history = {"loss": loss, "val_loss": loss + 0.05 * epochs}
    if kind in ("sparse", "variational"):
        kl = 5 - 3 / epochs
        parts = {"reconstruction": loss - kl} | ({"kl": kl} if kind == "variational" else {})
        history |= parts | {f"val_{name}": values + 0.02 for name, values in parts.items()}
    history["learning_rate"] = 1e-3 / epochs
    return {name: values.tolist() for name, values in history.items()}


def _embed(code: np.ndarray, name: str) -> np.ndarray:
    """Return a plane that depends on the name."""
    points = PCA(2, random_state=0).fit_transform(code)
    bend = {"tsne": 1.0, "umap": 2.0}.get(name, 0.0)
    scaled = points / points.std()
    return (scaled + bend * np.sin(scaled[:, ::-1])).astype(np.float32)


def _embeddings(
    prepared: Prepared,
    points: dict[Pair, np.ndarray],
    errors: dict[str, np.ndarray],
    missing_labels: int,
) -> pd.DataFrame:
    dataset = prepared.dataset
    columns: dict[str, Any] = {
        "sample_id": np.arange(dataset.n_samples)
        if dataset.sample_ids is None
        else dataset.sample_ids,
        "split": np.where(prepared.is_train, "train", "test"),
    }
    if dataset.has_labels:
        labels = pd.Series(dataset.class_labels if dataset.has_classes else dataset.y)
        labels = labels.astype(object if dataset.has_classes else float)
        labels[:missing_labels] = None
        columns["label"] = labels
    if dataset.batch is not None:
        columns["batch"] = dataset.batch
    for pair, xy in points.items():
        columns[f"{pair.key}_x"], columns[f"{pair.key}_y"] = xy[:, 0], xy[:, 1]
    columns |= {f"{kind}_error": values for kind, values in errors.items()}
    return pd.DataFrame(columns)


class _NearestTransformer:
    """Stand in for what places samples: near those of the run that are nearest, and a bit off."""

    def __init__(self, run: Run, fitted: Dataset, left_out: tuple[str, ...]) -> None:
        self.run = run
        self.fitted = fitted
        self.left_out = left_out

    def transform(self, dataset: Dataset) -> OutOfSampleResult:
        """Return places, errors and distances; the last sample of all is unlike the others."""
        rows = neighbors_of(dataset.X, self.fitted.X, 1)[0][:, 0]
        columns = identity_columns(dataset)
        embeddings = [pair.key for pair in self.run.pairs]
        for name in (name for name in embeddings if name not in self.left_out):
            for axis in "xy":
                places = self.run.embeddings[f"{name}_{axis}"].to_numpy()[rows]
                columns[f"{name}_{axis}"] = places + 0.05
        is_outlier = np.arange(dataset.n_samples) == dataset.n_samples - 1
        bounds = {}
        for kind in self.run.encoders:
            for what in ("error", "distance"):
                bounds[f"{kind}_{what}"] = 1.5
                columns[f"{kind}_{what}"] = np.linspace(0.5, 1.4, dataset.n_samples) + is_outlier
        codes = {kind: np.asarray(self.run.code(kind))[rows] for kind in self.run.encoders}
        columns["outlier_score"] = outlier_score(columns, bounds)
        table = pd.DataFrame({**columns, "is_outlier": is_outlier})
        result = [name for name in embeddings if name not in self.left_out]
        why = dict.fromkeys(self.left_out, "it is not to be had")
        return OutOfSampleResult(table, result, why, codes, bounds)


def add_to(
    run: Run, fitted: Dataset, new: Dataset, name: str = "new", *, left_out: tuple[str, ...] = ()
) -> Added:
    """Add samples to a run that `make_run` made of `fitted`, as if they had been transformed."""
    transformer: Any = _NearestTransformer(run, fitted, left_out)
    write_added(transformer, new, run.added_path / name, {"source": name, "is_in_memory": True})
    return Added(run.added_path / name)
