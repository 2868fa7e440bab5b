"""Measure a published network and ours in the same way, on the test images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aeviz.encoders.networks.batches import in_batches
from aeviz.encoders.networks.elbo import (
    draw_bounds,
    outputs_of,
    reconstruction_loss,
    summarised,
)
from aeviz.tutorial.chapters.base import Results, Workshop

if TYPE_CHECKING:
    from aeviz.encoders.networks.autoencoder import Autoencoder

__all__ = [
    "cross_entropy",
    "decoded",
    "elbos",
    "encoded",
    "measure_models",
    "model_numbers",
    "noisy",
    "shown_rows",
]

N_SHOWN = 10
N_DRAWS = 10
# The layers of the published variational network that give its mean and s.
POSTERIOR = ("mean", "s")
NOISE = 0.5


def cross_entropy(x: np.ndarray, reconstruction: np.ndarray) -> float:
    """Return the mean binary cross-entropy per pixel, over pixels and images, in nats."""
    losses = reconstruction_loss(x, reconstruction, "bernoulli")
    return float(losses.mean() / x.shape[1])


def encoded(model: Autoencoder, X: np.ndarray) -> np.ndarray:
    """Return a published network's codes; of the variational one the means, without a draw."""
    if "s" in [layer.name for layer in model.encoder.layers]:
        return outputs_of(model.encoder, POSTERIOR, X)[0]
    return in_batches(model.encode, X)


def decoded(model: Autoencoder, codes: np.ndarray) -> np.ndarray:
    """Return a published network's reconstructions from codes."""
    return in_batches(model.decode, codes)


def noisy(X: np.ndarray, *, seed: int) -> np.ndarray:
    """Return images with the tutorial's noise on them: x + 0.5 ε, clipped to [0, 1]."""
    noise = np.random.default_rng(seed).standard_normal(X.shape, dtype=np.float32)
    return np.clip(X + np.float32(NOISE) * noise, 0.0, 1.0)


def shown_rows(y: np.ndarray) -> np.ndarray:
    """Return the rows of ten images to show: the first of each class, then the first others."""
    first = np.unique(y, return_index=True)[1][:N_SHOWN]
    others = np.setdiff1d(np.arange(len(y)), first)
    return np.concatenate([first, others[: N_SHOWN - len(first)]])


def model_numbers(workshop: Workshop, kind: str) -> dict[str, Any]:
    """Return the numbers of a published network and of ours that the page shows.

    Returns
    -------
    dict
        ``published`` and ``ours``, each with ``epochs``, ``n_parameters``, ``code_size``,
        ``seconds``, ``test``, and ``history``: names of curves to their values.
    """
    model, ours = workshop.published(kind), workshop.ours(kind)
    losses = workshop.published_history(kind)
    published = {
        "epochs": len(losses["loss"]),
        "n_parameters": int(model.count_params()),
        "code_size": int(model.encoder.output_shape[1]),
        "seconds": workshop.seconds(f"published {kind}"),
        "train": losses["loss"][-1],
        "test": losses["val_loss"][-1],
        "history": {"training": losses["loss"], "test": losses["val_loss"]},
    }
    # The penalty of a sparse code is not part of the reconstruction loss.
    name = "reconstruction" if kind == "sparse" else "loss"
    unit = 1 if kind == "variational" else workshop.X.shape[1]
    history = {
        curve: [value / unit for value in ours.history_[key]]
        for curve, key in (("training", name), ("held out", f"val_{name}"))
        if ours.history_.get(key)
    }
    return {
        "published": published,
        "ours": {
            "epochs": len(ours.history_["loss"]),
            "n_parameters": int(ours.autoencoder_.count_params()),
            "code_size": int(ours.code_size_),
            "seconds": workshop.seconds(kind),
            "test": _our_test_loss(workshop, kind),
            "history": history,
        },
    }


def measure_models(workshop: Workshop, kind: str) -> Results:
    """Return `model_numbers`, and both networks' reconstructions of ten test images."""
    rows = shown_rows(workshop.y_test)
    X = workshop.X_test[rows]
    model, ours = workshop.published(kind), workshop.ours(kind)
    arrays = {
        "original": X,
        "published": decoded(model, encoded(model, X)),
        "ours": ours.inverse_transform(ours.transform(X)),
        "label": workshop.y_test[rows],
    }
    return Results(model_numbers(workshop, kind), arrays)


def elbos(workshop: Workshop) -> dict[str, dict[str, float]]:
    """Return the negative evidence lower bound of test images for both variational networks.

    The published network draws with the standard deviation exp(s), so its log-variance is 2 s.
    """
    model = workshop.published("variational")
    mean, s = outputs_of(model.encoder, POSTERIOR, workshop.X_test)
    parts = draw_bounds(
        workshop.X_test,
        (mean, 2.0 * s),
        model.decode,
        loss="bernoulli",
        n_draws=N_DRAWS,
        rng=np.random.default_rng(workshop.seed),
    )
    return {"published": summarised(parts), "ours": _our_elbo(workshop)}


def _our_test_loss(workshop: Workshop, kind: str) -> float:
    """Return our loss on the test images, in the unit of the published figure."""
    if kind == "variational":
        return _our_elbo(workshop)["negative_elbo"]
    X, ours = workshop.X_test, workshop.ours(kind)
    seen = noisy(X, seed=workshop.seed) if kind == "denoising" else X
    return cross_entropy(X, ours.inverse_transform(ours.transform(seen)))


def _our_elbo(workshop: Workshop) -> dict[str, float]:
    ours: Any = workshop.ours("variational")
    return ours.elbo(workshop.X_test, n_draws=N_DRAWS, random_state=workshop.seed)
