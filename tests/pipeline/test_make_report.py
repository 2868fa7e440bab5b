"""Test the order of the steps: what they leave, what is kept, what is done again."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits

from aeviz import AevizError, Run, run_report
from aeviz.core.registry import METRICS
from aeviz.runs.pair import Pair
from tests._listener import Listener

pytestmark = pytest.mark.slow  # minutes of many small trainings

SMALL = {
    "encoder": ["deep", "pca", "variational"],
    "embedding": ["pca", "tsne"],
    "epochs": 2,
    "seeds": 1,
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Give a file of 150 digits with labels."""
    digits = load_digits()
    path = tmp_path_factory.mktemp("data") / "few.npz"
    np.savez(path, X=digits.images[:150].astype(np.uint8), y=digits.target[:150])
    return path


@pytest.fixture(scope="module")
def finished(source, tmp_path_factory):
    """Give a finished run and what it said."""
    listener = Listener()
    out = tmp_path_factory.mktemp("runs") / "few"
    return run_report(source, out=out, progress=listener, **SMALL), listener


STEPS = [
    "prepare",
    "encode deep",
    "encode pca",
    "encode variational",
    "cluster",
    "embed deep pca",
    "embed deep tsne",
    "embed pca pca",
    "embed pca tsne",
    "embed identity pca",
    "search neighbors",
    "score samples",
    "score",
    "tabulate",
    "keep samples",
    "render",
]


def test_run_leaves_what_it_promises(finished):
    run, listener = finished
    assert listener.done == STEPS
    assert listener.kept == []
    names = {str(path.relative_to(run.path)) for path in run.path.rglob("*") if path.is_file()}
    for kind, model in (
        ("deep", "model.keras"),
        ("variational", "model.keras"),
        ("pca", "components.npz"),
    ):
        assert {f"encoders/{kind}/{name}" for name in (model, "params.json", "code.npy")} <= names
    assert {"report.html", "run.json", "scores.json", "curves.npz", "embeddings.parquet"} <= names
    assert "encoders/variational/manifold.npz" in names
    assert not [name for name in names if "partial" in name or name.endswith((".pkl", ".pickle"))]
    figures = {name for name in names if name.startswith("figures/")}
    assert {name[:-3] for name in figures if name.endswith("png")} == {
        name[:-3] for name in figures if name.endswith("svg")
    }


def test_run_json_states_what_was_done(finished):
    run, _ = finished
    info = json.loads(run.info_path.read_text())
    assert info["schema"] == 1
    assert info["seed"] == 0
    assert info["settings"]["epochs"] == 2
    assert info["versions"]["keras"]
    assert info["threads"]["processors"] >= 1
    assert "CPU" in info["device"] or "GPU" in info["device"]
    assert [step["name"] for step in info["steps"]] == STEPS
    assert all(step["seconds"] >= 0 for step in info["steps"])
    assert all(step["peak_memory_bytes"] > 1e7 for step in info["steps"])


def test_scores_cover_every_stage(finished):
    run, _ = finished
    scores = run.scores
    assert set(scores["stage"]) == {"data-to-code", "code-to-embedding", "data-to-embedding"}
    is_code = scores["stage"] == "data-to-code"
    assert scores.loc[is_code, "embedding"].isna().all()
    is_of_data = (scores["encoder"] == "identity") & scores["embedding"].isna()
    assert scores.loc[~is_code & ~is_of_data, "embedding"].notna().all()
    named = ["encoder", "embedding", "stage", "metric", "k"]
    assert scores.groupby(named, dropna=False).size().max() == 1
    with_interval = scores[~scores["metric"].str.startswith("gmm")]
    assert (with_interval["low"] <= with_interval["value"] + 1e-9).all()
    assert (with_interval["value"] <= with_interval["high"] + 1e-9).all()
    data_to_embedding = scores[(scores["stage"] == "data-to-embedding") & ~is_of_data]
    pairs = {Pair(row.encoder, row.embedding) for row in data_to_embedding.itertuples()}
    assert pairs == set(run.pairs)
    by_name = METRICS.members()
    of_labels = {name for name, metric in by_name.items() if metric.subject == "labels"}
    for stage in ("data-to-code", "data-to-embedding"):
        of_data = scores[is_of_data & (scores["stage"] == stage)]
        assert set(of_data["metric"]) == of_labels
    of_codes = {"deep", "pca", "variational"}
    for name, encoders in (
        ("reconstruction_error", of_codes),
        ("explained_variance", of_codes),
        ("elbo", {"variational"}),
        ("active_units", {"variational"}),
    ):
        of_metric = scores[scores["metric"] == name]
        assert set(of_metric["encoder"]) == encoders
        assert set(of_metric["stage"]) == {"data-to-code"}
    # 150 samples have room for 30 neighbours and not for 100.
    further = scores[scores["k"] > 10]
    assert set(further["k"]) == {30}
    assert set(further["metric"]) == {n for n, metric in by_name.items() if metric.has_further_k}
    assert set(further["stage"]) == {"data-to-code", "data-to-embedding"}


