"""Labels and coordinates are paired with samples by ids, or else by place."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aeviz import AevizError, load_dataset
from aeviz.data.pairing import paired_rows
from tests.data._files import save_npy, save_text, table

N = 24
IDS = [f"cell_{i:02d}" for i in range(N)]
X = table(N, 3)
KINDS = np.array(["a", "b", "c"])[np.arange(N) % 3]
ORDER = np.random.default_rng(1).permutation(N)
DATA = pd.DataFrame(X, columns=["f", "g", "h"])


def paired(ids, others, n_samples=3):
    rows, notes = paired_rows(ids, others, n_samples=n_samples, what="y.csv", of="X.csv")
    return None if rows is None else rows.tolist(), " ".join(notes)


def test_rows_are_found_by_ids():
    rows, note = paired(np.array(["a", "b", "c"]), np.array(["b", "c", "a"]))
    assert rows == [2, 0, 1]
    assert note == "The rows of y.csv were matched by the ids of X.csv."
    assert paired(np.array(["a", "b"]), np.array(["a", "b"]), 2) == (None, "")


def test_whole_numbers_are_one_id_however_they_are_spelt():
    assert paired(np.array([7, 9, 8]), np.array([8.0, 7.0, 9.0]))[0] == [1, 2, 0]
    assert paired(np.array(["7", "9", "8"]), np.array([8, 7, 9]))[0] == [1, 2, 0]
    with pytest.raises(AevizError, match=r"3 ids only in X\.csv \(such as '01' and '02'\)"):
        paired(np.array(["01", "02", "03"]), np.array([3, 1, 2]))


def test_without_ids_on_one_side_the_place_decides():
    ids = np.array(["a", "b", "c"])
    assert paired(None, None) == (None, "")
    assert paired(ids, None)[1].endswith(
        "paired by place with the rows of y.csv, which has no ids."
    )
    assert paired(None, ids)[1].endswith("the rows of y.csv: X.csv has no ids.")
    assert "whose rows are numbered" in paired(ids, np.arange(3))[1]
    assert "the samples of X.csv are numbered" in paired(np.arange(1, 4), ids)[1]


def test_numbers_of_rows_in_another_order_are_followed():
    assert paired(None, np.arange(3)) == (None, "")
    rows, note = paired(None, np.array([2, 0, 1]))
    assert rows == [1, 2, 0]
    assert "are the numbers of rows in another order" in note
    assert paired(None, np.array([3, 1, 2]))[0] == [1, 2, 0]


def test_other_ids_are_refused():
    with pytest.raises(AevizError) as caught:
        paired(np.array(["a", "b", "c"]), np.array(["b", "x", "y", "z"]))
    expected = (
        "2 ids only in X.csv (such as 'a' and 'c') and 3 ids only in y.csv (such as 'x' and 'y'); "
        "accepted: the same ids in both, or no ids in one of them"
    )
    assert str(caught.value) == expected
    with pytest.raises(AevizError, match=r"y\.csv has the id 'a' more than once"):
        paired(np.array(["a", "b"]), np.array(["b", "a", "a"]), 2)


# -- labels in files -------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """Give a folder with samples, with ids and without, as text and as an array."""
    DATA.assign(cell_id=IDS).to_csv(tmp_path / "ids.csv", index=False)
    DATA.to_csv(tmp_path / "plain.csv", index=False)
    DATA.set_axis(IDS).to_parquet(tmp_path / "ids.parquet")
    save_npy(tmp_path / "X.npy", X)
    return tmp_path


LABELS = pd.DataFrame({"cell_id": IDS, "kind": KINDS}).iloc[ORDER]


def written(folder, name, frame, **options):
    path = folder / name
    if name.endswith("parquet"):
        frame.to_parquet(path, **options)
    else:
        frame.to_csv(path, sep="\t" if name.endswith("tsv") else ",", index=False, **options)
    return path


@pytest.mark.parametrize("source", ["ids.csv", "ids.parquet"])
@pytest.mark.parametrize("name", ["y.csv", "y.tsv", "y.csv.gz", "y.parquet"])
def test_labels_of_a_table_are_found_by_ids(source, name, folder):
    dataset = load_dataset(folder / source, labels=written(folder, name, LABELS))
    assert dataset.y.tolist() == KINDS.tolist()
    assert any("were matched by the ids of" in note for note in dataset.notes)
    np.testing.assert_array_equal(dataset.X, X)


def test_ids_may_be_an_index_or_have_any_name(folder):
    by_index = written(folder, "y.parquet", LABELS.set_index("cell_id"))
    assert load_dataset(folder / "ids.csv", labels=by_index).y.tolist() == KINDS.tolist()
    named = written(folder, "y.csv", LABELS.rename(columns={"cell_id": "barcode"}))
    assert load_dataset(folder / "ids.csv", labels=named).y.tolist() == KINDS.tolist()


def test_one_column_of_labels_is_in_the_order_of_the_rows(folder):
    one = written(folder, "y.csv", pd.DataFrame({"kind": KINDS}))
    dataset = load_dataset(folder / "X.npy", labels=one)
    assert dataset.y.tolist() == KINDS.tolist()
    assert dataset.notes == ()
    dataset = load_dataset(folder / "ids.csv", labels=one)
    assert dataset.y.tolist() == KINDS.tolist()
    assert "y.csv, which has no ids." in " ".join(dataset.notes)
    records = np.zeros(N, dtype=[("kind", "U1")])
    records["kind"] = KINDS
    assert load_dataset(X, labels=save_npy(folder / "y.npy", records)).y.tolist() == KINDS.tolist()


def test_numbers_of_rows_that_pandas_wrote_are_followed(folder):
    """A reversed index was taken for none, since pandas makes a range of it."""
    frame = pd.DataFrame({"kind": KINDS})
    frame[::-1].to_csv(folder / "y.csv")
    dataset = load_dataset(X, labels=folder / "y.csv")
    assert dataset.y.tolist() == KINDS.tolist()
    assert "are the numbers of rows in another order" in dataset.notes[0]


def test_numbers_and_missing_labels_of_a_table(folder):
    values = [None if i == 5 else i / 7 for i in range(N)]
    path = written(folder, "y.csv", pd.DataFrame({"age": values}))
    dataset = load_dataset(X, labels=path)
    np.testing.assert_allclose(dataset.y, [np.nan if i == 5 else i / 7 for i in range(N)])


def test_the_label_names_a_column_of_the_labels(folder):
    more = LABELS.assign(size=range(N), note=["a long text " * 30] * N)
    path = written(folder, "y.csv", more)
    with pytest.raises(AevizError, match=r"'size', 'kind'; accepted: one column of .*label="):
        load_dataset(folder / "ids.csv", labels=written(folder, "z.csv", more[["size", "kind"]]))
    for source in ("ids.csv", "ids.parquet"):
        dataset = load_dataset(folder / source, labels=path, label="kind")
        assert dataset.y.tolist() == KINDS.tolist()
    few = written(folder, "z.csv", LABELS.assign(size=ORDER % 5))
    dataset = load_dataset(folder / "ids.csv", labels=few, label=["kind", "size"])
    assert dataset.metadata["size"].tolist() == (np.arange(N) % 5).tolist()
    with pytest.raises(AevizError, match="label column 'no' is not in"):
        load_dataset(folder / "ids.csv", labels=few, label="no")
    with pytest.raises(AevizError, match=r"labels given, and .*ids\.csv has labels already"):
        load_dataset(folder / "ids.csv", labels=few, label="f")


def test_labels_of_other_samples_are_refused(folder):
    path = written(folder, "y.csv", LABELS.replace({"cell_03": "cell_99"}))
    with pytest.raises(AevizError, match=r"1 id only in .*ids\.csv \(such as 'cell_03'\) and 1 id"):
        load_dataset(folder / "ids.csv", labels=path)
    path = written(folder, "y.csv", LABELS[:-4])
    with pytest.raises(AevizError, match=r"^4 ids only in .*ids\.csv"):
        load_dataset(folder / "ids.csv", labels=path)


def test_files_of_labels_that_cannot_be_read(folder):
    with pytest.raises(AevizError, match=r"labels must be in a \.npy file or a table.*y\.png"):
        load_dataset(X, labels=save_text(folder / "y.png", "1\n"))
    with pytest.raises(FileNotFoundError, match="there is no file of labels"):
        load_dataset(X, labels=folder / "no.csv")
    with pytest.raises(AevizError, match="is empty"):
        load_dataset(X, labels=save_text(folder / "y.csv", ""))


# -- labels as a Series ----------------------------------------------------------------


@pytest.mark.parametrize("index", [IDS, np.arange(N) + 100, np.arange(N)[::-1]])
def test_a_series_is_matched_by_the_index_of_a_frame(index):
    """A Series in another order gave samples the labels of others."""
    frame = DATA.set_axis(index)
    shuffled = pd.Series(KINDS, index=index).iloc[ORDER]
    dataset = load_dataset(frame, labels=shuffled)
    assert dataset.y.tolist() == KINDS.tolist()
    aligned = load_dataset(frame, labels=pd.Series(KINDS, index=index))
    assert aligned.y.tolist() == KINDS.tolist()
    assert not any("matched" in note or "place" in note for note in aligned.notes)
    categories = shuffled.astype("category").to_frame()
    assert load_dataset(frame, labels=categories).y.tolist() == KINDS.tolist()


def test_a_series_may_match_a_column_of_ids(folder):
    shuffled = pd.Series(KINDS, index=IDS).iloc[ORDER]
    for source in (DATA.assign(cell_id=IDS), folder / "ids.csv"):
        assert load_dataset(source, labels=shuffled).y.tolist() == KINDS.tolist()
    # The index comes first, where both are meant.
    frame = DATA.assign(cell_id=IDS).iloc[ORDER]
    labels = pd.Series(KINDS)
    assert load_dataset(frame, labels=labels[::-1]).y.tolist() == KINDS[ORDER].tolist()


def test_a_series_with_the_default_index_goes_by_place():
    dataset = load_dataset(DATA.set_axis(IDS), labels=pd.Series(KINDS))
    assert dataset.y.tolist() == KINDS.tolist()
    assert any("paired by place" in note for note in dataset.notes)
    plain = load_dataset(DATA, labels=pd.Series(KINDS))
    assert plain.notes == load_dataset(DATA).notes


def test_a_series_beside_an_array_goes_by_place_and_says_so():
    """Arrays and labels that were split together keep their places."""
    dataset = load_dataset(X[ORDER], labels=pd.Series(KINDS).iloc[ORDER])
    assert dataset.y.tolist() == KINDS[ORDER].tolist()
    assert "paired with the samples by place, not by their index" in dataset.notes[0]


def test_a_series_of_other_samples_is_refused():
    other = pd.Series(KINDS, index=[f"x{i}" for i in range(N)])
    with pytest.raises(AevizError, match=r"24 ids only in the DataFrame of 24 × 3 \(such as 'cell"):
        load_dataset(DATA.set_axis(IDS), labels=other)
    with pytest.raises(AevizError, match=r"labels has the id 'cell_00' more than once"):
        load_dataset(DATA.set_axis(IDS), labels=pd.Series(KINDS, index=[*IDS[:-1], IDS[0]]))
