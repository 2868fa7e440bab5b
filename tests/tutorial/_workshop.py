"""Stand in for the tutorial's workshop: a few hundred small digits, networks hardly trained."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import zoom
from sklearn.datasets import load_digits

N_TRAIN, N_TEST = 500, 150


class TinyWorkshop:
    """Give 28 x 28 images made of scikit-learn's digits, and networks after an epoch or two."""

    epochs_scale = 0.02
    seed = 0

    def __init__(self):
        data = load_digits()
        images = data.images[: N_TRAIN + N_TEST].astype(np.float32) / 16.0
        X = np.clip(zoom(images, (1, 3.5, 3.5), order=1), 0, 1).reshape(len(images), -1)
        y = data.target[: len(X)]
        self.X, self.X_test = X[:N_TRAIN], X[N_TRAIN:]
        self.y, self.y_test = y[:N_TRAIN], y[N_TRAIN:]
        self.reports = []
        self._deep = None

    def epochs(self, whole):
        return max(1, round(whole * self.epochs_scale))

    def published(self, kind):
        from aeviz.tutorial._published_networks import PUBLISHED

        return PUBLISHED[kind].build(self.seed)

    def ours(self, kind):
        from aeviz.encoders.deep import DeepAutoencoder

        assert kind == "deep"
        if self._deep is None:
            self._deep = DeepAutoencoder(32, epochs=2, random_state=self.seed).fit(self.X)
        return self._deep

    def seconds(self, model):
        assert model == "deep"
        return 1.5

    def update(self, done, total, message=""):
        self.reports.append((done, total, message))
