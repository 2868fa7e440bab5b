"""Every estimator of this folder before scikit-learn's own checks."""

import pytest
from sklearn.decomposition import PCA
from sklearn.utils.estimator_checks import parametrize_with_checks

from aeviz.embedding import EncodedEmbedding
from aeviz.embedding.parametric_tsne import ParametricTSNE
from aeviz.embedding.parametric_umap import ParametricUMAP
from aeviz.embedding.pca import PCAEmbedding
from aeviz.embedding.tsne import TSNE
from aeviz.embedding.umap import UMAP


@parametrize_with_checks(
    [
        PCAEmbedding(),
        TSNE(n_iter=20),
        UMAP(n_epochs=20),
        EncodedEmbedding(PCA(), PCAEmbedding()),
    ]
)
def test_follows_scikit_learn(estimator, check):
    check(estimator)


@pytest.mark.slow  # minutes of many small trainings
@pytest.mark.usefixtures("eager")
@parametrize_with_checks(
    [
        ParametricTSNE(n_updates=2, hidden_sizes=(4,), random_state=0),
        ParametricUMAP(n_updates=2, hidden_sizes=(4,), random_state=0, reconstruction_weight=1.0),
    ]
)
def test_networks_follow_scikit_learn(estimator, check):
    check(estimator)
