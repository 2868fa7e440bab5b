"""The sparse autoencoder: a code whose values are mostly zero."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from aeviz.core.validation import check_number
from aeviz.encoders._base_autoencoder import BaseAutoencoder
from aeviz.encoders.networks.default_sizes import NetworkPlan

__all__ = ["SparseAutoencoder"]


@dataclass(eq=False, repr=False, kw_only=True)
class SparseAutoencoder(BaseAutoencoder):
    """Autoencoder whose codes have few active values per sample.

    The code is rectified, so that values can be exactly zero, and the sum of its values is
    penalised [1]_. Before that each unit is scaled to the variance 1 over a batch [2]_.
    Otherwise the network evades the penalty by a small code with large weights behind it, and
    units that a strong penalty has brought to zero stay there.

    Parameters
    ----------
    code_size : int in 1..n_features, or None
        Width of the code; None is 32, or half the features where that is less.
    l1 : float, at least 0, default 0.0015
        Weight of the penalty per feature and unit of the code, whose values have the variance
        1 before they are rectified. With much more, units stay at zero for good.
    hidden_sizes : sequence of int, or None
        Widths of the encoder's hidden layers from the data inwards; None scales two layers
        with the data, as in `DeepAutoencoder`.
    activation : str, default "elu"
        Keras activation of the hidden layers.
    loss, epochs, batch_size, learning_rate, validation_fraction, patience, callbacks, \
memory_budget, random_state
        As in `DeepAutoencoder`, which has the same attributes.

    Notes
    -----
    The loss is the reconstruction loss, summed over features, plus n_features · l1 · Σ |code|,
    summed over the code, both averaged over samples, so that the same l1 weighs alike for few
    and many features; `history_` has the former as ``reconstruction``. On
    MNIST the default has 37 % of the code near zero at a test loss of 0.0903 nats per pixel.
    Without normalisation and with one layer, the penalty of l1 = 0.0004 has 13 % and 0.0953.

    References
    ----------
    .. [1] Ng, A. (2011). Sparse autoencoder. CS294A lecture notes, Stanford University.
       https://web.stanford.edu/class/cs294a/sparseAutoencoder.pdf
    .. [2] Ioffe, S., Szegedy, C. (2015). Batch normalization: accelerating deep network training
       by reducing internal covariate shift. ICML 2015, 448-456. arXiv:1502.03167.
    """

    adds_to_loss = True

    l1: float = 1.5e-3
    hidden_sizes: Sequence[int] | None = None
    activation: str = "elu"

    def loss_terms(self, loss: str) -> list[str]:
        """Return the penalty on the code with its weight."""
        n_features = getattr(self, "n_features_in_", None)
        weight = f"{self.l1:g} × number of features"
        if n_features is not None:
            weight = f"{self.l1 * n_features:g} ({self.l1:g} × {n_features:,} features)"
        return [f"{weight} × sum of the code's absolute values"]

    def _code_layer(self, plan: NetworkPlan) -> Callable[[Any], Any]:
        from keras import layers

        from aeviz.encoders.networks.layers import ActivityPenalty, BatchStandardisation

        l1 = check_number("l1", self.l1, low=0.0)
        values = layers.Dense(plan.code_size, use_bias=False)
        normalised = BatchStandardisation()
        rectified = layers.ReLU()
        code = ActivityPenalty(plan.n_features * l1, name="code")
        return lambda x: code(rectified(normalised(values(x))))
