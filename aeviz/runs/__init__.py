"""What is on disk: runs, their steps and results, models, new samples."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.runs.model import Model
    from aeviz.runs.model_card import ModelCard
    from aeviz.runs.pair import Pair
    from aeviz.runs.run import Run
    from aeviz.runs.steps import Step, StepFolder
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = ["Model", "ModelCard", "Pair", "Run", "Step", "StepFolder"]
