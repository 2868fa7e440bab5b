"""Test a run with coordinates, codes and batches of the user, from its steps to its exports."""

from __future__ import annotations

import shutil

import h5py
import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_wine

from aeviz import AevizError, OutOfSampleTransformer, load_dataset, run_report
from aeviz.cli._main import main
from aeviz.core.exceptions import SettingError
from aeviz.exports import export_folder
from aeviz.pipeline.add_samples import add_samples
from aeviz.runs.new_samples import Added
from aeviz.runs.pair import OWN, Pair
from tests._listener import Listener

SMALL = {"encoder": ["pca"], "embedding": ["pca"], "seeds": 1, "label": "kind", "batch": "site"}
OWN_ARRAYS = {"map": ["my umap=x,y"], "code": ["sc/VI=PC_*"]}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """Give a table of wines with two coordinates, a code of three numbers and batches."""
    X, y = load_wine(return_X_y=True)
    table = pd.DataFrame(X[:, :6], columns=list("abcdef"))
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    table = table.assign(x=Z[:, 0], y=Z[:, 6], PC_1=Z[:, 1], PC_2=Z[:, 2], PC_3=Z[:, 5])
    table["kind"] = np.array(["red", "white", "rosé"])[y]
    table["site"] = np.where(np.arange(len(y)) % 2, "Ulm", "Graz")
    path = tmp_path_factory.mktemp("data") / "wines.csv"
    table.to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def run(source, tmp_path_factory):
    """Give the finished run."""
    out = tmp_path_factory.mktemp("runs") / "wines"
    return run_report(source, out=out, **SMALL, **OWN_ARRAYS)


def test_own_maps_and_codes_stand_beside_the_others(run, source):
    assert run.encoders == ["pca", "sc/VI"]
    assert run.own_codes == ["sc/VI"]
    assert run.pairs == [
        Pair("pca", "pca"),
        Pair("identity", "pca"),
        Pair("sc/VI", "pca"),
        Pair(OWN, "my umap"),
    ]
    table = pd.read_csv(source)
    np.testing.assert_allclose(run.code("sc/VI"), table[["PC_1", "PC_2", "PC_3"]])
    np.testing.assert_allclose(
        run.embeddings[["own_my-umap_x", "own_my-umap_y"]], table[["x", "y"]]
    )
    assert run.data.feature_names == list("abcdef")


def test_they_are_scored_like_the_others(run):
    scores = run.scores
    stages = scores.groupby(["encoder", scores["embedding"].fillna("")])["stage"].agg(set)
    assert stages["sc/VI", ""] == {"data-to-code"}
    assert stages["sc/VI", "pca"] == {"code-to-embedding", "data-to-embedding"}
    assert stages[OWN, "my umap"] == {"data-to-embedding"}
    names = scores[scores["stage"] == "data-to-embedding"].groupby(["encoder", "embedding"])
    by_pair = names["metric"].agg(set)
    assert by_pair[OWN, "my umap"] == by_pair["pca", "pca"]
    assert "batch_mixing" in by_pair[OWN, "my umap"]
    # Nobody trained them, so no verdict compares them with PCA.
    assert run.differences.empty


def test_the_page_has_the_names_of_the_user(run):
    page = run.report_path.read_text(encoding="utf-8")
    assert "given: the code sc/VI of 3 numbers and the map my umap." in page
    assert "sc/VI → PCA" in page
    assert "My umap" not in page
    assert "Sc/VI" not in page
    assert "nobody knows to which samples they were fitted" in page


@pytest.mark.slow  # renders two pages
def test_only_what_depends_on_a_changed_map_is_done_again(run, source):
    again = Listener()
    run_report(source, out=run.path, progress=again, **SMALL, **OWN_ARRAYS)
    assert again.done == ["render"]
    changed = Listener()
    shutil.copytree(run.path, out := run.path.parent / "copy")
    run_report(source, out=out, progress=changed, **SMALL, **OWN_ARRAYS | {"map": "my umap=y,x"})
    assert changed.done == [
        "take map my umap",
        "score samples",
        "score",
        "tabulate",
        "keep samples",
        "render",
    ]


