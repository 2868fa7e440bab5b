"""Walk through the tutorial's denoising network: clean images from noisy ones."""

import numpy as np

from aeviz.page.content import SectionContent
from aeviz.page.wording import number
from aeviz.tutorial._model_blocks import model_blocks
from aeviz.tutorial._model_numbers import decoded, encoded, model_numbers, noisy, shown_rows
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]


def _measure(workshop: Workshop) -> Results:
    X, rows = workshop.X_test, shown_rows(workshop.y_test)
    with_noise = noisy(X, seed=workshop.seed)
    model, ours = workshop.published("denoising"), workshop.ours("denoising")
    images = {
        "noisy": with_noise,
        "published": decoded(model, encoded(model, with_noise)),
        "ours": ours.inverse_transform(ours.transform(with_noise)),
    }
    numbers = model_numbers(workshop, "denoising")
    numbers["squared_error"] = {
        name: float(np.square(of_kind - X).mean(dtype=np.float64))
        for name, of_kind in images.items()
    }
    shown = {name: of_kind[rows] for name, of_kind in {"original": X, **images}.items()}
    return Results(numbers, shown)


def _show(results: Results) -> SectionContent:
    errors = {name: number(value) for name, value in results.numbers["squared_error"].items()}
    sizes = {name: f"{results.numbers[name]['code_size']:,}" for name in ("published", "ours")}
    summary = (
        "Noise of half the range of a pixel is put on every image, and the network is held against "
        "the clean one."
    )
    difference = (
        f"The mean squared error per pixel is {errors['noisy']} in the noisy images, "
        f"{errors['published']} in those that the published network restores, and "
        f"{errors['ours']} in aeviz’s. Both are given new noise for every batch; the tutorial drew "
        f"it once. The published code has {sizes['published']} numbers, twice as many as "
        f"there are pixels, aeviz’s has {sizes['ours']}."
    )
    facts = {name: ("squared error", error) for name, error in errors.items()}
    return SectionContent(summary, model_blocks("denoising", results, difference, facts=facts))


CHAPTER = Chapter("Denoising", 50, _measure, _show, needs=("published denoising", "denoising"))
