"""Learn a picture as a function from code to place, to place samples by a forward pass.

t-SNE and UMAP place a new sample by searching its neighbours and then descending. A head is a
small Keras network that has learnt from the fitted samples where codes lie in the picture, and
how far it agrees with the picture is measured on samples that it did not see.

Why a softmax between two linear layers: a picture is a function with tears, between whose
pieces a smooth network puts samples that belong to neither. The hidden units begin as fitted
samples, their weights such that the softmax is a Gaussian of the distance between the code and
theirs; the output is the mean of their places, weighted so. On 5,400 codes of MNIST, dense
networks of 256-256 and 512-512-256 ReLU units put held-out samples where the classes of their
neighbours in the t-SNE picture were right for 73 % and 83 % of them (95 % at their fitted
places), this one untrained for 94 %, with a third of the arithmetic.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from aeviz._errors import AevizError
from aeviz._files import read_json, whole_folder, write_json
from aeviz._neighbors import neighbors_of
from aeviz._seeding import seeded
from aeviz.data._messages import first_line
from aeviz.embedding._base import NeighborEmbedding
from aeviz.embedding._parametric_networks import Network
from aeviz.placing import LATENT, Placer
from aeviz.progress import Progress
from aeviz.registry import EMBEDDINGS
from aeviz.sharding._agreement import agreement

__all__ = ["VERSION", "fit_heads", "load_heads"]

# Raised when the same samples come to be learnt otherwise.
VERSION = 1

FEWEST_SAMPLES = 100
HELD_OUT_SHARE = 0.1
CHECKED_SHARE = 0.1
MOST_CHECKED = 2000
MOST_UNITS = 4096
# Widths of the Gaussians that are tried, as what divides the squared distance, in units of
# the squared median distance between nearest units.
SHARPNESS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
MOST_EPOCHS = 30
PATIENCE = 3
BATCH_SIZE = 256
LEARNING_RATE = 1e-3
INDEX = "heads.json"


def fit_heads(
    placer: Placer, pictures: list[str] | None, folder: Path, progress: Progress
) -> dict[str, dict[str, Any]]:
    """Learn the pictures that have no function of their own, and write the networks.

    Parameters
    ----------
    placer : Placer
        Of the run.
    pictures : list of str or None
        Names of pairs; None takes all.
    folder : Path
        Receives ``<pair>.keras`` and an index of them, whole or not at all.
    progress : Progress
        Hears how many pictures are learnt.

    Returns
    -------
    dict of str to dict
        Of every picture that was learnt, what `agreement` found.

    Raises
    ------
    AevizError
        If the run has fewer samples than can be learnt from, or there is no such picture.
    """
    pairs = [(kind, name) for kind, name in placer.pairs(pictures) if _needs_head(name)]
    found = {}
    with whole_folder(folder) as partial:
        for done, (kind, name) in enumerate(pairs):
            pair = f"{kind}_{name}"
            progress.update(done, len(pairs), pair)
            try:
                codes = placer.fitted(kind)
            except AevizError:
                continue  # the workers say why such a picture is left out
            places = placer.run.points(kind, name)
            model, found[pair] = _fit(codes, places, _classes(placer))
            model.save(partial / f"{pair}.keras")
        write_json(partial / INDEX, found)
    return found


def load_heads(folder: Path) -> dict[str, Network]:
    """Return the heads that `fit_heads` wrote, by the names of their pictures.

    Raises
    ------
    AevizError
        If one is missing or damaged.
    """
    import keras

    heads = {}
    for pair in read_json(folder / INDEX):
        path = folder / f"{pair}.keras"
        try:
            model = keras.saving.load_model(path, compile=False, safe_mode=True)
        except (ValueError, TypeError, KeyError, OSError) as error:
            raise AevizError(
                f"{path} is not a head that aeviz saved: {first_line(error)}"
            ) from error
        heads[pair] = Network(model)
    return heads


def _needs_head(name: str) -> bool:
    return name != LATENT and issubclass(EMBEDDINGS.get(name), NeighborEmbedding)


def _classes(placer: Placer) -> np.ndarray | None:
    if placer.run.data.label_kind != "classes":
        return None
    return placer.run.embeddings["label"].astype(str).to_numpy()


def _fit(
    codes: np.ndarray, places: np.ndarray, labels: np.ndarray | None
) -> tuple[Any, dict[str, Any]]:
    """Return a network, and its agreement on samples that were held out from all of it."""
    n_samples = len(codes)
    if n_samples < FEWEST_SAMPLES:
        raise AevizError(
            f"--head needs a run of at least {FEWEST_SAMPLES} samples to learn from; "
            f"it has {n_samples}"
        )
    codes = codes.astype(np.float32, copy=False)
    order = np.random.default_rng(0).permutation(n_samples)
    n_held_out = round(HELD_OUT_SHARE * n_samples)
    n_checked = min(MOST_CHECKED, round(CHECKED_SHARE * n_samples))
    held_out, checked, rest = np.split(order, [n_held_out, n_held_out + n_checked])
    units, more = rest[:MOST_UNITS], rest[MOST_UNITS:]
    check = codes[checked], places[checked]
    with seeded(0):
        model = _begun(codes[units], places[units], *check)
        # Fewer samples than units would only be learnt by heart.
        if len(more) > len(units):
            _train(model, codes[more], places[more], *check)
    known = order[n_held_out:]
    found = agreement(
        Network(model)(codes[held_out]),
        places[held_out],
        places[known],
        labels=None if labels is None else labels[held_out],
        other_labels=None if labels is None else labels[known],
    )
    return model, {**found, "n_units": len(units), "n_learnt_from": len(known)}


def _begun(
    units: np.ndarray, unit_places: np.ndarray, codes: np.ndarray, places: np.ndarray
) -> Any:
    """Return the network that weighs the units' places, as sharply as suits some other codes."""
    import keras

    nearest = neighbors_of(units, units, 2)[1][:, 1].astype(np.float64)
    typical = float(np.median(nearest)) or 1.0
    center, middle = (
        units.mean(axis=0, dtype=np.float64),
        unit_places.mean(axis=0, dtype=np.float64),
    )
    spread = float(unit_places.std(dtype=np.float64)) or 1.0
    inputs = keras.Input((units.shape[1],))
    # Centred and in units of the distances that count, for float32's sake.
    outputs = keras.layers.Rescaling(1 / typical, offset=(-center / typical).tolist())(inputs)
    outputs = keras.layers.Dense(len(units), "softmax", name="nearness")(outputs)
    outputs = keras.layers.Dense(2, name="places")(outputs)
    outputs = keras.layers.Rescaling(spread, offset=middle.tolist())(outputs)
    model = keras.Model(inputs, outputs, name="head")
    scaled = (units - center) / typical
    model.get_layer("places").set_weights([(unit_places - middle) / spread, np.zeros(2)])
    squares = np.square(scaled).sum(axis=1)
    errors = []
    for sharpness in SHARPNESS:
        # exp(-s‖c - u‖²) = exp(2s c·u - s‖u‖²) · exp(-s‖c‖²), and the last cancels.
        model.get_layer("nearness").set_weights([2 * sharpness * scaled.T, -sharpness * squares])
        errors.append(_error(model, codes, places))
    best = SHARPNESS[int(np.argmin(errors))]
    model.get_layer("nearness").set_weights([2 * best * scaled.T, -best * squares])
    return model


def _error(model: Any, codes: np.ndarray, places: np.ndarray) -> float:
    return float(np.linalg.norm(Network(model)(codes) - places, axis=1).mean())


def _train(
    model: Any, codes: np.ndarray, places: np.ndarray, checked: np.ndarray, expected: np.ndarray
) -> None:
    """Move units and their places to suit more samples; what makes it no better is undone."""
    import keras

    before, begun = _error(model, checked, expected), model.get_weights()
    n_updates = MOST_EPOCHS * -(-len(codes) // BATCH_SIZE)
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, n_updates)
    # Absolute, not squared: what lies across a tear shall not draw its neighbours there.
    model.compile(keras.optimizers.Adam(rate), loss="mae", jit_compile=True)
    stopping = keras.callbacks.EarlyStopping(patience=PATIENCE, restore_best_weights=True)
    model.fit(
        codes,
        places.astype(np.float32),
        validation_data=(checked, expected.astype(np.float32)),
        batch_size=BATCH_SIZE,
        epochs=MOST_EPOCHS,
        callbacks=[stopping],
        verbose=0,
    )
    if not _error(model, checked, expected) < before:
        model.set_weights(begun)
