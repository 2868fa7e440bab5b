"""Give names to the arrays and parameters that the steps of a run leave in files.

A file's keys are the fields of a class here; former versions' keys are read as well.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from aeviz.core.atomic_files import read_json
from aeviz.runs.pair import Pair

__all__ = [
    "Arrays",
    "Bound",
    "Curves",
    "Denoising",
    "DisplayedSamples",
    "Faithfulness",
    "Manifold",
    "Outliers",
    "PairFaithfulness",
    "Reconstruction",
    "embedding_params",
    "load_arrays",
]


class Arrays:
    """Base of frozen dataclasses whose fields are the arrays of one file."""

    # Former key of a field -> field.
    FORMER: ClassVar[dict[str, str]] = {}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """Return the result in arrays by key; one value alone becomes a float."""
        renamed = {cls.FORMER.get(key, key): values for key, values in arrays.items()}
        names = [field.name for field in fields(cls) if field.name in renamed]  # type: ignore[arg-type]  # subclasses are dataclasses
        return cls(**{n: renamed[n] if renamed[n].ndim else float(renamed[n]) for n in names})

    def to_arrays(self) -> dict[str, Any]:
        """Return the fields that have a value, by name."""
        return {name: value for name, value in vars(self).items() if value is not None}

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return the result in a file, or None where there is no file."""
        if not path.is_file():
            return None
        return cls.from_arrays(load_arrays(path))

    def write(self, path: Path) -> None:
        """Write the file."""
        np.savez(path, **self.to_arrays())


@dataclass(frozen=True, eq=False)
class DisplayedSamples(Arrays):
    """Samples for display, in the units of the source, and statistics of all samples.

    Parameters
    ----------
    rows : ndarray of int of shape (n_displayed,)
        The first ten are those whose reconstructions `Reconstruction` has.
    X : ndarray of shape (n_displayed, n_features)
    mean, std, minimum, maximum : ndarray of shape (n_features,)
    """

    FORMER: ClassVar[dict[str, str]] = {
        "deviation": "std",
        "smallest": "minimum",
        "largest": "maximum",
    }

    rows: np.ndarray
    X: np.ndarray
    mean: np.ndarray
    std: np.ndarray
    minimum: np.ndarray
    maximum: np.ndarray


@dataclass(frozen=True, eq=False)
class Reconstruction(Arrays):
    """Result of decoding the code of every sample.

    Parameters
    ----------
    X : ndarray of shape (n_displayed, n_features)
        Reconstructions of the first displayed samples, in the units of the source.
    feature_error : ndarray of shape (n_features,)
        Mean squared error per feature over test samples, in prepared units.
    sample_error : ndarray of shape (n_samples,)
        Mean squared error per sample, in prepared units.
    sample_cross_entropy : ndarray of shape (n_samples,) or None
        Mean binary cross-entropy per sample in nats, where values are within [0, 1].
    """

    X: np.ndarray
    feature_error: np.ndarray
    sample_error: np.ndarray
    sample_cross_entropy: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Outliers(Arrays):
    """Samples with the largest reconstruction errors.

    Parameters
    ----------
    rows : ndarray of int
        Largest error first.
    X : ndarray of shape (n_rows, n_features)
        Their reconstructions, in the units of the source.
    """

    rows: np.ndarray
    X: np.ndarray


@dataclass(frozen=True, eq=False)
class Denoising(Arrays):
    """Result of restoring noisy samples.

    Parameters
    ----------
    noisy, X : ndarray of shape (n_displayed, n_features)
        Displayed samples with noise and as restored, in the units of the source.
    noisy_error, restored_error : float
        Mean squared error per feature of test samples, in prepared units.
    """

    noisy: np.ndarray
    X: np.ndarray
    noisy_error: float
    restored_error: float


@dataclass(frozen=True, eq=False)
class Bound(Arrays):
    """Variational bound on the log-likelihood of test samples.

    Parameters
    ----------
    negative_elbo, reconstruction, kl, active_units : float
        See `aeviz.VariationalAutoencoder.elbo`.
    sample_elbo : ndarray of shape (n_samples,) or None
        Bound of every sample in nats; None in runs of former versions.
    """

    negative_elbo: float
    reconstruction: float
    kl: float
    active_units: float
    sample_elbo: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Manifold(Arrays):
    """Samples that a variational model decodes from a grid over its latent plane.

    Parameters
    ----------
    X : ndarray of shape (n, n, n_features)
        In the units of the source; the first row is at the largest second coordinate.
    axis : ndarray of shape (n,)
        Latent values of the columns from left to right and of the rows from bottom to top.
    probability : ndarray of shape (2,)
        Quantiles of the prior between which the grid lies.
    """

    X: np.ndarray
    axis: np.ndarray
    probability: np.ndarray


