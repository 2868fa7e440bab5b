"""Fit a code of one data set, embed it, and score both by the protocol of reports."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from sklearn.model_selection import train_test_split

from aeviz import Dataset
from aeviz.core.registry import EMBEDDINGS, METRICS
from aeviz.data.prepared import prepare
from aeviz.encoders.networks.default_sizes import shared_code_size
from aeviz.evaluation.protocol import Protocol, Subject
from aeviz.pipeline.factory import make_encoder
from aeviz.settings import Settings

__all__ = ["Trial"]

MAX_CHOSEN_ON = 10_000
SCORES = ("auc_rnx", "trustworthiness", "knn_accuracy", "spearman")
MAPS = {"tsne": SCORES, "umap": (*SCORES, "gmm_accuracy")}


class Trial:
    """A data set with its split.

    With `for_choosing`, test samples are not touched: the training samples, 10,000 at most, are
    split, and a fifth of them stands for the test samples.
    """

    def __init__(self, dataset: Dataset, *, for_choosing: bool = False) -> None:
        self.dataset = dataset
        prepared = prepare(dataset, seed=0)
        self.X, self.is_train = prepared.X, prepared.is_train
        self.labels = self.dataset.class_labels
        if for_choosing:
            rows = np.flatnonzero(self.is_train)
            rows = np.random.default_rng(0).permutation(rows)[:MAX_CHOSEN_ON]
            fitted, _ = train_test_split(np.arange(len(rows)), test_size=0.2, random_state=0)
            self.X, self.labels = self.X[rows], self.labels[rows]
            self.is_train = np.isin(np.arange(len(rows)), fitted)
        self.code_size = shared_code_size(int(self.is_train.sum()), self.X.shape[1])

    def measure(
        self, kind: str, changes: dict[str, Any], seed: int, maps: tuple[str, ...] = tuple(MAPS)
    ) -> dict[str, Any]:
        """Return the scores of one code and of its maps."""
        settings = Settings(
            source=self.dataset.name, seed=seed, code_size=self.code_size, params={kind: changes}
        )
        encoder = make_encoder(kind, settings, self.dataset)
        started = time.perf_counter()
        encoder.fit(self.X[self.is_train])
        seconds = time.perf_counter() - started
        code = encoder.transform(self.X)
        error = encoder.reconstruction_losses(self.X[~self.is_train])["mean_squared_error"]
        found: dict[str, Any] = {"n_samples": len(self.X), "n_features": self.X.shape[1]}
        found |= {"code_size": self.code_size, "seconds": round(seconds, 1), "error": error}
        if hasattr(encoder, "best_epoch_"):
            found["best_epoch"] = encoder.best_epoch_
        protocol = Protocol()
        found |= self._scores(code, "code", SCORES, protocol.code_rows(self.is_train), protocol)
        rows = protocol.rows(np.arange(len(self.X)))
        for name in maps:
            points = EMBEDDINGS.get(name)(random_state=seed).fit_transform(code)
            found |= self._scores(points, name, MAPS[name], rows, protocol)
        return found

    def _scores(
        self,
        low: np.ndarray,
        name: str,
        metrics: tuple[str, ...],
        rows: np.ndarray,
        protocol: Protocol,
    ) -> dict[str, float]:
        """Return scores of one space against the data."""
        subject = Subject("data", "low", [METRICS.get(metric) for metric in metrics])
        spaces = {"data": self.X, "low": low}
        one = protocol.measure(spaces, {"low": subject}, rows=rows, labels=self.labels)["low"]
        return {
            f"{name}_{key.metric}": round(result.value, 5) for key, result in one.results.items()
        }
