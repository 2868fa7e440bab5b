"""Read and write the files of a run.

Only `Run` knows the names of the files in a run folder: the pipeline writes through it, and the
report reads through it. See `aeviz.runs.steps` on how a step is recorded. Nothing is pickled.
"""

import html
from collections.abc import Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from aeviz.core.atomic_files import atomic_file, atomic_folder, read_json, write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.schema import check_schema
from aeviz.data.card import DataCard
from aeviz.data.prepared import Prepared, data_card
from aeviz.data.scaling import Scaling
from aeviz.encoders import Encoder
from aeviz.encoders.base import SAMPLE_ARRAYS
from aeviz.evaluation.faithfulness import Neighborhoods
from aeviz.runs.pair import OWN, Pair, file_name
from aeviz.runs.repeated_trainings import RepeatedTrainings
from aeviz.runs.results import (
    Bound,
    Curves,
    Denoising,
    DisplayedSamples,
    Faithfulness,
    Manifold,
    Outliers,
    PairFaithfulness,
    Reconstruction,
    load_arrays,
)
from aeviz.runs.score_table import SCORES_SCHEMA, of_first_schema, score_table, with_verdicts
from aeviz.runs.steps import StepFolder

__all__ = ["SCHEMA", "Run"]

SCHEMA = 1


