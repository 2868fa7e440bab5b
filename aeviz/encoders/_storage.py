"""Write fitted encoders to a folder and read them back, running no code from files.

Networks are ``.keras`` files read in Keras's safe mode, arrays are ``.npz`` read
without pickle, everything else is JSON.
"""

import json
import zipfile
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from aeviz.core.atomic_files import atomic_file, read_json, write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.schema import check_schema
from aeviz.data.feature_scaling import FeatureScaling

__all__ = ["load_autoencoder", "read_arrays", "read_params", "write_arrays", "write_params"]

SCHEMA = 1
T = TypeVar("T")


def load_autoencoder(cls: type[T], folder: Path) -> T:
    """Return the network-based encoder of a folder.

    Raises
    ------
    AevizError
        If a file is missing, damaged, of another kind or of another schema, or the model
        holds anything that would run code.
    """
    estimator, fitted = read_params(cls, folder)
    # The classes of the model must be registered before Keras looks them up.
    from aeviz.encoders.networks import (  # noqa: F401
        architecture,
        corruption,
        random_shift,
        residual,
    )
    from aeviz.encoders.networks.compiled import load_network

    model = load_network(folder / "model.keras")
    scaling = FeatureScaling.from_json(fitted.pop("scaling_"))
    history = read_json(folder / "history.json")
    vars(estimator).update(fitted, autoencoder_=model, scaling_=scaling, history_=history)
    return estimator


def write_arrays(folder: Path, arrays: dict[str, Any]) -> None:
    """Write the arrays of an encoder that is no network to ``components.npz``."""
    with atomic_file(folder / "components.npz") as partial:
        np.savez(partial, **arrays)


def read_arrays(folder: Path) -> dict[str, np.ndarray]:
    """Return the arrays of ``components.npz``; a missing or damaged file is an AevizError."""
    path = folder / "components.npz"
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (ValueError, OSError, zipfile.BadZipFile) as error:
        raise AevizError(f"{path} is not an array file that aeviz saved: {error}") from error


def write_params(estimator: Any, folder: Path, fitted: dict[str, Any]) -> None:
    """Write the constructor's parameters and the learnt values of an estimator as JSON."""
    params = {k: value for k, value in estimator.get_params(deep=False).items() if k != "callbacks"}
    seed = params["random_state"]
    if not (seed is None or isinstance(seed, int | np.integer)):
        # A RandomState has no JSON form, and the network it seeded is saved.
        params["random_state"] = None
    fitted = {"n_features_in_": estimator.n_features_in_, **fitted}
    if hasattr(estimator, "feature_names_in_"):
        fitted["feature_names_in_"] = [str(name) for name in estimator.feature_names_in_]
    about = {"architecture": estimator.architecture_text(), "loss": estimator.loss_text()}
    named = {"schema": SCHEMA, "class": type(estimator).__name__, "about": about}
    content = {**named, "params": params}
    content = json.loads(json.dumps({**content, "fitted": fitted}, default=_plain))
    write_json(folder / "params.json", content)


def read_params(cls: type[T], folder: Path) -> tuple[T, dict[str, Any]]:
    """Return an unfitted estimator of the saved parameters, and the saved learnt values.

    A folder without an encoder, or with one of another class or schema, is an AevizError.
    """
    path = folder / "params.json"
    try:
        content = read_json(path)
    except FileNotFoundError as error:
        raise AevizError(f"{folder} holds no encoder: it has no params.json") from error
    except ValueError as error:
        raise AevizError(f"{path} is not valid JSON: {error}") from error
    check_schema(content, path, reads=SCHEMA, remake="fit it again")
    found = content.get("class")
    if found != cls.__name__:
        raise AevizError(f"{folder} holds a {found}; expected a {cls.__name__}")
    fitted = dict(content["fitted"])
    if "feature_names_in_" in fitted:
        fitted["feature_names_in_"] = np.asarray(fitted["feature_names_in_"], dtype=object)
    params = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in content["params"].items()
    }
    try:
        estimator = cls(**params)
    except TypeError as error:
        raise AevizError(
            f"{path} has parameters that this version does not know: {error}; update with "
            "`pip install --upgrade aeviz`, or fit it again"
        ) from error
    return estimator, fitted


def _plain(value: Any) -> Any:
    """Turn NumPy scalars into Python's for JSON."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} has no JSON form")
