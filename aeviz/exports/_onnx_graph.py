"""Write plain layers as the nodes of an ONNX graph.

`aeviz.portable.network.Portable` defines the layers. The graph is made of these layers alone,
without a converter, for networks and PCA alike.

Why not Keras's own export: it needs tf2onnx and writes one network per file. Here scaling and
several encoders belong in one graph, and an encoder such as PCA may be no network.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper, numpy_helper

from aeviz.data.scaling import Scaling

__all__ = ["OPSET", "Graph"]

# Old enough for every runtime in use, new enough for correct resizing and padding.
OPSET = 17
FLAT = "flat"
# Ways of `Resize` to enlarge images.
NEAREST = {
    "mode": "nearest",
    "coordinate_transformation_mode": "asymmetric",
    "nearest_mode": "floor",
}
LINEAR = {"mode": "linear", "coordinate_transformation_mode": "half_pixel"}
# Functions that are one operator.
_OPERATORS = {
    "relu": "Relu",
    "selu": "Selu",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "exponential": "Exp",
}


class Graph:
    """Nodes and weights of a graph from one input to one or several codes.

    Parameters
    ----------
    source : str
        Name of the input, of shape (n_samples, n_features).
    """

    def __init__(self, source: str) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []
        self.source = source
        # Layout of the current value: flat, or images with (channels, height, width).
        self._layout: Any = FLAT

    def scaled(self, scaling: Scaling) -> str:
        """Add the scaling of samples, as `aeviz.data.scaling.Scaling.transform` does.

        Returns
        -------
        str
            Name of the prepared samples, float32.
        """
        # In float64: subtracting a large mean would lose digits in float32.
        x = self._node("Cast", [self.source], to=TensorProto.DOUBLE)
        x = self._node("Sub", [x, self._weight(scaling.shift)])
        x = self._node("Div", [x, self._weight(scaling.scale)])
        x = self._node("Clip", [x, *(self._weight(np.array(limit)) for limit in scaling.limits)])
        return self._node("Cast", [x], to=TensorProto.FLOAT)

    def apply(
        self,
        x: str,
        layers: Sequence[Mapping[str, Any]],
        weights: Sequence[Mapping[str, np.ndarray]],
        *,
        out: str,
    ) -> None:
        """Add layers to a flat value, and name their output."""
        self._layout = FLAT
        writers = {
            "dense": self._dense,
            "conv": self._conv,
            "resize": self._resize,
            "crop": self._crop,
            "affine": self._affine,
            "activation": self._activation,
        }
        # Paths start at flat values only: samples, codes, and what dense layers give.
        values = [x]
        for layer, arrays in zip(layers, weights, strict=True):
            if layer["kind"] == "path":
                added = self._product(values[layer["after"]], arrays)
                x = self._node("Add", [self._flat(x), added])
            else:
                x = writers[layer["kind"]](x, layer, arrays)
            values.append(x)
        self.nodes.append(helper.make_node("Identity", [self._flat(x)], [out]))

    # -- layers --------------------------------------------------------------------------

    def _dense(self, x: str, layer: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> str:
        return self._product(self._flat(x), arrays)

    def _product(self, x: str, arrays: Mapping[str, np.ndarray]) -> str:
        kernel = self._weight(_float32(arrays["kernel"]))
        return self._node("Gemm", [x, kernel, *self._bias(arrays)])

    def _conv(self, x: str, layer: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> str:
        x = self._images(x, layer["inputs"])
        kernel = _float32(arrays["kernel"])
        # Of the vertical axis and the one across.
        sizes, wanted = np.array(layer["inputs"][:2]), np.array(layer["outputs"][:2])
        stride, pad, entries = np.array(layer["stride"]), layer["pad"], np.array(kernel.shape[:2])
        if layer["up"] != [1, 1]:
            x = self._enlarged(x, layer["up"], NEAREST)
            sizes = sizes * layer["up"]
        how: dict[str, Any] = {"strides": layer["stride"], "kernel_shape": entries.tolist()}
        if layer["transposed"]:
            operator, axes = "ConvTranspose", (2, 3, 0, 1)
            # At the far edge, missing pixels are added and surplus ones cut off.
            spare = (sizes - 1) * stride + entries - pad - wanted
            how["output_padding"] = np.maximum(0, -spare).tolist()
        else:
            operator, axes = "Conv", (3, 2, 0, 1)
            how["dilations"] = layer["dilation"]
            reach = (entries - 1) * layer["dilation"] + 1
            spare = (wanted - 1) * stride + reach - sizes - pad
        how["pads"] = [*pad, *np.maximum(0, spare).tolist()]
        inputs = [x, self._weight(kernel.transpose(axes)), *self._bias(arrays)]
        height, width, n_channels = layer["outputs"]
        self._layout = (n_channels, height, width)
        return self._node(operator, inputs, **how)

    def _resize(self, x: str, layer: Mapping[str, Any], arrays: Any) -> str:
        x = self._images(x, layer["inputs"])
        height, width, n_channels = layer["inputs"]
        self._layout = (n_channels, height * layer["up"][0], width * layer["up"][1])
        return self._enlarged(x, layer["up"], LINEAR)

    def _enlarged(self, x: str, up: Sequence[int], how: Mapping[str, str]) -> str:
        scales = self._weight(np.array([1, 1, *up], np.float32))
        return self._node("Resize", [x, "", scales], **how)

    def _bias(self, arrays: Mapping[str, np.ndarray]) -> list[str]:
        return [self._weight(_float32(arrays["bias"]))] if "bias" in arrays else []

    def _crop(self, x: str, layer: Mapping[str, Any], arrays: Any) -> str:
        x = self._images(x, layer["inputs"])
        height, width, n_channels = layer["outputs"]
        offset = np.array(layer["offset"])
        ends = np.array((height, width)) - layer["inputs"][:2] + offset
        self._layout = (n_channels, height, width)
        # Negative padding cuts pixels off.
        pads = np.array([0, 0, *-offset, 0, 0, *ends], np.int64)
        return self._node("Pad", [x, self._weight(pads)])

    def _affine(self, x: str, layer: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> str:
        n = len(arrays["scale"])
        axes: tuple[int, ...] = (-1,)
        if self._layout is not FLAT and n in (1, self._layout[0]):
            axes = (-1, 1, 1)  # one number per channel
        else:
            x = self._shaped(self._flat(x), 0, -1, n)
        scale, shift = (_float32(arrays[role]).reshape(axes) for role in ("scale", "shift"))
        if not np.all(scale == 1):
            x = self._node("Mul", [x, self._weight(scale)])
        if np.any(shift):
            x = self._node("Add", [x, self._weight(shift)])
        return x if self._layout is not FLAT else self._shaped(x, 0, -1)

    def _activation(self, x: str, layer: Mapping[str, Any], arrays: Any) -> str:
        name = layer["name"]
        if name in _OPERATORS:
            return self._node(_OPERATORS[name], [x])
        if name in ("elu", "leaky_relu"):
            operator = "Elu" if name == "elu" else "LeakyRelu"
            return self._node(operator, [x], alpha=float(layer["slope"]))
        if name == "relu6":
            return self._node("Clip", [x, *(self._scalar(limit) for limit in (0, 6))])
        if name == "silu":
            return self._node("Mul", [x, self._node("Sigmoid", [x])])
        if name == "gelu":
            # x/2 · (1 + erf(x/√2)): an operator of this name is younger than the set in use.
            bent = self._node("Erf", [self._node("Mul", [x, self._scalar(np.sqrt(0.5))])])
            half = self._node("Mul", [x, self._scalar(0.5)])
            return self._node("Mul", [half, self._node("Add", [bent, self._scalar(1)])])
        x = self._shaped(self._flat(x), 0, -1, layer["width"])
        return self._shaped(self._node("Softmax", [x], axis=-1), 0, -1)

    # -- layout --------------------------------------------------------------------------

    def _images(self, x: str, shape: Sequence[int]) -> str:
        """Return a value as images, with the channels before the pixels as ONNX has them."""
        height, width, n_channels = shape
        if self._layout == (n_channels, height, width):
            return x
        x = self._shaped(self._flat(x), 0, height, width, n_channels)
        self._layout = (n_channels, height, width)
        return self._node("Transpose", [x], perm=[0, 3, 1, 2])

    def _flat(self, x: str) -> str:
        """Return a value as rows, channels last."""
        if self._layout is FLAT:
            return x
        self._layout = FLAT
        return self._shaped(self._node("Transpose", [x], perm=[0, 2, 3, 1]), 0, -1)

    def _shaped(self, x: str, *sizes: int) -> str:
        return self._node("Reshape", [x, self._weight(np.array(sizes, np.int64))])

    # -- nodes ---------------------------------------------------------------------------

    def _node(self, operator: str, inputs: list[str], **attributes: Any) -> str:
        name = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def _scalar(self, value: float) -> str:
        return self._weight(np.array(value, np.float32))

    def _weight(self, values: np.ndarray) -> str:
        name = f"weight_{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def _float32(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.float32)
