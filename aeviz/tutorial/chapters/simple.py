"""Walk through the tutorial's first network: one layer in, one layer out."""

from __future__ import annotations

from aeviz.page.content import SectionContent
from aeviz.tutorial._model_blocks import pair_blocks
from aeviz.tutorial._model_numbers import measure_pair
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]


def _measure(workshop: Workshop) -> Results:
    return measure_pair(workshop, "simple")


def _show(results: Results) -> SectionContent:
    summary = (
        "One layer makes 32 numbers of the 784 pixels of an image, and one layer makes 784 pixels "
        "of them again."
    )
    difference = (
        "Both networks have the same layers. The published code is rectified, so a unit can fall "
        "silent for all images; aeviz’s is linear. The published training has Adadelta at a fixed "
        "rate, aeviz’s has Adam, whose rate falls to zero, and keeps the best epoch."
    )
    return SectionContent(summary, pair_blocks("simple", results, difference))


CHAPTER = Chapter(
    "The simplest autoencoder", 10, _measure, _show, needs=("published simple", "simple")
)
