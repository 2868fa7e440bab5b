"""Run a portable decoder's layers in NumPy: what the page's own program must equal.

It is for checking, such as what half precision costs, and needs no Keras; it is not fast.
`aeviz.portable.network.Portable` says what each layer means.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import special

__all__ = ["ACTIVATIONS", "NotPortableError", "run_layers"]


class NotPortableError(ValueError):
    """Reason why a network has no portable form."""


SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805

# Those of one value; softmax, leaky_relu and elu take an option and stand below.
ACTIVATIONS = {
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "selu": lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(np.minimum(x, 0))),
    "gelu": lambda x: 0.5 * x * (1 + special.erf(x / np.sqrt(2))),
    "silu": lambda x: x * special.expit(x),
    "sigmoid": special.expit,
    "tanh": np.tanh,
    "softplus": lambda x: np.logaddexp(x, 0),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "exponential": np.exp,
}


def run_layers(
    layers: Sequence[Mapping[str, Any]],
    weights: Sequence[Mapping[str, np.ndarray]],
    codes: np.ndarray,
) -> np.ndarray:
    """Return what layers make of codes, shape (n_samples, n_features), float32."""
    values = [codes]
    for layer, stored in zip(layers, weights, strict=True):
        arrays = {role: array.astype(np.float32) for role, array in stored.items()}
        if layer["kind"] == "path":
            values.append(values[-1] + _dense(values[layer["after"]], layer, arrays))
        else:
            values.append(_STEPS[layer["kind"]](values[-1], layer, arrays))
    return np.asarray(values[-1], np.float32)


def _dense(x: np.ndarray, layer: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any:
    return x @ arrays["kernel"] + arrays.get("bias", 0)


def _affine(x: np.ndarray, layer: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any:
    rows = x.reshape(-1, len(arrays["scale"]))
    return (rows * arrays["scale"] + arrays["shift"]).reshape(len(x), -1)


def _activation(x: np.ndarray, layer: Mapping[str, Any], arrays: Mapping[str, Any]) -> Any:
    name = layer["name"]
    if name == "softmax":
        return special.softmax(x.reshape(-1, layer["width"]), axis=1).reshape(x.shape)
    if name == "leaky_relu":
        return np.where(x > 0, x, layer["slope"] * x)
    if name == "elu":
        return np.where(x > 0, x, layer["slope"] * np.expm1(np.minimum(x, 0)))
    return ACTIVATIONS[name](x)


def _conv(x: np.ndarray, layer: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any:
    kernel, (height, width, n_out) = arrays["kernel"], layer["outputs"]
    images = x.reshape(-1, *layer["inputs"])
    result = np.zeros((len(x), height, width, n_out), np.float32)
    columns_of = [_met(layer, 1, entry) for entry in range(kernel.shape[1])]
    for row_entry in range(kernel.shape[0]):
        rows, rows_met = _met(layer, 0, row_entry)
        for column_entry, (columns, columns_met) in enumerate(columns_of):
            part = images[:, rows_met][:, :, columns_met]
            result[:, rows[:, None], columns] += part @ kernel[row_entry, column_entry]
    return (result + arrays.get("bias", 0)).reshape(len(x), -1)


def _met(layer: Mapping[str, Any], axis: int, entry: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the outputs along an axis that an entry of the kernel adds to, and their inputs."""
    y = np.arange(layer["outputs"][axis])
    stride, pad = layer["stride"][axis], layer["pad"][axis]
    if layer["transposed"]:
        met, left = np.divmod(y + pad - entry, stride)
    else:
        met = (y * stride + entry * layer["dilation"][axis] - pad) // layer["up"][axis]
        left = np.zeros_like(met)
    is_met = (left == 0) & (met >= 0) & (met < layer["inputs"][axis])
    return y[is_met], met[is_met]


def _resize(x: np.ndarray, layer: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any:
    images = x.reshape(-1, *layer["inputs"])
    for axis, factor in enumerate(layer["up"], start=1):
        n = images.shape[axis]
        # Pixels are areas: the centre of output y lies at (y + 1/2) / factor - 1/2.
        positions = np.clip((np.arange(n * factor) + 0.5) / factor - 0.5, 0, n - 1)
        before = np.minimum(positions.astype(int), n - 1)
        share = (positions - before).astype(np.float32)
        share = share.reshape(-1, *[1] * (images.ndim - axis - 1))
        after = np.minimum(before + 1, n - 1)
        images = images.take(before, axis) * (1 - share) + images.take(after, axis) * share
    return images.reshape(len(x), -1)


def _crop(x: np.ndarray, layer: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Any:
    images = x.reshape(-1, *layer["inputs"])
    result = np.zeros((len(x), *layer["outputs"]), np.float32)
    # As a convolution of one pixel meets its inputs.
    once = dict.fromkeys(("stride", "dilation", "up"), (1, 1))
    met = {**layer, **once, "pad": [-start for start in layer["offset"]], "transposed": False}
    (rows, rows_met), (columns, columns_met) = (_met(met, axis, 0) for axis in (0, 1))
    result[:, rows[:, None], columns] = images[:, rows_met[:, None], columns_met]
    return result.reshape(len(x), -1)


_STEPS = {
    "dense": _dense,
    "conv": _conv,
    "resize": _resize,
    "crop": _crop,
    "affine": _affine,
    "activation": _activation,
}
