"""Embed samples by their principal components.

The baseline that every other embedding has to beat: linear, fast, and the only one whose axes
have a meaning. It does not scale features; that is preparation.
"""

import numpy as np
from sklearn.decomposition import PCA

from aeviz.core.validation import check_integer
from aeviz.embedding.base import BaseEmbedding
from aeviz.encoders.networks.batches import row_products
from aeviz.neighbors.search import NeighborSearch

__all__ = ["PCAEmbedding"]


class PCAEmbedding(BaseEmbedding):
    """Embedding by the first principal components.

    Parameters
    ----------
    n_components : int, default 2
        Number of axes, at most min(n_samples, n_features).
    random_state : int, RandomState or None, default None
        Used where scikit-learn chooses its randomised solver (over 1,000 features).
    callback : callable of (iteration, n_iterations) or None, default None
        Called once, with (1, 1), when the components are found.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, n_components)
        Coordinates of the fitted samples, of the dtype of `X`.
    components_ : ndarray of shape (n_components, n_features)
        The axes, unit vectors; each one's largest entry is positive.
    mean_ : ndarray of shape (n_features,)
        Mean of the fitted samples, which is subtracted first.
    explained_variance_ratio_ : ndarray of shape (n_components,)
        Share of the variance along each axis; NaN where all samples are equal.

    Notes
    -----
    y = W (x − mean), with `components_` as W: the directions of largest variance, the first one
    first, each orthogonal to the others [1]_.

    References
    ----------
    .. [1] Hotelling, H. (1933). Analysis of a complex of statistical variables into principal
       components. Journal of Educational Psychology 24. doi:10.1037/h0071325

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> embedding = PCAEmbedding().fit(load_iris().data)
    >>> embedding.explained_variance_ratio_.round(2).tolist()
    [0.92, 0.05]
    """

    has_meaningful_axes = True
    # Not even scikit-learn's randomised solver changes more than the rounding.
    depends_on_seed = False

    @property
    def min_features(self) -> int:
        """Return the smallest number of features that samples may have."""
        return self.n_components

    def _check_parameters(self, X: np.ndarray) -> None:
        sizes = f"n_samples = {X.shape[0]}, n_features = {X.shape[1]}"
        check_integer("n_components", self.n_components, low=1, high=min(X.shape), high_is=sizes)

    def _fit(self, X: np.ndarray, neighbors: NeighborSearch | None) -> np.ndarray:
        # Samples that are all equal have no variance to divide: 0 / 0 is expected there.
        with np.errstate(invalid="ignore", divide="ignore"):
            pca = PCA(self.n_components, random_state=self.random_state).fit(X)
        self.components_ = pca.components_
        self.mean_ = pca.mean_
        self.explained_variance_ratio_ = pca.explained_variance_ratio_
        points = self._transform(X)
        self._reporter(1)(1)
        return points

    def _transform(self, X: np.ndarray) -> np.ndarray:
        components = self.components_.astype(X.dtype, copy=False)
        return row_products(X - self.mean_.astype(X.dtype, copy=False), components)
