"""Embed samples in two dimensions; each file without underscore is one method."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.embedding._encoded_embedding import EncodedEmbedding
    from aeviz.embedding.base import BaseEmbedding, Embedding, NeighborEmbedding
    from aeviz.embedding.parametric_tsne import ParametricTSNE
    from aeviz.embedding.parametric_umap import ParametricUMAP
    from aeviz.embedding.pca import PCAEmbedding
    from aeviz.embedding.tsne import TSNE
    from aeviz.embedding.umap import UMAP
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = [
    "TSNE",
    "UMAP",
    "BaseEmbedding",
    "Embedding",
    "EncodedEmbedding",
    "NeighborEmbedding",
    "PCAEmbedding",
    "ParametricTSNE",
    "ParametricUMAP",
]