@pytest.mark.slow  # renders a page
def test_arrays_in_memory_are_taken(source, tmp_path):
    X = pd.read_csv(source)[list("abcdef")].to_numpy()
    settings = {"encoder": ["pca"], "embedding": ["pca"], "seeds": 1, "out": tmp_path / "run"}
    run = run_report(X, maps={"Z": X[:, :2]}, codes={"C": X[:, 2:]}, **settings)
    assert [pair.key for pair in run.pairs] == ["pca_pca", "identity_pca", "C_pca", "own_Z"]
    np.testing.assert_array_equal(run.points(Pair(OWN, "Z")), X[:, :2])


def test_new_samples_have_no_place_in_them(run, source, capsys, tmp_path):
    new = tmp_path / "new.csv"
    table = pd.read_csv(source).iloc[:20]
    table[list("abcdef")] += 0.001
    table.drop(columns=["x", "y", "PC_1"]).to_csv(new, index=False)
    transformer = OutOfSampleTransformer(run)
    result = transformer.transform(load_dataset(new, plan=run.data.plan, is_to_fit=False))
    assert result.embeddings == ["pca_pca", "identity_pca"]
    why = "the coordinates or codes were given, and new samples have none"
    assert result.left_out == {"sc-VI_pca": why, "own_my-umap": why}
    assert main(["transform", str(run.path), str(new), "-o", str(tmp_path / "o.csv"), "-q"]) == 0
    assert f"sc-VI_pca, own_my-umap are left out: {why}\n" in capsys.readouterr().err
    named = ["--embedding", "own_my-umap"]
    words = ["transform", str(run.path), str(new), "-o", str(tmp_path / "p.csv"), "-q", *named]
    assert main(words) == 2
    assert "no embedding can transform the samples: own_my-umap" in capsys.readouterr().err
    add_samples(run, new, label="kind", batch="site")
    (added,) = Added.all(run)
    assert added.table["batch"].tolist() == table["site"].tolist()
    assert f"They are not in sc-VI_pca and own_my-umap: {why}." in run.report_path.read_text()


def test_exports_have_them(run, tmp_path):
    export_folder(run.path, "csv", tmp_path / "a.csv", codes=True)
    table = pd.read_csv(tmp_path / "a.csv")
    assert {"own_my-umap_x", "sc-VI_pca_y", "sc/VI_code_3", "batch"} <= set(table.columns)
    export_folder(run.path, "h5ad", tmp_path / "a.h5ad")
    with h5py.File(tmp_path / "a.h5ad") as file:
        assert {"X_sc-VI", "X_sc-VI_pca", "X_own_my-umap"} <= set(file["obsm"])
        assert "batch" in file["obs"]
    export_folder(run.path, "tensorboard", tmp_path / "board")
    assert (tmp_path / "board" / "sc-VI.tsv").is_file()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"code": "pca=PC_*"}, "code has the name 'pca', which is taken; accepted: others than"),
        ({"code": "Deep=PC_*"}, "code has the name 'Deep', which is taken"),
        ({"map": "latent=x,y"}, "map has the name 'latent', which is taken"),
        ({"map": ["a b=x,y", "a-b=PC_1,PC_2"]}, "two maps would have the files of own_a-b"),
    ],
)
def test_names_that_are_taken_are_refused(source, tmp_path, settings, message):
    with pytest.raises((SettingError, AevizError), match=message):
        run_report(source, out=tmp_path / "run", **SMALL, **settings)
    assert not (tmp_path / "run").exists()


def test_the_command_tells_of_batches_and_of_own_maps(source, tmp_path, capsys):
    apart = pd.read_csv(source).assign(site=lambda table: table["kind"])
    path = tmp_path / "apart.csv"
    apart.to_csv(path, index=False)
    words = ["report", str(path), "--batch", "site", "--map", "my umap=x,y", "--code", "C=PC_*"]
    few = ["--encoder", "pca", "--embedding", "pca", "--seeds", "1", "--drop", "kind", "-q"]
    assert main([*words, *few, "-o", str(tmp_path / "run")]) == 0
    said = capsys.readouterr()
    assert "–         my umap" in said.out
    assert "warning: The batches (site) do not mix" in said.err


def test_inspect_tells_of_batches_and_of_own_maps(source, capsys):
    words = ["inspect", str(source), "--batch", "site", "--map", "my umap=x,y", "--code", "C=PC_*"]
    assert main(words) == 0
    said = capsys.readouterr().out
    assert "  batches         2\n" in said
    assert "  own             map 'my umap', 2 columns\n" in said
    assert "  own             code 'C', 3 columns\n" in said
    assert "left out: own coordinates or code" in said
