"""Callbacks of a training: what is told after every epoch, and the warm-up of its loss."""

from collections.abc import Callable
from typing import Any

import keras

from aeviz.encoders.networks.layers import GaussianSample

__all__ = ["BestEpoch", "EpochWatcher", "KLWarmup"]

COMPILING = "compiling the network for this machine, once, about 5 to 20 s"


class EpochWatcher(keras.callbacks.Callback):
    """Callback that reports every epoch's number and losses.

    Parameters
    ----------
    update : function (done, total, message)
        Called at the end of each epoch.
    """

    def __init__(self, update: Callable[[float, float, str], None]) -> None:
        super().__init__()
        self.update = update

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Report that the first epoch is under way; compilation makes it the longest."""
        self.update(0, self.params["epochs"], COMPILING)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Report the epoch that ended."""
        losses = {name: value for name, value in (logs or {}).items() if name.endswith("loss")}
        message = ", ".join(f"{name} {value:.4g}" for name, value in losses.items())
        self.update(epoch + 1, self.params["epochs"], message)


class BestEpoch(keras.callbacks.EarlyStopping):
    """Early stopping that compares the epochs with the state before training too.

    `aeviz.encoders.training.engine.train` measures that state where it counts, and tells of it
    when training begins.
    """

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Compare the state before training."""
        super().on_train_begin(logs)
        if logs:
            self.on_epoch_end(0, logs)


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
