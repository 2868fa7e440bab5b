"""Walk through the tutorial's denoising network: clean images from noisy ones."""

from __future__ import annotations

import numpy as np

from aeviz.page.content import Gallery, SectionContent, Split, Text
from aeviz.page.wording import number
from aeviz.tutorial._model_blocks import PUBLISHED_NETWORK, figures_table, losses, strips
from aeviz.tutorial._model_numbers import decoded, encoded, model_numbers, noisy, shown_rows
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop
from aeviz.tutorial.model_comparison import compare

__all__ = ["CHAPTER"]


def _measure(workshop: Workshop) -> Results:
    X, rows = workshop.X_test, shown_rows(workshop.y_test)
    with_noise = noisy(X, seed=workshop.seed)
    model, ours = workshop.published("denoising"), workshop.ours("denoising")
    restored = {
        "published": decoded(model, encoded(model, with_noise)),
        "ours": ours.inverse_transform(ours.transform(with_noise)),
    }
    numbers = model_numbers(workshop, "denoising")
    numbers["squared_error"] = {
        name: _squared_error(X, images)
        for name, images in {"noisy": with_noise, **restored}.items()
    }
    arrays = {"original": X[rows], "noisy": with_noise[rows]}
    arrays |= {name: images[rows] for name, images in restored.items()}
    return Results(numbers, arrays)


def _squared_error(x: np.ndarray, images: np.ndarray) -> float:
    return float(np.square(images - x).mean(dtype=np.float64))


def _show(results: Results) -> SectionContent:
    told = compare("denoising", results.numbers)
    errors = {name: number(value) for name, value in results.numbers["squared_error"].items()}
    summary = (
        "Noise of half the range of a pixel is put on every image, and the network is held against "
        "the clean one."
    )
    difference = (
        f"The mean squared error per pixel is {errors['noisy']} in the noisy images, "
        f"{errors['published']} in those that the published network restores, and "
        f"{errors['ours']} in aeviz’s. Both are given new noise for every batch; the tutorial drew "
        f"it once. The published code has {told.here['code_size']:,} numbers, twice as many as "
        f"there are pixels, aeviz’s has {told.ours['code_size']:,}."
    )
    return SectionContent(
        summary,
        [
            Split(
                [
                    Text([told.reproduction(), told.improvement(), difference]),
                    figures_table(told),
                ],
                [losses(told)],
            ),
            _bands(results, errors),
        ],
    )


def _bands(results: Results, errors: dict[str, str]) -> Gallery:
    arrays = results.arrays
    bands = {
        "Original": arrays["original"],
        "With noise": arrays["noisy"],
        PUBLISHED_NETWORK: arrays["published"],
        "aeviz": arrays["ours"],
    }
    names = {"With noise": "noisy", PUBLISHED_NETWORK: "published", "aeviz": "ours"}
    facts = {title: [("squared error", errors[name])] for title, name in names.items()}
    return strips("denoising", bands, facts=facts)


CHAPTER = Chapter("Denoising", 50, _measure, _show, needs=("published denoising", "denoising"))
