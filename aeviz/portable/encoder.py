"""Turn a fitted encoder into the plain layers that its decoder has a form in.

`aeviz.portable.network.Portable` says what the layers mean, and
`aeviz.portable.run_numpy` runs them in NumPy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.encoders.identity import IdentityEncoder
from aeviz.encoders.pca import PCAEncoder
from aeviz.portable.run_numpy import NotPortableError

__all__ = ["portable_encoder"]

Layers = tuple[list[dict[str, Any]], list[dict[str, np.ndarray]]]


def portable_encoder(encoder: Any) -> Layers:
    """Return what a fitted encoder's ``transform`` does, as plain layers.

    Parameters
    ----------
    encoder : a fitted encoder of any kind

    Returns
    -------
    layers : list of dict
    weights : list of dict of str to ndarray
        From samples in the units of the data that were fitted to codes.

    Raises
    ------
    NotPortableError
        If it has a step that has no portable form.

    Examples
    --------
    >>> from aeviz.portable.run_numpy import run_layers
    >>> X = np.outer(np.arange(5.0), [1.0, 2.0, 2.0]).astype(np.float32)
    >>> encoder = PCAEncoder(code_size=1).fit(X)
    >>> np.abs(run_layers(*portable_encoder(encoder), X)).round(3).ravel()
    array([6., 3., 0., 3., 6.], dtype=float32)
    """
    if isinstance(encoder, IdentityEncoder):
        return [], []
    if isinstance(encoder, PCAEncoder):
        centred = _affine(shift=-encoder.mean_)
        return [centred[0], {"kind": "dense"}], [centred[1], {"kernel": encoder.components_.T}]
    if not hasattr(encoder, "autoencoder_"):
        raise NotPortableError(f"{type(encoder).__name__} is no encoder of layers")
    from aeviz.portable.from_keras import plain_layers

    layers, weights = plain_layers(_without_draw(encoder.encoder_))
    scaling = encoder.scaling_
    if scaling.mean is None:
        return layers, weights
    # One after the other, as the encoder does, which keeps the digits of a large mean.
    steps = [_affine(shift=-scaling.mean), _affine(scale=1 / scaling.scale)]
    return [*(step for step, _ in steps), *layers], [*(arrays for _, arrays in steps), *weights]


def _without_draw(model: Any) -> Any:
    """Return a model that ends with a variational code's mean, which is its code."""
    import keras

    from aeviz.encoders.networks.layers import GaussianSample

    for layer in model.layers:
        if isinstance(layer, GaussianSample) and layer.output is model.output:
            mean, _ = layer.input
            return keras.Model(model.input, mean)
    return model


def _affine(
    *, scale: np.ndarray | None = None, shift: np.ndarray | None = None
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    scale, shift = (
        np.asarray(default if values is None else values, np.float32)
        for values, default in ((scale, np.ones(1)), (shift, np.zeros(1)))
    )
    size = max(len(scale), len(shift))
    arrays = {"scale": np.broadcast_to(scale, size), "shift": np.broadcast_to(shift, size)}
    return {"kind": "affine"}, arrays
