"""Turn a data set into an honest, beautiful dimensionality-reduction report.

The public names are loaded on first use, so that ``import aeviz`` costs nothing:
TensorFlow, UMAP and matplotlib come in with the first thing that needs them.
"""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports
from aeviz.core.version import __version__

if TYPE_CHECKING:
    from aeviz.benchmark.folder import Benchmark
    from aeviz.benchmark.run import run_benchmark
    from aeviz.core.exceptions import AevizError
    from aeviz.data.dataset import Dataset
    from aeviz.data.sources import load_dataset
    from aeviz.data.stream_source import open_stream
    from aeviz.embedding import EncodedEmbedding
    from aeviz.embedding.parametric_tsne import ParametricTSNE
    from aeviz.embedding.parametric_umap import ParametricUMAP
    from aeviz.embedding.pca import PCAEmbedding
    from aeviz.embedding.tsne import TSNE
    from aeviz.embedding.umap import UMAP
    from aeviz.encoders.convolutional import ConvolutionalAutoencoder
    from aeviz.encoders.deep import DeepAutoencoder
    from aeviz.encoders.denoising import DenoisingAutoencoder
    from aeviz.encoders.identity import IdentityEncoder
    from aeviz.encoders.pca import PCAEncoder
    from aeviz.encoders.regularized import RegularizedAutoencoder
    from aeviz.encoders.residual import ResidualAutoencoder
    from aeviz.encoders.simple import SimpleAutoencoder
    from aeviz.encoders.sparse import SparseAutoencoder
    from aeviz.encoders.variational import VariationalAutoencoder
    from aeviz.evaluation.faithfulness import faithfulness
    from aeviz.pipeline.add_samples import add_samples
    from aeviz.pipeline.evaluate import evaluate
    from aeviz.pipeline.make_report import run_report
    from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
    from aeviz.pipeline.train import train_model
    from aeviz.runs.model import Model
    from aeviz.runs.run import Run
    from aeviz.settings import Settings
    from aeviz.sharding import ShardOptions, transform_shards
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = [
    "TSNE",
    "UMAP",
    "AevizError",
    "Benchmark",
    "ConvolutionalAutoencoder",
    "Dataset",
    "DeepAutoencoder",
    "DenoisingAutoencoder",
    "EncodedEmbedding",
    "IdentityEncoder",
    "Model",
    "OutOfSampleTransformer",
    "PCAEmbedding",
    "PCAEncoder",
    "ParametricTSNE",
    "ParametricUMAP",
    "RegularizedAutoencoder",
    "ResidualAutoencoder",
    "Run",
    "Settings",
    "ShardOptions",
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
    "transform_shards",
]
