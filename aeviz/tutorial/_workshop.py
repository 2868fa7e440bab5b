"""Give one chapter its data, and the models that it said it needs."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache
from typing import TYPE_CHECKING

from aeviz.tutorial._aeviz_encoders import scaled
from aeviz.tutorial._images import Images
from aeviz.tutorial.folder import TutorialFolder

if TYPE_CHECKING:
    from aeviz.encoders import BaseAutoencoder
    from aeviz.encoders.networks.autoencoder import Autoencoder
    from aeviz.encoders.training.engine import History

__all__ = ["Models", "TutorialWorkshop"]


class Models:
    """Trained models of a tutorial's folder; each is read once, because compiling takes seconds."""

    def __init__(self, folder: TutorialFolder) -> None:
        self.published = cache(folder.load_published)
        self.ours = cache(folder.load_encoder)
        self.history = folder.published_history
        self.seconds = folder.seconds


class TutorialWorkshop:
    """Workshop of a chapter, see `aeviz.tutorial.chapters.base.Workshop`.

    Parameters
    ----------
    images : Images
    models : Models
    needs : collection of str
        The models that the chapter may ask for: those that its results depend on.
    epochs_scale : float above 0
    seed : int
    update : function (done, total, message)
        Receives the progress of the experiment.

    Raises
    ------
    ValueError
        If the chapter asks for a model that it did not name: its results would be kept when
        that model changes.
    """

    def __init__(
        self,
        images: Images,
        models: Models,
        needs: Collection[str],
        *,
        epochs_scale: float,
        seed: int,
        update: Callable[[float, float, str], None],
    ) -> None:
        self.X, self.y = images.X, images.y
        self.X_test, self.y_test = images.X_test, images.y_test
        self.epochs_scale = epochs_scale
        self.seed = seed
        self._models = models
        self._needs = needs
        self._update = update

    def epochs(self, whole: int) -> int:
        """Return the epochs of this run for a training of `whole` epochs in a full run."""
        return scaled(whole, self.epochs_scale)

    def published(self, kind: str) -> Autoencoder:
        """Return the trained published network of a kind."""
        self._check(f"published {kind}")
        return self._models.published(kind)

    def published_history(self, kind: str) -> History:
        """Return its losses per epoch."""
        self._check(f"published {kind}")
        return self._models.history(kind)

    def ours(self, kind: str) -> BaseAutoencoder:
        """Return this project's encoder of a kind, fitted on the training images."""
        self._check(kind)
        return self._models.ours(kind)

    def seconds(self, model: str) -> float:
        """Return the seconds of a model's training."""
        self._check(model)
        return self._models.seconds(model)

    def update(self, done: float, total: float, message: str = "") -> None:
        """Report the progress of the chapter's experiment."""
        self._update(done, total, message)

    def _check(self, model: str) -> None:
        if model not in self._needs:
            named = ", ".join(self._needs) or "none"
            raise ValueError(f"needs must name every model that measure uses: {named}; got {model}")
