"""Reproduce Chollet's tutorial "Building autoencoders in Keras", and test its claims on MNIST."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.tutorial.folder import TutorialFolder
    from aeviz.tutorial.model_comparison import Comparison, compare
    from aeviz.tutorial.run import run_tutorial
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = ["Comparison", "TutorialFolder", "compare", "run_tutorial"]