class Run(StepFolder):
    """Folder of one run.

    Parameters
    ----------
    path : path-like
        Properties that read raise `AevizError` where it holds no run.

    Attributes
    ----------
    scores_path, curves_path, embeddings_path, neighbors_path, faithfulness_path : Path
        Of the files of scores, curves across scales, the table of embeddings, every sample's
        neighbours in the data, and the faithfulness of every embedding.
    browse_path, added_path : Path
        Of the folders of single samples and decoders for the page, and of new samples, which has
        a folder for each source.
    repeats : RepeatedTrainings
        The files of trainings under further seeds.

    Notes
    -----
    Scores: ``scores`` has the columns encoder, embedding (None for a code, and for the original
    data, ``identity``, at either stage), stage, metric, k (neighbourhood size, missing where it
    does not matter), value, low, high, baseline (the same score in the original data, missing
    where it is no score of labels), seed, n_evaluated. ``differences`` has encoder, embedding,
    stage, baseline_encoder, baseline_embedding, metric, k, value, low, high, seed_error,
    sample_error, n_trainings, n_evaluated, band, verdict. Its value is the mean score over
    trainings minus the baseline's, see `aeviz.evaluation.differences`; `seed_error` is missing
    where trainings differ and there is one, `band` is the largest difference that is practically
    the same, and `verdict` is "better", "worse", "same", "none" or "". Columns of a pair begin with
    its `Pair.key`.
    """

    SCHEMA: ClassVar[int] = SCHEMA
    NOUN: ClassVar[str] = "run"
    INFO_NAME: ClassVar[str] = "run.json"
    COMMAND: ClassVar[str] = "aeviz report"
    PARTS: ClassVar[tuple[str, ...]] = (
        "data",
        "encoders",
        "embeddings",
        "repeats",
        "faithfulness",
        "browse",
        "figures",
    )

    def __init__(self, path: str | Path) -> None:
        super().__init__(path)
        self.scores_path = self.path / "scores.json"
        self.curves_path = self.path / "curves.npz"
        self.embeddings_path = self.path / "embeddings.parquet"
        self.neighbors_path = self.path / "faithfulness" / "neighbors.npz"
        self.faithfulness_path = self.path / "faithfulness" / "judged.npz"
        self.browse_path = self.path / "browse"
        self.added_path = self.path / "added"
        self.repeats = RepeatedTrainings(self.path / "repeats")

    # -- files ---------------------------------------------------------------------

    def encoder_path(self, kind: str) -> Path:
        """Return the folder of one fitted encoder."""
        return self.path / "encoders" / file_name(kind)

    def embedding_path(self, pair: Pair) -> Path:
        """Return the folder of one fitted embedding; ``points.npy`` in it has the coordinates."""
        return self.path / "embeddings" / pair.key

    def points(self, pair: Pair) -> np.ndarray:
        """Return the coordinates of all samples in one embedding, shape (n_samples, 2)."""
        if pair.is_latent:
            return np.asarray(self.code(pair.encoder))
        path = self.embedding_path(pair) / "points.npy"
        return np.asarray(np.load(path, allow_pickle=False))

    def _repr_html_(self) -> str | None:
        """Return the report in a frame, for Jupyter; None before it is rendered.

        The frame is another origin, so that scripts of the page cannot reach the notebook.
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
        """Return the description of the data."""
        return DataCard.from_json(read_json(self._existing("data/data.json")))

    @cached_property
    def samples(self) -> DisplayedSamples:
        """Return samples for display, and statistics of each feature over all samples."""
        return DisplayedSamples.from_arrays(load_arrays(self._existing("data/samples.npz")))

    @cached_property
    def annotations(self) -> pd.DataFrame:
        """Return texts shown with the samples, one row per sample; often without columns."""
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
                "make it again with `aeviz report` and force=True"
            )
        return Scaling.from_arrays(load_arrays(path))

    # -- results ---------------------------------------------------------------------

    @property
    def encoders(self) -> list[str]:
        """Return the encoders that were fitted, in the order asked for, and own codes."""
        return list(self.info["encoders"])

    @property
    def own_codes(self) -> list[str]:
        """Return the names of codes that the user gave."""
        return list(self.info.get("own_codes", []))

    def is_own(self, pair: Pair) -> bool:
        """Return whether the user gave the coordinates or the code of a pair."""
        return pair.encoder == OWN or pair.encoder in self.own_codes

    @property
    def n_trainings(self) -> int | None:
        """Return how often encoders were trained for the differences; None of former versions."""
        found = self.info.get("n_trainings")
        return None if found is None else int(found)

    @property
    def pairs(self) -> list[Pair]:
        """Return the pairs of encoder and embedding that were made, in order."""
        return [Pair(encoder, embedding) for encoder, embedding in self.info["pairs"]]

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Return every score, one row each."""
        return self._score_rows("rows")

    @cached_property
    def differences(self) -> pd.DataFrame:
        """Return every paired difference to a baseline, one row each; may be empty."""
        return with_verdicts(self._score_rows("differences"), self.scores)

    def _score_rows(self, part: str) -> pd.DataFrame:
        """Return rows of scores.json, of any schema, as those of today."""
        content = read_json(self._existing("scores.json"))
        if content.get("schema") == 1:
            return score_table(of_first_schema(content[part], n_samples=self.data.n_samples))
        remake = f"make it again with `{self.COMMAND}`"
        check_schema(content, self.scores_path, reads=SCORES_SCHEMA, remake=remake)
        return score_table(content[part])

    @cached_property
    def curves(self) -> Curves | None:
        """Return every code and embedding across scales, or None for a run of former versions."""
        return Curves.read(self.curves_path)

    @cached_property
    def embeddings(self) -> pd.DataFrame:
        """Return one row per sample: sample_id, split, label, batch, and what was made of it.

        For every pair ``<pair>_x`` and ``<pair>_y``, and the shares of false and missing
        neighbours, ``<pair>_false_neighbors`` and ``<pair>_missing_neighbors``; for every encoder
        with a decoder ``<encoder>_error``, the mean squared error per feature in prepared units.
        """
        table = pd.read_parquet(self._existing("embeddings.parquet"))
        former = {
            f"{pair.key}_{name}": f"{pair.key}_{field}"
            for pair in self.pairs
            for name, field in PairFaithfulness.FORMER.items()
        }
        return table.rename(columns=former)

    def code(self, kind: str) -> np.ndarray:
        """Return the codes of every sample, shape (n_samples, code_size), read lazily."""
        path = self._existing(f"encoders/{file_name(kind)}/code.npy")
        code: np.ndarray = np.load(path, mmap_mode="r")
        return code

    def history(self, kind: str) -> dict[str, list[float]]:
        """Return losses and metrics per epoch; empty for an encoder without training."""
        path = self.encoder_path(kind) / "history.json"
        return dict(read_json(path)) if path.is_file() else {}

    def encoder_params(self, kind: str) -> dict[str, Any]:
        """Return the parameters that the encoder was fitted with."""
        return dict(read_json(self._existing(f"encoders/{kind}/params.json")))

    def about(self, kind: str) -> dict[str, str]:
        """Return an encoder's ``architecture`` and ``loss`` in words; empty of older versions."""
        is_own = kind in self.own_codes
        return {} if is_own else dict(self.encoder_params(kind).get("about", {}))

    def reconstruction(self, kind: str) -> Reconstruction | None:
        """Return what the decoder gives, or None for an encoder without decoder."""
        return Reconstruction.read(self.encoder_path(kind) / "reconstruction.npz")

    def outliers(self, kind: str) -> Outliers | None:
        """Return the samples with the largest errors, or None for an encoder without decoder.

        The original samples are among those of `faithfulness`.
        """
        return Outliers.read(self.encoder_path(kind) / "outliers.npz")

    def manifold(self, kind: str) -> Manifold | None:
        """Return a variational encoder's decoded grid, or None for other encoders."""
        return Manifold.read(self.encoder_path(kind) / "manifold.npz")

    def denoising(self, kind: str) -> Denoising | None:
        """Return what a denoising encoder restores, or None for other encoders."""
        return Denoising.read(self.encoder_path(kind) / "denoising.npz")

    def bound(self, kind: str) -> Bound | None:
        """Return a variational encoder's bound on test samples, or None for other encoders."""
        return Bound.read(self.encoder_path(kind) / "bound.npz")

    @property
    def neighbors(self) -> Neighborhoods | None:
        """Return every sample's neighbours in the data, or None for a run of former versions."""
        if not self.neighbors_path.is_file():
            return None
        return Neighborhoods(**load_arrays(self.neighbors_path))

    @cached_property
    def faithfulness(self) -> Faithfulness | None:
        """Return the faithfulness of every embedding, or None for a run of former versions."""
        if not self.faithfulness_path.is_file():
            return None
        return Faithfulness.from_arrays(load_arrays(self.faithfulness_path), self.pairs)

    def kept_samples(self, rows: np.ndarray) -> np.ndarray:
        """Return samples that `faithfulness` or `outliers` name, shape (*rows.shape, n_features).

        They are in the units of the source.

        Raises
        ------
        AevizError
            If the run is unfinished or of a former version, which kept no samples.
        """
        if self.faithfulness is None:
            raise self._unfinished(f"it has no {self.faithfulness_path.name}")
        return self.faithfulness.samples(rows)

    # -- writing ---------------------------------------------------------------------

    def _forget(self, *names: str) -> None:
        """Have properties read their files again."""
        for name in names:
            self.__dict__.pop(name, None)

    def write_data(self, prepared: Prepared, *, source: str) -> None:
        """Write the card of the data, its scaling, samples for display and annotations."""
        dataset = prepared.dataset
        X, texts = dataset.X, dataset.annotations
        mean, std = X.mean(axis=0, dtype=np.float64), X.std(axis=0, dtype=np.float64)
        shown = X[prepared.shown]
        samples = DisplayedSamples(prepared.shown, shown, mean, std, X.min(axis=0), X.max(axis=0))
        with atomic_folder(self.path / "data") as folder:
            write_json(folder / "data.json", asdict(data_card(prepared, source=source)))
            np.savez(folder / "scaling.npz", **prepared.scaling.to_arrays())  # type: ignore[arg-type] # its stub
            samples.write(folder / "samples.npz")
            if texts:
                pd.DataFrame(dict(texts)).to_parquet(folder / "annotations.parquet", index=False)
        self._forget("data", "samples", "annotations", "scaling")

    def write_encoder(
        self,
        kind: str,
        encoder: Encoder,
        code: np.ndarray,
        artifacts: Mapping[str, Mapping[str, np.ndarray]],
        *,
        scaling: Scaling,
    ) -> None:
        """Write a fitted encoder, the codes of all samples, and the arrays that it shows by file.

        Samples among these are in prepared units, and written in the units of the source.
        """
        with atomic_folder(self.encoder_path(kind)) as folder:
            encoder.save(folder)
            np.save(folder / "code.npy", code)
            for name, arrays in artifacts.items():
                contents: dict[str, Any] = dict(arrays)
                for key in arrays.keys() & set(SAMPLE_ARRAYS):
                    X = arrays[key]
                    rows = scaling.inverse_transform(X.reshape(-1, X.shape[-1]))
                    contents[key] = rows.reshape(X.shape)
                np.savez(folder / f"{name}.npz", **contents)

    def write_scores(
        self, rows: list[dict[str, Any]], differences: list[dict[str, Any]], curves: Curves
    ) -> None:
        """Write curves.npz and then scores.json, which says that both are there."""
        with atomic_file(self.curves_path) as partial:
            np.savez_compressed(partial, **curves.to_arrays())
        content = {"schema": SCORES_SCHEMA, "rows": rows, "differences": differences}
        write_json(self.scores_path, content)
        self._forget("scores", "differences", "curves")

    def write_embeddings(self, table: pd.DataFrame) -> None:
        """Write embeddings.parquet."""
        with atomic_file(self.embeddings_path) as partial:
            table.to_parquet(partial, index=False)
        self._forget("embeddings")

    def write_neighbors(self, neighbors: Neighborhoods) -> None:
        """Write every sample's neighbours in the data."""
        with atomic_file(self.neighbors_path) as partial:
            np.savez(partial, **vars(neighbors))

    def write_faithfulness(self, faithfulness: Faithfulness) -> None:
        """Write the faithfulness of every embedding."""
        with atomic_file(self.faithfulness_path) as partial:
            np.savez(partial, **faithfulness.to_arrays())
        self._forget("faithfulness")

    def require_finished(self) -> None:
        """Check that all files are there that a report is rendered from.

        Raises
        ------
        AevizError
            If the folder holds no run, or an unfinished one.
        """
        if self.info.get("is_finished") is False:
            raise self._unfinished("not all of it is made")
        for name in ("data/data.json", "data/samples.npz", "scores.json", "embeddings.parquet"):
            self._existing(name)
