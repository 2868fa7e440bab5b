"""Test which coordinates and codes of the user are read, and whose they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aeviz import AevizError
from aeviz.pipeline.sources import chosen_settings, load

ANNDATA = Path(__file__).parents[1] / "data" / "fixtures" / "anndata_0_12.h5ad"
N = 40


@pytest.fixture
def frame(rng):
    """Give a table with ids, two features, two coordinates and a code of three numbers."""
    columns = {name: rng.normal(size=N) for name in ("a", "b", "x", "y", "PC_1", "PC_2", "PC_3")}
    ids = [f"c{i:02d}" for i in rng.permutation(N)]
    return pd.DataFrame({"cell_id": ids, **columns})


@pytest.fixture
def places(frame, rng):
    """Give other coordinates of the same samples in another order."""
    others = pd.DataFrame({"cell_id": frame["cell_id"], "u": 10 * frame["a"], "v": 10 * frame["b"]})
    return others.iloc[rng.permutation(N)]


def read(source, **settings):
    """Return what a report is made of."""
    chosen, in_memory = chosen_settings(source, settings)
    return load(chosen, **in_memory)


def test_columns_are_coordinates_and_codes_and_no_features(frame, tmp_path):
    path = tmp_path / "table.csv"
    frame.to_csv(path, index=False)
    for source in (frame, path):
        dataset = read(source, map="x,y", code="scVI=PC_*")
        assert dataset.feature_names == ("a", "b")
        np.testing.assert_allclose(dataset.maps["x,y"], frame[["x", "y"]], rtol=1e-12)
        np.testing.assert_allclose(
            dataset.codes["scVI"], frame[["PC_1", "PC_2", "PC_3"]], rtol=1e-12
        )
        fates = {column.name: column.fate for column in dataset.columns}
        assert fates["x"] == fates["PC_3"] == "left out: own coordinates or code"


def test_lists_in_parquet_are_a_code(frame, rng, tmp_path):
    vectors = rng.normal(size=(N, 4))
    path = tmp_path / "table.parquet"
    frame[["a", "b"]].assign(embedding=list(vectors)).to_parquet(path)
    dataset = read(path, code="sentences=embedding")
    assert dataset.n_features == 2
    np.testing.assert_allclose(dataset.codes["sentences"], vectors, rtol=1e-6)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_a_table_is_matched_by_id(frame, places, tmp_path, suffix):
    path = tmp_path / f"my-umap{suffix}"
    if suffix == ".parquet":
        places.to_parquet(path, index=False)
    else:
        places.to_csv(path, index=False, sep="\t" if suffix == ".tsv" else ",")
    dataset = read(frame[["cell_id", "a", "b"]], map=str(path))
    np.testing.assert_allclose(dataset.maps["my-umap"], 10 * frame[["a", "b"]], rtol=1e-12)
    assert "The map 'my-umap' is matched by id." in dataset.notes


def test_a_frame_in_memory_is_matched_by_its_index(frame, places):
    indexed = frame.set_index("cell_id")[["a", "b"]]
    dataset = read(indexed, maps={"mine": places.set_index("cell_id")}, codes={"C": indexed + 1})
    np.testing.assert_allclose(dataset.maps["mine"], 10 * indexed, rtol=1e-12)
    np.testing.assert_allclose(dataset.codes["C"], indexed + 1, rtol=1e-12)


def test_arrays_are_matched_by_order_and_a_note_says_so(frame, rng, tmp_path):
    Z = rng.integers(9, size=(N, 2))
    np.save(tmp_path / "plane.npy", Z)
    dataset = read(frame[["cell_id", "a", "b"]], map=str(tmp_path / "plane.npy"), maps={"Z": Z})
    np.testing.assert_array_equal(dataset.maps["plane"], Z)
    np.testing.assert_array_equal(dataset.maps["Z"], Z)
    assert dataset.maps["Z"].dtype == np.float64
    why = "by the order of its rows, for it has no ids."
    assert f"The map 'plane' is matched {why}" in dataset.notes


def test_ids_of_one_side_alone_match_nothing(places, frame, tmp_path):
    path = tmp_path / "places.csv"
    places.to_csv(path, index=False)
    dataset = read(frame[["a", "b"]], map=str(path))
    np.testing.assert_allclose(dataset.maps["places"], places[["u", "v"]], rtol=1e-12)
    assert "The map 'places' is matched by the order of its rows, for the data have no ids." in (
        dataset.notes
    )


def test_matrices_of_an_anndata_file():
    dataset = read(ANNDATA, map="obsm/X_pca", code="mine=obsm/X_pca", label="kind")
    whole = read(ANNDATA)
    np.testing.assert_array_equal(dataset.maps["X_pca"], whole.X[:, :2])
    np.testing.assert_array_equal(dataset.codes["mine"], whole.X[:, :2])
    # The matrix is sparse, of which a sample is drawn before the coordinates are read.
    sample = read(ANNDATA, map="obsm/X_pca", sample=12)
    np.testing.assert_array_equal(sample.maps["X_pca"], sample.X[:, :2])


def test_coordinates_go_with_their_samples(frame, places, tmp_path):
    path = tmp_path / "places.csv"
    places.to_csv(path, index=False)
    frame.loc[3, "a"] = np.nan
    settings = {"map": ["x,y", str(path)], "on_missing": "drop"}
    dataset = read(frame, sample=20, **settings)
    kept = frame.set_index("cell_id").loc[dataset.sample_ids]
    np.testing.assert_allclose(dataset.maps["x,y"], kept[["x", "y"]], rtol=1e-12)
    np.testing.assert_allclose(dataset.maps["places"], 10 * kept[["a", "b"]], rtol=1e-12)
    # Of a sample that is left out the coordinates may be missing.
    frame.loc[3, "x"] = np.nan
    assert len(read(frame, **settings).maps["x,y"]) == N - 1


def test_text_beside_coordinates_is_left_out_with_a_note(frame, places, tmp_path):
    path = tmp_path / "places.csv"
    places.assign(split="test", label=3, kind=["p", "q"] * (N // 2)).to_csv(path, index=False)
    dataset = read(frame[["cell_id", "a", "b"]], map=str(path))
    assert dataset.maps["places"].shape == (N, 2)
    assert any(
        note.startswith("No part of the map 'places', as they hold no numbers") and "'kind'" in note
        for note in dataset.notes
    )


def test_runs_of_former_settings_have_the_same_fingerprint(frame):
    plain, own = read(frame[["a", "b"]]), read(frame[["a", "b", "x", "y"]], map="x,y")
    assert plain.fingerprint() == own.fingerprint()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"map": "x,nothing"}, "map names 'nothing', which is no column of .*; its columns are"),
        ({"map": "x"}, "the map 'x' has 1 column of numbers .*; accepted: two$"),
        ({"map": "PC_*"}, r"the map 'PC_\*' has 3 columns of numbers \('PC_1', .*accepted: two$"),
        ({"code": "x"}, "the code 'x' has 1 column of numbers .*accepted: two or more"),
        ({"map": "x,cell_id"}, "cell_id"),
        ({"map": ["x,y", "x,y=a,b"]}, "map has the name 'x,y' twice; accepted: NAME=..."),
        ({"map": "x,y", "columns": "a,b,x"}, "'x' is in columns and in map; accepted: one of both"),
        ({"map": "x,y", "drop": "y"}, "'y' is in drop and in map; accepted: one of both"),
        ({"map": "obsm/X_umap"}, "map names obsm/X_umap, a part of an .h5ad file; .* is none"),
        ({"maps": {"Z": np.zeros((3, 2))}}, "the map 'Z' has 3 rows and .* 40; accepted: a row"),
        (
            {"maps": {"Z": np.full((N, 2), np.nan)}},
            "the map 'Z' has missing or infinite values for",
        ),
        ({"codes": {"Z": np.full((N, 2), 1e200)}}, "the code 'Z' has the value 1e.200 in row 0"),
    ],
)
def test_what_cannot_be_is_one_line(frame, settings, message):
    with pytest.raises(AevizError, match=message) as caught:
        read(frame, **settings)
    assert "\n" not in str(caught.value)


def test_other_ids_are_refused(frame, places, tmp_path):
    path = tmp_path / "places.csv"
    places.iloc[1:].to_csv(path, index=False)
    with pytest.raises(AevizError, match="the map 'places' has other ids than the 40 samples of"):
        read(frame, map=str(path))
    more = pd.DataFrame({"cell_id": ["c99"], "u": [0.0], "v": [0.0]})
    pd.concat([places, more]).to_csv(path, index=False)
    with pytest.raises(AevizError, match="it has 1 more; accepted: the same ids in both"):
        read(frame, map=str(path))


def test_a_file_that_is_not_there_is_told_before_anything_is_read(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"there is no file umap.csv, which map names"):
        read(ANNDATA, map="umap.csv")


def test_arrays_without_columns_have_none_to_name(rng):
    with pytest.raises(AevizError, match=r"map names x,y, and the ndarray of .* has no named"):
        read(rng.normal(size=(20, 3)), map="x,y")
