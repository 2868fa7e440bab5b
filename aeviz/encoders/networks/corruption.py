"""Noise on samples in training, so that a network learns to restore them."""

from typing import Any

import keras
from keras import ops

from aeviz.core.exceptions import SettingError
from aeviz.encoders.networks.layers import PlainLayer

__all__ = ["Corruption"]

KINDS = ("gaussian", "masking", "salt_and_pepper")


@keras.saving.register_keras_serializable(package="aeviz")
class Corruption(PlainLayer):
    """Layer that puts noise on samples in training, and returns them unchanged otherwise.

    It is used before a denoising encoder [1]_, whose target is the clean sample. The noise
    is drawn inside the graph, anew for every batch, from the seed.

    Parameters
    ----------
    kinds : sequence of {"gaussian", "masking", "salt_and_pepper"}
        With several, each sample gets one of them, drawn with equal chances. "gaussian" adds
        strength · ε with ε from a standard normal distribution; "masking" sets values to 0,
        each with the probability `strength`; "salt_and_pepper" sets values to the lower or
        upper limit, each with the probability strength / 2.
    strength : float above 0; at most 1 but for Gaussian noise alone
    limits : (float, float)
        Pepper and salt, and what Gaussian noise is clipped to.
    clips : bool
        Whether Gaussian noise is clipped.
    seed : int or None

    Raises
    ------
    ValueError
        If a kind is unknown or a parameter does not suit it.

    References
    ----------
    .. [1] Vincent, P., Larochelle, H., Bengio, Y., Manzagol, P.-A. (2008). Extracting and
       composing robust features with denoising autoencoders. ICML 2008, 1096-1103.
       doi:10.1145/1390156.1390294.
    """

    def __init__(
        self,
        kinds: Any = ("gaussian",),
        strength: float = 0.5,
        *,
        limits: tuple[float, float] = (0.0, 1.0),
        clips: bool = True,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.kinds = tuple(kinds)
        self.strength = strength
        self.limits = tuple(limits)
        self.clips = clips
        self.seed = seed
        unknown = [kind for kind in self.kinds if kind not in KINDS]
        if unknown or not self.kinds:
            raise ValueError(f"kinds must be some of {', '.join(KINDS)}; got {self.kinds}")
        if not strength > 0 or (strength > 1 and set(self.kinds) != {"gaussian"}):
            accepted = "above 0, and at most 1 but for gaussian alone"
            raise SettingError("strength", strength, accepted)
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.built = True

    def call(self, x: Any, training: bool | None = None) -> Any:
        """Return corrupted samples in training and the samples otherwise."""
        if not training:
            return x
        corrupted = [getattr(self, f"_{kind}")(x) for kind in self.kinds]
        if len(corrupted) == 1:
            return corrupted[0]
        shape = (ops.shape(x)[0], *[1] * (len(x.shape) - 1))
        choice = keras.random.randint(shape, 0, len(self.kinds), seed=self.seed_generator)
        noisy = corrupted[0]
        for number, other in enumerate(corrupted[1:], start=1):
            noisy = ops.where(choice == number, other, noisy)
        return noisy

    def _gaussian(self, x: Any) -> Any:
        noisy = x + self.strength * self._drawn(keras.random.normal, x)
        return ops.clip(noisy, *self.limits) if self.clips else noisy

    def _masking(self, x: Any) -> Any:
        return ops.where(self._drawn(keras.random.uniform, x) < self.strength, ops.zeros_like(x), x)

    def _salt_and_pepper(self, x: Any) -> Any:
        low, high = self.limits
        draw = self._drawn(keras.random.uniform, x)
        salted = ops.where(draw < self.strength, ops.full_like(x, low), x)
        return ops.where(draw < self.strength / 2, ops.full_like(x, high), salted)

    def _drawn(self, draw: Any, x: Any) -> Any:
        """Return a random number for every value of `x`.

        They are drawn in two parts: XLA merges a single draw into what uses it and computes it
        number by number, which takes ten times as long (42 ms where the parts take 3 ms, for
        128 samples of 784).
        """
        *leading, n_last = ops.shape(x)
        sizes = [size for size in (n_last - n_last // 2, n_last // 2) if size]
        parts = [draw((*leading, n), dtype=x.dtype, seed=self.seed_generator) for n in sizes]
        return ops.concatenate(parts, axis=-1)
