"""Contract of a chapter of the tutorial: an experiment, and its section of the page.

A member of `aeviz.tutorial.chapters` is one `Chapter`. `measure` runs the experiment and
returns plain numbers and arrays, which are kept in the folder; `show` turns these into a
section of the page and computes nothing more. So the page can be drawn again without
training, and an interrupted tutorial continues where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from aeviz.encoders import BaseAutoencoder
    from aeviz.encoders.networks.autoencoder import Autoencoder
    from aeviz.page.content import SectionContent

__all__ = ["Chapter", "Results", "Workshop"]


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


class Workshop(Protocol):
    """Data, trained networks and progress for the experiment of a chapter.

    Attributes
    ----------
    X, X_test : ndarray of shape (60000, 784) and (10000, 784), float32 in [0, 1]
    y, y_test : ndarray of int of shape (60000,) and (10000,)
    epochs_scale : float above 0
        Factor of `epochs`; below 1 for a short run.
    seed : int
    """

    X: np.ndarray
    y: np.ndarray
    X_test: np.ndarray
    y_test: np.ndarray
    epochs_scale: float
    seed: int

    def epochs(self, whole: int) -> int:
        """Return the epochs of this run for a training of `whole` epochs in a full run."""

    def published(self, kind: str) -> Autoencoder:
        """Return the trained published network of a kind; `encode` and `decode` apply it."""

    def published_history(self, kind: str) -> dict[str, list[float]]:
        """Return its losses per epoch, ``loss`` and ``val_loss`` (test), as published."""

    def ours(self, kind: str) -> BaseAutoencoder:
        """Return this project's encoder of a kind, fitted on the training images."""

    def seconds(self, model: str) -> float:
        """Return the seconds of a model's training; models are named as in `Chapter.needs`."""

    def update(self, done: float, total: float, message: str = "") -> None:
        """Report how far the chapter's experiment is."""


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
