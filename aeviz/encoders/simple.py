"""The simple autoencoder: one layer to the code and one back."""

from dataclasses import dataclass

from aeviz.encoders._base_autoencoder import BaseAutoencoder

__all__ = ["SimpleAutoencoder"]


@dataclass(eq=False, repr=False, kw_only=True)
class SimpleAutoencoder(BaseAutoencoder):
    """Autoencoder with one dense layer to the code and one dense layer back.

    With the Gaussian loss and a linear code this is a linear autoencoder, whose code spans
    the subspace of the first principal components [1]_. With the Bernoulli loss the output is
    a sigmoid, and the code is that of a logistic form of principal components.

    Parameters
    ----------
    code_size : int in 1..n_features, or None
        Width of the code; None is 32, or half the features where that is less.
    code_activation : str, default "linear"
        Keras activation of the code. A "relu" code, which the field's best-known tutorial
        has, keeps units that are never active.
    loss, epochs, batch_size, learning_rate, validation_fraction, patience, callbacks, \
memory_budget, random_state
        As in `DeepAutoencoder`, which has the same attributes.

    Notes
    -----
    code = a(W x + b) and x̂ = o(V code + c), with `code_activation` as a, and as o a sigmoid for the
    Bernoulli loss and the identity for the Gaussian one. The loss is that of `DeepAutoencoder`.

    References
    ----------
    .. [1] Baldi, P., Hornik, K. (1989). Neural networks and principal component analysis:
       learning from examples without local minima. Neural Networks 2, 53-58.
       doi:10.1016/0893-6080(89)90014-2.
    """

    # No layers but the code.
    hidden_sizes = ()

    code_activation: str = "linear"
