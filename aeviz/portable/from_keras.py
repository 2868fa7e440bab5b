"""Walk a functional Keras encoder or decoder and write each of its layers as plain steps.

`aeviz.portable.network.Portable` says what the steps mean. What a layer does in training
only is no step; a layer that is not known here makes the whole model not portable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
from keras import layers

from aeviz.encoders.networks.layers import ActivityPenalty, BatchStandardisation
from aeviz.encoders.networks.patch_conv import PatchConv2D
from aeviz.portable.run_numpy import ACTIVATIONS, NotPortableError

__all__ = ["plain_layers"]

Step = tuple[dict[str, Any], dict[str, np.ndarray]]

NOTHING = (
    layers.Reshape,
    layers.Flatten,
    layers.Dropout,
    layers.SpatialDropout2D,
    layers.GaussianDropout,
    layers.GaussianNoise,
    layers.ActivityRegularization,
    layers.Identity,
    ActivityPenalty,
)


def plain_layers(model: Any) -> tuple[list[dict[str, Any]], list[dict[str, np.ndarray]]]:
    """Return the steps of a functional model, and the weights of each.

    Parameters
    ----------
    model : keras.Model
        A chain of layers, from codes to samples or from samples to codes.

    Raises
    ------
    NotPortableError
        If the model branches, or holds a layer or an option that has no plain form.
    """
    steps: list[Step] = []
    last = model.input
    for layer in model.layers:
        if isinstance(layer, layers.InputLayer):
            continue
        if layer.input is not last:
            raise _unknown(layer, "does not stand in a plain chain of layers")
        last = layer.output
        steps += _steps(layer)
    if last is not model.output:
        raise _unknown(model.layers[-1], "is applied more than once")
    return [step for step, _ in steps], [arrays for _, arrays in steps]


def _steps(layer: Any) -> Iterator[Step]:
    if isinstance(layer, NOTHING):
        if getattr(layer, "data_format", None) == "channels_first":
            raise _unknown(layer, "has channels first")
        return
    for kind, writer in _WRITERS.items():
        if type(layer) is kind:
            yield from writer(layer)
            return
    raise _unknown(layer, "has no plain form")


def _dense(layer: Any) -> Iterator[Step]:
    if len(layer.input.shape) != 2:
        raise _unknown(layer, "is applied along one axis of several")
    yield {"kind": "dense"}, _arrays(layer)
    yield from _activation(layer, layer.activation)


def _patch_conv(layer: Any) -> Iterator[Step]:
    if layer.pool_size != 1:
        raise _unknown(layer, "pools")
    yield _conv_step(layer, up=(layer.up_size,) * 2, stride=(layer.strides,) * 2), _arrays(layer)
    yield from _activation(layer, layer.activate)


def _conv(layer: Any) -> Iterator[Step]:
    _check_plain(layer)
    yield (
        _conv_step(layer, stride=layer.strides, dilation=layer.dilation_rate),
        _arrays(layer),
    )
    yield from _activation(layer, layer.activation)


def _conv_transpose(layer: Any) -> Iterator[Step]:
    _check_plain(layer)
    if layer.output_padding is not None or tuple(layer.dilation_rate) != (1, 1):
        raise _unknown(layer, "has an output padding or a dilation")
    arrays = _arrays(layer)
    # Keras keeps this kernel as (height, width, out, in).
    arrays["kernel"] = np.ascontiguousarray(arrays["kernel"].transpose(0, 1, 3, 2))
    yield _conv_step(layer, stride=layer.strides, transposed=True), arrays
    yield from _activation(layer, layer.activation)


def _conv_step(
    layer: Any,
    *,
    stride: Any,
    up: Any = (1, 1),
    dilation: Any = (1, 1),
    transposed: bool = False,
) -> dict[str, Any]:
    inputs, outputs = _shape(layer.input), _shape(layer.output)
    pad = [0, 0]
    if layer.padding == "same":
        for axis in (0, 1):
            # A transposed convolution undoes one from its outputs to its inputs.
            long, short = inputs[axis] * up[axis], outputs[axis]
            if transposed:
                long, short = outputs[axis], inputs[axis]
            size = (layer.kernel.shape[axis] - 1) * dilation[axis] + 1
            pad[axis] = max((short - 1) * stride[axis] + size - long, 0) // 2
    return {
        "kind": "conv",
        "inputs": inputs,
        "outputs": outputs,
        "up": list(up),
        "stride": list(stride),
        "dilation": list(dilation),
        "pad": pad,
        "transposed": transposed,
    }


def _up_sampling(layer: Any) -> Iterator[Step]:
    if layer.data_format != "channels_last":
        raise _unknown(layer, "has channels first")
    inputs = _shape(layer.input)
    if layer.interpolation == "bilinear":
        yield {"kind": "resize", "inputs": inputs, "up": list(layer.size)}, {}
        return
    if layer.interpolation != "nearest":
        raise _unknown(layer, f"interpolates by {layer.interpolation}")
    # Nearest is a convolution of one pixel, which leaves each channel as it is.
    step = {
        "kind": "conv",
        "inputs": inputs,
        "outputs": _shape(layer.output),
        "up": list(layer.size),
        "stride": [1, 1],
        "dilation": [1, 1],
        "pad": [0, 0],
        "transposed": False,
    }
    yield step, {"kernel": np.eye(inputs[2], dtype=np.float32)[None, None]}


def _cropping(layer: Any) -> Iterator[Step]:
    yield from _crop(layer, [layer.cropping[0][0], layer.cropping[1][0]])


def _zero_padding(layer: Any) -> Iterator[Step]:
    yield from _crop(layer, [-layer.padding[0][0], -layer.padding[1][0]])


def _crop(layer: Any, offset: list[int]) -> Iterator[Step]:
    if layer.data_format != "channels_last":
        raise _unknown(layer, "has channels first")
    inputs, outputs = _shape(layer.input), _shape(layer.output)
    yield {"kind": "crop", "inputs": inputs, "outputs": outputs, "offset": offset}, {}


def _batch_norm(layer: Any) -> Iterator[Step]:
    if layer.axis not in (-1, len(layer.input.shape) - 1):
        raise _unknown(layer, "does not work on the last axis")
    scale = 1.0 / np.sqrt(_numpy(layer.moving_variance) + layer.epsilon)
    if layer.scale:
        scale = scale * _numpy(layer.gamma)
    shift = -_numpy(layer.moving_mean) * scale
    if layer.center:
        shift = shift + _numpy(layer.beta)
    yield {"kind": "affine"}, _float32(scale=scale, shift=shift)


def _batch_standardisation(layer: Any) -> Iterator[Step]:
    scale = 1.0 / np.sqrt(_numpy(layer.variance) + keras.config.epsilon())
    shift = _numpy(layer.shift) - _numpy(layer.mean) * scale
    yield {"kind": "affine"}, _float32(scale=scale, shift=shift)


def _rescaling(layer: Any) -> Iterator[Step]:
    yield {"kind": "affine"}, _float32(scale=[layer.scale], shift=[layer.offset])


def _activation_layer(layer: Any) -> Iterator[Step]:
    yield from _activation(layer, layer.activation)


def _relu_layer(layer: Any) -> Iterator[Step]:
    if layer.max_value is not None or layer.threshold:
        raise _unknown(layer, "has a largest value or a threshold")
    yield _sloped("leaky_relu", float(layer.negative_slope))


def _leaky_relu_layer(layer: Any) -> Iterator[Step]:
    yield _sloped("leaky_relu", float(layer.negative_slope))


def _elu_layer(layer: Any) -> Iterator[Step]:
    yield _sloped("elu", float(layer.alpha))


def _softmax_layer(layer: Any) -> Iterator[Step]:
    if layer.axis not in (-1, len(layer.input.shape) - 1):
        raise _unknown(layer, "does not work on the last axis")
    yield _softmax(layer)


def _activation(layer: Any, function: Callable[[Any], Any]) -> Iterator[Step]:
    """Write one of Keras's activation functions."""
    name = getattr(function, "__name__", "")
    if name == "linear":
        return
    if name in (*ACTIVATIONS, "elu", "leaky_relu", "softmax"):
        # Another function may bear the name of one of Keras's.
        if function is not keras.activations.get(name):
            raise _unknown(layer, f"has an activation of its own, {name}")
        if name == "softmax":
            yield _softmax(layer)
        elif name in ("elu", "leaky_relu"):
            yield _sloped(name, 1.0 if name == "elu" else 0.2)
        else:
            yield {"kind": "activation", "name": name}, {}
        return
    raise _unknown(layer, f"has the activation {name or function}")


