"""Define what an encoder is: the contract that the rest of aeviz relies on.

An encoder is a scikit-learn transformer from samples to codes that can be saved, and that
declares what it can do, so that nobody has to guess from its parameters or methods. The
networks share `aeviz.encoders.BaseAutoencoder`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

import numpy as np

from aeviz.core.memory import Need

if TYPE_CHECKING:
    import keras

__all__ = ["SAMPLE_ARRAYS", "Artifacts", "Encoder", "GenerativeEncoder", "LinearStep", "Step"]

Artifacts: TypeAlias = dict[str, dict[str, np.ndarray]]

SAMPLE_ARRAYS = ("X", "noisy")
"""Names of the arrays among `Encoder.artifacts` that hold samples, scaled as those of `fit`."""


@dataclass(frozen=True)
class LinearStep:
    """Linear step of an encoder or decoder: ``x @ kernel * scale + shift``.

    Parameters
    ----------
    kernel : ndarray of shape (n_in, n_out), or None
    scale, shift : ndarray of shape (n_out,), or None
        None where the step has no such part.
    """

    kernel: np.ndarray | None = None
    scale: np.ndarray | None = None
    shift: np.ndarray | None = None


Step: TypeAlias = "LinearStep | keras.Model"


class Encoder(Protocol):
    """Contract of an encoder: a scikit-learn transformer from samples to codes.

    Attributes
    ----------
    is_trained : bool
        Whether it is a network trained in epochs: it has the parameters ``epochs``,
        ``batch_size`` and ``callbacks``, and `history_` after `fit`.
    depends_on_seed : bool
        Whether another `random_state` gives other codes.
    can_decode : bool
        Whether `inverse_transform` reconstructs samples from codes; where it does not, the
        code holds the samples themselves.
    can_generate : bool
        Whether it is a `GenerativeEncoder`.
    min_code_size : int
        Smallest code that it can make.
    code_size_, n_features_in_ : int
        Numbers per code and per sample; set by `fit`.
    """

    is_trained: bool
    depends_on_seed: bool
    can_decode: bool
    can_generate: bool
    min_code_size: int
    code_size_: int
    n_features_in_: int

    @property
    def needs_images(self) -> bool:
        """Return whether the parameters ask for a network that works on images only."""

    @property
    def is_embedding(self) -> bool:
        """Return whether the code is itself an embedding, and is not embedded any further."""

    def max_code_size(self, n_samples: int, n_features: int) -> int:
        """Return the largest code that `fit` can make of so many samples."""

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn from samples, of shape (n_samples, n_features)."""

    def transform(self, X: Any) -> np.ndarray:
        """Return the codes of samples, shape (n_samples, code_size), float32."""

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Return reconstructions of codes, shape (n_samples, n_features), float32."""

    def save(self, folder: str | Path) -> None:
        """Write the fitted encoder into a folder, which is made if missing."""

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the encoder that `save` wrote; no code from the files is run."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, as scikit-learn does."""

    def set_params(self, **params: Any) -> Self:
        """Set parameters, as scikit-learn does."""

    def again(self, random_state: int) -> Self:
        """Return an unfitted encoder of the same parameters and another seed.

        It is for the same samples, and takes over the compiled network of this one, which must
        not be used any more.
        """

    def artifacts(
        self, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
    ) -> Artifacts:
        """Return all that a report shows of a fitted encoder, by name.

        Parameters
        ----------
        X : ndarray of shape (n_samples, n_features)
        code : ndarray of shape (n_samples, code_size)
            Their codes.
        is_train : ndarray of bool of shape (n_samples,)
            The samples that it was fitted to.
        shown : ndarray of int
            Rows whose reconstructions are kept.

        Returns
        -------
        dict of str to dict of ndarray
            ``reconstruction`` and ``outliers`` of encoders that can decode, and what the kind
            adds: ``denoising``, ``bound``, ``manifold``. Empty if it cannot decode.
        """

    def losses(self, X: np.ndarray) -> dict[str, float]:
        """Return losses of a fitted encoder, for samples that it was not fitted to.

        Returns
        -------
        dict of str to float
            `reconstruction_losses`, and what the kind adds: ``noisy_error`` and
            ``restored_error``, or the entries of `VariationalAutoencoder.elbo`.
        """

    def reconstruction_losses(self, X: np.ndarray) -> dict[str, float]:
        """Return how far reconstructions are from samples.

        Returns
        -------
        dict of str to float
            ``mean_squared_error`` per feature and, where samples and reconstructions are in
            [0, 1], ``cross_entropy`` per feature in nats.
        """

    def memory_need(self, n_samples: int, n_features: int) -> Need:
        """Return the memory of fitting it and encoding all samples."""

    def loss_text(self) -> str:
        """Return what `fit` minimises, in words that name every weight and all noise.

        Once fitted, with the weights that were used; before, with the defaults for any data.
        """

    def architecture_text(self) -> str:
        """Return what leads from samples to codes and back, in words; once fitted, with sizes."""

    def encoding_steps(self) -> list[Step]:
        """Return what `transform` does, as steps that can be written without Keras."""

    def decoding_steps(self) -> list[Step]:
        """Return what `inverse_transform` does, likewise; none if it cannot decode."""


class GenerativeEncoder(Encoder, Protocol):
    """Contract of an encoder that generates samples, from a normal distribution of codes."""

    def sample(self, n_samples: int, *, random_state: Any = None) -> np.ndarray:
        """Return new samples, shape (n_samples, n_features)."""

    def manifold(self, *, n: int = 20) -> dict[str, np.ndarray]:
        """Return samples decoded from a grid of n x n codes, where codes have two numbers."""
