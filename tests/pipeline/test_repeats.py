"""Test trainings under further seeds: what they leave, what is done again, what is compared."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.decomposition import PCA

from aeviz import Run, run_report
from aeviz.data.prepared import prepare
from aeviz.data.sources import load_dataset
from aeviz.pipeline.repeats import default_trainings
from aeviz.runs.pair import Pair
from tests._listener import Listener

OPTIONS = {
    "sample": 60,
    "epochs": 2,
    "encoder": ["pca", "simple"],
    "embedding": ["tsne"],
    "params": {"tsne": {"n_iter": 20, "perplexity": 5}},
}


def report(out, **changes):
    """Return a run and what was done for it."""
    listener = Listener()
    return run_report("digits", out=out, progress=listener, **{**OPTIONS, **changes}), listener


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """Give a run of three trainings and what was done for it."""
    return report(tmp_path_factory.mktemp("repeats") / "run", seeds=3)


def test_every_training_is_a_step(finished):
    run, listener = finished
    repeated = [name for name in listener.done if name.startswith("repeat ")]
    one = ["repeat simple {}", "repeat simple tsne {}", "repeat pca tsne {}"]
    assert sorted(repeated) == sorted(name.format(n) for n in (1, 2) for name in one)
    assert run.n_trainings == 3
    assert {path.name for path in (run.path / "encoders").iterdir()} == {"pca", "simple"}


def test_differences_are_of_means_over_trainings(finished):
    """One training was compared, and its interval knew nothing of another one."""
    run, _ = finished
    prepared = prepare(load_dataset("digits", sample=60, seed=0), seed=0)
    first = run.reconstruction("simple").sample_error
    errors = [first, *(run.repeats.code("simple", n).sample_error for n in (1, 2))]
    # 12 test samples are too few to evaluate codes on them alone.
    ours = [one.mean() for one in errors]
    assert len(set(ours)) == 3
    theirs = run.reconstruction("pca").sample_error.mean()
    rows = run.differences[run.differences["metric"] == "reconstruction_error"]
    (row,) = rows.itertuples()
    assert len(first) == len(prepared.X)
    assert_allclose(row.value, np.mean(ours) - theirs, rtol=1e-6)
    assert_allclose(row.seed_error, np.std(ours, ddof=1) / np.sqrt(3), rtol=1e-6)
    assert row.n_trainings == 3
    assert_allclose(row.band, 0.02 * theirs, rtol=1e-6)


@pytest.mark.slow
def test_the_shown_training_is_the_first(finished, tmp_path):
    run, _ = finished
    alone, listener = report(tmp_path / "run", seeds=1)
    assert not [name for name in listener.done if name.startswith("repeat ")]
    assert alone.scores.equals(run.scores)
    assert set(alone.differences["n_trainings"]) == {1}
    assert alone.differences["seed_error"].isna().all()
    pair = Pair("pca", "tsne")
    assert np.array_equal(alone.points(pair), run.points(pair))
    assert not np.array_equal(run.repeats.points(pair, 1), run.points(pair))


@pytest.mark.slow
def test_more_trainings_add_to_those_that_are_there(finished):
    run, _ = finished
    before = json.loads(run.scores_path.read_text())
    _, again = report(run.path, seeds=3)
    assert again.done == ["render"]
    _, more = report(run.path, seeds=4)
    names = {"repeat simple 3", "repeat simple tsne 3", "repeat pca tsne 3"}
    assert {name for name in more.done if name.startswith("repeat ")} == names
    assert "score" in more.done
    assert "score samples" in more.kept
    _, fewer = report(run.path, seeds=3)
    assert fewer.done == ["score", "render"]
    assert json.loads(run.scores_path.read_text()) == before


@pytest.mark.slow
def test_changed_embedding_keeps_repeated_codes(finished):
    run, _ = finished
    _, changed = report(run.path, seeds=3, params={"tsne": {"n_iter": 20, "perplexity": 6}})
    assert "repeat simple 1" in changed.kept
    assert {"repeat simple tsne 1", "repeat pca tsne 2"} <= set(changed.done)
    report(run.path, seeds=3)


@pytest.mark.slow
def test_interrupted_repeat_goes_on(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        settings = {**OPTIONS, "seeds": 2, "out": tmp_path / "run"}
        run_report("digits", progress=Listener(stop_at="repeat simple tsne 1"), **settings)
    run, listener = report(tmp_path / "run", seeds=2)
    assert "repeat simple 1" in listener.kept
    assert "repeat simple tsne 1" in listener.done
    assert set(run.differences["n_trainings"]) == {2}


@pytest.mark.slow
def test_nothing_is_repeated_where_nothing_is_compared(tmp_path):
    run, listener = report(tmp_path / "run", encoder=["pca"], seeds=3)
    assert not [name for name in listener.done if name.startswith("repeat ")]
    assert run.n_trainings == 1


def test_default_by_size():
    assert default_trainings(1_797, 64) == 5
    assert default_trainings(200, 1_000) == 5
    assert default_trainings(201, 1_000) == 1


@pytest.mark.slow
def test_plane_meets_a_pca_map_of_the_same_samples(tmp_path):
    """The plane was fitted to training samples, and PCA's map to all that are evaluated."""
    encoders = {"encoder": ["pca", "variational"], "embedding": ["pca"], "params": {}}
    run, _ = report(tmp_path / "run", **encoders, seeds=1)
    prepared = prepare(load_dataset("digits", sample=60, seed=0), seed=0)
    points = run.points(Pair("identity", "pca"))
    assert points.shape == (60, 2)
    fitted = PCA(2).fit(prepared.X[prepared.is_train]).transform(prepared.X)
    assert_allclose(np.abs(points), np.abs(fitted), atol=1e-4)
    of_all = PCA(2).fit_transform(prepared.X)
    assert np.abs(np.abs(points) - np.abs(of_all)).max() > 0.01
    page = Run(run.path).report_path.read_text(encoding="utf-8")
    assert "the plain PCA map, fitted to the training samples as the plane was" in page
    without, _ = report(tmp_path / "without", encoder=["pca"], embedding=["pca"], params={})
    assert_allclose(np.abs(without.points(Pair("identity", "pca"))), np.abs(of_all), atol=1e-4)
