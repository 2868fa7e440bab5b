"""Place new samples in the pictures of a finished run, which stay as they are.

Every sample is scaled, encoded and placed by itself: what else is asked for together with it
changes nothing. Beside its places stands how unlike the run's own samples it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from aeviz._errors import AevizError
from aeviz._matching import in_feature_order
from aeviz._neighbors import neighbors_of
from aeviz._picking import evenly
from aeviz.data.dataset import Dataset
from aeviz.embedding._base import NeighborEmbedding
from aeviz.embedding._storage import load_embedding
from aeviz.models.exporting import identity_columns
from aeviz.preparing import load
from aeviz.registry import EMBEDDINGS, ENCODERS
from aeviz.runs import Run
from aeviz.settings import Settings

__all__ = ["Placed", "Placer"]

IDENTITY, LATENT = "identity", "latent"
# A sample is unlike the run's own if all but one in a thousand of them come back better, or lie
# nearer to another one's code.
UNLIKE_QUANTILE = 0.999
N_REFERENCES = 5000
FEWEST_HELD_OUT = 200


@dataclass(frozen=True, eq=False)
class Placed:
    """Hold what was found of new samples.

    Parameters
    ----------
    table : DataFrame
        A row a sample: sample_id, label where there is one; of every picture asked for
        ``<pair>_x`` and ``<pair>_y``; of every encoder with a decoder ``<encoder>_error``, the
        mean squared error a feature in prepared units; of every encoder ``<encoder>_distance``,
        the distance to the nearest code of the run, in units of the median of such distances
        within it; `is_unlike`, whether any of these is beyond what 99.9 % of the run's own
        samples have.
    pictures : list of str
        The pairs that were placed.
    left_out : dict of str to str
        Pairs that could not be, and why.
    codes : dict of str to ndarray of shape (n_samples, code_size)
        By encoder.
    bounds : dict of str to float
        By column of errors and distances, beyond what a sample is unlike the run's own.
    """

    table: pd.DataFrame
    pictures: list[str]
    left_out: dict[str, str]
    codes: dict[str, np.ndarray]
    bounds: dict[str, float]


class Placer:
    """Hold the fitted parts of a run, each loaded when it is first needed.

    Parameters
    ----------
    run : Run
        Finished.

    Raises
    ------
    AevizError
        If the folder holds no finished run, or one of a former version.

    Examples
    --------
    >>> from aeviz import load_dataset, run_report  # doctest: +SKIP
    >>> run = run_report("digits", sample=1000)  # doctest: +SKIP
    >>> Placer(run).place(load_dataset("digits")).table.columns  # doctest: +SKIP
    """

    def __init__(self, run: Run) -> None:
        run.require_finished()
        self.scaling = run.scaling
        self.run = run
        self._encoders: dict[str, Any] = {}
        self._embeddings: dict[str, Any] = {}

    def place(self, dataset: Dataset, *, pictures: list[str] | None = None) -> Placed:
        """Return places and warnings of samples.

        Parameters
        ----------
        dataset : Dataset
            With the features of the run, in any order where they have names.
        pictures : list of str or None
            Names of pairs, as ``deep_tsne``; None takes all.

        Raises
        ------
        AevizError
            If the features are others, or there is no such picture.
        """
        dataset = in_feature_order(dataset, self.run.data)
        pairs = self._pairs(pictures)
        X = self.scaling.transform(dataset.X)
        columns: dict[str, Any] = identity_columns(dataset)
        left_out = {}
        codes = {}
        for kind in dict.fromkeys(kind for kind, _ in pairs):
            codes[kind] = X if kind == IDENTITY else self._encoder(kind).transform(X)
        placed = []
        for kind, name in pairs:
            pair = f"{kind}_{name}"
            try:
                points = self._points(kind, name, codes[kind])
            except AevizError as error:
                left_out[pair] = str(error)
                continue
            columns[f"{pair}_x"], columns[f"{pair}_y"] = points[:, 0], points[:, 1]
            placed.append(pair)
        codes.pop(IDENTITY, None)
        bounds = {}
        is_unlike = np.zeros(len(X), bool)
        for kind, code in codes.items():
            for what, values, bound in self._strangeness(kind, X, code):
                columns[f"{kind}_{what}"], bounds[f"{kind}_{what}"] = values, bound
                is_unlike |= values > bound
        columns["is_unlike"] = is_unlike
        return Placed(pd.DataFrame(columns), placed, left_out, codes, bounds)

    # -- parts ---------------------------------------------------------------------------

    def _pairs(self, pictures: list[str] | None) -> list[tuple[str, str]]:
        known = {"_".join(pair): pair for pair in self.run.pairs}
        for name in pictures or ():
            if name not in known:
                raise AevizError(f"there is no picture {name!r}; choose from {', '.join(known)}")
        return self.run.pairs if pictures is None else [known[name] for name in pictures]

    def _encoder(self, kind: str) -> Any:
        if kind not in self._encoders:
            self._encoders[kind] = ENCODERS.get(kind).load(self.run.encoder_path(kind))
        return self._encoders[kind]

    def _points(self, kind: str, name: str, code: np.ndarray) -> np.ndarray:
        if name == LATENT:
            return code
        pair = f"{kind}_{name}"
        if pair not in self._embeddings:
            folder = self.run.embedding_path(kind, name)
            needs_fitted = issubclass(EMBEDDINGS.get(name), NeighborEmbedding)
            fitted = self._fitted(kind) if needs_fitted else None
            self._embeddings[pair] = load_embedding(folder, fitted)
        return np.asarray(self._embeddings[pair].transform(code))

    def _fitted(self, kind: str) -> np.ndarray:
        """Return the samples that embeddings of a kind were fitted to."""
        return self._prepared if kind == IDENTITY else np.asarray(self.run.code(kind))

    @cached_property
    def _prepared(self) -> np.ndarray:
        """Return the run's own samples, read again from their source."""
        names = Settings.__dataclass_fields__.keys()
        kept = {name: value for name, value in self.run.settings.items() if name in names}
        settings = Settings.from_mapping(kept)
        try:
            dataset = load(settings)
        except (FileNotFoundError, AevizError) as error:
            raise AevizError(
                f"it is fitted to the data as they are, and they cannot be read again: {error}"
            ) from error
        if dataset.fingerprint() != self.run.data.fingerprint:
            raise AevizError(
                "it is fitted to the data as they are, and their source "
                f"({settings.source}) has changed since"
            )
        return self.scaling.transform(dataset.X)

    def _strangeness(
        self, kind: str, X: np.ndarray, code: np.ndarray
    ) -> list[tuple[str, np.ndarray, float]]:
        """Return what tells how unlike samples are: a name, values, and what is too much."""
        found = []
        reconstruction = self.run.reconstruction(kind)
        if reconstruction is not None:
            decoded = np.asarray(self._encoder(kind).inverse_transform(code))
            error = np.square(decoded - X).mean(axis=1)
            found.append(("error", error, self._bound(reconstruction["sample_error"])))
        fitted = np.asarray(self.run.code(kind))
        typical, bound = self._distances_within(kind, fitted)
        distance = neighbors_of(code, fitted, 1)[1][:, 0] / typical
        found.append(("distance", distance, bound))
        return found

    def _bound(self, values: np.ndarray) -> float:
        """Return what few of the run's samples exceed: of held-out ones, if they are many."""
        is_test = (self.run.embeddings["split"] == "test").to_numpy()
        own = values[is_test] if is_test.sum() >= FEWEST_HELD_OUT else values
        return float(np.quantile(own, UNLIKE_QUANTILE))

    def _distances_within(self, kind: str, fitted: np.ndarray) -> tuple[float, float]:
        """Return the median of distances to the nearest other code, and what few exceed.

        The latter in units of the former, both of evenly chosen samples.
        """
        nearest = neighbors_of(evenly(fitted, N_REFERENCES), fitted, 2)[1][:, 1]
        typical = float(np.median(nearest)) or 1.0
        return typical, float(np.quantile(nearest / typical, UNLIKE_QUANTILE))
