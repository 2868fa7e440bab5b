"""The variational autoencoder: a latent plane to look at and to generate samples from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from aeviz.core.seeding import draw_seed
from aeviz.core.validation import check_integer
from aeviz.encoders._base_autoencoder import BaseAutoencoder
from aeviz.encoders._description import kl_term
from aeviz.encoders.base import Artifacts
from aeviz.encoders.networks.default_sizes import (
    MAX_WIDTH,
    NetworkPlan,
    live_width,
)
from aeviz.encoders.networks.elbo import draw_bounds, outputs_of, summarised
from aeviz.encoders.networks.manifold import manifold
from aeviz.encoders.training.samples import checked_array

__all__ = ["VariationalAutoencoder"]


@dataclass(eq=False, repr=False, kw_only=True)
class VariationalAutoencoder(BaseAutoencoder):
    """Variational autoencoder: a latent Gaussian code, by default in two dimensions.

    The encoder gives the mean and the log-variance of a Gaussian; in training the decoder
    sees a draw from it, otherwise its mean, which is also the code that `transform` returns.
    With two dimensions the code is itself an embedding, and the decoder gives a sample for
    every point of the plane.

    Parameters
    ----------
    code_size : int in 1..n_features, or None, default 2
        Latent dimensions; None is 2, or 1 for a single feature.
    beta : float, at least 0, default 1
        Weight of the Kullback-Leibler term; 1 trains the evidence lower bound.
    warmup_epochs : int, at least 0, default 0
        First epochs, over which the weight of the Kullback-Leibler term rises to `beta`, so
        that more latent dimensions stay in use.
    network : {"dense", "convolutional", "auto"}
        "auto" is convolutional where the images' shape is known.
    image_shape : (height, width, channels), or None
        As in `ConvolutionalAutoencoder`.
    hidden_sizes : sequence of int, or None
        Widths of the encoder's dense hidden layers from the data inwards; None scales three
        layers with the data (784 features: 512, 256 and 128; the first one 1,024 at most), of
        images with at most a million weights in the first (32 × 32 × 3: 256, 128 and 64), so that
        a report's page can run the decoder, and has none behind convolutions.
    filters, kernel_size
        As in `ConvolutionalAutoencoder`.
    learning_rate : float above 0, default 0.003
        Initial rate of Adam, which falls to 0 along a cosine. On MNIST the bound of 784-256-2 is
        148.5 nats after 50 epochs, where a rate of 0.002 gives 150.5.
    activation, loss, epochs, batch_size, validation_fraction, patience, callbacks, \
