"""What columns of each kind become, wherever the table came from."""

from __future__ import annotations

import decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aeviz import AevizError, load_dataset
from aeviz.data.columns import TableColumn
from tests.data._files import csv_text, save_text

N = 24
PEOPLE = pd.DataFrame(
    {
        "person_id": np.arange(N) + 500,
        "age": [20 + i % 7 for i in range(N)],
        "height": np.linspace(1.5, 1.9, N),
        "smokes": [True, False] * 12,
        "town": ["Ulm", "Bonn", "Jena"] * 8,
        "size": pd.Categorical(["S", "M", "L", "M"] * 6, categories=["S", "M", "L", "XL"]),
        "born": pd.date_range("1990-01-01", periods=N, freq="D"),
        "remark": [f"remark number {i} is about nothing" for i in range(N)],
        "country": ["DE"] * N,
    }
)
TOWNS = ["town=Bonn", "town=Jena", "town=Ulm"]
FEATURES = ["age", "height", "smokes", *TOWNS, "size=S", "size=M", "size=L"]
SORTED = [*FEATURES[:6], "size=L", "size=M", "size=S"]


def written(path):
    """Write the table in the format of a path, and return the path."""
    if path.suffix == ".parquet":
        PEOPLE.to_parquet(path)
    elif path.suffix == ".feather":
        PEOPLE.to_feather(path)
    else:
        PEOPLE.to_csv(path, index=False, sep="\t" if ".tsv" in path.suffixes else ",")
    return path


