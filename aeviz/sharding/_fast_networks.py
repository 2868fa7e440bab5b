"""Fit networks that approximate an embedding, so that new samples cost one forward pass.

t-SNE and UMAP search the neighbours of a new sample and then descend. A fast network is a small
Keras network that is fitted to the codes and coordinates of a run. Its agreement with the
embedding is measured on samples that it was not fitted to.

Why a softmax between two linear layers: an embedding tears neighbourhoods apart, and a smooth
network puts samples between the pieces. Here each hidden unit is a fitted sample, with weights
such that the softmax is a Gaussian of the distance between a code and the unit's code; the
output is the mean of the units' coordinates with these weights. Only the width of the Gaussian
is learned. On 5,400 codes of MNIST, most of the ten neighbours in the t-SNE embedding had a test
sample's class for 73 % and 83 % of them with dense networks of 256-256 and 512-512-256 ReLU
units, for 94 % with this network of 4,096 units, and for 95 % at their fitted coordinates. It
needs less arithmetic than the larger dense network.

Why the units are not trained: on 18,000 codes, 30 epochs of gradient descent lowered the mean
distance to the fitted coordinates by 2 %; twice as many units lowered it by a quarter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from aeviz.core.atomic_files import atomic_folder, write_json
from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.progress import Progress
from aeviz.core.registry import EMBEDDINGS
from aeviz.core.schema import read_checked
from aeviz.core.wording import first_line
from aeviz.encoders.networks.batches import in_batches
from aeviz.evaluation.classes import majority
from aeviz.neighbors.search import neighbors_of
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer

if TYPE_CHECKING:
    import keras

__all__ = [
    "VERSION",
    "Agreement",
    "agreement",
    "fit_fast_networks",
    "load_fast_networks",
    "read_agreement",
    "write_agreement",
]

# Raised when the same samples give another network.
VERSION = 1
SCHEMA = 1

MIN_SAMPLES = 100
TEST_SHARE = 0.1
CHECKED_SHARE = 0.1
MAX_CHECKED = 2000
MAX_UNITS = 16_384
# Widths of the Gaussians that are tried, as factors of the squared distance, in units of the
# squared median distance between nearest units.
SHARPNESS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
# Names in the files of version 0.1.0.
INDEX, KEY = "heads.json", "pictures"

N_NEIGHBORS = 10

FastNetwork = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Agreement:
    """Agreement of a fast network with its embedding, on samples that it was not fitted to.

    Parameters
    ----------
    n_test : int
        Number of these samples.
    median_distance, p95_distance : float
        Of the distance between both coordinates of a sample, in units of the embedding's size:
        the root of the mean squared distance of points from their mean.
    neighbor_overlap : float in [0, 1]
        Mean share of a sample's 10 nearest neighbours that are the same at both coordinates.
    n_units : int
        Number of the network's units.
    knn_accuracy, knn_accuracy_fitted : float in [0, 1], or None without classes
        How often most of the 10 nearest neighbours have the sample's class, at the network's
        coordinates and at the fitted ones.
    """

    n_test: int
    median_distance: float
    p95_distance: float
    neighbor_overlap: float
    n_units: int = 0
    knn_accuracy: float | None = None
    knn_accuracy_fitted: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the numbers that there are."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return what `to_json` gave; version 0.1.0 wrote `n_test` as ``n_held_out``."""
        names = {"n_held_out": "n_test"}
        return cls(**{names.get(name, name): value for name, value in content.items()})