memory_budget, random_state
        As in `DeepAutoencoder`, which has the same attributes.

    Notes
    -----
    z = mean + exp(log_var / 2) · ε and
    KL = −½ Σ (1 + log_var − mean² − exp(log_var)). Both the reconstruction term and KL are
    summed over their axes and averaged over samples, so ``loss`` in `history_` is the
    negative evidence lower bound in nats per sample for β = 1 (for the Gaussian loss up to the
    constant n_features/2 · log 2π), and ``reconstruction`` and ``kl`` are its parts.

    References
    ----------
    .. [1] Kingma, D. P., Welling, M. (2014). Auto-Encoding Variational Bayes.
       arXiv:1312.6114.
    .. [2] Higgins, I. et al. (2017). beta-VAE: Learning basic visual concepts with a
       constrained variational framework. ICLR 2017.
       https://openreview.net/forum?id=Sy2fzU9gl
    .. [3] Burda, Y., Grosse, R., Salakhutdinov, R. (2016). Importance weighted autoencoders.
       ICLR 2016. arXiv:1509.00519.
    """

    can_generate = True
    adds_to_loss = True
    first_share = 2 / 3
    least_width = 128
    n_hidden_layers = 3

    code_size: int | None = field(default=2, kw_only=False)
    beta: float = 1.0
    warmup_epochs: int = 0
    network: str = "dense"
    image_shape: Sequence[int] | None = None
    hidden_sizes: Sequence[int] | None = None
    filters: Sequence[int] | None = None
    kernel_size: int = 3
    activation: str = "relu"
    learning_rate: float = 3e-3

    @property
    def is_embedding(self) -> bool:
        """Return whether the code has two numbers."""
        return self.code_size == 2

    def decode(self, z: Any) -> np.ndarray:
        """Return the samples that the decoder gives for latent points.

        Parameters
        ----------
        z : array-like of shape (n_samples, code_size)

        Returns
        -------
        ndarray of shape (n_samples, n_features), float32
            In the units of the data that were fitted.
        """
        return self.inverse_transform(z)

    def sample(self, n_samples: int, *, random_state: Any = None) -> np.ndarray:
        """Return new samples: decoded draws from the standard normal prior.

        Parameters
        ----------
        n_samples : int, at least 1
        random_state : int, RandomState or None
            None takes the estimator's own.

        Returns
        -------
        ndarray of shape (n_samples, n_features), float32
            In the units of the data that were fitted.

        Raises
        ------
        TypeError, ValueError
            If `n_samples` is no integer of at least 1.
        """
        check_is_fitted(self)
        n_samples = check_integer("n_samples", n_samples, low=1)
        seed = draw_seed(self.random_state if random_state is None else random_state)
        rng = np.random.default_rng(seed)
        return self.decode(rng.standard_normal((n_samples, self.code_size_), dtype=np.float32))

    def elbo(self, X: Any, *, n_draws: int = 1, random_state: Any = None) -> dict[str, float]:
        """Return the negative evidence lower bound of samples, and its parts.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        n_draws : int, at least 1
            Draws of the code per sample, over which the reconstruction term is averaged.
        random_state : int, RandomState or None
            None takes the estimator's own.

        Returns
        -------
        dict of str to float
            ``negative_elbo`` = ``reconstruction`` + ``kl``, means over samples in nats, the
            former summed over features and without β; for the Gaussian loss up to the constant
            n_features/2 · log 2π, in units of standardised features. ``active_units``: the
            number of latent dimensions whose mean has a variance over samples above 0.01 [3]_.

        Raises
        ------
        TypeError, ValueError
            If `n_draws` is no integer of at least 1, or as in `transform`.
        """
        return summarised(self.elbo_parts(X, n_draws=n_draws, random_state=random_state))

    def elbo_parts(
        self, X: Any, *, n_draws: int = 1, random_state: Any = None
    ) -> dict[str, np.ndarray]:
        """Return the parts of the negative evidence lower bound of each sample.

        Parameters
        ----------
        X, n_draws, random_state
            As in `elbo`.

        Returns
        -------
        dict of str to ndarray
            ``reconstruction`` and ``kl``, float64 of shape (n_samples,), in nats, whose sum is
            the negative bound of a sample; ``mean`` of shape (n_samples, code_size), the code.
        """
        check_is_fitted(self)
        n_draws = check_integer("n_draws", n_draws, low=1)
        seed = draw_seed(self.random_state if random_state is None else random_state)
        X = checked_array(self, X, reset=False)
        X = self.scaling_.transform(X)
        posterior = outputs_of(self.encoder_, ("mean", "log_variance"), X)
        decode, rng = self.autoencoder_.decode, np.random.default_rng(seed)
        return draw_bounds(X, posterior, decode, loss=self.loss_, n_draws=n_draws, rng=rng)

    def artifacts(
        self, X: np.ndarray, code: np.ndarray, *, is_train: np.ndarray, shown: np.ndarray
    ) -> Artifacts:
        """Return reconstructions, outliers, ``bound`` and, for a plane, ``manifold``.

        The bound is measured by one draw of each sample's code: the entries of `elbo` for the
        test samples, and `sample_elbo` of shape (n_samples,), the lower bound of every sample's
        log-likelihood.
        """
        found = super().artifacts(X, code, is_train=is_train, shown=shown)
        parts = self.elbo_parts(X)
        is_test = np.ones_like(is_train) if is_train.all() else ~is_train
        of_test = summarised({name: values[is_test] for name, values in parts.items()})
        found["bound"] = {
            **{name: np.asarray(value) for name, value in of_test.items()},
            "sample_elbo": -(parts["reconstruction"] + parts["kl"]),
        }
        if self.is_embedding:
            found["manifold"] = self.manifold()
        return found

    def losses(self, X: np.ndarray) -> dict[str, float]:
        """Return `reconstruction_losses` and the entries of `elbo`."""
        return self.reconstruction_losses(X) | self.elbo(X)

    def manifold(
        self, *, n: int = 20, probability: tuple[float, float] = (0.01, 0.99)
    ) -> dict[str, np.ndarray]:
        """Return samples decoded from a grid over the latent plane.

        Parameters
        ----------
        n : int
            Points along each axis.
        probability : (float, float)
            Quantiles of the standard normal prior between which the grid lies.

        Returns
        -------
        dict of str to ndarray
            ``X`` of shape (n, n, n_features), the first row at the largest second coordinate;
            ``axis`` of shape (n,), Φ⁻¹(p) at n equally spaced p; ``probability`` of shape (2,).

        Raises
        ------
        ValueError
            If the code has not two numbers.
        """
        return manifold(self.decode, n=n, probability=probability)

    def loss_terms(self, loss: str) -> list[str]:
        """Return the Kullback-Leibler term with its weight."""
        warmup = f", a weight that rises from 0 over the first {self.warmup_epochs} epochs"
        return [kl_term(self.beta) + warmup * (self.warmup_epochs > 0)]

    def default_code_size(self, n_features: int) -> int:
        """Return 2, or 1 for a single feature."""
        return min(2, n_features)

    def _most_units(self, plan: NetworkPlan) -> int:
        return MAX_WIDTH if plan.image_shape is None else live_width(plan.n_features)

    def _code_layer(self, plan: NetworkPlan) -> Callable[[Any], Any]:
        from aeviz.encoders.networks.architecture import gaussian_code

        return gaussian_code(plan, beta=self.beta)