SOURCES = {
    "pandas": lambda folder: PEOPLE,
    "polars": lambda folder: pl.from_pandas(PEOPLE),
    "polars, lazy": lambda folder: pl.from_pandas(PEOPLE).lazy(),
    "arrow": lambda folder: pa.Table.from_pandas(PEOPLE),
    "csv": lambda folder: written(folder / "people.csv"),
    "tsv": lambda folder: written(folder / "people.tsv"),
    "csv, gzipped": lambda folder: written(folder / "people.csv.gz"),
    "tsv, gzipped": lambda folder: written(folder / "people.tsv.gz"),
    "parquet": lambda folder: written(folder / "people.parquet"),
    "feather": lambda folder: written(folder / "people.feather"),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_the_same_table_becomes_the_same_from_everywhere(kind, tmp_path):
    dataset = load_dataset(SOURCES[kind](tmp_path))
    names = list(dataset.feature_names)
    assert names in (FEATURES, SORTED)  # text has no order of its own
    X = pd.DataFrame(dataset.X, columns=names)
    np.testing.assert_allclose(X["height"], PEOPLE["height"])
    np.testing.assert_array_equal(X["age"], PEOPLE["age"])
    np.testing.assert_array_equal(X["smokes"], PEOPLE["smokes"])
    np.testing.assert_array_equal(X["town=Jena"], PEOPLE["town"] == "Jena")
    np.testing.assert_array_equal(X["size=M"], PEOPLE["size"] == "M")
    assert dataset.sample_ids.tolist() == PEOPLE["person_id"].tolist()
    roles = {column.name: (column.role, column.use) for column in dataset.columns}
    assert roles == {
        "person_id": ("id", "id"),
        "age": ("number", "feature"),
        "height": ("number", "feature"),
        "smokes": ("boolean", "feature"),
        "town": ("category", "feature"),
        "size": ("category", "feature"),
        "born": ("date", "annotation"),
        "remark": ("text", "annotation"),
        "country": ("constant", "none"),
    }
    text = " ".join(dataset.notes)
    for word in ("'person_id'", "'town' (3 values)", "'born' (a date", "'remark' (text of 24"):
        assert word in text
    assert "'country' (one value only)" in text


def test_a_gzipped_table_is_named_as_the_table(tmp_path):
    assert load_dataset(written(tmp_path / "people.csv.gz")).name == "people"


def test_a_sample_without_a_category_gets_the_most_frequent_one():
    gaps = PEOPLE.assign(town=PEOPLE["town"].where(PEOPLE.index != 1))
    dataset = load_dataset(gaps)
    towns = [name.startswith("town=") for name in dataset.feature_names]
    np.testing.assert_array_equal(dataset.X[:3, towns], [[0, 0, 1], [0, 0, 1], [0, 1, 0]])
    words = "of the training samples: 'town' (1, by 'Ulm')."
    assert words in " ".join(dataset.notes)
    assert load_dataset(gaps, on_missing="drop").n_samples == N - 1
    with pytest.raises(AevizError, match=r"1 NaN or infinite value in 'town' \(1\)"):
        load_dataset(gaps, on_missing="error")


def test_columns_are_chosen_and_left_out():
    chosen = load_dataset(PEOPLE, columns=["height", "born", "country"])
    assert chosen.feature_names == ("height", "born", "country=DE")
    assert chosen.X[:2, 1].tolist() == [7305.0, 7306.0]  # days since 1970-01-01
    assert chosen.sample_ids[0] == 500
    dropped = load_dataset(PEOPLE, drop=["town", "size", "person_id"])
    assert dropped.feature_names == ("age", "height", "smokes")
    assert dropped.sample_ids is None
    assert "'town' (in drop)" in " ".join(dropped.notes)


def test_the_width_of_one_hot_encoding_can_be_said():
    narrow = load_dataset(PEOPLE, max_categories=2)
    assert narrow.feature_names == ("age", "height", "smokes")
    wide = load_dataset(PEOPLE, columns=["height", "remark"], max_categories=30)
    assert wide.n_features == 25
    assert "remark=remark number 7 is about nothing" in wide.feature_names


def test_several_labels():
    dataset = load_dataset(PEOPLE, label=["town", "height", "smokes", "born"])
    assert dataset.y[:3].tolist() == ["Ulm", "Bonn", "Jena"]
    assert list(dataset.metadata) == ["height", "smokes", "born"]
    np.testing.assert_allclose(dataset.metadata["height"], PEOPLE["height"])
    assert dataset.metadata["smokes"][:2].tolist() == ["True", "False"]
    assert dataset.metadata["born"][:2].tolist() == [7305, 7306]
    assert "height" not in dataset.feature_names
    rows = np.array([3, 1])
    assert dataset.take(rows).metadata["smokes"].tolist() == ["False", "False"]
    assert "Further labels to colour by: 'height', 'smokes', 'born'." in dataset.notes


def test_a_label_may_be_missing_where_it_is_only_coloured_by():
    frame = PEOPLE.assign(extra=["a", None] * 12, more=[1.5, np.nan] * 12)
    dataset = load_dataset(frame, label=["town", "extra", "more"])
    assert dataset.metadata["extra"][:2].tolist() == ["a", None]
    assert np.isnan(dataset.metadata["more"][1])
    note = "12 samples without a label: grey on the maps, and in no score of labels."
    assert note in load_dataset(frame, label=["extra", "town"]).notes


def test_identity_belongs_to_its_own_fingerprint():
    plain, more = (load_dataset(PEOPLE, label=label) for label in (["town"], ["town", "born"]))
    assert plain.fingerprint() == more.fingerprint()
    assert plain.identity_fingerprint() != more.identity_fingerprint()


@pytest.mark.parametrize(
    ("values", "role", "use"),
    [
        (list(range(N)), "number", "feature"),
        ([f"s{i}" for i in range(N)], "id", "id"),
        ([f"a rather long name of {i}" for i in range(N)], "text", "annotation"),
        (["a", "b"] * 12, "category", "feature"),
        (["a", "b", None, "a"] * 6, "category", "feature"),
        ([f"v{i % 13}" for i in range(N)], "text", "annotation"),  # most values occur once
        (["1", "2"] * 12, "number", "feature"),
        ([True, False, None] * 8, "boolean", "feature"),
        (["2020-01-01", "2021-12-31 10:00"] * 12, "date", "annotation"),
        (["1.2.2020", "31/12/2021"] * 12, "date", "annotation"),
        ([decimal.Decimal("1.5"), decimal.Decimal("2")] * 12, "number", "feature"),
        (pd.array([1, None] * 12, dtype="Int64"), "number", "feature"),
        (pd.to_timedelta(range(N), unit="h"), "number", "feature"),
        (pd.date_range("2020", periods=N, tz="Europe/Berlin"), "date", "annotation"),
        ([[1], [2]] * 12, "other", "none"),
        ([1j, 2j] * 12, "other", "none"),
        ([None] * N, "empty", "none"),
        ([7] * N, "constant", "none"),
        (["x"] * N, "constant", "none"),
        ([10**30, 5] * 12, "number", "feature"),
    ],
)
def test_roles(values, role, use):
    frame = pd.DataFrame({"a": range(N), "b": np.arange(N) % 5, "c": values})
    dataset = load_dataset(frame, on_missing="impute")
    found = dataset.columns[2]
    assert (found.role, found.use) == (role, use)
    assert np.isfinite(dataset.X).all()


def test_a_few_values_that_are_no_numbers_count_as_missing():
    values = [*range(22), "?", "?"]
    frame = pd.DataFrame({"a": range(N), "b": pd.Series(values, dtype=object)})
    with pytest.raises(AevizError, match=r"2 NaN or infinite values in 'b' \(2 as '\?'\)"):
        load_dataset(frame, on_missing="error")
    assert (
        "Column 'b': 2 values no number, as '?': missing."
        in load_dataset(frame, on_missing="drop").notes
    )


@pytest.mark.parametrize(
    ("name", "is_id"), [("id", True), ("row_id", True), ("ID", True), ("age", False)]
)
def test_whole_numbers_are_ids_by_their_name(name, is_id):
    frame = pd.DataFrame({"a": range(N), "b": np.arange(N) % 5, name: np.arange(N) * 3})
    dataset = load_dataset(frame)
    assert (name not in dataset.feature_names) == is_id
    assert (dataset.sample_ids is not None) == is_id


def test_ids_of_an_index():
    frame = pd.DataFrame({"a": range(N), "b": np.arange(N) % 5})
    named = frame.set_axis([f"r{i}" for i in range(N)])
    assert load_dataset(named).sample_ids[:2].tolist() == ["r0", "r1"]
    assert load_dataset(frame.set_axis(np.arange(N) + 7)).sample_ids[0] == 7
    assert load_dataset(frame).sample_ids is None
    assert load_dataset(frame.set_axis([0] * N)).sample_ids is None
    several = frame.set_axis(pd.MultiIndex.from_product([["x", "y"], range(12)]))
    assert load_dataset(several).sample_ids[13] == "y/1"


def test_a_column_of_ids_comes_before_numbers_in_an_index_and_after_names():
    """It vanished: the index was taken for the ids, and the column was neither shown."""
    frame = pd.DataFrame({"a": range(N), "b": np.arange(N) % 5, "who": [f"w{i}" for i in range(N)]})
    filtered = load_dataset(frame.set_axis(np.arange(N) * 2))
    assert filtered.sample_ids[:2].tolist() == ["w0", "w1"]
    assert "The samples' ids are those in 'who', which is no feature." in filtered.notes
    named = load_dataset(frame.set_axis([f"r{i}" for i in range(N)]))
    assert named.sample_ids[0] == "r0"
    assert named.annotations["who"][1] == "w1"
    assert "ids too, like the index" in named.columns[2].fate


def test_names_that_are_no_text_and_names_that_occur_twice():
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(N, 3)), columns=[0, 1, ("a", "b")])
    assert load_dataset(frame).feature_names == ("0", "1", "a/b")
    with pytest.raises(AevizError, match="more than one column named 'a'"):
        load_dataset(frame.set_axis(["a", "a", "b"], axis=1))


