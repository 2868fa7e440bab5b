"""Warm-up of the Kullback-Leibler term, so that a network learns to reconstruct first."""

from __future__ import annotations

from typing import Any

import keras

from aeviz.encoders.networks.layers import GaussianSample

__all__ = ["KLWarmup"]


class KLWarmup(keras.callbacks.Callback):
    """Callback that raises the weight of the Kullback-Leibler term over the first epochs [1]_.

    With the full weight from the beginning, latent dimensions whose draws the decoder does
    not use yet shrink to the prior and may stay there: posterior collapse.

    Parameters
    ----------
    epochs : int, at least 1
        The weight is k / (epochs + 1) of β in epoch k, and β afterwards.

    References
    ----------
    .. [1] Bowman, S. R. et al. (2016). Generating sentences from a continuous space. CoNLL
       2016, 10-21. arXiv:1511.06349.
    """

    def __init__(self, epochs: int) -> None:
        super().__init__()
        self.epochs = epochs

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Set the weight of this epoch."""
        self._set(min(1.0, (epoch + 1) / (self.epochs + 1)))

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leave the full weight, also where training was interrupted."""
        self._set(1.0)

    def _set(self, warmth: float) -> None:
        for layer in self.model.encoder.layers:
            if isinstance(layer, GaussianSample):
                layer.warmth.assign(warmth)
