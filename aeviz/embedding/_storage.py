"""Write fitted embeddings to a folder and read them back, running no code from files.

A neighbour embedding needs the fitted samples to transform new ones. They are not written
again: a run keeps every code, and gives it back on loading.
"""

import json
import zipfile
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from aeviz.core.atomic_files import read_json, write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.schema import check_schema
from aeviz.data.feature_scaling import FeatureScaling

__all__ = ["read_fitted", "write_fitted"]

T = TypeVar("T")
SCHEMA = 1
POINTS = "embedding_"
_VALUES = (int, float, tuple, np.generic, FeatureScaling)


def write_fitted(model: Any, folder: Path) -> None:
    """Write the parameters and the fitted attributes of an embedding.

    The folder, which is made if missing, receives ``points.npy``, ``embedding.json`` and
    ``arrays.npz``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    learnt = {key: value for key, value in vars(model).items() if key.endswith("_")}
    fitted = {k: v for k, v in learnt.items() if not k.startswith("_") and k != POINTS}
    params = {key: value for key, value in model.get_params().items() if key != "callback"}
    seed = params.get("random_state")
    if not (seed is None or isinstance(seed, int | np.integer)):
        # A RandomState has no JSON form, and is not needed after the fit.
        params["random_state"] = None
    content = {
        "schema": SCHEMA,
        "name": _name(type(model)),
        "params": params,
        "fitted": {key: value for key, value in fitted.items() if isinstance(value, _VALUES)},
    }
    arrays: Any = {key: value for key, value in fitted.items() if isinstance(value, np.ndarray)}
    np.save(folder / "points.npy", getattr(model, POINTS))
    np.savez(folder / "arrays.npz", **arrays)
    write_json(folder / "embedding.json", json.loads(json.dumps(content, default=_plain)))


def read_fitted(folder: Path, cls: type[T]) -> T:
    """Return the embedding of a class that `write_fitted` wrote.

    Raises
    ------
    AevizError
        If the folder holds no embedding of this class, or a damaged one or one of another
        schema.
    """
    path = folder / "embedding.json"
    try:
        content = read_json(path)
        check_schema(content, path, reads=SCHEMA, remake="fit it again")
        points = np.load(folder / "points.npy", allow_pickle=False)
        with np.load(folder / "arrays.npz", allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        params = {key: _tuple(value) for key, value in content["params"].items()}
        fitted = {key: _tuple(value) for key, value in content["fitted"].items()}
        if content["name"] != _name(cls):
            raise ValueError(f"it is of the kind {content['name']!r}")
        model = cls(**params)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        if isinstance(error, AevizError):
            raise
        raise AevizError(f"{folder} holds no embedding that aeviz saved: {error}") from error
    vars(model).update({**fitted, **arrays, POINTS: points})
    return model


def _name(cls: type) -> str:
    return cls.__module__.rpartition(".")[2]


def _plain(value: Any) -> Any:
    return value.to_json() if isinstance(value, FeatureScaling) else value.item()


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
