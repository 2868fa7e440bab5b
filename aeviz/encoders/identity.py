"""The identity: samples are their own code, so that embeddings of raw data need no exception."""

from typing import Any, Self

import numpy as np
from sklearn.base import OneToOneFeatureMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz.encoders._base_encoder import BaseEncoder

__all__ = ["IdentityEncoder"]


class IdentityEncoder(OneToOneFeatureMixin, BaseEncoder):
    """Encoder whose codes are the samples, in float32.

    Parameters
    ----------
    random_state : ignored
        Accepted so that every encoder can be made alike.

    Examples
    --------
    >>> IdentityEncoder().fit_transform([[1, 2], [3, 4]]).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """

    can_decode = False

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

    def loss_text(self) -> str:
        """Say that there is none."""
        return "none"

    def architecture_text(self) -> str:
        """Say that samples stay as they are."""
        return "none: the samples are their own code"

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Return the codes, which are the samples."""
        check_is_fitted(self)
        return np.asarray(X, np.float32)
