"""The denoising autoencoder: it restores clean samples from noisy ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils import gen_batches
from sklearn.utils.validation import check_is_fitted

from aeviz.core.exceptions import SettingError
from aeviz.core.seeding import draw_seed
from aeviz.core.validation import check_number
from aeviz.encoders._artifacts import ROWS_PER_BLOCK
from aeviz.encoders._base_autoencoder import BaseAutoencoder
from aeviz.encoders.base import Artifacts
from aeviz.encoders.networks.default_sizes import (
    NetworkPlan,
    default_code_size,
    default_hidden_sizes,
)
from aeviz.encoders.training.samples import checked_array

if TYPE_CHECKING:
    from aeviz.encoders.networks.corruption import Corruption

__all__ = ["DenoisingAutoencoder"]

SALT_STDS = 2.0
MAX_CODE = 512


@dataclass(eq=False, repr=False, kw_only=True)
class DenoisingAutoencoder(BaseAutoencoder):
    """Autoencoder that restores clean samples from samples with noise on them.

    In training the network sees a noisy sample and is compared with the clean one [1]_; the
    noise is drawn anew for every batch. Otherwise none is added: noisy samples are denoised by
    ``inverse_transform(transform(X))``.

    Parameters
    ----------
    code_size : int in 1..n_features, or None
        Width of the code; None is half the features, but 512 at most, because a narrow code
        cannot hold all that is to be restored. On MNIST with noise of 0.5, 8 epochs give a
        test loss of 0.0966 nats per pixel with 128 numbers and of 0.0940 with 392.
    noise : {"gaussian", "masking", "salt_and_pepper"}, or a sequence of these
        "gaussian" adds strength · ε with ε from a standard normal distribution; "masking"
        sets each value to 0, or to the feature's mean where data are standardised, with the
        probability `strength`; "salt_and_pepper" sets it to the
        highest or the lowest value, each with half that probability. With several, each
        sample gets one of them.
    strength : float above 0, default 0.5
        Amount of noise, at most 1 but for Gaussian noise alone. For standardised data it is in
        standard deviations of a feature, and salt and pepper are 2 of them from the mean.
    network : {"auto", "dense", "convolutional"}
        "auto" is convolutional where the images' shape is known.
    image_shape : (height, width, channels), or None
        As in `ConvolutionalAutoencoder`.
    hidden_sizes : sequence of int, or None
        Widths of the encoder's dense hidden layers from the data inwards; None scales two
        layers with the data (784 features: 1024 and 512, at most these), and has none behind
        convolutions.
    filters, kernel_size : as in `ConvolutionalAutoencoder`
    activation : str, default "elu"
        Keras activation of all layers but the code and the output.
    loss, epochs, batch_size, learning_rate, validation_fraction, patience, callbacks, \
