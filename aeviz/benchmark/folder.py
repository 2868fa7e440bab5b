"""Read and write the folder of a benchmark.

Codes, embeddings and scores stand in ``cache/`` under digests of all that they depend on
(see `aeviz.benchmark._plan`), each whole or not at all. Nothing else records what is done: a
benchmark that was killed, one with more seeds and one of other data all look there.
"""

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from aeviz.core.atomic_files import atomic_file, atomic_folder, read_json, write_json
from aeviz.runs.score_table import score_table, with_k
from aeviz.runs.steps import StepFolder

__all__ = ["Benchmark"]

# Names of version 0.1.0.
COLUMN_NOW = {"placing": "split"}
SPLIT_NOW = {"placed": "test", "together": "train"}
COLUMNS = (
    "dataset",
    "encoder",
    "code_size",
    "embedding",
    "seed",
    "stage",
    "split",
    "metric",
    "k",
    "value",
    "low",
    "high",
    "n_evaluated",
    "seconds",
)


class Benchmark(StepFolder):
    """Folder of one benchmark.

    Parameters
    ----------
    path : path-like
        The folder. Reading fails with `AevizError` where it holds no benchmark.

    Notes
    -----
    ``benchmark.json`` has, besides settings, versions and machine:

    rows
        One per score: dataset, encoder, code_size (None for the original data), embedding (None
        for a code), seed (None where nothing depends on one), stage, split ("test" or "train"),
        metric, k, value, low and high (95 % bootstrap interval over evaluated samples),
        n_evaluated, seconds (fit of the encoder and the embedding; for test samples also
        transform).
    summary
        Means over seeds, see `aeviz.benchmark._comparisons.summarise`.
    comparisons
        Differences to PCA with their verdicts, see `compare_with_pca` there.
    short_trainings
        Trainings that stopped at their limit of epochs while the loss was still falling: dataset,
        encoder, code_size, seed and epochs, the limit.
    left_out, failed
        Runs that the budget left no time for, and those that ended with an error.
    """

    SCHEMA: ClassVar[int] = 1
    NOUN: ClassVar[str] = "benchmark"
    INFO_NAME: ClassVar[str] = "benchmark.json"
    COMMAND: ClassVar[str] = "aeviz benchmark"
    PARTS: ClassVar[tuple[str, ...]] = ("cache", "figures")

    # -- files ---------------------------------------------------------------------------

    @property
    def table_path(self) -> Path:
        """Return the path of the table of scores."""
        return self.path / "benchmark.csv"

    # -- results -------------------------------------------------------------------------

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Return every score, one per row."""
        return self._table("rows")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Return the mean over seeds of every score, one per row."""
        return self._table("summary")

    @cached_property
    def comparisons(self) -> pd.DataFrame:
        """Return every difference to PCA with its verdict, one per row; may be empty."""
        return self._table("comparisons")

    def _table(self, part: str) -> pd.DataFrame:
        """Return one of the tables, with today's names where version 0.1.0 had others."""
        rows = [{COLUMN_NOW.get(name, name): v for name, v in r.items()} for r in self.info[part]]
        if rows and "k" not in rows[0]:
            n_samples = {card["name"]: card["n_samples"] for card in self.info["datasets"]}
            rows = with_k(rows, lambda row: n_samples[row["dataset"]])
        table = score_table(rows, COLUMNS if part == "rows" else None)
        if len(table):
            table["split"] = table["split"].replace(SPLIT_NOW)
        return table

    def write(self, **info: Any) -> None:
        """Write ``benchmark.json`` and ``benchmark.csv``."""
        for name in ("rows", "summary", "comparisons"):
            self.__dict__.pop(name, None)
        self._write_info({"schema": self.SCHEMA, **info})
        with atomic_file(self.table_path) as partial:
            self.rows.to_csv(partial, index=False)

    # -- codes, embeddings and scores ----------------------------------------------------

    def has(self, key: str) -> bool:
        """Return whether a code or an embedding is kept."""
        return self._made(key).is_dir()

    def save(self, key: str, *, facts: dict[str, Any], **arrays: np.ndarray) -> None:
        """Keep the arrays of a code or an embedding, and facts about it."""
        with atomic_folder(self._made(key)) as folder:
            for name, array in arrays.items():
                np.save(folder / f"{name}.npy", array)
            write_json(folder / "facts.json", facts)

    def facts(self, key: str) -> dict[str, Any]:
        """Return the facts about a code or an embedding, among them ``seconds`` of each part."""
        return dict(read_json(self._made(key) / "facts.json"))

    def arrays(self, key: str) -> dict[str, np.ndarray]:
        """Return the arrays of a code or an embedding by their names."""
        paths = self._made(key).glob("*.npy")
        return {path.stem: np.load(path, allow_pickle=False) for path in paths}

    def has_scores(self, key: str) -> bool:
        """Return whether scores are kept."""
        return self._scores(key, "json").is_file() and self._scores(key, "npz").is_file()

    def save_scores(
        self, key: str, scores: dict[str, Any], deviations: dict[str, np.ndarray]
    ) -> None:
        """Keep scores, and their deviations over resamples by name."""
        with atomic_file(self._scores(key, "npz")) as partial:
            np.savez(partial, **deviations)  # type: ignore[arg-type]  # its stub
        write_json(self._scores(key, "json"), scores)

    def scores(self, key: str) -> dict[str, Any]:
        """Return scores: ``rows``, and the ``seconds`` that measuring took."""
        return dict(read_json(self._scores(key, "json")))

    def deviations(self, key: str) -> dict[str, np.ndarray]:
        """Return how far scores deviate over resamples, by name."""
        with np.load(self._scores(key, "npz"), allow_pickle=False) as archive:
            return dict(archive)

    def _made(self, key: str) -> Path:
        return self.path / "cache" / "made" / key

    def _scores(self, key: str, suffix: str) -> Path:
        return self.path / "cache" / "scores" / f"{key}.{suffix}"
