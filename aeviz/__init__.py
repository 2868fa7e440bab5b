"""Turn a data set into an honest, beautiful dimensionality-reduction report.

The public names are loaded on first use, so that ``import aeviz`` costs nothing:
TensorFlow, UMAP and matplotlib come in with the first thing that needs them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aeviz.benchmark.folder import Benchmark
    from aeviz.benchmark.run import run_benchmark
    from aeviz.core.exceptions import AevizError
    from aeviz.data.dataset import Dataset
    from aeviz.data.loading import load_dataset
    from aeviz.data.open_stream import open_stream
    from aeviz.embedding._chain import EncodedEmbedding
    from aeviz.encoders.convolutional import ConvolutionalAutoencoder
    from aeviz.encoders.deep import DeepAutoencoder
    from aeviz.encoders.denoising import DenoisingAutoencoder
    from aeviz.encoders.regularized import RegularizedAutoencoder
    from aeviz.encoders.simple import SimpleAutoencoder
    from aeviz.encoders.sparse import SparseAutoencoder
    from aeviz.encoders.variational import VariationalAutoencoder
    from aeviz.evaluation.evaluate import evaluate
    from aeviz.evaluation.faithfulness import faithfulness
    from aeviz.pipeline.add_samples import add_samples
    from aeviz.pipeline.make_report import run_report
    from aeviz.pipeline.train import train_model
    from aeviz.runs.model import Model
    from aeviz.runs.run import Run

from aeviz.core.version import __version__

_HOMES = {
    "AevizError": "aeviz.core.exceptions",
    "Benchmark": "aeviz.benchmark.folder",
    "ConvolutionalAutoencoder": "aeviz.encoders.convolutional",
    "Dataset": "aeviz.data.dataset",
    "DeepAutoencoder": "aeviz.encoders.deep",
    "DenoisingAutoencoder": "aeviz.encoders.denoising",
    "EncodedEmbedding": "aeviz.embedding._chain",
    "Model": "aeviz.runs.model",
    "RegularizedAutoencoder": "aeviz.encoders.regularized",
    "Run": "aeviz.runs.run",
    "SimpleAutoencoder": "aeviz.encoders.simple",
    "SparseAutoencoder": "aeviz.encoders.sparse",
    "VariationalAutoencoder": "aeviz.encoders.variational",
    "add_samples": "aeviz.pipeline.add_samples",
    "evaluate": "aeviz.evaluation.evaluate",
    "faithfulness": "aeviz.evaluation.faithfulness",
    "load_dataset": "aeviz.data.loading",
    "open_stream": "aeviz.data.open_stream",
    "run_benchmark": "aeviz.benchmark.run",
    "run_report": "aeviz.pipeline.make_report",
    "train_model": "aeviz.pipeline.train",
}

__all__ = [
    "AevizError",
    "Benchmark",
    "ConvolutionalAutoencoder",
    "Dataset",
    "DeepAutoencoder",
    "DenoisingAutoencoder",
    "EncodedEmbedding",
    "Model",
    "RegularizedAutoencoder",
    "Run",
    "SimpleAutoencoder",
    "SparseAutoencoder",
    "VariationalAutoencoder",
    "__version__",
    "add_samples",
    "evaluate",
    "faithfulness",
    "load_dataset",
    "open_stream",
    "run_benchmark",
    "run_report",
    "train_model",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'aeviz' has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
