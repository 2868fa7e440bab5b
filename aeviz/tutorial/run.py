"""Run the tutorial: twelve trainings, one experiment per chapter, and the page.

As in `aeviz.pipeline.make_report`, a step whose output has the same key is not done again, so
that an interrupted tutorial continues where it stopped. A chapter depends on the images, the
length of trainings and the models that it names, and on no other chapter; to measure one again,
remove its folder.
"""

import math
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sklearn.base import clone

from aeviz.core.environment import device, threads, versions
from aeviz.core.exceptions import SettingError
from aeviz.core.progress import Progress, Silent
from aeviz.core.registry import CHAPTERS, ENCODERS
from aeviz.core.resource_meter import Meter
from aeviz.core.version import __version__
from aeviz.encoders.networks.default_sizes import default_batch_size, default_epochs
from aeviz.pipeline.factory import parameters
from aeviz.runs.steps import Step, perform
from aeviz.tutorial._experiments import fitted
from aeviz.tutorial._images import IMAGE_SHAPE, Images, mnist_images
from aeviz.tutorial.chapters.base import KINDS, Chapter, Workshop, scaled
from aeviz.tutorial.folder import TutorialFolder

__all__ = ["run_tutorial"]

OUT = Path("reports") / "tutorial"
# What our encoders are given besides defaults: the shape of the images, and the size of the
# published code where that is not the default.
GIVEN: dict[str, dict[str, Any]] = {
    "convolutional": {"code_size": 128, "image_shape": IMAGE_SHAPE},
    "denoising": {"image_shape": IMAGE_SHAPE},
}


def run_tutorial(
    out: str | Path | None = None,
    *,
    data_dir: str | Path | None = None,
    images: Images | None = None,
    epochs_scale: float = 1.0,
    seed: int = 0,
    progress: Progress | None = None,
    force: bool = False,
) -> TutorialFolder:
    """Train the tutorial's networks on MNIST, published and ours, and write the page.

    Parameters
    ----------
    out : path-like or None
        Folder to write to; None is reports/tutorial.
    data_dir : path-like or None
        Folder where `mnist.npz` is looked for first.
    images : Images or None
        Others of 28 × 28 pixels, in place of MNIST.
    epochs_scale : float above 0
        Factor of the epochs of every training.
    seed : int, at least 0
    progress : Progress or None
        Receives events.
    force : bool
        Do every step again, and write into a folder that holds something else.

    Returns
    -------
    TutorialFolder
        Its page is at ``report_path``.

    Raises
    ------
    AevizError
        If a setting is not acceptable or MNIST is nowhere; nothing is written then.
    """
    if not (epochs_scale > 0 and math.isfinite(epochs_scale)):
        raise SettingError("epochs_scale", epochs_scale, "a number above 0")
    if seed < 0:
        raise SettingError("seed", seed, "an integer of at least 0")
    given = mnist_images(data_dir) if images is None else images
    folder = TutorialFolder(OUT if out is None else out)
    with folder.claimed(force=force):
        listener = progress or Silent()
        _Steps(given, folder, listener, epochs_scale=epochs_scale, seed=seed).execute()
    return folder


@dataclass
class _Steps:
    """Steps of one tutorial."""

    images: Images
    folder: TutorialFolder
    progress: Progress
    _: KW_ONLY
    epochs_scale: float
    seed: int

    def __post_init__(self) -> None:
        members: dict[str, Chapter] = CHAPTERS.members()
        self.chapters = dict(sorted(members.items(), key=lambda item: item[1].order))
        self.fingerprint = self.images.fingerprint()

    def execute(self) -> None:
        """Do every step that is not done yet, and write the page."""
        steps, images = self._steps(), self.images
        self.folder.begin(
            {
                "aeviz": __version__,
                "created": datetime.now(UTC).isoformat(timespec="seconds"),
                "settings": {"epochs_scale": self.epochs_scale, "seed": self.seed},
                "data": {
                    "name": images.name,
                    "n_train": len(images.X),
                    "n_test": len(images.X_test),
                    "fingerprint": self.fingerprint,
                },
                "versions": versions(),
                "chapters": list(self.chapters),
            }
        )
        self.progress.begin(list(steps))
        for name, step in steps.items():
            is_new = perform(name, step, folder=self.folder, progress=self.progress)
            if is_new and name != "render":
                self.folder.note(device=device(), threads=threads())
        self.folder.keep_steps(list(steps))

    def _steps(self) -> dict[str, Step]:
        """Return every step by its name, in order."""
        source = [self.fingerprint, self.seed, __version__]
        trainings = {f"published {kind}": self._published(kind, source) for kind in KINDS}
        trainings |= {kind: self._ours(kind, source) for kind in KINDS}
        steps = {f"train {model}": step for model, step in trainings.items()}
        for name, chapter in self.chapters.items():
            needed = [trainings[model].depends_on for model in chapter.needs]
            depends_on = [*source, self.epochs_scale, *needed]
            make = partial(self._measure, name)
            steps[f"measure {name}"] = Step(depends_on, make, self.folder.chapter_path(name))
        # Drawing depends on the code of the page too, and is always done.
        now = datetime.now(UTC).isoformat()
        steps["render"] = Step([now], self._render, self.folder.report_path)
        return steps

    def _published(self, kind: str, source: list[Any]) -> Step:
        """Return the training of a published network."""
        from aeviz.encoders.training.callbacks import EpochWatcher
        from aeviz.tutorial._published_networks import PUBLISHED, train_published

        published = PUBLISHED[kind]
        epochs = scaled(published.epochs, self.epochs_scale)

        def make() -> None:
            with Meter() as meter:
                model, history = train_published(
                    published,
                    self.images.X,
                    self.images.X_test,
                    epochs=epochs,
                    seed=self.seed,
                    callbacks=[EpochWatcher(self.progress.update)],
                )
            self.folder.save_published(kind, model, history, seconds=round(meter.seconds, 3))

        network = [published.network, published.batch_size, published.optimizer]
        depends_on = [*source, "published", kind, epochs, network]
        return Step(depends_on, make, self.folder.model_path(f"published {kind}"))

    def _ours(self, kind: str, source: list[Any]) -> Step:
        """Return the training of this project's encoder, at its defaults but for the epochs."""
        n_train = len(self.images.X)
        whole = default_epochs(n_train, default_batch_size(n_train))
        epochs = scaled(whole, self.epochs_scale)
        given = {**GIVEN.get(kind, {}), "epochs": epochs, "random_state": self.seed}
        encoder = ENCODERS.get(kind)(**given)

        def make() -> None:
            made = fitted(clone(encoder), self.images.X, progress=self.progress.update)
            self.folder.save_encoder(kind, made.encoder, seconds=round(made.fit_seconds, 3))

        return Step([*source, kind, parameters(encoder)], make, self.folder.model_path(kind))

    def _measure(self, name: str) -> None:
        chapter = self.chapters[name]
        workshop = Workshop(
            self.images,
            self.folder,
            chapter.needs,
            epochs_scale=self.epochs_scale,
            seed=self.seed,
            update=self.progress.update,
        )
        self.folder.save_results(name, chapter.measure(workshop))

    def _render(self) -> None:
        from aeviz.tutorial.report_page import render

        render(self.folder, progress=self.progress.update)
