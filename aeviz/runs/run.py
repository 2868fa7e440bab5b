"""Keep what a run makes in its folder, and find it again.

`Run` is the only thing that knows the names of the files in a run folder. The
pipeline writes through it; the report and the plots read through it. A step's
output appears whole or not at all, and is recorded in ``run.json`` under a key
that stands for everything the output depends on, so a later run of the same
settings takes finished steps as they are and a changed setting redoes only what
depends on it. Nothing is pickled.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from aeviz.core.atomic_files import atomic_file, atomic_folder, read_json, write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import METRICS
from aeviz.data.card import DataCard
from aeviz.data.prepared import Prepared, data_card
from aeviz.data.scaling import Scaling
from aeviz.runs.steps import StepFolder, StepRecord, step_key

__all__ = ["SCHEMA", "Run", "StepRecord", "step_key", "write_data"]

SCHEMA = 1


class Run(StepFolder):
    """Read and write one run folder.

    Parameters
    ----------
    path : path-like
        The folder. Reading properties fail with `AevizError` where it holds no run.

    Notes
    -----
    Scores: ``scores`` has the columns encoder, embedding (None of a code, and of the data
    themselves, ``identity``, beside codes and beside pictures), stage,
    metric, value, low, high, seed, n_evaluated; ``differences`` has the same without
    seed plus baseline_encoder, and its value is the score minus the baseline's, paired
    over the evaluated samples. Pairs are named ``<encoder>_<embedding>``.
    """

    SCHEMA: ClassVar[int] = SCHEMA
    NOUN: ClassVar[str] = "run"
    INFO_NAME: ClassVar[str] = "run.json"
    COMMAND: ClassVar[str] = "aeviz report"
    PARTS: ClassVar[tuple[str, ...]] = (
        "data",
        "encoders",
        "embeddings",
        "faithfulness",
        "browse",
        "figures",
    )

    # -- files ---------------------------------------------------------------------

    @property
    def scores_path(self) -> Path:
        """Return the path of scores.json."""
        return self.path / "scores.json"

    @property
    def curves_path(self) -> Path:
        """Return the path of the curves across scales."""
        return self.path / "curves.npz"

    @property
    def embeddings_path(self) -> Path:
        """Return the path of the table of embeddings."""
        return self.path / "embeddings.parquet"

    @property
    def neighbors_path(self) -> Path:
        """Return the file of every sample's neighbours in the data."""
        return self.path / "faithfulness" / "neighbors.npz"

    @property
    def judged_path(self) -> Path:
        """Return the file of what is known of every sample's place in every picture."""
        return self.path / "faithfulness" / "judged.npz"

    @property
    def browse_path(self) -> Path:
        """Return the folder of what the page shows of single samples."""
        return self.path / "browse"

    @property
    def added_path(self) -> Path:
        """Return the folder of new samples over the pictures, a folder in it for each source."""
        return self.path / "added"

    def encoder_path(self, kind: str) -> Path:
        """Return the folder of one fitted encoder."""
        return self.path / "encoders" / kind

    def embedding_path(self, encoder: str, embedding: str) -> Path:
        """Return the folder of one fitted embedding; ``points.npy`` in it has its places."""
        return self.path / "embeddings" / f"{encoder}_{embedding}"

    def points(self, encoder: str, embedding: str) -> np.ndarray:
        """Return where one embedding puts the samples, an array of shape (n_samples, 2)."""
        path = self.embedding_path(encoder, embedding) / "points.npy"
        return np.asarray(np.load(path, allow_pickle=False))

    def _repr_html_(self) -> str | None:
        """Return the report in a frame, as which Jupyter shows a run; None before it is drawn.

        The frame is another origin: scripts of the page cannot reach the notebook.
        """
        if not self.report_path.is_file():
            return None
        page = html.escape(self.report_path.read_text(encoding="utf-8"))
        return (
            f'<iframe srcdoc="{page}" sandbox="allow-scripts allow-downloads" '
            f'title="{html.escape(str(self.path))}" width="100%" height="800" '
            'style="border: 1px solid #8888; border-radius: 4px"></iframe>'
        )

    # -- what was asked ---------------------------------------------------------------

    @property
    def settings(self) -> dict[str, Any]:
        """Return what the run was asked to do."""
        return dict(self.info["settings"])

    @cached_property
    def data(self) -> DataCard:
        """Return what the data are."""
        return DataCard.from_json(read_json(self._existing("data/data.json")))

    @cached_property
    def samples(self) -> dict[str, np.ndarray]:
        """Return samples for display: `rows` (their row numbers) and `X` in source units.

        Also, over all samples, `mean`, `deviation`, `smallest` and `largest` of each feature.
        The first ten rows are the ones whose reconstructions `reconstruction` holds.
        """
        return _load_arrays(self._existing("data/samples.npz"))

    @cached_property
    def annotations(self) -> pd.DataFrame:
        """Return texts that are shown with the samples, a row a sample; mostly without columns."""
        path = self.path / "data" / "annotations.parquet"
        return pd.read_parquet(path) if path.is_file() else pd.DataFrame()

    @cached_property
    def scaling(self) -> Scaling:
        """Return how the samples were scaled.

        Raises
        ------
        AevizError
            If the run is one of a former version, which did not keep that.
        """
        path = self.path / "data" / "scaling.npz"
        if not path.is_file():
            raise AevizError(
                f"{self.path} was made by a version that kept no scaling; "
                "make it again with `aeviz report` and --force"
            )
        return Scaling.from_arrays(_load_arrays(path))

    # -- results ---------------------------------------------------------------------

    @property
    def encoders(self) -> list[str]:
        """Return the encoders that were fitted, in the order asked for."""
        return list(self.info["encoders"])

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the (encoder, embedding) pairs that were made, in order."""
        return [(encoder, embedding) for encoder, embedding in self.info["pairs"]]

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Return every score, a row each."""
        return self._score_rows("rows")

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Return every paired difference to a baseline, a row each; may be empty."""
        return self._score_rows("differences")

    def _score_rows(self, part: str) -> pd.DataFrame:
        """Return rows of scores.json with the names that metrics have today."""
        table = pd.DataFrame(read_json(self._existing("scores.json"))[part])
        if "metric" in table:
            table["metric"] = table["metric"].map(METRICS.current_name)
        return table

    @cached_property
    def curves(self) -> dict[str, np.ndarray] | None:
        """Return every code and picture across scales, or None for a run of former versions.

        Keys: `encoder`, `embedding` (empty for a code) and `stage`, of shape (n_curves,); `k` of
        shape (n_sizes,), sizes of neighbourhoods; `q_nx` and `r_nx` of shape (n_curves, n_sizes),
        how much of them is kept, as a share and beyond chance; `shepard` of shape (n_curves,
        n_bins, n_bins), the share of pairs of samples at each distance in the high space and in
        the low one, both from 0 to the largest. See `aeviz.evaluation.curves`.
        """
        return _load_arrays(self.curves_path) if self.curves_path.is_file() else None

    @cached_property
    def embeddings(self) -> pd.DataFrame:
        """Return a row a sample: sample_id, split, label, and what was made of it.

        For every pair ``<pair>_x``, ``<pair>_y``, and the shares of false and missed neighbours
        there, ``<pair>_false`` and ``<pair>_missed``; for every encoder with a decoder
        ``<encoder>_error``, the mean squared error a feature, in prepared units.
        """
        return pd.read_parquet(self._existing("embeddings.parquet"))

    def code(self, kind: str) -> np.ndarray:
        """Return the codes of every sample, shape (n_samples, code_size), read lazily."""
        return np.load(self._existing(f"encoders/{kind}/code.npy"), mmap_mode="r")

    def history(self, kind: str) -> dict[str, list[float]]:
        """Return losses and metrics an epoch; empty for an encoder without training."""
        path = self.encoder_path(kind) / "history.json"
        return dict(read_json(path)) if path.is_file() else {}

    def encoder_params(self, kind: str) -> dict[str, Any]:
        """Return the parameters that the encoder was fitted with."""
        return dict(read_json(self._existing(f"encoders/{kind}/params.json")))

    def reconstruction(self, kind: str) -> dict[str, np.ndarray] | None:
        """Return what the decoder gives back, or None for an encoder without decoder.

        Keys: `X`, the ten displayed samples' reconstructions in source units;
        `feature_error` of shape (n_features,), the mean squared error a feature over held-out
        samples in prepared units; `sample_error` of shape (n_samples,), the same a sample.
        """
        path = self.encoder_path(kind) / "reconstruction.npz"
        return _load_arrays(path) if path.is_file() else None

    def outliers(self, kind: str) -> dict[str, np.ndarray] | None:
        """Return the samples that come back worst, or None for an encoder without decoder.

        Keys: `rows`, their row numbers, largest error first; `X`, what comes back of them, in
        source units. The samples themselves are among the `kept_samples`.
        """
        path = self.encoder_path(kind) / "outliers.npz"
        return _load_arrays(path) if path.is_file() else None

    @property
    def neighbors(self) -> dict[str, np.ndarray]:
        """Return the fields of the data's `Neighborhoods`, see `aeviz.metrics`."""
        return _load_arrays(self._existing("faithfulness/neighbors.npz"))

    @property
    def has_judged(self) -> bool:
        """Tell whether samples were judged, which runs of former versions did not do."""
        return self.judged_path.is_file()

    def judged(self, encoder: str, embedding: str) -> dict[str, np.ndarray]:
        """Return what is known of every sample's neighbourhood in one picture.

        Keys: `false`, `missed`, `worst`, `beside`, `nearest`; see
        `aeviz.pipeline.faithfulness.judge_samples`.
        """
        prefix = f"{encoder}_{embedding}_"
        names = ("false", "missed", "worst", "beside", "nearest")
        return {name: self._judged[prefix + name] for name in names}

    @property
    def judged_sizes(self) -> tuple[int, int]:
        """Return how many neighbours were judged, and how many count as near."""
        n_neighbors, n_near = self._judged["sizes"].tolist()
        return n_neighbors, n_near

    def kept_samples(self, rows: np.ndarray) -> np.ndarray:
        """Return samples in source units; rows that `judged` or `outliers` name are kept.

        Parameters
        ----------
        rows : ndarray of int of any shape

        Returns
        -------
        ndarray of shape (..., n_features)
        """
        places = np.searchsorted(self._judged["rows"], rows)
        return self._judged["X"][places]

    @cached_property
    def _judged(self) -> dict[str, np.ndarray]:
        return _load_arrays(self._existing("faithfulness/judged.npz"))

    def manifold(self, kind: str) -> dict[str, np.ndarray] | None:
        """Return a variational encoder's decoded grid, or None for other encoders.

        Keys: `X` of shape (n, n, n_features) in source units, row 0 at the top of the
        latent plane (largest second coordinate); `axis` of shape (n,), the latent values
        of the columns from left to right, which are also those of the rows from bottom
        to top; `probability` of shape (2,), the quantiles of the prior that it spans.
        """
        path = self.encoder_path(kind) / "manifold.npz"
        return _load_arrays(path) if path.is_file() else None

    def denoising(self, kind: str) -> dict[str, np.ndarray] | None:
        """Return what a denoising encoder restores, or None for other encoders.

        Keys: `noisy` and `X`, the ten displayed samples with noise and as restored, in source
        units; `noisy_error` and `restored_error`, the mean squared error a feature of held-out
        samples with noise and as restored, in prepared units.
        """
        path = self.encoder_path(kind) / "denoising.npz"
        return _load_arrays(path) if path.is_file() else None

    def bound(self, kind: str) -> dict[str, float] | None:
        """Return a variational encoder's bound on held-out samples, or None for other encoders.

        Keys: `negative_elbo`, `reconstruction`, `kl`, `active_units`; see
        `aeviz.VariationalAutoencoder.elbo`.
        """
        path = self.encoder_path(kind) / "bound.npz"
        if not path.is_file():
            return None
        values = _load_arrays(path)
        return {name: float(value) for name, value in values.items() if value.ndim == 0}

    def sample_elbo(self, kind: str) -> np.ndarray | None:
        """Return the lower bound of every sample's log-likelihood in nats, (n_samples,).

        None for an encoder that is not variational.
        """
        path = self.encoder_path(kind) / "bound.npz"
        return _load_arrays(path).get("sample_elbo") if path.is_file() else None

    # -- writing ---------------------------------------------------------------------

    @contextmanager
    def writing_data(self, card: DataCard) -> Iterator[Path]:
        """Give a folder for `samples.npz`, and put the data folder in place on leaving."""
        with atomic_folder(self.path / "data") as folder:
            write_json(folder / "data.json", asdict(card))
            yield folder
        for name in ("data", "samples", "annotations", "scaling"):
            self.__dict__.pop(name, None)

    def write_scores(
        self,
        rows: list[dict[str, Any]],
        differences: list[dict[str, Any]],
        curves: dict[str, np.ndarray],
    ) -> None:
        """Write curves.npz and then scores.json, which says that both are there."""
        with atomic_file(self.curves_path) as partial:
            np.savez_compressed(partial, **curves)  # type: ignore[arg-type] # its stub
        content = {"schema": SCHEMA, "rows": rows, "differences": differences}
        write_json(self.scores_path, content)
        for name in ("scores", "differences", "curves"):
            self.__dict__.pop(name, None)

    def write_embeddings(self, table: pd.DataFrame) -> None:
        """Write embeddings.parquet."""
        with atomic_file(self.embeddings_path) as partial:
            table.to_parquet(partial, index=False)
        self.__dict__.pop("embeddings", None)

    def write_neighbors(self, arrays: dict[str, Any]) -> None:
        """Write every sample's neighbours in the data."""
        with atomic_file(self.neighbors_path) as partial:
            np.savez(partial, **arrays)

    def write_judged(self, arrays: dict[str, Any]) -> None:
        """Write what is known of every sample's place in every picture."""
        with atomic_file(self.judged_path) as partial:
            np.savez(partial, **arrays)
        self.__dict__.pop("_judged", None)

    def require_finished(self) -> None:
        """Check that everything is there that a report is drawn from.

        Raises
        ------
        AevizError
            If the folder holds no run, or an unfinished one.
        """
        if self.info.get("is_finished") is False:
            raise self._unfinished("not all of it is made")
        for name in ("data/data.json", "data/samples.npz", "scores.json", "embeddings.parquet"):
            self._existing(name)


def _load_arrays(path: Path) -> dict[str, np.ndarray]:
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def write_data(run: Run, prepared: Prepared, *, source: str) -> None:
    """Write the card of the data, its scaling, samples for display and annotations."""
    dataset = prepared.dataset
    with run.writing_data(data_card(prepared, source=source)) as folder:
        np.savez(folder / "scaling.npz", **prepared.scaling.to_arrays())  # type: ignore[arg-type] # its stub
        np.savez(
            folder / "samples.npz",
            rows=prepared.shown,
            X=dataset.X[prepared.shown],
            mean=dataset.X.mean(axis=0, dtype=np.float64),
            deviation=dataset.X.std(axis=0, dtype=np.float64),
            smallest=dataset.X.min(axis=0),
            largest=dataset.X.max(axis=0),
        )
        if dataset.annotations:
            texts = pd.DataFrame(dict(dataset.annotations))
            texts.to_parquet(folder / "annotations.parquet", index=False)
