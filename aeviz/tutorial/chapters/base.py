"""Contract of a chapter of the tutorial: an experiment, and its section of the page.

A member of `aeviz.tutorial.chapters` is one `Chapter`. `measure` runs the experiment and
returns plain numbers and arrays, which are kept in the folder; `show` turns these into a
section of the page and computes nothing more. So the page can be drawn again without
training, and an interrupted tutorial continues where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from aeviz.encoders import BaseAutoencoder
    from aeviz.encoders.networks.autoencoder import Autoencoder
    from aeviz.encoders.training.engine import History
    from aeviz.page.content import SectionContent
    from aeviz.pipeline.tasks import Update
    from aeviz.tutorial._images import Images
    from aeviz.tutorial.folder import TutorialFolder

__all__ = ["KINDS", "Chapter", "Results", "Workshop", "scaled"]

# The models, in the tutorial's order.
KINDS = ("simple", "sparse", "deep", "convolutional", "denoising", "variational")


def scaled(epochs: int, scale: float) -> int:
    """Return a number of epochs made shorter or longer, at least 1.

    Examples
    --------
    >>> scaled(50, 0.1), scaled(50, 0.001)
    (5, 1)
    """
    return max(1, round(scale * epochs))


@dataclass(frozen=True)
class Results:
    """Result of an experiment.

    Parameters
    ----------
    numbers : dict of str to JSON-able values
    arrays : dict of str to ndarray
    """

    numbers: dict[str, Any] = field(default_factory=dict)
    arrays: dict[str, np.ndarray] = field(default_factory=dict)


class Workshop:
    """Data, trained networks and progress for the experiment of a chapter.

    Parameters
    ----------
    images : Images
        Their arrays are attributes: X, X_test of shape (60000, 784) and (10000, 784), float32 in
        [0, 1]; y, y_test of int of shape (60000,) and (10000,).
    models : TutorialFolder
    needs : collection of str
        The models that the chapter may ask for: those that its results depend on.
    epochs_scale : float above 0
        Factor of `epochs`; below 1 for a short run.
    seed : int
    update : function (done, total, message)
        Is told how far the chapter's experiment is.

    Raises
    ------
    ValueError
        If the chapter asks for a model that it did not name: its results would be kept when
        that model changes.
    """

    def __init__(
        self,
        images: Images,
        models: TutorialFolder,
        needs: Collection[str],
        *,
        epochs_scale: float,
        seed: int,
        update: Update,
    ) -> None:
        self.X, self.y = images.X, images.y
        self.X_test, self.y_test = images.X_test, images.y_test
        self.epochs_scale = epochs_scale
        self.seed = seed
        self.update = update
        self._models = models
        self._needs = needs

    def epochs(self, whole: int) -> int:
        """Return the epochs of this run for a training of `whole` epochs in a full run."""
        return scaled(whole, self.epochs_scale)

    def published(self, kind: str) -> Autoencoder:
        """Return the trained published network of a kind; `encode` and `decode` apply it."""
        self._check(f"published {kind}")
        return self._models.published(kind)

    def published_history(self, kind: str) -> History:
        """Return its losses per epoch, ``loss`` and ``val_loss`` (test), as published."""
        self._check(f"published {kind}")
        return self._models.published_history(kind)

    def ours(self, kind: str) -> BaseAutoencoder:
        """Return this project's encoder of a kind, fitted on the training images."""
        self._check(kind)
        return self._models.ours(kind)

    def seconds(self, model: str) -> float:
        """Return the seconds of a model's training; models are named as in `Chapter.needs`."""
        self._check(model)
        return self._models.seconds(model)

    def _check(self, model: str) -> None:
        if model not in self._needs:
            named = ", ".join(self._needs) or "none"
            raise ValueError(f"needs must name every model that measure uses: {named}; got {model}")


@dataclass(frozen=True)
class Chapter:
    """Chapter of the tutorial.

    Parameters
    ----------
    title : str
    order : int
        Position on the page; the six models have 10 to 60, the claims 110 to 170.
    measure : function (Workshop) -> Results
    show : function (Results) -> SectionContent
    needs : sequence of str
        Models that `measure` asks the workshop for: ``"published simple"``, ``"simple"``.
    """

    title: str
    order: int
    measure: Callable[[Workshop], Results]
    show: Callable[[Results], SectionContent]
    needs: Sequence[str] = ()
