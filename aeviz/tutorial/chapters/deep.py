"""Walk through the tutorial's deep network: three dense layers in, three out."""

from __future__ import annotations

from aeviz.page.content import SectionContent
from aeviz.tutorial._model_blocks import pair_blocks
from aeviz.tutorial._model_numbers import measure_pair
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]


def _measure(workshop: Workshop) -> Results:
    return measure_pair(workshop, "deep")


def _show(results: Results) -> SectionContent:
    summary = (
        "Layers of 128 and 64 units stand between the pixels and the code of 32 numbers, and "
        "again behind it."
    )
    difference = (
        "Both networks have the same layers. aeviz’s hidden units are ELU where the published "
        "ones are rectified, its code is linear, and its rate falls to zero in the end, where "
        "Adadelta’s stays as it is."
    )
    return SectionContent(summary, pair_blocks("deep", results, difference))


CHAPTER = Chapter("A deep autoencoder", 30, _measure, _show, needs=("published deep", "deep"))
