"""Read and write what trainings under further seeds left; the first training is the run's own."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aeviz.core.atomic_files import atomic_file
from aeviz.runs.pair import Pair
from aeviz.runs.results import Arrays

__all__ = ["RepeatedCode", "RepeatedTrainings"]


@dataclass(frozen=True, eq=False)
class RepeatedCode(Arrays):
    """Result of training an encoder again under another seed.

    Parameters
    ----------
    code : ndarray of shape (n_samples, code_size)
    sample_error : ndarray of shape (n_samples,) or None
        As in `Reconstruction`.
    sample_elbo : ndarray of shape (n_samples,) or None
        As in `Bound`.
    """

    code: np.ndarray
    sample_error: np.ndarray | None = None
    sample_elbo: np.ndarray | None = None


class RepeatedTrainings:
    """Files of repeated trainings in a run, which have the numbers 1, 2, ...

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str, number: int) -> Path:
        """Return the file of an encoder's codes, or of coordinates by a `Pair.key`."""
        return self.folder / f"{name}_{number}.npz"

    def code(self, kind: str, number: int) -> RepeatedCode:
        """Return the codes of a repeated training.

        Raises
        ------
        FileNotFoundError
            If it was not made.
        """
        with np.load(self.path(kind, number), allow_pickle=False) as archive:
            return RepeatedCode.from_arrays(dict(archive))

    def points(self, pair: Pair, number: int) -> np.ndarray:
        """Return the coordinates of all samples in a repeated embedding, as `Run.points` does."""
        if pair.is_latent:
            return self.code(pair.encoder, number).code
        with np.load(self.path(pair.key, number), allow_pickle=False) as archive:
            return np.asarray(archive["points"])

    def write_code(self, kind: str, number: int, code: RepeatedCode) -> None:
        """Write the codes of a repeated training."""
        with atomic_file(self.path(kind, number)) as partial:
            code.write(partial)

    def write_points(self, pair: Pair, number: int, points: np.ndarray) -> None:
        """Write the coordinates of a repeated embedding."""
        with atomic_file(self.path(pair.key, number)) as partial:
            np.savez(partial, points=points)
