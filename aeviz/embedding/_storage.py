"""Write fitted embeddings to a folder and read them back, running no code from files.

A neighbour embedding needs the samples that were fitted to place new ones. They are not
written again: what holds them (a run keeps every code) gives them back on loading.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.atomic_files import atomic_file, read_json, write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import EMBEDDINGS
from aeviz.core.schema import check_schema
from aeviz.data.feature_scaling import FeatureScaling

__all__ = ["load_embedding", "save_embedding"]

SCHEMA = 1
POINTS = "embedding_"
NETWORKS = ("encoder_", "decoder_")


def save_embedding(model: Any, name: str, folder: Path) -> None:
    """Write a fitted embedding into a folder, which is made if missing.

    Parameters
    ----------
    model : fitted embedding
    name : str
        Of the member.
    folder : Path
        Receives ``points.npy``, ``embedding.json``, ``arrays.npz`` and, of a parametric member,
        ``encoder.keras`` and perhaps ``decoder.keras``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for key, value in vars(model).items():
        if key == POINTS or not key.endswith("_") or key.startswith("_"):
            continue
        if isinstance(value, np.ndarray):
            arrays[key] = value
        elif isinstance(value, FeatureScaling):
            values[key] = value.to_json()
        elif key in NETWORKS:
            if value is not None:
                with atomic_file(folder / f"{key[:-1]}.keras") as partial:
                    value.model.save(partial)
        elif isinstance(value, (int, float, tuple, np.generic)):
            values[key] = value
    params = {key: value for key, value in model.get_params().items() if key != "callback"}
    seed = params.get("random_state")
    if not (seed is None or isinstance(seed, (int, np.integer))):
        # A RandomState has no JSON form, and what it was for is done.
        params["random_state"] = None
    content = {"schema": SCHEMA, "name": name, "params": params, "fitted": values}
    np.save(folder / "points.npy", getattr(model, POINTS))
    np.savez(folder / "arrays.npz", **arrays)
    plain = json.dumps(content, default=lambda value: value.item())
    write_json(folder / "embedding.json", json.loads(plain))


def load_embedding(folder: Path, X: np.ndarray | None) -> Any:
    """Return the embedding of a folder that `save_embedding` wrote.

    Parameters
    ----------
    folder : Path
    X : ndarray of shape (n_samples, n_features) or None
        The samples that it was fitted to; members without neighbours need none.

    Raises
    ------
    AevizError
        If the folder holds no embedding, a damaged one or one of another schema, or a model
        that would run code.
    """
    try:
        content = read_json(folder / "embedding.json")
        path = folder / "embedding.json"
        check_schema(content, path, reads=SCHEMA, remake="fit it again")
        points = np.load(folder / "points.npy", allow_pickle=False)
        with np.load(folder / "arrays.npz", allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        params = {key: _tuple(value) for key, value in content["params"].items()}
        model = EMBEDDINGS.get(content["name"])(**params)
        fitted = {key: _tuple(value) for key, value in content["fitted"].items()}
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        if isinstance(error, AevizError):
            raise
        raise AevizError(f"{folder} holds no embedding that aeviz saved: {error}") from error
    if "scaling_" in fitted:
        fitted["scaling_"] = FeatureScaling.from_json(content["fitted"]["scaling_"])
    for key, value in {**fitted, **arrays, POINTS: points, **_networks(folder, fitted)}.items():
        setattr(model, key, value)
    model._n_features_out = points.shape[1]
    if X is not None:
        model._fit_X = np.asarray(X)
    return model


def _networks(folder: Path, fitted: dict[str, Any]) -> dict[str, Any]:
    """Return the trained networks of a parametric member."""
    if "scaling_" not in fitted:
        return {}
    import keras

    from aeviz.embedding._parametric_networks import Network

    found: dict[str, Any] = {}
    for key in NETWORKS:
        path = folder / f"{key[:-1]}.keras"
        if not path.is_file():
            found[key] = None
            continue
        try:
            model = keras.saving.load_model(path, compile=False, safe_mode=True)
        except (ValueError, TypeError, KeyError, OSError, zipfile.BadZipFile) as error:
            reason = str(error).strip().split("\n")[0]
            raise AevizError(f"{path} is not a model that aeviz saved: {reason}") from error
        found[key] = Network(model)
    return found


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