def test_long_values_have_short_names_that_differ():
    values = ["x" * 80 + "1", "x" * 80 + "2"] * 12
    dataset = load_dataset(pd.DataFrame({"a": range(N), "c": values}))
    first, second = dataset.feature_names[1:]
    assert first == "c=" + "x" * 59 + "…"
    assert second == first + " (2)"


# -- a later table ---------------------------------------------------------------------------


def test_a_later_table_is_read_as_the_first_one_was(tmp_path):
    columns = load_dataset(PEOPLE, label="smokes").columns
    plan = [TableColumn.from_json(column.to_json()) for column in columns]
    assert plan == list(columns)
    later = PEOPLE.iloc[:2, ::-1].assign(town=["Jena", "Kiel"], weight=3)
    later.to_csv(tmp_path / "later.csv", index=False)
    dataset = load_dataset(tmp_path / "later.csv", plan=plan, is_to_fit=False)
    expected = load_dataset(PEOPLE, label="smokes")
    assert dataset.feature_names == expected.feature_names
    row = pd.Series(dataset.X[1], expected.feature_names)
    assert row[TOWNS].tolist() == [0, 0, 0]
    assert row["size=M"] == 1
    assert dataset.sample_ids.tolist() == [500, 501]
    assert "'town' that the model was not trained on count as none" in " ".join(dataset.notes)
    with pytest.raises(AevizError, match="lacks 'height', which the model was trained on"):
        load_dataset(PEOPLE.drop(columns="height"), plan=plan, is_to_fit=False)