memory_budget, random_state
        As in `DeepAutoencoder`, which has the same attributes.

    Raises
    ------
    ValueError
        In `fit`, if `noise` is not of these kinds or `strength` is out of the range of the noise.

    Notes
    -----
    The loss is that of `DeepAutoencoder` between a sample x and decoder(encoder(x with noise)).
    ``val_loss`` in `history_` is the loss of restoring validation samples from noisy ones.

    References
    ----------
    .. [1] Vincent, P., Larochelle, H., Lajoie, I., Bengio, Y., Manzagol, P.-A. (2010). Stacked
       denoising autoencoders. Journal of Machine Learning Research 11, 3371-3408.
       https://jmlr.org/papers/v11/vincent10a.html
    """

    first_share = 4 / 3
    # Its noise is one of features.
    maps_wide_tables = False

    noise: str | Sequence[str] = "gaussian"
    strength: float = 0.5
    network: str = "auto"
    image_shape: Sequence[int] | None = None
    hidden_sizes: Sequence[int] | None = None
    filters: Sequence[int] | None = None
    kernel_size: int = 3
    activation: str = "elu"
    learning_rate: float = 1e-3

    def corrupt(self, X: Any, *, random_state: Any = None) -> np.ndarray:
        """Return samples with the noise of training on them, to see what can be restored.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Clean samples.
        random_state : int, RandomState or None
            None takes the estimator's own.

        Returns
        -------
        ndarray of shape (n_samples, n_features), float32
            In the units of the data that were fitted.
        """
        check_is_fitted(self)
        seed = draw_seed(self.random_state if random_state is None else random_state)
        X = checked_array(self, X, reset=False)
        return self.scaling_.inverse_transform(
            self.autoencoder_.corrupt(self.scaling_.transform(X), seed=seed)
        )

    def artifacts(
        self, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
    ) -> Artifacts:
        """Return reconstructions, outliers and ``denoising``, which is what `denoise` returns."""
        found = super().artifacts(X, code, is_train=is_train, shown=shown)
        test_samples = X if is_train.all() else X[~is_train]
        return {**found, "denoising": self.denoise(X[shown], test_samples)}

    def losses(self, X: np.ndarray) -> dict[str, float]:
        """Return `reconstruction_losses`, and the errors that `denoise` returns."""
        restored = self.denoise(X[:1], X)
        errors = {name: float(restored[name]) for name in ("noisy_error", "restored_error")}
        return self.reconstruction_losses(X) | errors

    def denoise(self, shown: np.ndarray, test_samples: np.ndarray) -> dict[str, np.ndarray]:
        """Put noise on samples, have it removed, and measure both.

        Parameters
        ----------
        shown, test_samples : ndarray of shape (n_samples, n_features)
            Samples to keep, and samples to measure on.

        Returns
        -------
        dict of ndarray
            `noisy` and `X`, the shown samples with noise and as restored; `noisy_error` and
            `restored_error`, the mean squared error per feature of the test samples with noise
            and as restored.
        """
        noisy = self.corrupt(shown)
        errors = {"noisy_error": 0.0, "restored_error": 0.0}
        for block in gen_batches(len(test_samples), ROWS_PER_BLOCK):
            x = test_samples[block]
            corrupted = self.corrupt(x)
            restored = self.inverse_transform(self.transform(corrupted))
            for name, values in (("noisy_error", corrupted), ("restored_error", restored)):
                errors[name] += float(np.sum(np.square(values - x, dtype=np.float64)))
        return {
            "noisy": noisy,
            "X": self.inverse_transform(self.transform(noisy)),
            **{name: np.asarray(total / test_samples.size) for name, total in errors.items()},
        }

    def noise_text(self) -> str:
        """Return the noise that is put on samples."""
        kinds = [self.noise] if isinstance(self.noise, str) else self.noise
        named = " or ".join(kind.replace("_", " ") for kind in kinds)
        return (
            f"samples are encoded with {named} noise of strength {self.strength:g} on them, and "
            "compared as they were"
        )

    def default_code_size(self, n_features: int) -> int:
        """Return half the features, but 512 at most."""
        return min(math.ceil(n_features / 2), MAX_CODE)

    def _default_hidden_sizes(self, plan: NetworkPlan) -> tuple[int, ...]:
        # Wide: all features together tell noise from data.
        code_size = default_code_size(plan.n_features)
        return default_hidden_sizes(plan.n_features, code_size, first_share=self.first_share)

    def _corruption(self, plan: NetworkPlan) -> Corruption:
        from aeviz.encoders.networks.corruption import KINDS, Corruption

        kinds = (self.noise,) if isinstance(self.noise, str) else self.noise
        is_known = isinstance(kinds, Sequence) and all(kind in KINDS for kind in kinds)
        if not is_known or not kinds:
            raise SettingError("noise", self.noise, f"one or several of {', '.join(KINDS)}")
        strength = check_number("strength", self.strength, low=0.0, low_is_open=True)
        is_unit = plan.loss == "bernoulli"
        limits = (0.0, 1.0) if is_unit else (-SALT_STDS, SALT_STDS)
        return Corruption(
            kinds, strength, limits=limits, clips=is_unit, seed=plan.seed, name="corruption"
        )
