"""Learn codes of samples; each file without underscore, but `base`, is one kind of encoder."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.encoders._base_autoencoder import BaseAutoencoder
    from aeviz.encoders.base import Encoder, GenerativeEncoder
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
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = [
    "BaseAutoencoder",
    "ConvolutionalAutoencoder",
    "DeepAutoencoder",
    "DenoisingAutoencoder",
    "Encoder",
    "GenerativeEncoder",
    "IdentityEncoder",
    "PCAEncoder",
    "RegularizedAutoencoder",
    "ResidualAutoencoder",
    "SimpleAutoencoder",
    "SparseAutoencoder",
    "VariationalAutoencoder",
]
