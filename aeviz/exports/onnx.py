"""Encoders as one ONNX graph: samples in the units of the source in, codes out."""

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from aeviz.core.exceptions import AevizError
from aeviz.core.registry import ENCODERS
from aeviz.core.version import __version__
from aeviz.data.card import DataCard
from aeviz.data.scaling import Scaling
from aeviz.encoders import Encoder
from aeviz.exports._table import coded
from aeviz.exports.base import Choices, Export
from aeviz.portable.network import portable_encoder
from aeviz.portable.run_numpy import NotPortableError
from aeviz.runs.model import Model
from aeviz.runs.run import Run

__all__ = ["EXPORT"]

SOURCE = "features"
IR_VERSION = 8
# Relative to the largest number of a code, or to 1 if that is larger.
TOLERANCE = 1e-4
# Features this many standard deviations away from zero need more digits than float32 has.
FAR = 300
N_TESTED = 100


@dataclass(frozen=True)
class _Subject:
    """Encoders of a graph, and samples to test it with.

    Parameters
    ----------
    encoders : dict of str to fitted encoder
    scaling : Scaling
    data : DataCard
    X : ndarray of shape (n_samples, n_features)
        In the units of the source.
    codes : dict of str to ndarray of shape (n_samples, code_size)
        The encoders' codes of X.
    """

    encoders: dict[str, Encoder]
    scaling: Scaling
    data: DataCard
    X: np.ndarray
    codes: dict[str, np.ndarray]

    @property
    def dtype(self) -> type[np.floating[Any]]:
        """Return the type of the input: float64 only if float32 would lose precision."""
        far = np.abs(self.scaling.shift / self.scaling.scale).max()
        return np.float64 if far > FAR else np.float32


def _write(source: Any, path: Path, choices: Choices) -> list[str]:
    """Write the graph, and compare its codes in onnxruntime with those of the encoders.

    Raises
    ------
    AevizError
        If ONNX cannot express an encoder, or the graph gives other codes.
    """
    subject = _of_model(source) if isinstance(source, Model) else _of_run(source, choices)
    _save(subject, path)
    kind = np.dtype(subject.dtype).name
    widths = ", ".join(f"{name} ({code.shape[1]} numbers)" for name, code in subject.codes.items())
    lines = [
        f"ONNX: {SOURCE} ({kind}, n_samples × {subject.data.n_features}, in the units of the "
        f"source) to {widths}"
    ]
    if find_spec("onnxruntime") is None:
        how = "pip install 'aeviz[onnx]'"
        return [*lines, f"not compared with the encoders: onnxruntime is not installed ({how})"]
    return [*lines, *_compared(subject, path)]


def _of_run(run: Run, choices: Choices) -> _Subject:
    """Return the encoders of a run, with the samples kept for display."""
    kinds = [kind for kind in coded(run, choices.encoders) if kind not in run.own_codes]
    if not kinds:
        raise AevizError(
            "the format onnx needs an encoder that has a code; the run has "
            f"{', '.join(run.encoders) or 'none'}"
        )
    rows = run.samples.rows
    _check_affine(run.scaling)
    return _Subject(
        {kind: ENCODERS.get(kind).load(run.encoder_path(kind)) for kind in kinds},
        run.scaling,
        run.data,
        run.samples.X,
        {kind: np.asarray(run.code(kind)[rows]) for kind in kinds},
    )


def _of_model(model: Model) -> _Subject:
    """Return a model's encoder, with samples drawn from its range of scaled values."""
    card = model.card
    _check_affine(card.scaling)
    rng = np.random.default_rng(0)
    draw = rng.uniform if card.scaling.kind in ("range", "minmax") else rng.normal
    X = card.scaling.inverse_transform(draw(size=(N_TESTED, card.data.n_features)))
    encoders, codes = {card.kind: model.encoder}, {card.kind: model.encode(X)}
    return _Subject(encoders, card.scaling, card.data, X, codes)


def _check_affine(scaling: Scaling) -> None:
    """Check that the graph can do what was done to the values."""
    if not scaling.is_affine:
        raise AevizError(
            "the format onnx has no form for transform, top_features and samples of length one; "
            "accepted: a run or model without them"
        )


def _save(subject: _Subject, path: Path) -> None:
    import onnx
    from onnx import helper

    from aeviz.exports._onnx_graph import OPSET, Graph

    graph = Graph(SOURCE)
    prepared = graph.scaled(subject.scaling)
    for kind, encoder in subject.encoders.items():
        try:
            graph.apply(prepared, *portable_encoder(encoder), out=kind)
        except NotPortableError as error:
            raise AevizError(f"{kind} has no form in ONNX: {error}") from error
    kinds = {np.float32: onnx.TensorProto.FLOAT, np.float64: onnx.TensorProto.DOUBLE}
    inputs = helper.make_tensor_value_info(
        SOURCE, kinds[subject.dtype], ["n_samples", subject.data.n_features]
    )
    outputs = [
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, ["n_samples", code.shape[1]])
        for name, code in subject.codes.items()
    ]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "encoders", [inputs], outputs, graph.weights),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
        producer_name="aeviz",
        producer_version=__version__,
    )
    helper.set_model_props(model, _about(subject))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def _about(subject: _Subject) -> dict[str, str]:
    """Return the metadata of the file."""
    data = subject.data
    about = {"data": data.name, "data_fingerprint": data.fingerprint}
    about["encoders"] = ", ".join(subject.encoders)
    for name in ("feature_names", "image_shape"):
        if (value := getattr(data, name)) is not None:
            about[name] = json.dumps(value, ensure_ascii=False)
    return about


def _compared(subject: _Subject, path: Path) -> list[str]:
    """Return lines on how close the graph's codes are to the encoders'."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    found = session.run(list(subject.codes), {SOURCE: subject.X.astype(subject.dtype)})
    lines = []
    for (kind, expected), code in zip(subject.codes.items(), found, strict=True):
        largest = max(1.0, float(np.abs(expected).max()))
        difference = float(np.abs(code - expected).max())
        # Written so that NaN is refused too.
        if not difference <= TOLERANCE * largest:
            raise AevizError(
                f"onnxruntime gives other codes than {kind}: they differ by up to "
                f"{difference:.1e}, where {TOLERANCE * largest:.1e} is accepted; nothing is written"
            )
        lines.append(
            f"{kind}: onnxruntime's codes of {len(code)} samples differ by {difference:.1e} at "
            f"most, the largest number of a code being {largest:.3g}"
        )
    return lines


EXPORT = Export(_write, suffix=".onnx", accepts_models=True, needs="onnx")
