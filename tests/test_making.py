"""Test what members a run is given, where settings leave it open or ask for what cannot be."""

from __future__ import annotations

import numpy as np
import pytest

from aeviz import AevizError, run_report


@pytest.fixture
def two_features():
    """Give a table of two features."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(60, 2)) @ [[2.0, 1.0], [0.0, 1.0]]


def test_a_code_of_two_features_can_be_drawn(two_features, tmp_path):
    """Half of two features is one number, of which the picture by PCA once ended in a traceback."""
    run = run_report(two_features, out=tmp_path / "run", encoder=["pca"], embedding=["pca"])
    assert run.code("pca").shape == (60, 2)
    assert run.points("pca", "pca").shape == (60, 2)


def test_a_code_too_narrow_for_a_picture_is_refused_before_anything(two_features, tmp_path):
    """It was trained first, and then ended in a traceback."""
    words = (
        r"the pca embedding has 2 axes and takes codes of at least 2 numbers; "
        r"the simple encoder's code size is 1"
    )
    asked = {"out": tmp_path / "run", "encoder": ["simple"], "embedding": ["tsne", "pca"]}
    with pytest.raises(AevizError, match=words):
        run_report(two_features, code_size=1, **asked)
    with pytest.raises(AevizError, match=words):
        run_report(two_features, params={"simple": {"code_size": 1}}, **asked)
    assert not (tmp_path / "run").exists()
