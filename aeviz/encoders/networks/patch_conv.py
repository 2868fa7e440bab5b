"""Compute a convolution with its pooling, its up-sampling or its strides as one matrix product.

On a CPU the networks of small images spend their time moving numbers, not multiplying
them: few channels make thin products, pooling reads and writes the largest arrays of
the network, and a convolution after up-sampling multiplies every pixel four times.
`PatchConv2D` gives what Keras's layers give, by other arithmetic:

- A window of pooling, or a pixel that is up-sampled, is one row of a matrix product
  that yields all its positions at once. The kernel is laid out for that by sums of
  its own entries, so the weights are those of an ordinary convolution.
- Samples run along the last axis. Shifting an image then copies whole runs of
  numbers, and XLA, which cancels the exchange of axes between one layer and the next,
  turns what is left into few passes over memory.

``scripts/bench_training.py`` compares a network of these layers with the same one of
Keras's layers. On a GPU, and on backends that are not compiled by XLA, the layer calls
Keras's own operations.
"""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np
from keras import ops

from aeviz.encoders.networks.layers import PlainLayer

__all__ = ["PatchConv2D"]


@keras.saving.register_keras_serializable(package="aeviz")
class PatchConv2D(PlainLayer):
    """Convolution of images, after up-sampling or before max-pooling them, or with strides.

    Equals Keras's ``UpSampling2D(up_size)``, ``Conv2D(filters, kernel_size, strides,
    padding)``, ``MaxPooling2D(pool_size, padding="same")`` and the activation, in this order.
    For an activation that nowhere falls it is the same before pooling as after it.

    Parameters
    ----------
    filters : int, at least 1
        Number of channels out.
    kernel_size : int, at least 1
        Height and width of the kernel.
    strides, pool_size, up_size : int, at least 1
        Factor in both directions; at most one of them is above 1.
    padding : {"same", "valid"}
        Of the convolution, with zeros.
    activation : str or None
    kernel_initializer : str
    arithmetic : {"auto", "patches", "keras"}
        By one matrix product over patches, or by Keras's operations; "auto" takes patches on
        a CPU under TensorFlow or JAX.

    Raises
    ------
    ValueError
        If more than one of the factors is above 1.

    Notes
    -----
    Images in are of shape (n_samples, height, width, channels). Where several positions of a
    pooling window hold the largest value, its gradient is shared among them, where Keras's
    pooling gives it to the first; in a flat part of an image, where that happens, both are
    the same gradient of the kernel.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int = 3,
        *,
        strides: int = 1,
        pool_size: int = 1,
        up_size: int = 1,
        padding: str = "same",
        activation: str | None = None,
        kernel_initializer: str = "glorot_uniform",
        arithmetic: str = "auto",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if sum(factor > 1 for factor in (strides, pool_size, up_size)) > 1:
            raise ValueError(
                "at most one of strides, pool_size and up_size may be above 1, got "
                f"{strides}, {pool_size} and {up_size}"
            )
        self.filters = filters
        self.kernel_size = kernel_size
        self.strides = strides
        self.pool_size = pool_size
        self.up_size = up_size
        self.padding = padding
        self.activation = activation
        self.kernel_initializer = kernel_initializer
        self.arithmetic = arithmetic
        self.activate = keras.activations.get(activation)

    def build(self, input_shape: Any) -> None:
        """Make a kernel and a bias of the shapes that `keras.layers.Conv2D` has."""
        shape = (self.kernel_size, self.kernel_size, input_shape[-1], self.filters)
        self.kernel = self.add_weight(
            shape=shape, initializer=self.kernel_initializer, name="kernel"
        )
        self.bias = self.add_weight(shape=(self.filters,), initializer="zeros", name="bias")

    def call(self, x: Any) -> Any:
        """Return the images of the next layer, (n_samples, height, width, filters)."""
        if self.arithmetic == "keras" or (self.arithmetic == "auto" and not _patches_are_faster()):
            return self._by_keras(x)
        return self._by_patches(x)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the shape of the outputs."""
        n_samples, height, width, _ = input_shape
        return (n_samples, _Axis(height, self).n_out, _Axis(width, self).n_out, self.filters)

    def _by_keras(self, x: Any) -> Any:
        if self.up_size > 1:
            x = ops.repeat(ops.repeat(x, self.up_size, axis=1), self.up_size, axis=2)
        x = ops.conv(x, self.kernel, self.strides, self.padding) + self.bias
        if self.pool_size > 1:
            x = ops.max_pool(x, self.pool_size, self.pool_size, "same")
        return self.activate(x)

    def _by_patches(self, x: Any) -> Any:
        rows, columns = _Axis(x.shape[1], self), _Axis(x.shape[2], self)
        x = ops.transpose(x, (3, 1, 2, 0))  # (channels, height, width, n_samples)
        patches = _shifted(_blocks(x, rows, columns), rows, axis=1)
        y = self._product(_shifted(patches, columns, axis=2), rows, columns)
        y = _pooled(y, rows, columns) if self.pool_size > 1 else _interleaved(y, rows, columns)
        y = self.activate(y + ops.reshape(self.bias, (-1, 1, 1, 1)))
        return ops.transpose(y, (3, 1, 2, 0))

    def _product(self, patches: Any, rows: _Axis, columns: _Axis) -> Any:
        """Return every phase of every cell, (phase, phase, filters, cell, cell, n_samples)."""
        n_inputs = patches.shape[0]
        n_outputs = rows.n_phases * columns.n_phases * self.filters
        patches = ops.reshape(patches, (n_inputs, -1))
        # Patches are (column shift c, row shift a, row i, column j, channel k); the kernel is
        # (row t, column s, k, filter o); p and q are the phases.
        spread = np.einsum("ptai,qscj->caijptqs", rows.taps, columns.taps).astype(np.float32)
        if n_inputs > n_outputs:
            # The longer side first, so that the product for the kernel's gradient is a fast one.
            kernel = ops.einsum("caijptqs,tsko->caijkpqo", spread, self.kernel)
            kernel = ops.transpose(ops.reshape(kernel, (n_inputs, n_outputs)))
        else:
            kernel = ops.einsum("caijptqs,tsko->pqocaijk", spread, self.kernel)
            kernel = ops.reshape(kernel, (n_outputs, n_inputs))
        shape = (rows.n_phases, columns.n_phases, self.filters, rows.n_cells, columns.n_cells, -1)
        return ops.reshape(ops.matmul(kernel, patches), shape)