def test_bound_of_a_run_is_that_of_its_scores(finished):
    run, _ = finished
    bound = run.bound("variational")
    assert bound.sample_elbo.shape == (150,)
    is_held_out = (run.embeddings["split"] == "test").to_numpy()
    assert math.isclose(bound.sample_elbo[is_held_out].mean(), -bound.negative_elbo, rel_tol=1e-9)
    assert math.isclose(bound.negative_elbo, bound.reconstruction + bound.kl, rel_tol=1e-6)
    assert 0 <= bound.active_units <= 2
    elbo = run.scores[run.scores["metric"] == "elbo"]
    assert math.isclose(elbo["value"].iloc[0], -bound.negative_elbo, rel_tol=1e-9)
    assert elbo["n_evaluated"].iloc[0] == is_held_out.sum() == 30
    assert run.bound("deep") is None


def test_differences_are_those_of_the_scores(finished):
    run, _ = finished
    named = ["encoder", "embedding", "stage", "metric", "k"]
    scores = {
        tuple(None if pd.isna(part) else part for part in key): value
        for *key, value in run.scores[[*named, "value"]].itertuples(index=False)
    }
    assert len(run.differences) > 0
    for row in run.differences.itertuples():
        here, there, k = (
            None if pd.isna(part) else part
            for part in (row.embedding, row.baseline_embedding, row.k)
        )
        value = scores[row.encoder, here, row.stage, row.metric, k]
        baseline = scores[row.baseline_encoder, there, row.stage, row.metric, k]
        assert math.isclose(row.value, value - baseline, abs_tol=1e-6)
        assert row.low <= row.value <= row.high or row.metric.startswith("gmm")


def test_embeddings_table_has_every_sample_and_pair(finished):
    run, _ = finished
    table = run.embeddings
    assert len(table) == 150
    assert set(table["split"]) == {"train", "test"}
    for pair in run.pairs:
        assert np.isfinite(table[f"{pair.key}_x"]).all()
        for share in ("false_neighbors", "missing_neighbors"):
            assert table[f"{pair.key}_{share}"].between(0, 1).all()
    for kind in run.encoders:
        stored = run.reconstruction(kind).sample_error
        np.testing.assert_array_equal(table[f"{kind}_error"], stored)
    stored = run.points(Pair("deep", "tsne"))
    np.testing.assert_array_equal(table["deep_tsne_y"], stored[:, 1])
    code = run.code("variational")
    np.testing.assert_array_equal(table["variational_latent_x"], code[:, 0])


def test_same_settings_keep_every_step_and_changed_ones_redo_what_depends(
    source, finished, tmp_path
):
    run, _ = finished
    before = run.scores_path.read_bytes()
    listener = Listener()
    run_report(source, out=run.path, progress=listener, **SMALL)
    assert listener.done == ["render"]
    assert run.scores_path.read_bytes() == before

    changed = {**SMALL, "params": {"tsne": {"perplexity": 5}}}
    listener = Listener()
    run_report(source, out=run.path, progress=listener, **changed)
    assert listener.done == [
        "embed deep tsne",
        "embed pca tsne",
        "score samples",
        "score",
        "tabulate",
        "keep samples",
        "render",
    ]
    assert run.scores_path.read_bytes() != before

    listener = Listener()
    run_report(source, out=run.path, progress=listener, **SMALL)
    assert "encode deep" in listener.kept
    assert run.scores_path.read_bytes() == before


def test_interrupted_run_goes_on_and_ends_with_the_same_scores(source, finished, tmp_path):
    run, _ = finished
    out = tmp_path / "run"
    with pytest.raises(KeyboardInterrupt):
        run_report(source, out=out, progress=Listener(stop_at="embed pca tsne"), **SMALL)
    with pytest.raises(AevizError, match=r"is an unfinished run: it has no scores\.json"):
        Run(out).scores  # noqa: B018 - the access is the test
    listener = Listener()
    again = run_report(source, out=out, progress=listener, **SMALL)
    assert listener.kept == STEPS[: STEPS.index("embed pca tsne")]
    assert again.scores_path.read_bytes() == run.scores_path.read_bytes()


