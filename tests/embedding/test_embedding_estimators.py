"""Every estimator of this folder before scikit-learn's own checks."""

from sklearn.decomposition import PCA
from sklearn.utils.estimator_checks import parametrize_with_checks

from aeviz.embedding._chain import EncodedEmbedding
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
