"""Tables that other programs write: Excel, JSON, ARFF, flow cytometry."""

import json
import zipfile

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from aeviz import AevizError, load_dataset
from aeviz.core.memory import memory_limit
from aeviz.data._extras import needs_extra
from tests.data._files import save_text, table
from tests.data._table_files import arff_text, fcs_bytes, repacked, workbook_bytes
from tests.data.test_bad_input import refused

X = table(20, 2).round(6)
FRAME = pd.DataFrame({"a": X[:, 0], "b": X[:, 1], "kind": ["low", "high"] * 10})


# -- Excel -------------------------------------------------------------------------------------


def workbook(path, *sheets):
    path.write_bytes(workbook_bytes(*sheets))
    return path


def cells(path, rows):
    """Write a workbook of rows of values as they are."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_the_first_sheet_is_the_table_and_others_are_named(tmp_path):
    path = workbook(tmp_path / "book.xlsx", ("one", FRAME, {}), ("two", FRAME[["b", "a"]], {}))
    dataset = load_dataset(path, label="kind")
    np.testing.assert_array_equal(dataset.X, X)
    assert dataset.name == "book"
    assert dataset.feature_names == ("a", "b")
    assert dataset.y[:2].tolist() == ["low", "high"]
    assert "that of the first sheet, 'one'; others are 'two'" in dataset.notes[0]
    np.testing.assert_array_equal(load_dataset(path, key="two").X, X[:, ::-1])
    refused(path, "key 'three' names no sheet", "'one', 'two'", key="three")


def test_a_sheet_is_read_as_pandas_reads_it(tmp_path):
    frame = FRAME.assign(
        n=range(20), gap=[None, 1.5] * 10, when=pd.date_range("2020-01-01", periods=20)
    )
    path = workbook(tmp_path / "a.xlsx", ("one", frame, {}))
    dataset = load_dataset(path, columns=["a", "b", "n", "gap", "when"], on_missing="impute")
    expected = pd.read_excel(path)
    np.testing.assert_array_equal(dataset.X[:, :3], expected[["a", "b", "n"]])
    np.testing.assert_array_equal(dataset.X[:, 3], 1.5)
    days = (expected["when"] - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    np.testing.assert_array_equal(dataset.X[:, 4], days)


def test_row_numbers_and_names_that_pandas_writes(tmp_path):
    path = workbook(tmp_path / "a.xlsx", ("one", FRAME[["a", "b"]], {"index": True}))
    dataset = load_dataset(path)
    np.testing.assert_array_equal(dataset.X, X)
    assert "row numbers without a name, left out" in dataset.notes[0]
    named = FRAME[["a", "b"]].set_axis([f"s{row}" for row in range(20)], axis=0)
    path = workbook(tmp_path / "b.xlsx", ("one", named, {"index": True}))
    assert load_dataset(path).ids[:2].tolist() == ["s0", "s1"]


def test_titles_blank_rows_and_errors_of_excel(tmp_path):
    rows = [["Measured in May"], [], [None, "a", "b", None], [None, None, None, None]]
    rows += [[None, *row] for row in X.tolist()]
    rows[5][1] = "#DIV/0!"
    dataset = load_dataset(cells(tmp_path / "a.xlsx", rows), on_missing="impute")
    assert dataset.feature_names == ("a", "b")
    np.testing.assert_array_equal(dataset.X[2:], X[2:])
    assert dataset.X[1, 0] == np.median(np.delete(X[:, 0], 1))
    assert "1 row above the table left out." in dataset.notes


def test_header_says_which_row_holds_the_names(tmp_path):
    path = cells(tmp_path / "a.xlsx", [[400, 410], *X.tolist()])
    dataset = load_dataset(path)
    assert dataset.n_samples == 21
    assert "The first row holds values, so columns are named by their numbers." in dataset.notes
    dataset = load_dataset(path, header="1")
    assert dataset.feature_names == ("400", "410")
    np.testing.assert_array_equal(dataset.X, X)
    assert load_dataset(path, header="none").feature_names == ("column 1", "column 2")
    refused(path, "header must be a row from 1 to 20, or none", "got 21", header="21")


@pytest.mark.parametrize("rows", [[], [["a", "b"]]])
def test_a_sheet_without_a_table_is_refused(rows, tmp_path):
    refused(cells(tmp_path / "a.xlsx", rows), "holds no table", "a row of names")


def test_what_is_no_workbook_is_refused(tmp_path):
    refused(save_text(tmp_path / "a.xlsx", "a,b\n1,2\n"), "is not an Excel workbook or is damaged")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    refused(tmp_path / "b.xlsx", "is not an Excel workbook or is damaged")


def test_a_sheet_that_announces_more_than_it_holds(tmp_path):
    """A cell far out, or a false size, took memory for all cells before it."""
    content = workbook_bytes(("one", FRAME[["a", "b"]], {}))
    name = "xl/worksheets/sheet1.xml"
    (tmp_path / "a.xlsx").write_bytes(content)
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheet = archive.read(name).decode()
    wide = sheet.replace('ref="A1:B21"', 'ref="A1:XFD1048576"')
    assert wide != sheet
    (tmp_path / "a.xlsx").write_bytes(repacked(content, name, wide.encode()))
    np.testing.assert_array_equal(load_dataset(tmp_path / "a.xlsx").X, X)
    far = sheet.replace('<row r="21"', '<row r="99999999"').replace('r="A21"', 'r="A99999999"')
    (tmp_path / "b.xlsx").write_bytes(repacked(content, name, far.encode()))
    refused(tmp_path / "b.xlsx", "has more than 1,048,576 rows")
    out = sheet.replace('r="B21"', 'r="XFD21"')
    (tmp_path / "c.xlsx").write_bytes(repacked(content, name, out.encode()))
    with memory_limit(10**7):
        refused(tmp_path / "c.xlsx", "of memory, more than the 6.0 MB")


def test_a_missing_library_is_told_with_its_extra(tmp_path):
    words = r'a.fcs takes no_such_library, .* pip install "aeviz\[fcs\]"'
    with pytest.raises(AevizError, match=words), needs_extra("fcs", path=tmp_path / "a.fcs"):
        import no_such_library  # noqa: F401 - it is not there


# -- JSON --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "orient"), [("a.jsonl", None), ("a.ndjson", None), ("a.json", "records")]
)
def test_records_of_pandas_are_read(name, orient, tmp_path):
    frame = FRAME.round(6)
    options = {"orient": "records", "lines": orient is None}
    frame.to_json(tmp_path / name, **options)
    dataset = load_dataset(tmp_path / name, label="kind")
    np.testing.assert_array_equal(dataset.X, frame[["a", "b"]])
    assert dataset.y[:2].tolist() == ["low", "high"]
    expected = pd.read_json(tmp_path / name, precise_float=True, **options)
    np.testing.assert_array_equal(dataset.X, expected[["a", "b"]])


def test_columns_as_lists_and_by_row_number(tmp_path):
    columns = {"a": X[:, 0].tolist(), "b": X[:, 1].tolist()}
    save_text(tmp_path / "a.json", json.dumps(columns, indent=1))
    by_row = {name: dict(enumerate(values)) for name, values in columns.items()}
    save_text(tmp_path / "b.json", json.dumps(by_row))
    for name in ("a.json", "b.json"):
        np.testing.assert_array_equal(load_dataset(tmp_path / name).X, X)


def test_nested_objects_lists_and_gaps(tmp_path):
    records = [
        {"v": [float(row), 2.0 - row], "in": {"side": row, "kind": "ab"[row % 2]}}
        for row in range(20)
    ]
    del records[3]["in"]["side"]
    records[4]["late"] = 7.5
    records[5]["late"] = float("nan")
    records[6]["late"] = 9
    path = save_text(tmp_path / "a.jsonl", "\n".join(map(json.dumps, records)))
    dataset = load_dataset(path, label="in.kind", on_missing="impute")
    assert dataset.feature_names == ("in.side", "late", "v[0]", "v[1]") or set(
        dataset.feature_names
    ) == {"in.side", "late", "v[0]", "v[1]"}
    place = {name: i for i, name in enumerate(dataset.feature_names)}
    np.testing.assert_array_equal(dataset.X[:, place["v[1]"]], 2.0 - np.arange(20))
    assert dataset.X[4, place["late"]] == 7.5
    assert dataset.X[5, place["late"]] == dataset.X[0, place["late"]] == 8.25
    assert dataset.X[7, place["in.side"]] == 7


def test_text_is_never_made_a_number_by_the_reader(tmp_path):
    records = [{"zip": f"0{row}x", "a": row, "b": row * row} for row in range(20)]
    path = save_text(tmp_path / "a.jsonl", "\n".join(map(json.dumps, records)))
    assert load_dataset(path).ids[:2].tolist() == ["00x", "01x"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"a": 1}\n{"a": 2\n', "line 2 is not JSON"),
        ('{"a": 1}\n[2]\n', "holds list in line 2, no object"),
        ('{"a": 1, "a": 2}\n{"a": 1}\n', "a name occurs twice"),
        ('[{"a": 1}, 2]', "holds int in entry 2, no object"),
        ("[" * 100_000, "is not JSON"),
        ('{"a": [1, 2], "b": [1]}', "no columns of one length"),
        ('{"x": {"a": 1}, "y": {"a": 2}}', "no columns of one length"),
        ('{"a": 1, "b": 2}', "no columns of one length"),
        ('{"a": [1, "x"]}\n{"a": [1, 2]}\n', "lists of several kinds in 'a'"),
        (
            '{"a": [1, 2]}\n{"a": [1, 2]}\n{"a": [1]}\n' * 9,
            "has vectors of 2 numbers, and of 1 in row 2",
        ),
        ("nothing", "is not JSON"),
    ],
)  # fmt: skip
def test_json_of_other_things_is_refused(text, words, tmp_path):
    refused(save_text(tmp_path / "a.json", text), str(tmp_path / "a.json"), words)


# -- ARFF --------------------------------------------------------------------------------------

DECLARED = {
    "a": "REAL",
    "'b b'": "numeric",
    "n": "integer",
    "size": "{small, 'very big', medium}",
    "text": "string",
    "class": "{b,a}",
}


def test_dense_rows_with_quotes_gaps_and_comments(tmp_path):
    sizes = ("small", "'very big'", "medium")
    rows = [
        f"{a!r},\t{b!r}, {row}.5, {sizes[row % 3]}, 'it\\'s {row}',{'ba'[row % 2]}"
        for row, (a, b) in enumerate(X.tolist())
    ]
    rows[0] = rows[0].replace("0.5, small", "?, ?")
    rows.insert(3, "% a comment")
    path = save_text(tmp_path / "a.arff", arff_text(DECLARED, rows))
    dataset = load_dataset(path, label="class", on_missing="impute")
    np.testing.assert_array_equal(dataset.X[:, :2], X)
    # A fraction in a column of integers is kept.
    np.testing.assert_array_equal(dataset.X[1:, 2], np.arange(1, 20) + 0.5)
    names = ("a", "b b", "n", "size=small", "size=very big", "size=medium")
    assert dataset.feature_names == names
    np.testing.assert_array_equal(dataset.X[:3, 3:], [[0, 0, 1], [0, 1, 0], [0, 0, 1]])
    assert dataset.ids[1] == "it's 1"
    assert dataset.y[:2].tolist() == ["b", "a"]
    assert dataset.class_order == ("b", "a")


def test_sparse_rows_have_zeros_and_first_categories(tmp_path):
    rows = [f"{{0 {row}, 1 -1.5, 3 medium, 5 a}}" for row in range(18)]
    path = save_text(tmp_path / "a.arff", arff_text(DECLARED, [*rows, "{}", "{2 7}"]))
    dataset = load_dataset(path, label="class")
    place = {name: i for i, name in enumerate(dataset.feature_names)}
    np.testing.assert_array_equal(dataset.X[:, place["a"]], [*range(18), 0, 0])
    np.testing.assert_array_equal(dataset.X[:, place["n"]], [0] * 19 + [7])
    np.testing.assert_array_equal(dataset.X[:, place["size=small"]], [0] * 18 + [1, 1])
    assert dataset.y[-2:].tolist() == ["b", "b"]


def test_arff_is_read_as_scipy_reads_it(tmp_path):
    from scipy.io import arff

    rows = [f"{a!r},{b!r},{'ab'[row % 2]}" for row, (a, b) in enumerate(X.tolist())]
    text = arff_text({"a": "real", "b": "real", "class": "{a,b}"}, rows)
    path = save_text(tmp_path / "a.arff", text)
    values, _ = arff.loadarff(path)
    dataset = load_dataset(path, label="class")
    np.testing.assert_array_equal(dataset.X, np.column_stack([values["a"], values["b"]]))
    assert dataset.y.tolist() == [one.decode() for one in values["class"]]


@pytest.mark.parametrize(
    ("declared", "rows", "words"),
    [
        (DECLARED, ["1,2,3"], "line 10, holds 3 values; accepted: a value for each of the 6"),
        (DECLARED, ["1,2,x,small,t,a"], "line 10, holds 'x' for 'n'; accepted: a number, or ?"),
        (DECLARED, ["1,2,3,huge,t,a"], "holds 'huge' for 'size'; accepted: one of the declared"),
        (DECLARED, ["1,2,3,small,'t,a"], "line 10, is damaged"),
        (DECLARED, ["{9 1}"], "line 10, is damaged"),
        (DECLARED, ["{1 2"], "line 10, is damaged"),
        ({"a": "relational"}, [], "line 3, is '@attribute a relational'"),
        ({"a": "{1,2"}, [], "line 3, is '@attribute a {1,2'"),
        ({"a": "{" + ",".join(map(str, range(200)))}, [], "line 3, is '@attribute a {0,1"),
        ({"a": "real", "'a'": "real"}, [], "more than one column named 'a'"),
        ({}, [], "is not ARFF"),
        (DECLARED, [], "has 0 samples"),
    ],
)  # fmt: skip
def test_damaged_arff_is_refused(declared, rows, words, tmp_path):
    path = save_text(tmp_path / "a.arff", arff_text(declared, rows))
    refused(path, words)


# -- flow cytometry ----------------------------------------------------------------------------

EVENTS = np.random.default_rng(0).random((20, 4)).astype(np.float32)
CHANNELS, MARKERS = ["FSC-A", "FL1-A", "FL2-A", "Time"], ["", "CD3", "FL2-A", ""]


def test_channels_are_called_by_their_markers(tmp_path):
    (tmp_path / "a.fcs").write_bytes(fcs_bytes(EVENTS, CHANNELS, MARKERS))
    dataset = load_dataset(tmp_path / "a.fcs")
    np.testing.assert_array_equal(dataset.X, EVENTS[:, :3])
    assert dataset.feature_names == ("FSC-A", "CD3 (FL1-A)", "FL2-A")
    assert dataset.notes == ("The time of each event, 'Time', was left out.",)
    dataset = load_dataset(tmp_path / "a.fcs", columns=["Time", "FSC-A"])
    np.testing.assert_array_equal(dataset.X, EVENTS[:, [3, 0]])


def test_gains_are_applied_with_a_note(tmp_path):
    content = fcs_bytes(EVENTS[:, :2], CHANNELS[:2])
    old, new = b"$P1G/1.0/", b"$P1G/2.0/"
    assert content.count(old) == 1
    (tmp_path / "a.fcs").write_bytes(content.replace(old, new))
    dataset = load_dataset(tmp_path / "a.fcs")
    np.testing.assert_array_equal(dataset.X, EVENTS[:, :2] / [2, 1])
    assert dataset.notes == ("Values were brought to a linear scale by the gains in the file.",)


def test_damaged_cytometry_is_refused(tmp_path):
    content = fcs_bytes(EVENTS, CHANNELS, MARKERS)
    for number, (changed, words) in enumerate(
        [
            (b"no data", "is not an FCS file"),
            (content[:-100], "is damaged"),
            (content[:100], "is damaged"),
            (content.replace(b"$TOT", b"$TOX"), "is damaged"),
            (content.replace(b"$P4N", b"$X4N"), "is damaged"),
        ]
    ):
        path = tmp_path / f"{number}.fcs"
        path.write_bytes(changed)
        refused(path, str(path), words)
