"""Read exported tables back: every value is the run's, with its name and its type."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz import load_dataset
from aeviz.exports._export_run import export_folder

READERS = {"csv": pd.read_csv, "parquet": pd.read_parquet}


@pytest.mark.parametrize("to", READERS)
def test_a_table_holds_what_the_run_holds(to, digits_run, tmp_path):
    out = tmp_path / f"a.{to}"
    lines = export_folder(digits_run.path, to, out)
    table = READERS[to](out)
    assert lines == [f"table: 120 samples, {table.shape[1]} columns"]
    assert list(table.columns[:3]) == ["sample_id", "split", "label"]
    expected = digits_run.embeddings
    assert set(expected.columns) < set(table.columns)
    assert set(table.columns) - set(expected.columns) == {"variational_elbo"}
    for name in expected.columns.drop("label"):
        if expected[name].dtype.kind == "f":
            assert_allclose(table[name], expected[name], rtol=1e-6)
        else:
            assert_array_equal(table[name], expected[name])
    assert_array_equal(table["label"].astype(str), expected["label"])
    assert_allclose(table["variational_elbo"], digits_run.bound("variational").sample_elbo)


@pytest.mark.parametrize("to", READERS)
def test_codes_are_columns_of_the_encoders_asked_for(to, digits_run, tmp_path):
    out = tmp_path / f"a.{to}"
    asked = ["pca", "identity", "variational"]
    export_folder(digits_run.path, to, out, encoders=asked, codes=True)
    table = READERS[to](out)
    assert not [name for name in table.columns if name.startswith(("deep", "sparse", "denois"))]
    assert {"pca_tsne_x", "identity_pca_y", "variational_latent_x"} < set(table.columns)
    for kind, size in (("pca", 6), ("variational", 2)):
        names = [f"{kind}_code_{i + 1}" for i in range(size)]
        assert [name for name in table.columns if name.startswith(f"{kind}_code")] == names
        assert_allclose(table[names], digits_run.code(kind), rtol=1e-6)
    if to == "parquet":
        assert table["pca_code_1"].dtype == np.float32


@pytest.mark.parametrize("to", READERS)
def test_ids_and_further_labels_come_through(to, table_run, tmp_path):
    out = tmp_path / f"a.{to}"
    export_folder(table_run.path, to, out, encoders=["pca"])
    table, expected = READERS[to](out), table_run.embeddings
    assert_array_equal(table["sample_id"], expected["sample_id"])
    assert table["label"].isna().sum() == 4
    for name in ("label", "label_town/place"):
        assert_array_equal(table[name].isna(), expected[name].isna())
        assert_array_equal(table[name].dropna(), expected[name].dropna())
    assert_allclose(table["label_age"], expected["label_age"])


def test_an_exported_table_can_be_reported_on(digits_run, tmp_path):
    """Codes as features, by columns: the round trip through our own reader."""
    out = tmp_path / "a.parquet"
    export_folder(digits_run.path, "parquet", out, encoders=["pca"], codes=True)
    names = [f"pca_code_{i + 1}" for i in range(6)]
    data = load_dataset(str(out), label="label", columns=names)
    assert_allclose(data.X, digits_run.code("pca"), rtol=1e-6)
    assert_array_equal(data.class_labels, digits_run.embeddings["label"])


@pytest.mark.parametrize("to", READERS)
def test_a_table_has_the_cluster_of_every_sample(to, digits_run, tmp_path):
    export_folder(digits_run.path, to, tmp_path / f"a.{to}")
    found = READERS[to](tmp_path / f"a.{to}")["cluster"]
    assert_array_equal(found, digits_run.clusters.numbers)
