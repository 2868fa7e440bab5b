"""Join an encoder and an embedding into one estimator.

It is the usual chain, data → code → embedding: both are fitted, kept and applied to new samples
together. It adds no computation of its own.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted, validate_data

from aeviz.core.registry import EMBEDDINGS, ENCODERS, Family
from aeviz.core.seeding import draw_seed

if TYPE_CHECKING:
    from aeviz.embedding.base import Embedding
    from aeviz.encoders.base import Encoder

__all__ = ["EncodedEmbedding"]


@dataclass(eq=False, repr=False)
class EncodedEmbedding(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Estimator that encodes samples and embeds their codes.

    Parameters
    ----------
    encoder : str or estimator, default "residual"
        Name of an encoder of aeviz (``aeviz list encoders``), or any transformer.
    embedding : str or estimator, default "tsne"
        Name of an embedding of aeviz (``aeviz list embeddings``), or any transformer with
        `transform` for new samples.
    random_state : int, RandomState or None, default None
        An integer is passed to both if they have this parameter; from a generator each gets a
        number of its own. None does not change the parameters of instances.

    Attributes
    ----------
    encoder_ : estimator
        The fitted encoder; instances are cloned first.
    embedding_model_ : estimator
        The fitted embedding, likewise.
    code_ : ndarray of shape (n_samples, code_size)
        Codes of the fitted samples.
    embedding_ : ndarray of shape (n_samples, n_components)
        Coordinates of the fitted samples, of the dtype of `X`.

    Notes
    -----
    Cloning copies parameters, also a `callback`: give a plain function, which is copied as it
    is, and not a method of an object.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.decomposition import PCA
    >>> chain = EncodedEmbedding(PCA(3), "pca", random_state=0)
    >>> chain.fit_transform(load_iris().data).shape, chain.code_.shape
    ((150, 2), (150, 3))
    """

    encoder: str | Encoder | TransformerMixin = "residual"
    embedding: str | Embedding | TransformerMixin = "tsne"
    _: KW_ONLY
    random_state: int | np.random.RandomState | None = None

    def fit(self, X: Any, y: Any = None) -> Self:
        """Fit the encoder to samples and the embedding to their codes.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            The samples, at least two.
        y : array-like of shape (n_samples,) or None
            Passed on to both; those of aeviz ignore it.

        Raises
        ------
        AevizError
            If a name is not that of a member.
        TypeError
            If `encoder` or `embedding` is neither a name nor a transformer.
        ValueError
            If `X` is not numeric, finite and two-dimensional, or either refuses it.
        """
        X = validate_data(self, X, dtype=[np.float64, np.float32], ensure_min_samples=2)
        encoder = _member("encoder", self.encoder, ENCODERS)
        embedding_model = _member("embedding", self.embedding, EMBEDDINGS)
        for model in (encoder, embedding_model):
            if self.random_state is not None and "random_state" in model.get_params(deep=False):
                model.set_params(random_state=_seed(self.random_state))
        self.encoder_ = encoder.fit(X, y)
        self.code_ = np.asarray(encoder.transform(X))
        self.embedding_model_ = embedding_model
        self.embedding_ = np.asarray(embedding_model.fit_transform(self.code_, y), dtype=X.dtype)
        self._n_features_out = self.embedding_.shape[1]
        return self

    def fit_transform(self, X: Any, y: Any = None) -> np.ndarray:
        """Fit both and return the coordinates of the samples; see `fit`."""
        return self.fit(X, y).embedding_

    def transform(self, X: Any) -> np.ndarray:
        """Encode new samples and return the coordinates of their codes.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_components)
            Coordinates, of the dtype of `X`; those of the fitted samples do not change.

        Raises
        ------
        ValueError
            If `X` is not numeric, finite and two-dimensional with the features of the fit.
        NotFittedError
            If nothing was fitted.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        code = np.asarray(self.encoder_.transform(X))
        return np.asarray(self.embedding_model_.transform(code), dtype=X.dtype)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags


def _seed(given: int | np.random.RandomState) -> int:
    """Return the integer given, or a number drawn from the generator given."""
    return draw_seed(given) if isinstance(given, np.random.RandomState) else int(given)


def _member(role: str, given: Any, family: Family) -> Any:
    """Return an unfitted estimator for a member's name or a transformer."""
    if isinstance(given, str):
        return family.get(given)()
    if isinstance(given, type) or not (hasattr(given, "fit") and hasattr(given, "transform")):
        raise TypeError(
            f"{role} must be one of {', '.join(family.names())} or a transformer instance "
            f"with fit and transform; got {given!r}"
        )
    return clone(given)
