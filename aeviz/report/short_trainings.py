"""Trainings of a run that ended too early, which the page warns of beside every verdict on them."""

from aeviz.core.registry import ENCODERS
from aeviz.encoders.training.convergence import is_still_falling
from aeviz.runs.run import Run

__all__ = ["short_trainings"]


def short_trainings(run: Run) -> dict[str, int]:
    """Return the encoders whose loss was still falling at their limit of epochs, with that limit.

    Known of the training that is shown; a run keeps no losses of those under further seeds.
    """
    found = {}
    for kind in run.encoders:
        history = run.history(kind)
        if history and is_still_falling(history, ENCODERS.get(kind).judged_by):
            # A network that can be used before it is trained has its losses then, too.
            found[kind] = len(history["loss"]) - ENCODERS.get(kind).starts_fitted
    return found