def fit_fast_networks(
    transformer: OutOfSampleTransformer,
    embeddings: list[str] | None,
    folder: Path,
    progress: Progress,
) -> dict[str, Agreement]:
    """Fit a network to every embedding that searches neighbours, and return the agreements.

    The folder receives ``<name>.keras`` for each and an index of them, whole or not at all.

    Raises
    ------
    AevizError
        If the run has too few samples, or there is no such embedding.
    """
    pairs = [
        pair
        for pair in transformer.pairs(embeddings)
        if not pair.is_latent and EMBEDDINGS.get(pair.embedding).searches_neighbors
    ]
    labels: np.ndarray | None = None
    found = {}
    if transformer.run.data.label_kind == "classes":
        labels = transformer.run.embeddings["label"].astype(str).to_numpy()
    with atomic_folder(folder) as partial_folder:
        for done, pair in enumerate(pairs):
            progress.update(done, len(pairs), pair.key)
            try:
                codes = transformer.fitted(pair.encoder)
            except AevizError:
                continue  # the workers report why such an embedding is left out
            points = transformer.run.points(pair)
            model, found[pair.key] = _fit(codes, points, labels)
            model.save(partial_folder / f"{pair.key}.keras")
        write_agreement(partial_folder / INDEX, found)
    return found


def load_fast_networks(folder: Path) -> dict[str, FastNetwork]:
    """Return the networks that `fit_fast_networks` wrote, by the names of their embeddings.

    Raises
    ------
    AevizError
        If one is missing or damaged.
    """
    import keras

    networks = {}
    for name in read_agreement(folder / INDEX):
        path = folder / f"{name}.keras"
        try:
            model = keras.saving.load_model(path, compile=False, safe_mode=True)
        except (ValueError, TypeError, KeyError, OSError) as error:
            raise AevizError(
                f"{path} is not a network that aeviz saved: {first_line(error)}"
            ) from error
        networks[name] = _function(model)
    return networks


def read_agreement(path: Path) -> dict[str, Agreement]:
    """Return the agreement of networks with their embeddings, by the embeddings' names.

    Raises
    ------
    AevizError
        If the file is damaged or of another schema.
    """
    remake = f"delete {path} and give the same command again"
    content = read_checked(path, reads=SCHEMA, remake=remake)[KEY]
    try:
        return {name: Agreement.from_json(one) for name, one in content.items()}
    except (AttributeError, TypeError) as error:
        raise AevizError(f"{path} is damaged: {first_line(error)}; {remake}") from error


def write_agreement(path: Path, found: dict[str, Agreement]) -> None:
    """Write what `read_agreement` reads."""
    content = {name: one.to_json() for name, one in found.items()}
    write_json(path, {"schema": SCHEMA, KEY: content})


def _function(model: keras.Model) -> FastNetwork:
    """Return the model as a function of any number of samples."""
    from aeviz.encoders.networks.compiled import compiled

    return partial(in_batches, compiled(model))


def _fit(
    codes: np.ndarray, points: np.ndarray, labels: np.ndarray | None
) -> tuple[keras.Model, Agreement]:
    """Return a network, and its agreement on samples that were not used for it."""
    n_samples = len(codes)
    if n_samples < MIN_SAMPLES:
        message = (
            f"fast needs a run of at least {MIN_SAMPLES} samples to fit networks to; "
            f"it has {n_samples}"
        )
        raise SettingError("fast", True, "False for so few samples", message)
    codes = codes.astype(np.float32, copy=False)
    order = np.random.default_rng(0).permutation(n_samples)
    n_test = round(TEST_SHARE * n_samples)
    n_checked = min(MAX_CHECKED, round(CHECKED_SHARE * n_samples))
    test, checked, rest = np.split(order, [n_test, n_test + n_checked])
    units, known = rest[:MAX_UNITS], order[n_test:]
    model = _network(codes[units], points[units])
    _set_sharpness(model, codes[checked], points[checked])
    own, others = (None, None) if labels is None else (labels[test], labels[known])
    return model, agreement(
        _function(model)(codes[test]),
        points[test],
        points[known],
        labels=own,
        other_labels=others,
        n_units=len(units),
    )


