"""Walk through the tutorial's deep network: three dense layers in, three out."""

from aeviz.tutorial._model_blocks import model_chapter

__all__ = ["CHAPTER"]

SUMMARY = (
    "Layers of 128 and 64 units stand between the pixels and the code of 32 numbers, and again "
    "behind it."
)
DIFFERENCE = (
    "Both networks have the same layers. aeviz’s hidden units are ELU where the published ones "
    "are rectified, its code is linear, and its rate falls to zero in the end, where Adadelta’s "
    "stays as it is."
)
CHAPTER = model_chapter("deep", "A deep autoencoder", 30, SUMMARY, DIFFERENCE)