@dataclass(frozen=True, eq=False)
class Curves(Arrays):
    """Scores of every code and embedding across neighbourhood sizes.

    Parameters
    ----------
    encoder, embedding, stage : ndarray of str of shape (n_curves,)
        The embedding of a code is empty.
    k : ndarray of int of shape (n_sizes,)
        Neighbourhood sizes.
    q_nx, r_nx : ndarray of shape (n_curves, n_sizes)
        Share of neighbours kept, and the share beyond chance.
    shepard : ndarray of shape (n_curves, n_bins, n_bins)
        Share of pairs of samples by distance in the high space and in the low one, both from
        0 to the largest. See `aeviz.evaluation.curves`.
    """

    encoder: np.ndarray
    embedding: np.ndarray
    stage: np.ndarray
    k: np.ndarray
    q_nx: np.ndarray
    r_nx: np.ndarray
    shepard: np.ndarray


@dataclass(frozen=True, eq=False)
class PairFaithfulness(Arrays):
    """Neighbourhood of every sample in one embedding compared with that in the data.

    Parameters
    ----------
    false_neighbors, missing_neighbors : ndarray of float32 of shape (n_samples,)
        Shares, see `aeviz.evaluation.faithfulness`.
    worst : ndarray of int
        Rows with the most false neighbours, worst first, four or fewer.
    beside, nearest : ndarray of int of shape (n_worst, n_beside)
        Rows of their neighbours in the embedding and in the data, nearest first.
    """

    FORMER: ClassVar[dict[str, str]] = {"false": "false_neighbors", "missed": "missing_neighbors"}

    false_neighbors: np.ndarray
    missing_neighbors: np.ndarray
    worst: np.ndarray
    beside: np.ndarray
    nearest: np.ndarray


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """Faithfulness of every embedding of a run, and the samples that show it.

    Parameters
    ----------
    pairs : dict of Pair to PairFaithfulness
    rows : ndarray of int, in order
        Rows that are shown.
    X : ndarray of shape (n_rows, n_features)
        These samples, in the units of the source.
    n_neighbors, n_near : int
        How many neighbours were compared, and how many count as near on the other side.
    """

    pairs: Mapping[Pair, PairFaithfulness]
    rows: np.ndarray
    X: np.ndarray
    n_neighbors: int
    n_near: int

    def samples(self, rows: np.ndarray) -> np.ndarray:
        """Return samples, shape (*rows.shape, n_features); their rows must be among `rows`."""
        return self.X[np.searchsorted(self.rows, rows)]

    def to_arrays(self) -> dict[str, Any]:
        """Return all of it as arrays; the keys of a pair begin with its key."""
        arrays = {
            f"{pair.key}_{name}": values
            for pair, one in self.pairs.items()
            for name, values in one.to_arrays().items()
        }
        sizes = np.array([self.n_neighbors, self.n_near])
        return {**arrays, "rows": self.rows, "X": self.X, "sizes": sizes}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray], pairs: Iterable[Pair]) -> Self:
        """Return what `to_arrays` gave, of some pairs."""
        found = {}
        for pair in pairs:
            prefix = f"{pair.key}_"
            of_pair = {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
            found[pair] = PairFaithfulness.from_arrays(of_pair)
        n_neighbors, n_near = arrays["sizes"].tolist()
        return cls(found, arrays["rows"], arrays["X"], n_neighbors, n_near)


def load_arrays(path: Path) -> dict[str, np.ndarray]:
    """Return the arrays of an ``.npz`` file by key."""
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)


def embedding_params(folder: Path) -> dict[str, Any]:
    """Return the parameters that the embedding in a run's folder was fitted with.

    Where the data changed one, as a perplexity too large for them, it is the one in use. Empty
    where no embedding was fitted.
    """
    path = folder / "embedding.json"
    if not path.is_file():
        return {}
    content = read_json(path)
    fitted = content.get("fitted", {})
    params = content.get("params", {}).items()
    return {name: fitted.get(f"{name}_", value) for name, value in params}
