"""The model that is trained: an encoder joined with a decoder.

`Autoencoder` only composes: both parts are functional Keras models, so they have
shapes and can be summarised, saved and used alone. What is done to samples in training
only, a denoising autoencoder's corruption, stands in front of them. The reconstruction losses sum
over features and average over the batch, so that together with a Kullback-Leibler
term of the same reduction they are the negative evidence lower bound.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from aeviz.encoders.networks.compiled import compiled
from aeviz.encoders.networks.layers import GaussianSample

__all__ = ["LOSSES", "Autoencoder", "bernoulli_loss", "gaussian_loss"]


@keras.saving.register_keras_serializable(package="aeviz")
def bernoulli_loss(x: Any, reconstruction: Any) -> Any:
    """Return binary cross-entropy, summed over features; shape (n_samples,), in nats."""
    return ops.sum(ops.binary_crossentropy(x, reconstruction), axis=-1)


@keras.saving.register_keras_serializable(package="aeviz")
def gaussian_loss(x: Any, reconstruction: Any) -> Any:
    """Return half the squared error, summed over features; shape (n_samples,).

    Up to the constant n_features/2 · log 2π this is the negative log-likelihood, in nats,
    of a Gaussian of unit variance.
    """
    return 0.5 * ops.sum(ops.square(x - reconstruction), axis=-1)


PARTS = ("encoder", "decoder", "corruption", "penalty")

LOSSES = {"bernoulli": bernoulli_loss, "gaussian": gaussian_loss}


@keras.saving.register_keras_serializable(package="aeviz")
class Autoencoder(keras.Model):
    """Encoder and decoder in one model: ``call(x) = decoder(encoder(corruption(x)))``.

    Parameters
    ----------
    encoder : keras.Model
        Functional model from (n_samples, n_features) to (n_samples, code_size).
    decoder : keras.Model
        Functional model from (n_samples, code_size) to (n_samples, n_features).
    corruption : keras.layers.Layer or None
        Noise on the samples that the model sees; its target stays the clean sample. The
        validation loss is one of denoising too, unless the layer's `is_validated` is False;
        `encode` and `decode` draw none.
    penalty : keras.layers.Layer or None
        Called with the clean samples and their codes; returns the codes and adds to the loss.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        corruption: keras.layers.Layer | None = None,
        penalty: keras.layers.Layer | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.corruption = corruption
        self.penalty = penalty
        self.samplers = [layer for layer in encoder.layers if isinstance(layer, GaussianSample)]
        if self.samplers:
            self.kl = keras.metrics.Mean(name="kl")
        # Functions of a batch, (n_rows, ...), that are compiled at their first use.
        self.encode = compiled(encoder)
        self.decode = compiled(decoder)
        self.build((None, *encoder.input_shape[1:]))

    def build(self, input_shape: Any) -> None:
        """Mark the model as built: its parts are functional and have their weights already."""
        self.built = True

    def call(self, x: Any, training: bool | None = None) -> Any:
        """Return the reconstruction of `x`, from a corrupted `x` where there is corruption."""
        seen = x
        if self.corruption is not None:
            is_on = training or getattr(self.corruption, "is_validated", True)
            seen = self.corruption(x, training=is_on)
        code = self.encoder(seen, training=training)
        if self.penalty is not None:
            code = self.penalty([x, code])
        return self.decoder(code, training=training)

    def compute_loss(self, *args: Any, **kwargs: Any) -> Any:
        """Return Keras's loss, and follow the Kullback-Leibler term of a variational encoder."""
        for sampler in self.samplers:
            self.kl.update_state(sampler.kl)
        return super().compute_loss(*args, **kwargs)

    def corrupt(self, samples: np.ndarray, *, seed: int) -> np.ndarray:
        """Return samples with the noise of training on them, drawn from a seed."""
        if self.corruption is None:
            return samples
        noise = type(self.corruption).from_config({**self.corruption.get_config(), "seed": seed})
        noisy = noise(keras.ops.convert_to_tensor(samples), training=True)
        return np.asarray(keras.ops.convert_to_numpy(noisy))

    def moved_to(self, former: Autoencoder | None) -> Autoencoder:
        """Return a former model of the same layers with this one's state; for None, this model.

        The former one keeps its compiled functions.
        """
        if former is None:
            return self
        for variable, own in zip(former.variables, self.variables, strict=True):
            variable.assign(own)
        return former

    def get_config(self) -> dict[str, Any]:
        """Return the parts in serialised form."""
        return {name: keras.saving.serialize_keras_object(getattr(self, name)) for name in PARTS}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Autoencoder:
        """Rebuild the model from its parts."""
        parts = {
            name: keras.saving.deserialize_keras_object(config[name], custom_objects=custom_objects)
            for name in PARTS
            if name in config  # an older file has no penalty
        }
        return cls(**parts)
