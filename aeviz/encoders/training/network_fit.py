"""Train the network of an encoder: split off validation samples, keep the best epoch."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.model_selection import train_test_split

from aeviz.encoders.networks.default_sizes import NetworkPlan
from aeviz.encoders.training.samples import Samples

if TYPE_CHECKING:
    from aeviz.encoders._base_autoencoder import BaseAutoencoder
    from aeviz.encoders.networks.autoencoder import Autoencoder
    from aeviz.encoders.training.coordinates import Scaling

__all__ = ["best_epoch", "fit_network"]

MAX_VALIDATION = 5000


def fit_network(
    estimator: BaseAutoencoder,
    model: Autoencoder,
    samples: Samples,
    scaling: Scaling,
    weights: np.ndarray | None,
    *,
    plan: NetworkPlan,
    history: dict[str, list[float]],
) -> None:
    """Train a model until it holds the best epoch's weights.

    Few samples are all trained on: the validation samples choose the number of epochs, and the
    model is then trained once more from the start, on every sample, for so many epochs.

    The history is filled epoch by epoch, so that an interruption leaves what was learnt until
    then.

    Raises
    ------
    FloatingPointError
        If the loss of the first epoch, or of one of the warm-up, is not finite.
    """
    from aeviz.encoders.training.callbacks import BestEpoch, KLWarmup
    from aeviz.encoders.training.engine import train

    rows, validation = _validation_split(estimator, samples, weights, plan.seed)
    every_row = rows if validation is None else np.sort(np.concatenate([rows, validation]))
    refits = validation is not None and len(every_row) <= estimator.max_refitted
    n_updates = math.ceil(len(every_row if refits else rows) / plan.batch_size) * plan.epochs
    _compile(estimator, model, plan, n_updates)
    first = model.get_weights()
    # Of many samples, those for validation shall not be missing at the start.
    estimator._set_start(model, samples, rows if refits else every_row, scaling)
    held_out = None if validation is None else samples.take(validation, scaling)
    start = None
    if estimator.starts_fitted:
        start = samples.take(rows[: len(rows) if held_out is None else len(held_out)], scaling)
    stopping = BestEpoch(
        estimator.judged_by if held_out is None else f"val_{estimator.judged_by}",
        patience=estimator.patience,
        restore_best_weights=True,
        start_from_epoch=_first_compared(plan),
        mode="min",
    )
    warmup = [KLWarmup(plan.warmup_epochs)] if plan.warmup_epochs else []
    train(
        model,
        samples.feed(rows, scaling, weights, plan.batch_size),
        validation=held_out,
        epochs=plan.epochs,
        batch_size=plan.batch_size,
        seed=plan.seed,
        start=start,
        callbacks=[stopping, *warmup, *(estimator.callbacks or ())],
        history=history,
    )
    if refits:
        model.set_weights(first)
        estimator._set_start(model, samples, every_row, scaling)
        _compile(estimator, model, plan, n_updates)
        train(
            model,
            samples.feed(every_row, scaling, weights, plan.batch_size),
            epochs=best_epoch(history, plan, judged_by=estimator.judged_by),
            batch_size=plan.batch_size,
            seed=plan.seed,
        )
    if not all(np.isfinite(weights).all() for weights in model.get_weights()):
        # In the warm-up there are no best weights yet to go back to.
        n_epochs = len(history["loss"])
        history.clear()
        raise FloatingPointError(f"the loss after epoch {n_epochs} is not finite")


def _compile(
    estimator: BaseAutoencoder, model: Autoencoder, plan: NetworkPlan, n_updates: int
) -> None:
    """Give the model its loss and an optimizer that has made no update yet."""
    import keras

    from aeviz.encoders.networks.autoencoder import LOSSES
    from aeviz.encoders.networks.compiled import MIN_UPDATES_FOR_XLA

    optimizer = keras.optimizers.Adam(_rate(estimator, max(n_updates, 1)))
    optimizer.build(model.trainable_variables)
    if model.compiled:
        # It was trained before, and keeps its compiled functions.
        for variable, new in zip(model.optimizer.variables, optimizer.variables, strict=True):
            variable.assign(new)
        return
    loss = LOSSES[plan.loss]
    # Where a layer adds to the loss, the reconstruction is followed apart from it.
    metrics = [keras.metrics.MeanMetricWrapper(loss, name="reconstruction")]
    is_long = n_updates >= MIN_UPDATES_FOR_XLA
    model.compile(
        optimizer=optimizer,
        loss=loss,
        metrics=metrics if estimator.adds_to_loss else None,
        # Keras's "auto" is no XLA on a CPU.
        jit_compile=is_long if keras.backend.backend() == "tensorflow" else "auto",
    )


def best_epoch(history: dict[str, list[float]], plan: NetworkPlan, *, judged_by: str) -> int:
    """Return the index in the history of the epoch whose weights were kept."""
    losses = history.get(f"val_{judged_by}", history[judged_by])
    first = _first_compared(plan)
    if len(losses) <= first:
        return len(losses) - 1
    return first + int(np.argmin(losses[first:]))


def _first_compared(plan: NetworkPlan) -> int:
    """Return the first epoch whose loss is comparable with the last one's."""
    return max(0, min(plan.warmup_epochs, plan.epochs - 1))


def _validation_split(
    estimator: BaseAutoencoder, samples: Samples, weights: np.ndarray | None, seed: int
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the rows to train on and those of validation samples, if any."""
    rows = np.arange(samples.n_samples) if weights is None else np.flatnonzero(weights)
    n_samples = len(rows)
    # Validation samples stay in memory, so wide ones are fewer.
    most = max(1, estimator.memory_budget // 4 // (4 * samples.n_features))
    n_validation = min(round(estimator.validation_fraction * n_samples), MAX_VALIDATION, most)
    if n_validation == 0 or n_samples - n_validation < 2:
        return rows, None
    rows, validation = train_test_split(rows, test_size=n_validation, random_state=seed)
    return np.sort(rows), np.sort(validation)


def _rate(estimator: BaseAutoencoder, n_updates: int) -> Any:
    """Return the schedule of the learning rate, a constant where a callback sets it."""
    import keras

    setters = (keras.callbacks.LearningRateScheduler, keras.callbacks.ReduceLROnPlateau)
    if any(isinstance(callback, setters) for callback in estimator.callbacks or ()):
        return estimator.learning_rate
    return keras.optimizers.schedules.CosineDecay(estimator.learning_rate, n_updates)
