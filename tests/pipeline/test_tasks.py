"""Test the tasks that reports and trainings share."""

import numpy as np

from aeviz.embedding import UMAP
from aeviz.pipeline.tasks import embed


def test_why_umap_begins_late_is_said():
    """Compiling took most of the time, and the bar stood still without a word."""
    said = []
    X = np.random.default_rng(0).normal(size=(60, 5)).astype(np.float32)
    embed(UMAP(n_epochs=2), X, progress=lambda *words: said.append(words))
    assert said[0][0] == 0
    assert "compiling umap-learn" in said[0][2]
    assert said[-1][:2] == (2, 2)