def _sloped(name: str, slope: float) -> Step:
    return {"kind": "activation", "name": name, "slope": slope}, {}


def _softmax(layer: Any) -> Step:
    return {"kind": "activation", "name": "softmax", "width": int(layer.output.shape[-1])}, {}


def _check_plain(layer: Any) -> None:
    if layer.data_format != "channels_last":
        raise _unknown(layer, "has channels first")
    if getattr(layer, "groups", 1) != 1:
        raise _unknown(layer, "works on groups of channels")
    if layer.padding not in ("same", "valid"):
        raise _unknown(layer, f"has the padding {layer.padding}")


def _arrays(layer: Any) -> dict[str, np.ndarray]:
    arrays = {"kernel": _numpy(layer.kernel)}
    if getattr(layer, "bias", None) is not None:
        arrays["bias"] = _numpy(layer.bias)
    return _float32(**arrays)


def _float32(**arrays: Any) -> dict[str, np.ndarray]:
    return {role: np.asarray(array, np.float32) for role, array in arrays.items()}


def _numpy(variable: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(variable))


def _shape(tensor: Any) -> list[int]:
    return [int(size) for size in tensor.shape[1:]]


def _unknown(layer: Any, why: str) -> NotPortableError:
    return NotPortableError(f"its layer {layer.name} ({type(layer).__name__}) {why}")


_WRITERS: dict[type, Callable[[Any], Iterator[Step]]] = {
    layers.Dense: _dense,
    layers.Conv2D: _conv,
    layers.Conv2DTranspose: _conv_transpose,
    layers.UpSampling2D: _up_sampling,
    layers.Cropping2D: _cropping,
    layers.ZeroPadding2D: _zero_padding,
    layers.BatchNormalization: _batch_norm,
    layers.Rescaling: _rescaling,
    layers.Activation: _activation_layer,
    layers.ReLU: _relu_layer,
    layers.LeakyReLU: _leaky_relu_layer,
    layers.ELU: _elu_layer,
    layers.Softmax: _softmax_layer,
    BatchStandardisation: _batch_standardisation,
    PatchConv2D: _patch_conv,
}