def test_a_step_whose_output_is_gone_is_done_again(source, tmp_path):
    small = {"encoder": ["pca"], "embedding": ["pca"]}
    run = run_report(source, out=tmp_path / "run", **small)
    shutil.rmtree(run.embedding_path(Pair("pca", "pca")))
    run.scores_path.unlink()
    run.faithfulness_path.unlink()
    listener = Listener()
    run_report(source, out=tmp_path / "run", progress=listener, **small)
    assert listener.done == ["embed pca pca", "score samples", "score", "render"]
    assert "search neighbors" in listener.kept


def test_a_new_metric_is_measured_in_a_finished_run(source, tmp_path, monkeypatch):
    """A metric is one new file; a run that was finished without it kept its former scores."""
    settings = {"encoder": ["pca"], "embedding": ["pca"], "out": tmp_path / "run"}
    run_report(source, **settings)
    names = [*METRICS.names(), "newest"]
    monkeypatch.setattr(
        "aeviz.pipeline.make_report.METRICS", SimpleNamespace(names=lambda: names), raising=False
    )
    listener = Listener()
    run_report(source, **settings, progress=listener)
    assert listener.done == ["score", "render"]


def test_another_seed_gives_other_scores(source, finished, tmp_path):
    run, _ = finished
    other = run_report(source, out=tmp_path / "run", seed=1, **SMALL)
    assert other.scores_path.read_bytes() != run.scores_path.read_bytes()


def test_force_does_everything_again(source, finished, tmp_path):
    listener = Listener()
    small = {"encoder": ["pca"], "embedding": ["pca"]}
    run_report(source, out=tmp_path / "run", **small)
    run_report(source, out=tmp_path / "run", progress=listener, force=True, **small)
    assert listener.kept == []


def test_table_without_labels_and_with_continuous_ones(tmp_path):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 5)) @ rng.normal(size=(5, 7))
    frame = pd.DataFrame(X, columns=list("abcdefg")).assign(target=X[:, 0] ** 2)
    frame.to_csv(tmp_path / "table.csv", index=False)
    small = {"encoder": ["deep", "pca", "identity"], "embedding": ["pca"], "epochs": 2, "seeds": 1}
    plain = run_report(tmp_path / "table.csv", out=tmp_path / "plain", **small)
    assert "label" not in plain.embeddings.columns
    assert "knn_accuracy" not in set(plain.scores["metric"])
    labelled = run_report(
        tmp_path / "table.csv", out=tmp_path / "labelled", label="target", **small
    )
    assert labelled.data.label_kind == "continuous"
    assert labelled.embeddings["label"].dtype.kind == "f"
    assert labelled.data.feature_names == list("abcdefg")


def test_parameters_by_member_are_used_and_checked(source, tmp_path):
    small = {"encoder": ["deep"], "embedding": ["pca"], "epochs": 1}
    run = run_report(source, out=tmp_path / "a", params={"deep": {"hidden_sizes": [9]}}, **small)
    assert run.encoder_params("deep")["params"]["hidden_sizes"] == [9]
    with pytest.raises(AevizError, match=r"params\.deep has the unknown key 'width'; accepted: "):
        run_report(source, out=tmp_path / "b", params={"deep": {"width": 9}}, **small)
    with pytest.raises(AevizError, match=r"params\.deep: patience must be at least 1, got 0"):
        run_report(source, out=tmp_path / "c", params={"deep": {"patience": 0}}, **small)
    assert not (tmp_path / "b").exists()


def test_a_run_of_another_file_of_that_name_is_not_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    few = {"encoder": ["pca"], "embedding": ["pca"]}
    for number, folder in enumerate("ab"):
        Path(folder).mkdir()
        X = np.random.default_rng(number).normal(size=(30, 4))
        np.save(Path(folder, "data.npy"), X)
    run = run_report("a/data.npy", **few)
    before = run.report_path.read_bytes()
    with pytest.raises(AevizError, match=r"reports/data holds the run of a/data.npy, not of b/d"):
        run_report("b/data.npy", **few)
    assert run.report_path.read_bytes() == before
    assert run_report(tmp_path / "a" / "data.npy", **few).path == run.path
    assert run_report("b/data.npy", force=True, **few).settings["source"] == "b/data.npy"