def _network(units: np.ndarray, unit_points: np.ndarray) -> keras.Model:
    """Return the network of some units, with a sharpness of 1."""
    import keras

    nearest = neighbors_of(units, units, 2)[1][:, 1].astype(np.float64)
    typical = float(np.median(nearest)) or 1.0
    center = units.mean(axis=0, dtype=np.float64)
    middle = unit_points.mean(axis=0, dtype=np.float64)
    inputs = keras.Input((units.shape[1],))
    # Centred and in units of typical distances, because of float32's precision.
    outputs = keras.layers.Rescaling(1 / typical, offset=(-center / typical).tolist())(inputs)
    outputs = keras.layers.Dense(len(units), "softmax", name="nearness")(outputs)
    outputs = keras.layers.Dense(unit_points.shape[1], name="coordinates")(outputs)
    model = keras.Model(inputs, outputs, name="fast_network")
    scaled = (units - center) / typical
    # exp(-s‖c - u‖²) = exp(2s c·u - s‖u‖²) · exp(-s‖c‖²), and the last cancels in the softmax.
    nearness = [2 * scaled.T, -np.square(scaled).sum(axis=1)]
    model.get_layer("nearness").set_weights(nearness)
    model.get_layer("coordinates").set_weights([unit_points - middle, middle])
    return model


def _set_sharpness(model: keras.Model, codes: np.ndarray, points: np.ndarray) -> None:
    """Give the network the sharpness with the least error on samples that are no units."""
    network, layer = _function(model), model.get_layer("nearness")
    weights = layer.get_weights()

    def error(sharpness: float) -> float:
        layer.set_weights([sharpness * values for values in weights])
        return float(np.linalg.norm(network(codes) - points, axis=1).mean())

    error(min(SHARPNESS, key=error))  # which leaves the weights of the best


def agreement(
    points: np.ndarray,
    fitted: np.ndarray,
    others: np.ndarray,
    *,
    labels: np.ndarray | None,
    other_labels: np.ndarray | None,
    n_units: int = 0,
) -> Agreement:
    """Return how well coordinates agree with the fitted ones.

    Parameters
    ----------
    points, fitted : ndarray of shape (n_samples, 2)
        Coordinates of samples that the network was not fitted to: its own, and the fitted ones.
    others : ndarray of shape (n_others, 2)
        Fitted coordinates of all other samples, among which neighbours are searched.
    labels, other_labels : ndarray of str, or None
        Classes of both.
    n_units : int
        Number of the network's units.

    Examples
    --------
    >>> others = np.random.default_rng(0).normal(size=(50, 2))
    >>> found = agreement(others[:5], others[:5], others, labels=None, other_labels=None)
    >>> found.median_distance, found.neighbor_overlap
    (0.0, 1.0)
    """
    center = others.mean(axis=0, dtype=np.float64)
    size = float(np.sqrt(np.square(others - center).sum(axis=1).mean())) or 1.0
    distance = np.linalg.norm(points.astype(np.float64) - fitted, axis=1) / size
    n_neighbors = min(N_NEIGHBORS, len(others))
    sets = (np.ascontiguousarray(X, np.float32) for X in (points, fitted, others))
    own_points, by_fit, among = sets
    near, near_fitted = (neighbors_of(X, among, n_neighbors)[0] for X in (own_points, by_fit))
    is_shared = (near[:, :, None] == near_fitted[:, None, :]).any(axis=2)
    accuracies: dict[str, float] = {}
    if labels is not None and other_labels is not None:
        _, codes = np.unique(np.concatenate([labels, other_labels]), return_inverse=True)
        own, theirs = codes[: len(labels)], codes[len(labels) :]
        accuracies = {
            name: float((majority(theirs[rows]) == own).mean())
            for name, rows in (("knn_accuracy", near), ("knn_accuracy_fitted", near_fitted))
        }
    return Agreement(
        n_test=len(points),
        median_distance=float(np.median(distance)),
        p95_distance=float(np.quantile(distance, 0.95)),
        neighbor_overlap=float(is_shared.mean()),
        n_units=n_units,
        **accuracies,
    )
