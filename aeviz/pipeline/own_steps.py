"""Steps of a report that take over the coordinates and codes that the user already has."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.atomic_files import atomic_folder
from aeviz.data.dataset import array_fingerprint
from aeviz.pipeline.report_plan import ReportPlan
from aeviz.runs.run import Run
from aeviz.runs.steps import Step

__all__ = ["own_steps"]


def own_steps(run: Run, plan: ReportPlan, depends_on: list[Any]) -> dict[str, Step]:
    """Return a step for every code and every map of the user, by its name.

    They are done again where the arrays have changed.
    """
    places = {f"take code {n}": (run.encoder_path(n), "code", X) for n, X in plan.own_codes.items()}
    for pair, points in plan.own_maps.items():
        places[f"take map {pair.embedding}"] = (run.embedding_path(pair), "points", points)
    return {
        name: Step(
            [*depends_on, name, array_fingerprint(values)],
            partial(_write, folder, file_name, values),
            folder,
        )
        for name, (folder, file_name, values) in places.items()
    }


def _write(folder: Path, name: str, values: np.ndarray) -> None:
    with atomic_folder(folder) as partial_folder:
        np.save(partial_folder / f"{name}.npy", values)