class _Axis:
    """Layout of one axis of the images: cells, each a window of inputs with phases of outputs.

    Attributes
    ----------
    n_convolved, n_out : int
        Length after the convolution, and after pooling.
    n_cells, n_phases : int
        Number of cells, and how many outputs of the convolution each yields.
    step, n_shifts : int
        By how many inputs one cell lies behind the other, and how many blocks of so many inputs
        a cell's window reaches over.
    n_before, n_skipped : int
        How many inputs, and how many outputs of the first cell, lie in front of the image.
    """

    def __init__(self, n_in: int, layer: PatchConv2D) -> None:
        self.kernel_size, self.up_size = layer.kernel_size, layer.up_size
        strides, pool_size, n_up = layer.strides, layer.pool_size, n_in * layer.up_size
        if layer.padding == "same":
            self.n_convolved = math.ceil(n_up / strides)
            reach = (self.n_convolved - 1) * strides + self.kernel_size
            n_zeros = max(reach - n_up, 0) // 2  # in front, in up-sampled positions
        else:
            self.n_convolved = (n_up - self.kernel_size) // strides + 1
            n_zeros = 0
        self.n_out = math.ceil(self.n_convolved / pool_size)
        self.n_phases, self.step = pool_size * self.up_size, strides * pool_size
        # How many positions of the first pooling window lie in front of the image.
        n_pooled = (self.n_out * pool_size - self.n_convolved) // 2
        self.n_before = math.ceil(n_zeros / self.up_size) + n_pooled
        self.n_skipped = n_pooled
        self.n_shifts = math.ceil((self.kernel_size + pool_size - 1) / self.step)
        if self.up_size > 1:
            self.n_skipped = self.n_before * self.up_size - n_zeros
            self.n_shifts = (self.up_size + self.kernel_size - 2) // self.up_size + 1
        self.n_cells = math.ceil((self.n_skipped + self.n_convolved) / self.n_phases)

    @property
    def taps(self) -> np.ndarray:
        """Return 1 where an entry of the kernel meets an input of the window, 0 elsewhere.

        The shape is (n_phases, kernel_size, n_shifts, step).
        """
        taps = np.zeros((self.n_phases, self.kernel_size, self.n_shifts * self.step))
        for phase in range(self.n_phases):
            for entry in range(self.kernel_size):
                taps[phase, entry, (phase + entry) // self.up_size] = 1.0
        return taps.reshape(self.n_phases, self.kernel_size, self.n_shifts, self.step)

    @property
    def is_inside(self) -> np.ndarray:
        """Return which phases of which cells lie in the image, (n_phases, n_cells)."""
        positions = np.arange(self.n_cells * self.n_phases) - self.n_skipped
        is_inside = (positions >= 0) & (positions < self.n_convolved)
        return is_inside.reshape(self.n_cells, self.n_phases).T


def _blocks(x: Any, rows: _Axis, columns: _Axis) -> Any:
    """Return images padded and cut into blocks of `step` pixels, a block's pixels as channels."""
    n_channels = x.shape[0]
    paddings, counts = [(0, 0)], []
    for n_in, axis in ((x.shape[1], rows), (x.shape[2], columns)):
        n_blocks = axis.n_cells + axis.n_shifts - 1
        paddings.append((axis.n_before, n_blocks * axis.step - axis.n_before - n_in))
        counts.append(n_blocks)
    # Inputs beyond the last window are cut off, missing ones are zeros.
    x = x[:, : x.shape[1] + min(paddings[1][1], 0), : x.shape[2] + min(paddings[2][1], 0)]
    x = ops.pad(x, [(front, max(back, 0)) for front, back in (*paddings, (0, 0))])
    if rows.step == 1:
        return x
    x = ops.reshape(x, (n_channels, counts[0], rows.step, counts[1], columns.step, -1))
    x = ops.transpose(x, (2, 4, 0, 1, 3, 5))
    return ops.reshape(x, (rows.step * columns.step * n_channels, *counts, -1))


def _shifted(x: Any, layout: _Axis, *, axis: int) -> Any:
    """Return all blocks of each cell's window along an axis, stacked as channels."""
    windows = [slice(first, first + layout.n_cells) for first in range(layout.n_shifts)]
    shifts = [x[:, window] if axis == 1 else x[:, :, window] for window in windows]
    return ops.concatenate(shifts, axis=0)


def _pooled(y: Any, rows: _Axis, columns: _Axis) -> Any:
    """Return the largest phase of every cell."""
    is_inside = rows.is_inside[:, None, :, None] & columns.is_inside[None, :, None, :]
    if not is_inside.all():
        y = ops.where(is_inside[:, :, None, :, :, None], y, np.finfo(np.float32).min)
    return ops.max(ops.reshape(y, (rows.n_phases * columns.n_phases, *y.shape[2:5], -1)), axis=0)


def _interleaved(y: Any, rows: _Axis, columns: _Axis) -> Any:
    """Return the phases of all cells side by side, without those in front of the image."""
    shape = (y.shape[2], rows.n_cells * rows.n_phases, columns.n_cells * columns.n_phases, -1)
    y = ops.reshape(ops.transpose(y, (2, 3, 0, 4, 1, 5)), shape)
    inside = [slice(axis.n_skipped, axis.n_skipped + axis.n_convolved) for axis in (rows, columns)]
    return y[:, inside[0], inside[1]]


def _patches_are_faster() -> bool:
    """Return whether XLA compiles for a CPU."""
    if keras.backend.backend() not in ("tensorflow", "jax"):
        return False
    return all(str(name).startswith("cpu") for name in keras.distribution.list_devices())
