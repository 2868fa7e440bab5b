"""Walk a functional Keras encoder or decoder and write each of its layers as plain steps.

`aeviz.portable.network.Portable` says what the steps mean. What a layer does in training
only is no step; a layer that is not known here makes the whole model not portable.
"""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import layers

from aeviz.encoders.networks.layers import ActivityPenalty, BatchStandardisation
from aeviz.encoders.networks.patch_conv import PatchConv2D
from aeviz.encoders.networks.residual import LinearPath
from aeviz.portable.run_numpy import ACTIVATIONS, NotPortableError

__all__ = ["plain_layers"]

Step = tuple[dict[str, Any], dict[str, np.ndarray]]

# What is no step: it gives its inputs another shape, or does something in training only.
SHAPES = (layers.Reshape, layers.Flatten, layers.Identity)
NOISE = (layers.Dropout, layers.SpatialDropout2D, layers.GaussianDropout, layers.GaussianNoise)
PENALTIES = (layers.ActivityRegularization, ActivityPenalty)


def plain_layers(model: Any) -> tuple[list[dict[str, Any]], list[dict[str, np.ndarray]]]:
    """Return the steps of a functional `keras.Model`, a chain of layers, and the weights of each.

    A `LinearPath` may lead past some of the chain.

    Raises
    ------
    NotPortableError
        If the model branches otherwise, or holds a layer or an option that has no plain form.
    """
    steps: list[Step] = []
    last = model.input
    # After how many steps each value of the chain is there.
    n_steps = {id(last): 0}
    for layer in model.layers:
        if isinstance(layer, layers.InputLayer):
            continue
        first, chained = layer.input if isinstance(layer, LinearPath) else (last, layer.input)
        if chained is not last or id(first) not in n_steps:
            raise _unknown(layer, "does not stand in a plain chain of layers")
        last = layer.output
        if isinstance(layer, LinearPath):
            steps.append(({"kind": "path", "after": n_steps[id(first)]}, _arrays(layer)))
        else:
            steps += _steps(layer)
        n_steps[id(last)] = len(steps)
    if last is not model.output:
        raise _unknown(model.layers[-1], "is applied more than once")
    return [step for step, _ in steps], [arrays for _, arrays in steps]


def _steps(layer: Any) -> list[Step]:
    if getattr(layer, "data_format", None) == "channels_first":
        raise _unknown(layer, "has channels first")
    if isinstance(layer, (*SHAPES, *NOISE, *PENALTIES)):
        return []
    if type(layer) not in _WRITERS:
        raise _unknown(layer, "has no plain form")
    steps = _WRITERS[type(layer)](layer)
    # `PatchConv2D.activation` is a name.
    function = getattr(layer, "activate", getattr(layer, "activation", None))
    return steps if function is None else [*steps, *_activation(layer, function)]


def _dense(layer: Any) -> list[Step]:
    if len(layer.input.shape) != 2:
        raise _unknown(layer, "is applied along one axis of several")
    return [({"kind": "dense"}, _arrays(layer))]


def _patch_conv(layer: Any) -> list[Step]:
    if layer.pool_size != 1:
        raise _unknown(layer, "pools")
    step = _conv_step(layer, up=(layer.up_size,) * 2, stride=(layer.strides,) * 2)
    return [(step, _arrays(layer))]


def _conv(layer: Any) -> list[Step]:
    _check_plain(layer)
    step = _conv_step(layer, stride=layer.strides, dilation=layer.dilation_rate)
    return [(step, _arrays(layer))]


def _conv_transpose(layer: Any) -> list[Step]:
    _check_plain(layer)
    if layer.output_padding is not None or tuple(layer.dilation_rate) != (1, 1):
        raise _unknown(layer, "has an output padding or a dilation")
    arrays = _arrays(layer)
    # Keras keeps this kernel as (height, width, out, in).
    arrays["kernel"] = np.ascontiguousarray(arrays["kernel"].transpose(0, 1, 3, 2))
    return [(_conv_step(layer, stride=layer.strides, transposed=True), arrays)]


def _conv_step(
    layer: Any,
    *,
    stride: Any = (1, 1),
    up: Any = (1, 1),
    dilation: Any = (1, 1),
    transposed: bool = False,
) -> dict[str, Any]:
    inputs, outputs = _shape(layer.input), _shape(layer.output)
    pad = [0, 0]
    if getattr(layer, "padding", None) == "same":
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


def _up_sampling(layer: Any) -> list[Step]:
    inputs = _shape(layer.input)
    if layer.interpolation == "bilinear":
        return [({"kind": "resize", "inputs": inputs, "up": list(layer.size)}, {})]
    if layer.interpolation != "nearest":
        raise _unknown(layer, f"interpolates by {layer.interpolation}")
    # Nearest is a convolution of one pixel, which leaves each channel as it is.
    kernel = np.eye(inputs[2], dtype=np.float32)[None, None]
    return [(_conv_step(layer, up=layer.size), {"kernel": kernel})]


