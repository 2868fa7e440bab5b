"""Walk through the tutorial's first network: one layer in, one layer out."""

from aeviz.tutorial._model_blocks import model_chapter

__all__ = ["CHAPTER"]

SUMMARY = (
    "One layer makes 32 numbers of the 784 pixels of an image, and one layer makes 784 pixels of "
    "them again."
)
DIFFERENCE = (
    "Both networks have the same layers. The published code is rectified, so a unit can fall "
    "silent for all images; aeviz’s is linear. The published training has Adadelta at a fixed "
    "rate, aeviz’s has Adam, whose rate falls to zero, and keeps the best epoch."
)
CHAPTER = model_chapter("simple", "The simplest autoencoder", 10, SUMMARY, DIFFERENCE)
