"""Write fitted encoders and decoders as plain layers and arrays that other programs can run.

A report's page draws decoded samples where there is no Keras: it needs the weights, and a list
of steps that is short to implement. Nothing here runs those steps; see `aeviz.portable.run_numpy`.
Keras is loaded where a network is among the steps of an encoder.

Why a list of our own: converters write files for one large runtime each, and none reads a
Keras 3 model with layers of aeviz's own. Six kinds of steps are enough for every decoder here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from aeviz.core.atomic_files import atomic_file, read_json, write_json
from aeviz.core.schema import check_schema
from aeviz.encoders.base import Encoder, LinearStep, Step
from aeviz.portable.run_numpy import NotPortableError, run_layers

__all__ = ["Portable", "portable_decoder", "portable_encoder"]

Layers = tuple[list[dict[str, Any]], list[dict[str, np.ndarray]]]

SCHEMA = 1
CLOSE_ENOUGH = 5e-4
# Means and scales keep all digits: the units of the source may need them.
ROUNDED = "kernel"
MIN_DIGITS, FLOAT_DIGITS = 9, 23


@dataclass(frozen=True)
class Portable:
    """Decoder as plain layers; sample and image axes are (…, height, width, channels).

    Parameters
    ----------
    code_size : int
        Width of the codes that go in.
    layers : list of dict
        One JSON-able dict a step, in order. Values lie flat between steps, row by row and
        channels last, so that reshaping is no step. ``kind`` is one of

        - ``dense``: weights ``kernel`` (n_in, n_out) and perhaps ``bias`` (n_out,).
        - ``path``: adds a dense layer of an earlier value, that after the first ``after`` layers;
          weights as ``dense``.
        - ``conv``: weights ``kernel`` (height, width, n_in, n_out) and perhaps ``bias``; from
          ``inputs`` to ``outputs``, both [height, width, channels]. With u, s, d and p for
          ``up``, ``stride``, ``dilation`` and ``pad``, each [vertical, horizontal], and with n
          for the size of the inputs along an axis, entry k of the kernel meets at output y the
          input floor((s·y + d·k − p) / u); where ``transposed``, the input (y + p − k) / s, if
          that is whole. Inputs outside 0..n−1 are zero.
        - ``resize``: bilinear, by the factors ``up``, from ``inputs`` [height, width, channels].
        - ``crop``: output (y, x) is input (y + top, x + left), ``offset`` being [top, left],
          from ``inputs`` to ``outputs``; inputs outside the image are zero.
        - ``affine``: value i becomes value · scale[i mod n] + shift[i mod n], with weights
          ``scale`` and ``shift`` of n numbers.
        - ``activation``: the function ``name``, with its ``slope`` for ``leaky_relu`` and
          ``elu``, and over rows of ``width`` values for ``softmax``.
    weights : list of dict of str to ndarray
        The arrays of each layer, by their role; float32.
    """

    code_size: int
    layers: list[dict[str, Any]]
    weights: list[dict[str, np.ndarray]]

    @property
    def size_bytes(self) -> int:
        """Return the size of all weights."""
        return sum(array.nbytes for arrays in self.weights for array in arrays.values())

    def run(self, codes: np.ndarray) -> np.ndarray:
        """Return what the layers make of codes, shape (n_samples, n_features), float32."""
        return run_layers(self.layers, self.weights, np.asarray(codes, np.float32))

    def in_units(self, shift: np.ndarray, scale: np.ndarray) -> Portable:
        """Return the decoder followed by ``value · scale + shift``.

        Both have the shape (1,) or (n_features,); those of `aeviz.data.scaling.Scaling` give the
        units of the source.
        """
        layers, weights = _plain_steps([LinearStep(scale=scale, shift=shift)])
        return Portable(self.code_size, self.layers + layers, self.weights + weights)

    def narrowed(self, codes: np.ndarray) -> tuple[Portable, float]:
        """Return the decoder with kernels of the fewest binary digits that change next to nothing.

        The arrays stay float32 with zeros at the end, which compress away. Why not float16: it
        has ten digits, and deep decoders need eleven or twelve of the twenty-three.

        Parameters
        ----------
        codes : ndarray of shape (n_samples, code_size)
            Codes to compare the outputs for; call this before `in_units`, so that they are
            compared in the units that the decoder was trained in.

        Returns
        -------
        portable : Portable
            With as few digits as leave the largest difference of an output below 5e-4.
        difference : float
            That difference.
        """
        exact = self.run(codes)
        for n_digits in range(MIN_DIGITS, FLOAT_DIGITS):
            rounded = [
                {role: _rounded(a, n_digits) if role == ROUNDED else a for role, a in one.items()}
                for one in self.weights
            ]
            narrow = Portable(self.code_size, self.layers, rounded)
            difference = float(np.abs(narrow.run(codes) - exact).max(initial=0.0))
            if difference < CLOSE_ENOUGH:
                return narrow, difference
        return self, 0.0

    def write(self, folder: str | Path) -> None:
        """Write ``decoder.json`` and ``decoder.npz`` into a folder, which is made if missing."""
        path = Path(folder)
        content = {"schema": SCHEMA, "code_size": self.code_size, "layers": self.layers}
        named: dict[str, Any] = {
            f"{number}_{role}": array
            for number, arrays in enumerate(self.weights)
            for role, array in arrays.items()
        }
        with atomic_file(path / "decoder.npz") as partial:
            np.savez(partial, **named)
        write_json(path / "decoder.json", content)

    @classmethod
    def read(cls, folder: str | Path) -> Self:
        """Return the decoder that `write` wrote; no code from the files is run.

        Raises
        ------
        FileNotFoundError
            If the folder holds none.
        AevizError
            If it is of another schema.
        """
        path = Path(folder)
        content = read_json(path / "decoder.json")
        remake = "make it again with `aeviz report` and --force"
        check_schema(content, path / "decoder.json", reads=SCHEMA, remake=remake)
        weights: list[dict[str, np.ndarray]] = [{} for _ in content["layers"]]
        with np.load(path / "decoder.npz", allow_pickle=False) as arrays:
            for name in arrays.files:
                number, role = name.split("_", 1)
                weights[int(number)][role] = arrays[name]
        return cls(content["code_size"], content["layers"], weights)


def portable_decoder(encoder: Encoder) -> Portable:
    """Return what a fitted encoder's ``inverse_transform`` does, as plain layers.

    Parameters
    ----------
    encoder : Encoder
        Fitted.

    Returns
    -------
    Portable
        Its outputs are in the units of the data that were fitted.

    Raises
    ------
    NotPortableError
        If the encoder has no decoder, or one with a step that has no portable form.

    Examples
    --------
    >>> from aeviz import PCAEncoder
    >>> X = np.outer(np.arange(5.0), [1.0, 2.0, 2.0])
    >>> encoder = PCAEncoder(code_size=1).fit(X)
    >>> portable_decoder(encoder).run(encoder.transform(X))[4].round(3).tolist()
    [4.0, 8.0, 8.0]
    """
    if not encoder.can_decode:
        raise NotPortableError(f"{type(encoder).__name__} has no decoder")
    return Portable(encoder.code_size_, *_plain_steps(encoder.decoding_steps()))


def portable_encoder(encoder: Encoder) -> Layers:
    """Return what a fitted encoder's ``transform`` does, as plain layers.

    Parameters
    ----------
    encoder : Encoder
        Fitted.

    Returns
    -------
    layers : list of dict
    weights : list of dict of str to ndarray
        As those of `Portable`, from samples in the units of the data that were fitted to codes.

    Raises
    ------
    NotPortableError
        If it has a step that has no portable form.

    Examples
    --------
    >>> from aeviz import PCAEncoder
    >>> X = np.outer(np.arange(5.0), [1.0, 2.0, 2.0]).astype(np.float32)
    >>> encoder = PCAEncoder(code_size=1).fit(X)
    >>> np.abs(run_layers(*portable_encoder(encoder), X)).round(3).ravel()
    array([6., 3., 0., 3., 6.], dtype=float32)
    """
    return _plain_steps(encoder.encoding_steps())


def _plain_steps(steps: list[Step]) -> Layers:
    layers: list[dict[str, Any]] = []
    weights: list[dict[str, np.ndarray]] = []
    for step in steps:
        found, arrays = _linear(step) if isinstance(step, LinearStep) else _network(step)
        # Networks count their own layers.
        layers += [
            {**one, "after": one["after"] + len(layers)} if one["kind"] == "path" else one
            for one in found
        ]
        weights += arrays
    return layers, weights


def _linear(step: LinearStep) -> Layers:
    if step.kernel is not None:
        bias = {} if step.shift is None else {"bias": step.shift}
        return [{"kind": "dense"}], [{"kernel": step.kernel, **bias}]
    scale = np.ones(1) if step.scale is None else step.scale
    shift = np.zeros(1) if step.shift is None else step.shift
    both = (np.array(values, np.float32) for values in np.broadcast_arrays(scale, shift))
    return [{"kind": "affine"}], [dict(zip(("scale", "shift"), both, strict=True))]


def _network(model: Any) -> Layers:
    """Return a network as plain layers; the code of a variational encoder is its mean."""
    import keras

    from aeviz.encoders.networks.layers import GaussianSample
    from aeviz.portable.from_keras import plain_layers

    for layer in model.layers:
        if isinstance(layer, GaussianSample) and layer.output is model.output:
            mean, _ = layer.input
            return plain_layers(keras.Model(model.input, mean))
    return plain_layers(model)


def _rounded(values: np.ndarray, n_digits: int) -> np.ndarray:
    """Return float32 rounded to so many binary digits after the first."""
    n_zeros = FLOAT_DIGITS - n_digits
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32)
    half = np.uint32(1 << (n_zeros - 1))
    mask = np.uint32(0xFFFFFFFF ^ ((1 << n_zeros) - 1))
    return ((bits + half) & mask).view(np.float32)