def _crop(layer: Any, cut: Any, sign: int = 1) -> list[Step]:
    """Write what cuts off so much of each side, or adds it for the sign -1."""
    offset = [sign * cut[0][0], sign * cut[1][0]]
    inputs, outputs = _shape(layer.input), _shape(layer.output)
    return [({"kind": "crop", "inputs": inputs, "outputs": outputs, "offset": offset}, {})]


def _batch_norm(layer: Any) -> list[Step]:
    _check_last_axis(layer)
    scale = 1.0 / np.sqrt(_numpy(layer.moving_variance) + layer.epsilon)
    if layer.scale:
        scale = scale * _numpy(layer.gamma)
    shift = -_numpy(layer.moving_mean) * scale
    return _affine(scale, shift + _numpy(layer.beta) if layer.center else shift)


def _batch_standardisation(layer: Any) -> list[Step]:
    scale = 1.0 / np.sqrt(_numpy(layer.variance) + keras.config.epsilon())
    return _affine(scale, _numpy(layer.shift) - _numpy(layer.mean) * scale)


def _affine(scale: Any, shift: Any) -> list[Step]:
    return [({"kind": "affine"}, _float32(scale=scale, shift=shift))]


def _relu_layer(layer: Any) -> list[Step]:
    if layer.max_value is not None or layer.threshold:
        raise _unknown(layer, "has a largest value or a threshold")
    return _function("leaky_relu", slope=float(layer.negative_slope))


def _softmax(layer: Any) -> list[Step]:
    _check_last_axis(layer)
    return _function("softmax", width=int(layer.output.shape[-1]))


def _activation(layer: Any, function: Callable[[Any], Any]) -> list[Step]:
    """Write one of Keras's activation functions."""
    name = getattr(function, "__name__", "")
    options: dict[str, Any] = {
        "softmax": {"width": int(layer.output.shape[-1])},
        "elu": {"slope": 1.0},
        "leaky_relu": {"slope": 0.2},
    }
    if name == "linear":
        return []
    if name not in ACTIVATIONS and name not in options:
        raise _unknown(layer, f"has the activation {name or function}")
    # Another function may bear the name of one of Keras's.
    if function is not keras.activations.get(name):
        raise _unknown(layer, f"has an activation of its own, {name}")
    return _function(name, **options.get(name, {}))


def _function(name: str, **options: Any) -> list[Step]:
    return [({"kind": "activation", "name": name, **options}, {})]


def _check_plain(layer: Any) -> None:
    if getattr(layer, "groups", 1) != 1:
        raise _unknown(layer, "works on groups of channels")
    if layer.padding not in ("same", "valid"):
        raise _unknown(layer, f"has the padding {layer.padding}")


def _check_last_axis(layer: Any) -> None:
    if layer.axis not in (-1, len(layer.input.shape) - 1):
        raise _unknown(layer, "does not work on the last axis")


def _arrays(layer: Any) -> dict[str, np.ndarray]:
    variables = {"kernel": layer.kernel, "bias": getattr(layer, "bias", None)}
    return _float32(**{k: _numpy(found) for k, found in variables.items() if found is not None})


def _float32(**arrays: Any) -> dict[str, np.ndarray]:
    return {role: np.asarray(array, np.float32) for role, array in arrays.items()}


def _numpy(variable: Any) -> np.ndarray:
    return np.asarray(keras.ops.convert_to_numpy(variable))


def _shape(tensor: Any) -> list[int]:
    return [int(size) for size in tensor.shape[1:]]


def _unknown(layer: Any, why: str) -> NotPortableError:
    return NotPortableError(f"its layer {layer.name} ({type(layer).__name__}) {why}")


# Behind them comes the activation, of layers that have one.
_WRITERS: dict[type, Callable[[Any], list[Step]]] = {
    layers.Dense: _dense,
    layers.Conv2D: _conv,
    layers.Conv2DTranspose: _conv_transpose,
    PatchConv2D: _patch_conv,
    layers.UpSampling2D: _up_sampling,
    layers.Cropping2D: lambda layer: _crop(layer, layer.cropping),
    layers.ZeroPadding2D: lambda layer: _crop(layer, layer.padding, -1),
    layers.BatchNormalization: _batch_norm,
    BatchStandardisation: _batch_standardisation,
    layers.Rescaling: lambda layer: _affine([layer.scale], [layer.offset]),
    layers.Activation: lambda layer: [],
    layers.ReLU: _relu_layer,
    layers.LeakyReLU: lambda layer: _function("leaky_relu", slope=float(layer.negative_slope)),
    layers.ELU: lambda layer: _function("elu", slope=float(layer.alpha)),
    layers.Softmax: _softmax,
}
