"""Fit an encoder, fit an embedding: tasks that every driver is made of, as is `scoring.score`.

Reports, benchmarks, the tutorial and ``aeviz train`` use the same functions. They take
arrays and an unfitted member and return a result; they know no folder, and nothing of the order
in which a driver calls them or of the keys under which it keeps what they return.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.resource_meter import Meter
from aeviz.embedding import Embedding
from aeviz.encoders import Encoder
from aeviz.encoders.training.convergence import is_still_falling
from aeviz.neighbors.search import NeighborSearch
from aeviz.pipeline.tensorboard_log import listen

__all__ = [
    "Embedded",
    "Encoded",
    "Update",
    "embed",
    "encode",
    "short_training",
    "warn_of_short_training",
]

_log = logging.getLogger(__name__)

# Function of (done, total, message) that is told how far a task is.
Update = Callable[[float, float, str], None]


@dataclass(frozen=True, eq=False)
class Encoded:
    """Result of fitting an encoder and encoding all samples.

    Parameters
    ----------
    encoder : fitted encoder
    code : ndarray of shape (n_samples, code_size)
    fit_seconds, transform_seconds : float
    artifacts : dict of str to dict of str to ndarray
        What the encoder can show, in prepared units; empty unless it was asked for.
    """

    encoder: Encoder
    code: np.ndarray
    fit_seconds: float
    transform_seconds: float
    artifacts: dict[str, dict[str, np.ndarray]] = field(default_factory=dict)

    @property
    def sample_errors(self) -> np.ndarray | None:
        """Return the mean squared reconstruction error per sample, where it was measured."""
        return self.artifacts.get("reconstruction", {}).get("sample_error")

    @property
    def sample_bounds(self) -> np.ndarray | None:
        """Return a variational encoder's lower bound per sample in nats, where it was measured."""
        return self.artifacts.get("bound", {}).get("sample_elbo")


@dataclass(frozen=True, eq=False)
class Embedded:
    """Result of fitting an embedding and embedding all samples.

    Parameters
    ----------
    embedding : fitted embedding
    points : ndarray of shape (n_samples, n_components)
    fit_seconds, transform_seconds : float
    """

    embedding: Embedding
    points: np.ndarray
    fit_seconds: float
    transform_seconds: float = 0.0


def encode(
    encoder: Encoder,
    X: np.ndarray,
    *,
    is_train: np.ndarray,
    shown: np.ndarray | None = None,
    board: Path | None = None,
    progress: Update | None = None,
) -> Encoded:
    """Fit an encoder to the training samples and encode all samples.

    Parameters
    ----------
    encoder : unfitted encoder
    X : ndarray of shape (n_samples, n_features)
        In prepared units.
    is_train : ndarray of bool of shape (n_samples,)
    shown : ndarray of int or None
        Rows whose reconstructions are kept among the artifacts; None asks for no artifacts.
    board : Path or None
        Folder for a log of the training that TensorBoard reads.
    progress : function (done, total, message) or None
        Told of every epoch.

    Raises
    ------
    TypeError, ValueError
        If the encoder refuses a parameter or the samples.
    """
    listen(encoder, progress, board=board)
    with Meter() as fitting:
        encoder.fit(X[is_train])
    with Meter() as encoding:
        code = encoder.transform(X)
    artifacts = {}
    if shown is not None:
        artifacts = encoder.artifacts(X, code, is_train=is_train, shown=shown)
    return Encoded(encoder, code, fitting.seconds, encoding.seconds, artifacts)


def short_training(encoder: Encoder) -> int | None:
    """Return the limit of epochs at which a training stopped while the loss was still falling.

    None for any other training, and for an encoder that is not trained.
    """
    network: Any = encoder
    history = getattr(network, "history_", {})
    if not is_still_falling(history, getattr(network, "judged_by", "loss")):
        return None
    return len(history["loss"]) - int(getattr(network, "starts_fitted", False))


def warn_of_short_training(kind: str, encoder: Encoder) -> None:
    """Warn where a training stopped at its limit of epochs while the loss was still falling."""
    n_epochs = short_training(encoder)
    if n_epochs is not None:
        _log.warning(
            "%s: training stopped at its limit of %d epochs while the loss was still falling; a "
            "larger number of epochs (epochs) would probably lower it",
            kind,
            n_epochs,
        )


def embed(
    embedding: Embedding,
    code: np.ndarray,
    *,
    is_train: np.ndarray | None = None,
    neighbors: NeighborSearch | None = None,
    progress: Update | None = None,
) -> Embedded:
    """Fit an embedding to codes and embed all samples.

    Parameters
    ----------
    embedding : unfitted embedding
    code : ndarray of shape (n_samples, code_size)
    is_train : ndarray of bool of shape (n_samples,) or None
        The samples to fit to, the others are transformed; None fits to all.
    neighbors : NeighborSearch or None
        Of the samples to fit to, for embeddings that can share one.
    progress : function (done, total, message) or None

    Raises
    ------
    TypeError, ValueError
        If the embedding refuses a parameter or the codes.
    """
    if progress is not None:
        embedding.set_params(callback=progress)
        if embedding.compiles:
            progress(0, 1, embedding.compiles)
    with Meter() as fitting:
        fitted = embedding.fit_transform(
            code if is_train is None else code[is_train], neighbors=neighbors
        )
    if is_train is None:
        return Embedded(embedding, fitted, fitting.seconds)
    with Meter() as transforming:
        others = embedding.transform(code[~is_train])
    points = np.empty((len(code), fitted.shape[1]), fitted.dtype)
    points[is_train], points[~is_train] = fitted, others
    return Embedded(embedding, points, fitting.seconds, transforming.seconds)
