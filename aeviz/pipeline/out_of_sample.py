"""Place new samples in the pictures of a finished run, which stay as they are.

Every sample is scaled, encoded and placed by itself: what else is asked for together with it
changes nothing. Beside its places stands how unlike the run's own samples it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError
from aeviz.core.memory import Need
from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.core.subsampling import evenly
from aeviz.data.dataset import Dataset
from aeviz.data.feature_order import in_feature_order
from aeviz.data.table_files import identity_columns
from aeviz.embedding._storage import load_embedding
from aeviz.embedding.base import NeighborEmbedding
from aeviz.neighbors.search import neighbors_of
from aeviz.pipeline.memory_estimates import Needs
from aeviz.pipeline.sources import load
from aeviz.runs.pair import IDENTITY, Pair
from aeviz.runs.run import Run
from aeviz.settings import Settings

__all__ = ["Placed", "Placer"]

# The encoder that leaves samples as they are, and the picture that is a code of two numbers.
# A sample is unlike the run's own if all but one in a thousand of them come back better, or lie
# nearer to another one's code.
UNLIKE_QUANTILE = 0.999
N_REFERENCES = 5000
MIN_HELD_OUT = 200


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

    def require_pictures(self) -> None:
        """Check that some picture could take the samples.

        Raises
        ------
        AevizError
            If none could; the message says why.
        """
        if not self.pictures:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in self.left_out.items())
            raise AevizError(f"no picture could take the samples: {reasons}")


class Usual(NamedTuple):
    """Say what is usual among a run's own samples, by which others are found unlike them.

    Parameters
    ----------
    error : float or None
        What few of them exceed; None for an encoder without decoder.
    distance : float
        The median of distances to the nearest other code.
    far : float
        What few of these distances exceed, in units of the median.
    """

    error: float | None
    distance: float
    far: float


class Placer:
    """Hold the fitted parts of a run, each loaded when it is first needed.

    Parameters
    ----------
    run : Run
        Finished.
    heads : mapping of str to function (ndarray) -> ndarray, optional
        Of some pictures, a network from code to place that stands in for the picture's own way
        of placing; see `aeviz.sharding.heads`.

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

    def __init__(
        self, run: Run, *, heads: Mapping[str, Callable[[np.ndarray], np.ndarray]] | None = None
    ) -> None:
        run.require_finished()
        self.scaling = run.scaling
        self.run = run
        self._heads = dict(heads or {})
        self._encoders: dict[str, Any] = {}
        self._embeddings: dict[Pair, Any] = {}
        self._usual: dict[str, Usual] = {}
        self._codes: dict[str, np.ndarray] = {}

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
        pairs = self.pairs(pictures)
        X = self.scaling.transform(dataset.X)
        columns: dict[str, Any] = identity_columns(dataset)
        left_out = {}
        codes = {}
        for kind in dict.fromkeys(pair.encoder for pair in pairs):
            codes[kind] = X if kind == IDENTITY else self._encoder(kind).transform(X)
        placed = []
        for pair in pairs:
            try:
                points = self._points(pair, codes[pair.encoder])
            except AevizError as error:
                left_out[pair.key] = str(error)
                continue
            columns[f"{pair.key}_x"], columns[f"{pair.key}_y"] = points[:, 0], points[:, 1]
            placed.append(pair.key)
        is_of_data = codes.pop(IDENTITY, None) is not None
        # Where nothing is encoded, how far samples lie from others in the data themselves.
        judged = codes or ({IDENTITY: X} if is_of_data and self._has_data else {})
        bounds = {}
        is_unlike = np.zeros(len(X), bool)
        for kind, code in judged.items():
            for what, values, bound in self._strangeness(kind, X, code):
                columns[f"{kind}_{what}"], bounds[f"{kind}_{what}"] = values, bound
                is_unlike |= values > bound
        columns["is_unlike"] = is_unlike
        return Placed(pd.DataFrame(columns), placed, left_out, codes, bounds)

    def need(self, dataset: Dataset, *, pictures: list[str] | None = None) -> Need:
        """Return how much memory `place` needs.

        Raises
        ------
        AevizError
            If there is no such picture.
        """
        kinds = {pair.encoder for pair in self.pairs(pictures)}
        return Needs(dataset.n_samples, dataset.n_features).placing(
            self.run.data.n_samples,
            has_networks=any(self.run.history(kind) for kind in kinds),
            has_data=IDENTITY in kinds,
        )

    def pairs(self, pictures: list[str] | None) -> list[Pair]:
        """Return encoder and embedding of pictures by their names, or of all for None.

        Raises
        ------
        AevizError
            If there is no such picture.
        """
        known = {pair.key: pair for pair in self.run.pairs}
        for name in pictures or ():
            if name not in known:
                raise AevizError(f"there is no picture {name!r}; choose from {', '.join(known)}")
        return self.run.pairs if pictures is None else [known[name] for name in pictures]

    def fitted(self, kind: str) -> np.ndarray:
        """Return the codes of the run's own samples, to which embeddings were fitted.

        Parameters
        ----------
        kind : str
            Of the encoder; of the data as they are, the prepared samples.

        Raises
        ------
        AevizError
            If they are the data as they are, and their source is gone or has changed.
        """
        if kind == IDENTITY:
            return self._prepared
        if kind not in self._codes:
            self._codes[kind] = np.array(self.run.code(kind))
        return self._codes[kind]

    # -- parts ---------------------------------------------------------------------------

    def _encoder(self, kind: str) -> Any:
        if kind not in self._encoders:
            self._encoders[kind] = ENCODERS.get(kind).load(self.run.encoder_path(kind))
        return self._encoders[kind]

    def _points(self, pair: Pair, code: np.ndarray) -> np.ndarray:
        if pair.is_latent:
            return code
        if pair.key in self._heads:
            return self._heads[pair.key](code)
        if pair not in self._embeddings:
            folder = self.run.embedding_path(pair)
            needs_fitted = issubclass(EMBEDDINGS.get(pair.embedding), NeighborEmbedding)
            fitted = self.fitted(pair.encoder) if needs_fitted else None
            self._embeddings[pair] = load_embedding(folder, fitted)
        return np.asarray(self._embeddings[pair].transform(code))

    @cached_property
    def _has_data(self) -> bool:
        """Tell whether the run's own samples can be read again."""
        try:
            return len(self._prepared) > 0
        except AevizError:
            return False

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
        usual = self._usual_of(kind)
        found = []
        if usual.error is not None:
            decoded = np.asarray(self._encoder(kind).inverse_transform(code))
            found.append(("error", np.square(decoded - X).mean(axis=1), usual.error))
        distance = neighbors_of(code, self.fitted(kind), 1)[1][:, 0] / usual.distance
        found.append(("distance", distance, usual.far))
        return found

    def _usual_of(self, kind: str) -> Usual:
        """Return what is usual of a kind of codes, found once for all samples to be placed."""
        if kind not in self._usual:
            reconstruction = self.run.reconstruction(kind)
            error = None
            if reconstruction is not None:
                error = self._bound(reconstruction.sample_error)
            self._usual[kind] = Usual(error, *_distances_within(self.fitted(kind)))
        return self._usual[kind]

    def _bound(self, values: np.ndarray) -> float:
        """Return what few of the run's samples exceed: of held-out ones, if they are many."""
        is_test = (self.run.embeddings["split"] == "test").to_numpy()
        own = values[is_test] if is_test.sum() >= MIN_HELD_OUT else values
        return float(np.quantile(own, UNLIKE_QUANTILE))


def _distances_within(fitted: np.ndarray) -> tuple[float, float]:
    """Return the median of distances to the nearest other code, and what few exceed.

    The latter in units of the former, both of evenly chosen samples.
    """
    nearest = neighbors_of(evenly(fitted, N_REFERENCES), fitted, 2)[1][:, 1]
    typical = float(np.median(nearest)) or 1.0
    return typical, float(np.quantile(nearest / typical, UNLIKE_QUANTILE))
