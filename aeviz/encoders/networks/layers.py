"""Keras layers of aeviz: small, registered, and random only in training."""

import inspect
from typing import Any

import keras
from keras import ops

__all__ = ["ActivityPenalty", "BatchStandardisation", "GaussianSample", "PlainLayer"]

SAMPLES_REMEMBERED = 2048


class PlainLayer(keras.layers.Layer):
    """Base of layers whose constructor's arguments are attributes of the same names.

    They are plain values, from which the layer is made again. Mostly it keeps the shape.
    """

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the inputs."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the constructor's arguments."""
        _, *own = inspect.signature(type(self).__init__).parameters.values()
        names = [argument.name for argument in own if argument.kind != argument.VAR_KEYWORD]
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


@keras.saving.register_keras_serializable(package="aeviz")
class GaussianSample(PlainLayer):
    r"""Layer that draws a code from a Gaussian, and adds its Kullback-Leibler term to the loss.

    Called with ``[mean, log_var]``, each of shape (n_samples, code_size). In training it
    returns mean + exp(log_var / 2) · ε with ε from a standard normal distribution,
    otherwise the mean.

    Parameters
    ----------
    beta : float, at least 0
        Weight of the Kullback-Leibler term; 1 gives the evidence lower bound.
    seed : int or None
        Seed of ε.

    Attributes
    ----------
    warmth : keras.Variable
        Share of `beta` in the training loss, 1 unless it is set by
        `aeviz.encoders.training.callbacks.KLWarmup`. The validation loss always has all of `beta`.

    Notes
    -----
    With the standard normal prior the term is [1]_, appendix B,
    KL = −½ Σ (1 + log_var − mean² − exp(log_var)), summed over the code and averaged over
    the batch, in nats per sample. `kl` is its value for each sample of the current call, without
    β; `aeviz.encoders.networks.autoencoder.Autoencoder` reports its mean.

    References
    ----------
    .. [1] Kingma, D. P., Welling, M. (2014). Auto-Encoding Variational Bayes.
       arXiv:1312.6114.
    """

    def __init__(self, beta: float = 1.0, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.beta = beta
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.warmth = self.add_weight((), initializer="ones", trainable=False, name="warmth")
        self.kl: Any = None
        self.built = True

    def call(self, inputs: list[Any], training: bool | None = None) -> Any:
        """Return a draw in training and the mean otherwise."""
        mean, log_var = inputs
        terms = 1.0 + log_var - ops.square(mean) - ops.exp(log_var)
        kl = -0.5 * ops.sum(terms, axis=-1)  # (n_samples,)
        self.add_loss(self.beta * (self.warmth if training else 1.0) * ops.mean(kl))
        # For the model to follow: under JAX a layer cannot update a metric of its own.
        self.kl = kl
        if not training:
            return mean
        noise = keras.random.normal(ops.shape(mean), dtype=mean.dtype, seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_var) * noise

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the mean."""
        return input_shape[0]


@keras.saving.register_keras_serializable(package="aeviz")
class ActivityPenalty(PlainLayer):
    """Layer that returns values unchanged, and adds their sum to the loss.

    Why not Keras's activity regularizer: whether it takes the sum over the batch or the mean
    depends on the version of Keras.

    Parameters
    ----------
    l1 : float, at least 0
        The loss gains l1 · Σ |x|, summed over features and averaged over the batch.
    """

    def __init__(self, l1: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.l1 = l1
        self.built = True

    def call(self, x: Any) -> Any:
        """Return `x`."""
        self.add_loss(self.l1 * ops.mean(ops.sum(ops.abs(x), axis=-1)))
        return x


@keras.saving.register_keras_serializable(package="aeviz")
class BatchStandardisation(keras.layers.Layer):
    """Layer that scales features to mean 0 and variance 1 over a batch, with a learnt shift.

    Outside training it uses running moments instead of the batch's, in which a batch has a
    weight by its size, over about the last 2,048 samples.

    Why not Keras's batch normalization: every batch weighs alike there, and the few samples
    left over at an epoch's end, whose variance is near zero, spoil the moments of small data.
    """

    def build(self, input_shape: Any) -> None:
        """Make the shift and the running moments."""
        shape = (input_shape[-1],)
        self.shift = self.add_weight(shape, initializer="zeros", name="shift")
        self.mean = self.add_weight(shape, initializer="zeros", trainable=False, name="mean")
        self.variance = self.add_weight(shape, initializer="ones", trainable=False, name="variance")

    def call(self, x: Any, training: bool | None = None) -> Any:
        """Return standardised values."""
        mean, variance = self.mean, self.variance
        if training:
            mean, variance = ops.moments(x, axes=0)
            n_rows = ops.cast(ops.shape(x)[0], x.dtype)
            rate = n_rows / (n_rows + SAMPLES_REMEMBERED)
            unbiased = variance * n_rows / ops.maximum(n_rows - 1.0, 1.0)
            for running, seen in ((self.mean, mean), (self.variance, unbiased)):
                running.assign(running + rate * (seen - running))
        return (x - mean) * ops.rsqrt(variance + keras.config.epsilon()) + self.shift

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the values."""
        return input_shape