# -- text ------------------------------------------------------------------------------------

ROWS = [(f"{i},5", "café" if i % 2 else "thé", i * i) for i in range(12)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_delimiter_encoding_and_decimal_commas_are_found_out(mark, encoding, tmp_path):
    lines = [mark.join(("größe", "was", "n")), *(mark.join(map(str, row)) for row in ROWS)]
    path = tmp_path / "a.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    dataset = load_dataset(path, label="was")
    assert dataset.feature_names == ("größe", "n")
    assert dataset.X[:3].tolist() == [[0.5, 0], [1.5, 1], [2.5, 4]]
    assert dataset.y[:2].tolist() == ["thé", "café"]
    text = " ".join(dataset.notes)
    assert "Decimal commas" in text
    assert ("read as cp1252" in text) == (encoding == "cp1252")


@pytest.mark.parametrize(
    ("lines", "names", "n_samples"),
    [
        (["5.1,3.5,setosa", "4.9,3.0,setosa", "6.0,2.2,other"] * 8, ("column 1", "column 2"), 24),
        (["wide,long,kind"] + ["5.1,3.5,setosa", "4.9,3.0,other"] * 8, ("wide", "long"), 16),
        (["id,2019,2020,2021"] + ["a,5,2,9", "b,4,7,1"] * 8, ("2019", "2020", "2021"), 16),
        (["400.5,401.0,401.5"] + ["5,2,9", "4,7,1"] * 8, ("400.5", "401.0", "401.5"), 16),
        (["1,2,3", "4,5,6", "7,9,2"] * 8, ("column 1", "column 2", "column 3"), 24),
        (["0,1"] + ["5,2", "4,7"] * 8, ("0", "1"), 16),
        (["a,b,c"] + ["1,,2", "3,,4"] * 8, ("a", "c"), 16),
        (["x,1.5,0"] * 6 + ["y,2.5,1"] * 6, ("column 2", "column 3"), 12),
    ],
)
def test_whether_there_is_a_header_is_found_out(lines, names, n_samples, tmp_path):
    dataset = load_dataset(save_text(tmp_path / "a.csv", "\n".join(lines) + "\n"))
    numbers = tuple(n for n in dataset.feature_names if "=" not in n)
    assert (numbers, dataset.n_samples) == (names, n_samples)


@settings(deadline=None, max_examples=60)
@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8", categories=["L", "P", "S", "Zs"]), max_size=12),
        min_size=12,
        max_size=12,
    ),
    mark=st.sampled_from([",", ";", "\t", "|"]),
)
def test_whatever_pandas_writes_is_read_back(texts, mark, tmp_path_factory):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    frame = pd.DataFrame({"n": np.arange(12) * 1.25, "m": np.arange(12) % 5, "text": texts})
    frame.to_csv(path, index=False, sep=mark)
    dataset = load_dataset(path, drop=["text"])
    np.testing.assert_allclose(dataset.X, frame[["n", "m"]])


