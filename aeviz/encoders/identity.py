"""The identity: samples are their own code, so that embeddings of raw data need no exception."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz.core.memory import MB, Need
from aeviz.encoders import _storage
from aeviz.encoders._artifacts import reconstruction_losses
from aeviz.encoders.base import Artifacts, Step

__all__ = ["IdentityEncoder"]


class IdentityEncoder(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):
    """Encoder whose codes are the samples, in float32.

    Parameters
    ----------
    random_state : ignored
        Accepted so that every encoder can be made alike.
    """

    is_trained = False
    depends_on_seed = False
    can_decode = False
    can_generate = False
    needs_images = False
    is_embedding = False
    min_code_size = 1

    def __init__(self, *, random_state: Any = None) -> None:
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:
        """Remember the number of features of `X`, of shape (n_samples, n_features)."""
        X = validate_data(self, X, dtype=np.float32)
        self.code_size_ = X.shape[1]
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return the samples as float32."""
        check_is_fitted(self)
        return np.asarray(validate_data(self, X, dtype=np.float32, reset=False))

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Return the codes, which are the samples."""
        check_is_fitted(self)
        return np.asarray(X, np.float32)

    def max_code_size(self, n_samples: int, n_features: int) -> int:
        """Return the number of features."""
        return n_features

    def artifacts(
        self, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
    ) -> Artifacts:
        """Return nothing: there are no reconstructions to show."""
        return {}

    def reconstruction_losses(self, X: np.ndarray) -> dict[str, float]:
        """Return losses of zero."""
        return reconstruction_losses(self, X)

    losses = reconstruction_losses

    def memory_need(self, n_samples: int, n_features: int) -> Need:
        """Return the memory of a copy in double precision."""
        return Need(50 * MB, 8.0 * n_features, n_samples)

    def encoding_steps(self) -> list[Step]:
        """Return no steps."""
        return []

    def decoding_steps(self) -> list[Step]:
        """Return no steps."""
        return []

    def save(self, folder: str | Path) -> None:
        """Write ``params.json`` into a folder."""
        check_is_fitted(self)
        Path(folder).mkdir(parents=True, exist_ok=True)
        _storage.write_params(self, Path(folder), {"code_size_": self.code_size_})

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the encoder that `save` wrote.

        Raises
        ------
        AevizError
            If the folder does not hold one.
        """
        estimator, fitted = _storage.read_params(cls, Path(folder))
        estimator.code_size_ = fitted["code_size_"]
        return estimator

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether the number of features is known."""
        return hasattr(self, "code_size_")

    def __sklearn_tags__(self) -> Any:
        """Say that codes are float32."""
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags
