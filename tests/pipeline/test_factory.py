"""Test what members a run is given, where settings leave it open or ask for what cannot be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from aeviz import AevizError, run_report
from aeviz.data.dataset import Dataset
from aeviz.pipeline.factory import check_code_size, make_encoder, set_code_sizes
from aeviz.runs.pair import Pair
from aeviz.settings import Settings


@pytest.fixture
def two_features():
    """Give a table of two features."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(60, 2)) @ [[2.0, 1.0], [0.0, 1.0]]


def test_a_code_of_two_features_can_be_drawn(two_features, tmp_path):
    """Half of two features is one number, of which the picture by PCA once ended in a traceback."""
    run = run_report(two_features, out=tmp_path / "run", encoder=["pca"], embedding=["pca"])
    assert run.code("pca").shape == (60, 2)
    assert run.points(Pair("pca", "pca")).shape == (60, 2)


def test_a_code_too_narrow_for_a_picture_is_refused_before_anything(two_features, tmp_path):
    """It was trained first, and then ended in a traceback."""
    words = (
        r"the pca embedding has 2 axes and takes codes of at least 2 numbers; "
        r"the code size of the simple encoder is 1"
    )
    asked = {"out": tmp_path / "run", "encoder": ["simple"], "embedding": ["tsne", "pca"]}
    with pytest.raises(AevizError, match=words):
        run_report(two_features, code_size=1, **asked)
    with pytest.raises(AevizError, match=words):
        run_report(two_features, params={"simple": {"code_size": 1}}, **asked)
    assert not (tmp_path / "run").exists()


def test_networks_are_no_wider_than_pca_can_be():
    """Of 24 training samples networks had 32 numbers and PCA 24, and they were called equal."""
    settings = Settings(source="few", encoder=("deep", "sparse", "pca"))
    dataset = Dataset(name="few", X=np.random.default_rng(0).normal(size=(30, 1000)))
    encoders = {kind: make_encoder(kind, settings, dataset) for kind in settings.encoder}
    set_code_sizes(encoders, settings, dataset)
    assert [encoder.code_size for encoder in encoders.values()] == [24, 24, 24]


def test_a_size_that_pca_cannot_have_is_refused():
    """PCA refused it when networks had been trained."""
    dataset = Dataset(name="few", X=np.random.default_rng(0).normal(size=(30, 1000)))
    settings = Settings(source="few", encoder=("deep", "pca"), code_size=25)
    words = r"code_size must be in 1\.\.24 \(the training samples, for the pca encoder, of few\)"
    with pytest.raises(AevizError, match=words):
        check_code_size(settings, dataset)
    check_code_size(replace(settings, code_size=24), dataset)
    check_code_size(replace(settings, encoder=("deep",)), dataset)
