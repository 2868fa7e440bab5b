"""Base of all encoders: what they declare and measure, unless a kind says something else."""

from pathlib import Path
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from aeviz.core.memory import MB, Need
from aeviz.encoders import _storage
from aeviz.encoders._artifacts import outliers, reconstruct
from aeviz.encoders._description import describe_loss, describe_network
from aeviz.encoders.base import Artifacts, Step

__all__ = ["BaseEncoder"]


class BaseEncoder(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Base of encoders, with the defaults of one that is no network; see `Encoder`.

    A kind implements `fit`, which sets ``code_size_``, `transform` and `inverse_transform`.
    """

    is_trained = False
    depends_on_seed = False
    can_decode = True
    can_generate = False
    min_code_size = 1
    # Names of the learnt arrays that `save` writes.
    _learnt: tuple[str, ...] = ()

    random_state: Any
    code_size_: int

    @property
    def needs_images(self) -> bool:
        """Return whether the parameters ask for a network that works on images only."""
        return False

    @property
    def is_embedding(self) -> bool:
        """Return whether the code is itself an embedding, and is not embedded any further."""
        return False

    def max_code_size(self, n_samples: int, n_features: int) -> int:
        """Return the number of features."""
        return n_features

    def again(self, random_state: int) -> Self:
        """Return an unfitted encoder of the same parameters and another seed."""
        # Not a clone, which would copy the callbacks and all that they hold.
        return type(self)(**{**self.get_params(deep=False), "random_state": random_state})

    def artifacts(
        self, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
    ) -> Artifacts:
        """Return reconstructions and outliers; see `Encoder.artifacts`."""
        if not self.can_decode:
            return {}
        found = reconstruct(self, X, code, is_train=is_train, shown=shown)
        return {"reconstruction": found, "outliers": outliers(self, code, found["sample_error"])}

    def reconstruction_losses(self, X: np.ndarray) -> dict[str, float]:
        """Return how far reconstructions are from samples; see `Encoder`."""
        none, one = np.zeros(len(X), bool), np.arange(1)
        found = reconstruct(self, X, self.transform(X), is_train=none, shown=one)
        names = {"mean_squared_error": "sample_error", "cross_entropy": "sample_cross_entropy"}
        return {name: float(found[key].mean()) for name, key in names.items() if key in found}

    def losses(self, X: np.ndarray) -> dict[str, float]:
        """Return `reconstruction_losses`, and what the kind adds."""
        return self.reconstruction_losses(X)

    def memory_need(self, n_samples: int, n_features: int) -> Need:
        """Return the memory of a copy in double precision."""
        return Need(50 * MB, 8.0 * n_features, n_samples)

    def loss_text(self) -> str:
        """Return what `fit` minimises; see `Encoder`."""
        return describe_loss(self)

    def architecture_text(self) -> str:
        """Return what leads from samples to codes and back; see `Encoder`."""
        return describe_network(self)

    def loss_terms(self, loss: str) -> list[str]:
        """Return what a network adds to its reconstruction loss, by which name it has."""
        return []

    def noise_text(self) -> str:
        """Return what is done to samples in training before a network encodes them."""
        return ""

    def encoding_steps(self) -> list[Step]:
        """Return no steps: the code is the samples."""
        return []

    def decoding_steps(self) -> list[Step]:
        """Return no steps, likewise."""
        return []

    def save(self, folder: str | Path) -> None:
        """Write ``params.json`` and, if arrays were learnt, ``components.npz`` into a folder."""
        check_is_fitted(self)
        if self._learnt:
            arrays = {name: getattr(self, name) for name in self._learnt}
            _storage.write_arrays(Path(folder), arrays)
        _storage.write_params(self, Path(folder), {"code_size_": self.code_size_})

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the encoder that `save` wrote; no code from the files is run.

        Raises
        ------
        AevizError
            If the folder does not hold an encoder of this kind.
        """
        estimator, fitted = _storage.read_params(cls, Path(folder))
        arrays = _storage.read_arrays(Path(folder)) if cls._learnt else {}
        estimator.__dict__.update(fitted, **arrays)
        return estimator

    @property
    def _n_features_out(self) -> int:
        return self.code_size_

    def __sklearn_is_fitted__(self) -> bool:
        """Return whether the width of the code is known."""
        return hasattr(self, "code_size_")

    def __sklearn_tags__(self) -> Any:
        """Say that codes are float32, and whether chance plays a part."""
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        tags.non_deterministic = self.depends_on_seed and self.random_state is None
        return tags
