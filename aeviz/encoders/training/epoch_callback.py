"""Progress of a training, told after every epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

__all__ = ["EpochWatcher"]


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
        self.update(0, self.params["epochs"], "compiling")

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Report the epoch that ended."""
        losses = {name: value for name, value in (logs or {}).items() if name.endswith("loss")}
        message = ", ".join(f"{name} {value:.4g}" for name, value in losses.items())
        self.update(epoch + 1, self.params["epochs"], message)
