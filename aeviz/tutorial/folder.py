"""Read and write the folder of a tutorial.

`TutorialFolder` is the only thing that knows the names of the files. Everything in it
appears whole or not at all, and nothing is pickled.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from aeviz.core.atomic_files import atomic_folder, read_json, write_json
from aeviz.core.registry import ENCODERS
from aeviz.runs.steps import StepFolder
from aeviz.tutorial.chapters.base import Results

if TYPE_CHECKING:
    from aeviz.encoders import BaseAutoencoder, Encoder
    from aeviz.encoders.networks.autoencoder import Autoencoder
    from aeviz.encoders.training.engine import History

__all__ = ["TutorialFolder"]


class TutorialFolder(StepFolder):
    """Folder of one tutorial.

    Parameters
    ----------
    path : path-like
        The folder. Reading fails with `AevizError` where it holds no tutorial.
    """

    NOUN: ClassVar[str] = "tutorial"
    INFO_NAME: ClassVar[str] = "tutorial.json"
    COMMAND: ClassVar[str] = "aeviz tutorial"
    PARTS: ClassVar[tuple[str, ...]] = ("published", "encoders", "chapters", "figures")

    def __init__(self, path: str | Path) -> None:
        super().__init__(path)
        # Each is read once, because compiling takes seconds.
        self.published = cache(self.load_published)
        self.ours = cache(self.load_encoder)

    def model_path(self, model: str) -> Path:
        """Return the folder of a trained model: ``"published simple"`` or ours, ``"simple"``."""
        *is_published, kind = model.split(" ")
        return self.path / ("published" if is_published else "encoders") / kind

    def chapter_path(self, name: str) -> Path:
        """Return the folder of what a chapter's experiment found."""
        return self.path / "chapters" / name

    # -- models --------------------------------------------------------------------------

    def save_published(
        self, kind: str, model: Autoencoder, history: History, *, seconds: float
    ) -> None:
        """Write a trained published network, its losses per epoch and how long it took."""
        with atomic_folder(self.model_path(f"published {kind}")) as folder:
            model.save(folder / "model.keras")
            write_json(folder / "history.json", history)
            write_json(folder / "training.json", {"seconds": seconds})

    def load_published(self, kind: str) -> Autoencoder:
        """Return a trained published network."""
        # The classes of the model must be registered before Keras looks them up.
        import keras

        path = self._existing(f"published/{kind}/model.keras")
        return keras.saving.load_model(path, compile=False, safe_mode=True)

    def published_history(self, kind: str) -> History:
        """Return a published network's losses per epoch."""
        return dict(read_json(self._existing(f"published/{kind}/history.json")))

    def save_encoder(self, kind: str, encoder: Encoder, *, seconds: float) -> None:
        """Write a fitted encoder and how long it took."""
        with atomic_folder(self.model_path(kind)) as folder:
            encoder.save(folder)
            write_json(folder / "training.json", {"seconds": seconds})

    def load_encoder(self, kind: str) -> BaseAutoencoder:
        """Return a fitted encoder of this project's."""
        self._existing(f"encoders/{kind}/params.json")
        return ENCODERS.get(kind).load(self.model_path(kind))

    def seconds(self, model: str) -> float:
        """Return the seconds of a training; models are named as for `model_path`."""
        path = self.model_path(model).relative_to(self.path) / "training.json"
        return float(read_json(self._existing(str(path)))["seconds"])

    # -- chapters --------------------------------------------------------------------------

    def save_results(self, name: str, results: Results) -> None:
        """Write what a chapter's experiment found."""
        arrays: dict[str, Any] = dict(results.arrays)
        with atomic_folder(self.chapter_path(name)) as folder:
            write_json(folder / "results.json", results.numbers)
            np.savez_compressed(folder / "results.npz", **arrays)

    def load_results(self, name: str) -> Results:
        """Return what a chapter's experiment found."""
        numbers = read_json(self._existing(f"chapters/{name}/results.json"))
        with np.load(self._existing(f"chapters/{name}/results.npz"), allow_pickle=False) as file:
            return Results(numbers, {key: file[key] for key in file.files})