def test_names_of_rows_without_a_name_are_ids(tmp_path):
    text = csv_text({"": [f"r{i}" for i in range(12)], "a": list(range(12)), "b": [0, 1] * 6})
    dataset = load_dataset(save_text(tmp_path / "a.csv", text))
    assert dataset.feature_names == ("a", "b")
    assert dataset.sample_ids[:2].tolist() == ["r0", "r1"]


def test_texts_and_dates_are_shown_with_their_samples():
    frame = PEOPLE.assign(other_id=[f"z{i}" for i in range(N)], born=pd.to_datetime(PEOPLE["born"]))
    dataset = load_dataset(frame, drop=["country"])
    assert list(dataset.annotations) == ["born", "remark", "other_id"]
    assert dataset.annotations["remark"].tolist() == PEOPLE["remark"].tolist()
    assert dataset.annotations["born"][0] == "1990-01-01"
    assert dataset.sample_ids[0] == 500
    assert dataset.take(np.array([3, 1])).annotations["other_id"].tolist() == ["z3", "z1"]
    changed = load_dataset(
        frame.assign(remark="another text of more than twenty"), drop=["country"]
    )
    assert changed.fingerprint() == dataset.fingerprint()
    assert changed.identity_fingerprint() != dataset.identity_fingerprint()
    # What the user leaves out is not to be seen, and a label is seen as one.
    fewer = load_dataset(frame, drop=["remark", "other_id"], label="born")
    assert fewer.annotations == {}
    planned = load_dataset(frame, drop=["remark"], plan=dataset.columns, is_to_fit=False)
    assert list(planned.annotations) == ["born", "other_id"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"columns": ["a"]}, r"columns cannot choose features here.*\(got 'a'\)"),
        ({"drop": ["a", "who"]}, r"drop cannot choose features here.*\(got 'a'\)"),
        ({"max_categories": 3}, r"max_categories cannot .*\(got 3\)"),
    ],
)
def test_features_of_a_fitted_model_cannot_be_chosen_again(options, words):
    """These options did nothing, without a word."""
    frame = pd.DataFrame({"a": range(N), "b": np.arange(N) % 5, "who": [f"w{i}" for i in range(N)]})
    plan = load_dataset(frame).columns
    with pytest.raises(AevizError, match=words):
        load_dataset(frame, plan=plan, is_to_fit=False, **options)
    assert load_dataset(frame, plan=plan, is_to_fit=False, drop=["who"]).n_features == 2


def test_what_was_odd_in_the_fitted_table_is_not_told_of_another_one():
    frame = pd.DataFrame({"a": [*map(str, range(N * 5 - 1)), "??"], "b": np.arange(N * 5) % 5})
    fitted = load_dataset(frame, on_missing="drop")
    assert any("'??'" in note for note in fitted.notes)
    clean = load_dataset(frame[:20], plan=fitted.columns, is_to_fit=False)
    assert not any("'??'" in note for note in clean.notes)
    assert all(column.example is None for column in clean.columns)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (np.array([1, 2, None] * 8, dtype=object), [1, 2]),
        (pd.Series(["x", "y", np.nan] * 8), ["x", "y"]),
        (pd.Series(["x", "y", None] * 8, dtype="category"), ["x", "y"]),
        ([True, False, None] * 8, ["True", "False"]),
    ],
)
def test_labels_of_any_objects(given, expected):
    dataset = load_dataset(np.random.default_rng(0).random((24, 3)), labels=given)
    assert dataset.y[:2].tolist() == expected
    assert dataset.n_samples == 24
    assert dataset.lacks_label.tolist() == [False, False, True] * 8
