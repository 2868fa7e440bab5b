"""How well classes part, before and after; thresholds hold over seeds 0, 1 and 2."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier

from aeviz.embedding.pca import PCAEmbedding
from aeviz.embedding.tsne import TSNE
from aeviz.embedding.umap import UMAP


def class_accuracy(embedding, y) -> float:
    return cross_val_score(KNeighborsClassifier(10), embedding, y, cv=5).mean()


@pytest.mark.slow
@pytest.mark.parametrize("cls", [TSNE, UMAP])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_parts_the_digits_far_better_than_its_start(cls, seed):
    X, y = load_digits(return_X_y=True)
    X = PCA(32, random_state=0).fit_transform(X / 16.0).astype(np.float32)
    rows = np.random.default_rng(seed).permutation(len(X))
    fit, held_out = rows[:1400], rows[1400:]
    model = cls(random_state=seed).fit(X[fit])
    accuracy = class_accuracy(model.embedding_, y[fit])
    before = class_accuracy(PCAEmbedding().fit_transform(X[fit]), y[fit])
    assert accuracy > 0.97  # measured 0.983 or more
    assert before < 0.7  # measured 0.64

    classifier = KNeighborsClassifier(10).fit(model.embedding_, y[fit])
    assert classifier.score(model.transform(X[held_out]), y[held_out]) > 0.96
