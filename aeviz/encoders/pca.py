"""Principal component analysis as an encoder, the baseline of every claim."""

from typing import Any, Self

import numpy as np
from sklearn.utils.validation import check_is_fitted

from aeviz.core.validation import check_integer
from aeviz.data.feature_scaling import FeatureScaling, centred
from aeviz.encoders._base_encoder import BaseEncoder
from aeviz.encoders.base import LinearStep, Step
from aeviz.encoders.networks.batches import in_batches, row_products
from aeviz.encoders.networks.default_sizes import default_code_size
from aeviz.encoders.training.principal_axes import fitted_pca
from aeviz.encoders.training.samples import ArraySamples, checked_array

__all__ = ["PCAEncoder"]


class PCAEncoder(BaseEncoder):
    """Encoder whose codes are the first principal components.

    scikit-learn's PCA with the parameters, data types and files of the other encoders.

    Parameters
    ----------
    code_size : int in 1..min(n_samples, n_features), or None
        Number of components; None is 32, or half the features where that is less, and never
        more than there are samples.
    random_state : int, RandomState or None
        Not used, since no seed changes the result; other encoders have it.

    Attributes
    ----------
    components_ : ndarray of shape (code_size, n_features), float32
    mean_ : ndarray of shape (n_features,), float32
        float64 where that of a feature is more than a thousand standard deviations from 0, as of
        UNIX times, or beyond 1e30; then `inverse_transform` gives float64.
    explained_variance_ratio_ : ndarray of shape (code_size,), float32
    code_size_ : int

    Notes
    -----
    code = (x − mean) Wᵀ and reconstruction = code W + mean, with `components_` as W, whose rows are
    orthogonal unit vectors. No other linear code of this size has a smaller mean squared error
    on the fitted samples [1]_. Features are not scaled.

    References
    ----------
    .. [1] Pearson, K. (1901). On lines and planes of closest fit to systems of points in space.
       Philosophical Magazine 2(11). doi:10.1080/14786440109462720

    Examples
    --------
    >>> import numpy as np
    >>> X = np.outer(np.arange(5.0), [1.0, 2.0, 2.0])
    >>> encoder = PCAEncoder(code_size=1).fit(X)
    >>> np.abs(encoder.transform(X)).round(3).ravel()
    array([6., 3., 0., 3., 6.], dtype=float32)
    """

    _learnt = ("components_", "mean_", "explained_variance_ratio_")

    def __init__(self, code_size: int | None = None, *, random_state: Any = None) -> None:
        self.code_size = code_size
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find the principal components of `X`, of shape (n_samples, n_features).

        Raises
        ------
        TypeError, ValueError
            If `code_size` is out of its range, or `X` is not numeric, finite and two-dimensional.
        """
        X = checked_array(self, X, ensure_min_samples=2)
        most = self.max_code_size(*X.shape)
        code_size = self.code_size
        if code_size is None:
            code_size = min(default_code_size(X.shape[1]), most)
        least, high_is = self.min_code_size, "min(n_samples, n_features)"
        code_size = check_integer("code_size", code_size, low=least, high=most, high_is=high_is)
        moments = ArraySamples(X).moments
        kind, origin = FeatureScaling.standardising(moments).dtype, np.zeros(1)
        if kind is np.float64 or X.dtype not in (np.float32, np.float64):
            # PCA's sums of products lose digits where the mean is far from zero.
            origin = moments.mean
            X = centred(X, origin)
        model = fitted_pca(X, code_size)
        self.components_ = model.components_.astype(np.float32)
        self.mean_ = (model.mean_ + origin).astype(kind)
        self.explained_variance_ratio_ = model.explained_variance_ratio_.astype(np.float32)
        self.code_size_ = code_size
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return the codes of samples, shape (n_samples, code_size), float32."""
        check_is_fitted(self)
        X = checked_array(self, X, reset=False)
        return in_batches(
            lambda batch: row_products(
                centred(batch, self.mean_).astype(np.float32), self.components_
            ),
            X,
        )

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Return reconstructions of codes, shape (n_samples, n_features), float32."""
        check_is_fitted(self)
        codes = np.asarray(X, np.float32)
        columns = np.ascontiguousarray(self.components_.T)
        return in_batches(lambda batch: row_products(batch, columns) + self.mean_, codes)

    def loss_text(self) -> str:
        """Return what principal components minimise."""
        return "squared error, summed over features and averaged over samples"

    def architecture_text(self) -> str:
        """Return what maps samples to codes."""
        return "linear: the first principal components and back"

    def max_code_size(self, n_samples: int, n_features: int) -> int:
        """Return the number of features, or of samples where that is less."""
        return min(n_samples, n_features)

    def encoding_steps(self) -> list[Step]:
        """Return the subtraction of the mean, and the product with the components."""
        return [LinearStep(shift=-self.mean_), LinearStep(kernel=self.components_.T)]

    def decoding_steps(self) -> list[Step]:
        """Return the product with the components, and the addition of the mean."""
        return [LinearStep(kernel=self.components_, shift=self.mean_)]
