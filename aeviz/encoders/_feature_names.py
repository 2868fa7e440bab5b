"""Remember which features an encoder was fitted to, where scikit-learn does not: for streams."""

from __future__ import annotations

from collections.abc import Iterator, Sized
from contextlib import contextmanager
from typing import Any

import numpy as np

from aeviz.data.sample_stream import SampleStream

__all__ = ["check_features", "features_of_last_fit", "take_features"]

REMEMBERED = ("n_features_in_", "feature_names_in_")


@contextmanager
def features_of_last_fit(estimator: Any, history: Sized) -> Iterator[None]:
    """Put back the features of the last fit where this one ends without a finished epoch.

    Parameters
    ----------
    estimator : estimator
    history : Sized
        Empty on leaving where nothing was learnt.
    """
    before = {name: getattr(estimator, name) for name in REMEMBERED if hasattr(estimator, name)}
    try:
        yield
    finally:
        if not len(history):
            for name in REMEMBERED:
                if name in before:
                    setattr(estimator, name, before[name])
                elif hasattr(estimator, name):
                    delattr(estimator, name)


def take_features(estimator: Any, stream: SampleStream) -> None:
    """Remember the number and, where there are any, the names of a stream's features."""
    estimator.n_features_in_ = stream.n_features
    if stream.feature_names is not None:
        estimator.feature_names_in_ = np.asarray(stream.feature_names, dtype=object)
    elif hasattr(estimator, "feature_names_in_"):
        del estimator.feature_names_in_


def check_features(estimator: Any, stream: SampleStream) -> None:
    """Check a stream against the features that were fitted.

    Raises
    ------
    ValueError
        If their number differs, or both have names and these or their order differ.
    """
    if stream.n_features != estimator.n_features_in_:
        raise ValueError(
            f"X has {stream.n_features} features, but {type(estimator).__name__} is expecting "
            f"{estimator.n_features_in_} features as input"
        )
    fitted = getattr(estimator, "feature_names_in_", None)
    if fitted is None or stream.feature_names is None:
        return
    for number, (name, expected) in enumerate(zip(stream.feature_names, fitted, strict=True)):
        if name != expected:
            raise ValueError(
                f"feature names must be those of fit, in their order; column {number} of "
                f"{stream.name} is {name!r}, expected {expected!r}"
            )
