"""Transform new samples by a finished run, whose embeddings do not change.

Every sample is scaled, encoded and embedded by itself: its values do not depend on the other
samples of the call. An outlier score tells how unusual it is among the run's own samples.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.memory import Need
from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.core.subsampling import evenly
from aeviz.data.card import in_feature_order
from aeviz.data.dataset import Dataset
from aeviz.data.table_files import identity_columns
from aeviz.embedding import Embedding
from aeviz.neighbors.search import neighbors_of
from aeviz.pipeline.memory_estimates import Needs
from aeviz.pipeline.sources import load
from aeviz.runs.new_samples import outlier_score
from aeviz.runs.pair import IDENTITY, Pair
from aeviz.runs.run import Run
from aeviz.settings import Settings

__all__ = ["OutOfSampleResult", "OutOfSampleTransformer"]

# A sample is an outlier if its reconstruction error or its distance to the nearest code exceeds
# that of all but one in a thousand of the run's own samples.
OUTLIER_QUANTILE = 0.999
OWN_WORDS = "the coordinates or codes were given, and new samples have none"
N_REFERENCES = 5000
MIN_TEST_SAMPLES = 200


@dataclass(frozen=True, eq=False)
class OutOfSampleResult:
    """Result of transforming new samples.

    Parameters
    ----------
    table : DataFrame
        One row per sample: sample_id, and label if there is one; for every embedding
        ``<name>_x`` and ``<name>_y``; for every encoder with a decoder ``<encoder>_error``, the
        mean squared error per feature in scaled units; for every encoder
        ``<encoder>_distance``, the distance to the nearest code of the run, in units of the
        median of such distances within the run; `outlier_score`, the largest ratio of an error
        or a distance to its bound, which 99.9 % of the run's own samples do not exceed;
        `is_outlier`, whether any of them exceeds its bound.
    embeddings : list of str
        Names of the embeddings in the table, as ``deep_tsne``.
    left_out : dict of str to str
        Names of embeddings that could not transform the samples, and why.
    codes : dict of str to ndarray of shape (n_samples, code_size)
        By encoder.
    bounds : dict of str to float
        By column of errors and distances, the value above which a sample is an outlier.
    """

    table: pd.DataFrame
    embeddings: list[str]
    left_out: dict[str, str]
    codes: dict[str, np.ndarray]
    bounds: dict[str, float]

    def require_embeddings(self) -> None:
        """Check that there is an embedding in the table.

        Raises
        ------
        AevizError
            If there is none; the message says why.
        """
        if not self.embeddings:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in self.left_out.items())
            raise AevizError(f"no embedding can transform the samples: {reasons}")


class OutOfSampleTransformer:
    """Transformer of new samples by the fitted parts of a run, loaded when first needed.

    Parameters
    ----------
    run : Run
        Finished.
    fast_networks : mapping of str to function (ndarray) -> ndarray, optional
        Networks from code to coordinates that replace `transform` of the embeddings of these
        names; see `aeviz.sharding`.

    Raises
    ------
    AevizError
        If the folder holds no finished run, or one of a former version.

    Examples
    --------
    >>> from aeviz import load_dataset, run_report  # doctest: +SKIP
    >>> run = run_report("digits", sample=1000)  # doctest: +SKIP
    >>> transformer = OutOfSampleTransformer(run)  # doctest: +SKIP
    >>> transformer.transform(load_dataset("digits")).table.columns  # doctest: +SKIP
    """

    def __init__(
        self,
        run: Run,
        *,
        fast_networks: Mapping[str, Callable[[np.ndarray], np.ndarray]] | None = None,
    ) -> None:
        run.require_finished()
        self.scaling = run.scaling
        self.run = run
        self._fast_networks = dict(fast_networks or {})
        self._codes: dict[str, np.ndarray] = {}
        # Each is read or computed once.
        self._encoder = cache(self._read_encoder)
        self._embedding = cache(self._read_embedding)
        self._usual_range = cache(self._computed_range)

    def transform(
        self, dataset: Dataset, *, embeddings: list[str] | None = None
    ) -> OutOfSampleResult:
        """Return coordinates and outlier scores of samples.

        Parameters
        ----------
        dataset : Dataset
            With the features of the run, in any order if they have names.
        embeddings : list of str or None
            Names of embeddings, as ``deep_tsne``; None takes all.

        Raises
        ------
        AevizError
            If the features are others, or there is no such embedding.
        """
        dataset = in_feature_order(dataset, self.run.data)
        pairs = self.pairs(embeddings)
        X = self.scaling.transform(dataset.X)
        columns: dict[str, Any] = identity_columns(dataset)
        codes = {
            kind: self._code(kind, X) for kind in dict.fromkeys(pair.encoder for pair in pairs)
        }
        found = []
        asked = self._asked(embeddings)
        left_out = {pair.key: OWN_WORDS for pair in asked if self.run.is_own(pair)}
        for pair in pairs:
            try:
                points = self._points(pair, codes[pair.encoder])
            except AevizError as error:
                left_out[pair.key] = str(error)
                continue
            columns[f"{pair.key}_x"], columns[f"{pair.key}_y"] = points[:, 0], points[:, 1]
            found.append(pair.key)
        has_original = codes.pop(IDENTITY, None) is not None
        # Without codes, the distance to the run's samples is measured in the original data.
        spaces = codes or ({IDENTITY: X} if has_original and self._has_source else {})
        bounds = {}
        for kind, code in spaces.items():
            for what, values, bound in self._unusualness(kind, X, code):
                columns[f"{kind}_{what}"], bounds[f"{kind}_{what}"] = values, bound
        columns["outlier_score"] = outlier_score(columns, bounds)
        columns["is_outlier"] = np.zeros(len(X), bool)
        for column, bound in bounds.items():
            columns["is_outlier"] |= columns[column] > bound
        return OutOfSampleResult(pd.DataFrame(columns), found, left_out, codes, bounds)

    def need(self, dataset: Dataset, *, embeddings: list[str] | None = None) -> Need:
        """Return how much memory `transform` needs.

        Raises
        ------
        AevizError
            If there is no such embedding.
        """
        kinds = {pair.encoder for pair in self.pairs(embeddings)}
        return Needs(dataset.n_samples, dataset.n_features).transforming(
            self.run.data.n_samples,
            has_networks=any(self.run.history(kind) for kind in kinds),
            has_original=IDENTITY in kinds,
        )

    def pairs(self, embeddings: list[str] | None) -> list[Pair]:
        """Return the pairs of encoder and embedding with some names, or all for None.

        Without those of the user's own maps and codes, in which new samples have no place.

        Raises
        ------
        SettingError
            If there is no embedding of a name.
        """
        return [pair for pair in self._asked(embeddings) if not self.run.is_own(pair)]

    def _asked(self, embeddings: list[str] | None) -> list[Pair]:
        known = {pair.key: pair for pair in self.run.pairs}
        for name in embeddings or ():
            if name not in known:
                raise SettingError("embeddings", name, known)
        return self.run.pairs if embeddings is None else [known[name] for name in embeddings]

    def fitted(self, kind: str) -> np.ndarray:
        """Return the codes of the run's own samples, which the embeddings are fitted to.

        Parameters
        ----------
        kind : str
            The encoder; ``"identity"`` gives the scaled original data.

        Raises
        ------
        AevizError
            If the original data are asked for, and their source is gone or has changed.
        """
        if kind == IDENTITY:
            return self._original
        if kind not in self._codes:
            self._codes[kind] = np.array(self.run.code(kind))
        return self._codes[kind]

    # -- parts ---------------------------------------------------------------------------

    def _read_encoder(self, kind: str) -> Any:
        return ENCODERS.get(kind).load(self.run.encoder_path(kind))

    def _read_embedding(self, pair: Pair) -> Embedding:
        member: type[Embedding] = EMBEDDINGS.get(pair.embedding)
        fitted = self.fitted(pair.encoder) if member.searches_neighbors else None
        return member.load(self.run.embedding_path(pair), fitted)

    def _code(self, kind: str, X: np.ndarray) -> np.ndarray:
        return X if kind == IDENTITY else np.asarray(self._encoder(kind).transform(X))

    def _points(self, pair: Pair, code: np.ndarray) -> np.ndarray:
        if pair.is_latent:
            return code
        if pair.key in self._fast_networks:
            return self._fast_networks[pair.key](code)
        return np.asarray(self._embedding(pair).transform(code))

    @cached_property
    def _has_source(self) -> bool:
        """Return whether the run's own samples can be read again."""
        try:
            return len(self._original) > 0
        except AevizError:
            return False

    @cached_property
    def _original(self) -> np.ndarray:
        """Return the run's own samples, scaled, read again from their source."""
        names = Settings.__dataclass_fields__.keys()
        kept = {name: value for name, value in self.run.settings.items() if name in names}
        settings = Settings.from_mapping(kept)
        try:
            dataset = load(settings, has_own=False)
        except (FileNotFoundError, AevizError) as error:
            raise AevizError(
                f"it is fitted to the original data, which cannot be read again: {error}"
            ) from error
        if dataset.fingerprint() != self.run.data.fingerprint:
            raise AevizError(
                f"it is fitted to the original data, and their source ({settings.source}) has "
                "changed"
            )
        return self.scaling.transform(dataset.X)

    def _unusualness(
        self, kind: str, X: np.ndarray, code: np.ndarray
    ) -> list[tuple[str, np.ndarray, float]]:
        """Return what tells outliers: a name, values, and the bound that few samples exceed."""
        max_error, typical, max_distance = self._usual_range(kind)
        found = []
        if max_error is not None:
            decoded = np.asarray(self._encoder(kind).inverse_transform(code))
            found.append(("error", np.square(decoded - X).mean(axis=1), max_error))
        distance = neighbors_of(code, self.fitted(kind), 1)[1][:, 0] / typical
        found.append(("distance", distance, max_distance))
        return found

    def _computed_range(self, kind: str) -> tuple[float | None, float, float]:
        """Return the limits beyond which a sample is an outlier.

        The reconstruction error that few of the run's samples exceed, or None; the median of
        their distances to the nearest other code; and the distance that few of them exceed, in
        units of that median.
        """
        reconstruction = self.run.reconstruction(kind)
        max_error = None
        if reconstruction is not None:
            errors = reconstruction.sample_error
            # Of the test samples, if they are many: errors of training samples are lower.
            is_test = (self.run.embeddings["split"] == "test").to_numpy()
            errors = errors[is_test] if is_test.sum() >= MIN_TEST_SAMPLES else errors
            max_error = float(np.quantile(errors, OUTLIER_QUANTILE))
        fitted = self.fitted(kind)
        nearest = neighbors_of(evenly(fitted, N_REFERENCES), fitted, 2)[1][:, 1]
        typical = float(np.median(nearest)) or 1.0
        return max_error, typical, float(np.quantile(nearest / typical, OUTLIER_QUANTILE))
