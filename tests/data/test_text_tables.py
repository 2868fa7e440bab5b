"""How tables are written as text: what is read, what is said of it, and what is refused."""

import numpy as np
import pytest

from aeviz import load_dataset
from aeviz.core.exceptions import AevizError

N = 40
ROWS = [(f"{0.5 + i % 7:.2f}", f"{1.25 * (i % 5):.3f}", "abc"[i % 3]) for i in range(N)]
X = [[float(a), float(b)] for a, b, _ in ROWS]
NAMES = "f1,f2,species"


def written(tmp_path, head, mark=",", end="", name="a.csv", rows=ROWS):
    lines = [*head, *(mark.join(row) + end for row in rows)]
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize(
    ("head", "mark", "end", "note"),
    [
        ([NAMES], ",", "", None),
        (["# Instrument: XYZ", "# 2020-01-01", NAMES], ",", "", "2 lines that begin with # left"),
        (["# made by np.savetxt", "# " + NAMES], ",", "", "those in the last line of comments"),
        (["Report by LabSoft 3.1", "", NAMES], ",", "", "table left out: 'Report by LabSoft 3.1'"),
        (["Report, version 3", "", NAMES], ",", "", "1 line above the table left out"),
        (["sep=;", NAMES.replace(",", ";")], ";", "", "which names the delimiter"),
        ([NAMES], ",", ",", "Every row ends with a delimiter"),
        (["f1, f2, species"], ", ", "", "Blanks after the delimiters"),
        (["f1 f2 species"], " ", "", None),
        (["f1   f2    species"], "   ", "", None),
        ([NAMES.replace(",", "\t")], "\t", "", None),
        ([NAMES.replace(",", "|")], "|", "", None),
        (['"f1", "f2", "species"'], ", ", "", "Blanks after the delimiters"),
    ],
)
def test_dialects(head, mark, end, note, tmp_path):
    dataset = load_dataset(written(tmp_path, head, mark, end), label="species")
    assert dataset.feature_names == ("f1", "f2")
    assert dataset.X.tolist() == X
    assert dataset.y.tolist() == [row[2] for row in ROWS]
    if note is None:
        assert dataset.notes == ()
    else:
        assert note in " ".join(dataset.notes)


def test_row_names_of_r(tmp_path):
    """A table of write.table was refused, since its header has a name less than its rows."""
    rows = [(f'"s{i + 1}"', *row[:2], f'"{row[2]}"') for i, row in enumerate(ROWS)]
    for mark in ("\t", " ", ","):
        path = written(tmp_path, [mark.join(['"f1"', '"f2"', '"species"'])], mark, rows=rows)
        dataset = load_dataset(path, label="species")
        assert dataset.feature_names == ("f1", "f2")
        assert dataset.X.tolist() == X
        assert dataset.sample_ids[:2].tolist() == ["s1", "s2"]
        assert "The first column has no name and holds the names of the rows." in dataset.notes


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("sample,1,10,100,1000", ("1", "10", "100", "1000")),
        ("sample,400.1,403,407.6,412.9", ("400.1", "403", "407.6", "412.9")),
    ],
)
def test_names_that_are_numbers(header, names, tmp_path):
    """The header became a sample, and its numbers values."""
    rows = [(f"TCGA-{i:03d}", *(f"{(i * k) % 7 / 7:.4f}" for k in (1, 2, 3, 5))) for i in range(N)]
    dataset = load_dataset(written(tmp_path, [header], rows=rows))
    assert (dataset.feature_names, dataset.n_samples) == (names, N)
    bare = [row[1:] for row in rows]
    classes = [(*row, "abc"[i % 3]) for i, row in enumerate(bare)]
    path = written(tmp_path, [header.partition(",")[2] + ",class"], rows=classes)
    dataset = load_dataset(path, label="class")
    assert (dataset.feature_names, dataset.n_samples) == (names, N)
    assert "The first line holds numbers, taken as names of columns." in dataset.notes


def test_what_the_user_says_of_the_text_is_not_detected(tmp_path):
    path = written(tmp_path, ["1,2,3"])
    assert load_dataset(path, header="none", label="column 3").n_samples == N + 1
    assert load_dataset(path, header="1", label="3").n_samples == N
    path = written(tmp_path, ["some; title", "f1;f2;species"], ";")
    assert load_dataset(path, header="2", delimiter="semicolon", label="species").X.tolist() == X
    rows = [(f"'{a}'", b, f"'{c}'") for a, b, c in ROWS]
    path = written(tmp_path, [NAMES], rows=rows)
    assert load_dataset(path, quote="single", label="species").X.tolist() == X
    for options, words in [
        ({"header": "0"}, "header must be none, or a line from 1"),
        ({"header": "x"}, "header must be none"),
        ({"delimiter": "ab"}, "delimiter must be one character"),
        ({"decimal": ";"}, "decimal must be one of point, comma"),
        ({"decimal": ",", "thousands": ","}, "thousands must be another mark"),
        ({"quote": "''"}, "quote must be one character"),
    ]:
        with pytest.raises(AevizError, match=words):
            load_dataset(path, label="species", **options)


# -- quotes -----------------------------------------------------------------------------------


def films(tmp_path, odd, mark="\t"):
    rows = [(odd.get(i, f"film {i}"), *row) for i, row in enumerate(ROWS)]
    head = mark.join(["title", "f1", "f2", "species"])
    return written(tmp_path, [head], mark, name="films.tsv", rows=rows)


def test_quotes_without_a_partner_swallow_no_rows(tmp_path):
    """The rows between two of them were gone without a word."""
    path = films(tmp_path, {3: '"film 3 part', 20: 'film 20 part"', 31: '"film 31'})
    dataset = load_dataset(path, label="species")
    assert dataset.X.tolist() == X
    assert dataset.sample_ids[3] == '"film 3 part'
    assert "Some double quotes have no partner, so they were read as they stand." in dataset.notes


def test_quotes_around_lines_and_delimiters_are_kept(tmp_path):
    path = films(tmp_path, {3: '"one\ttwo"', 5: '"one\ntwo"', 8: '"she said ""no"""'})
    dataset = load_dataset(path, label="species")
    assert dataset.X.tolist() == X
    assert dataset.sample_ids[[3, 5, 8]].tolist() == ["one\ttwo", "one\ntwo", 'she said "no"']


def test_quotes_that_can_be_read_in_two_ways_are_refused(tmp_path):
    path = films(tmp_path, {3: '"film 3 part', 20: 'film 20 part"', 30: '"one\ttwo"'})
    with pytest.raises(AevizError, match=r"quote in row 4 that takes in rows; accepted: .*none"):
        load_dataset(path, label="species")
    path = films(tmp_path, {3: '"film 3 part', 20: '"film 20 part', 30: '"one\ttwo"'})
    with pytest.raises(AevizError, match=r"quote without a partner before line 21"):
        load_dataset(path, label="species")


# -- rows -------------------------------------------------------------------------------------


def test_short_rows_and_a_foot_are_told(tmp_path):
    path = written(tmp_path, [NAMES])
    lines = path.read_text().splitlines()
    lines[5] = "1.5,2.5"
    path.write_text("\n".join([*lines, "Total: 40 rows", ""]))
    dataset = load_dataset(path, on_missing="drop", label="species")
    notes = " ".join(dataset.notes)
    assert "1 row with fewer values than columns, the first is row 5: the others are" in notes
    assert "1 line below the table left out: 'Total: 40 rows'." in notes
    assert dataset.n_samples == N
    assert dataset.X.tolist() == [*X[:4], [1.5, 2.5], *X[5:]]
    assert dataset.y[4] is None


def test_names_that_occur_twice_are_numbered(tmp_path):
    dataset = load_dataset(written(tmp_path, ["f,f,species"]), label="species")
    assert dataset.feature_names == ("f", "f_2")
    assert "Names that occur again are numbered: 'f'." in dataset.notes


def test_line_ends_of_all_systems(tmp_path):
    for end in ("\n", "\r\n", "\r"):
        path = tmp_path / "a.csv"
        path.write_bytes(end.join([NAMES, *map(",".join, ROWS)]).encode())
        np.testing.assert_array_equal(load_dataset(path, label="species").X, X)


# -- the header -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first",
    [
        "0.50,0.000,a",
        "12,877.2,b",  # rises, as names that are numbers do
        "0.50,0.000,NA",
        "0.50,0.000, c",
        "1e-3,0.000,a",
        "(0.5),1_000,a",
        '0,"","a"',
    ],
)
def test_a_first_line_of_values_is_no_header(first, tmp_path):
    """The first sample was lost."""
    dataset = load_dataset(written(tmp_path, [first]), header=None, label="column 3")
    assert dataset.n_samples == N + 1
    assert dataset.y[1:].tolist() == [row[2] for row in ROWS]
    assert "The first line holds values" in " ".join(dataset.notes)


def test_a_first_line_of_units_and_dates_is_no_header(tmp_path):
    parts = [(f"2020-01-{1 + i % 28:02d}", f"{i % 7 + 1} cm", "abc"[i % 3]) for i in range(N)]
    rows = [(*part, part[1]) for part in parts]
    dataset = load_dataset(written(tmp_path, [], rows=rows), label="column 3")
    assert dataset.n_samples == N
    assert dataset.X[:, 0].tolist() == [i % 7 + 1 for i in range(N)]


def test_a_short_header_with_numbers_is_the_header(tmp_path):
    """The names were left out as a title, and the first sample became the names."""
    path = written(tmp_path, ["1990,1991,1992,1993"], rows=[(*r[:2], *r[:2], "") for r in ROWS])
    dataset = load_dataset(path)
    assert dataset.feature_names == ("1990", "1991", "1992", "1993")
    assert dataset.n_samples == N


# -- blanks, commas, comments -----------------------------------------------------------------


def test_decimal_commas_between_blanks(tmp_path):
    """The commas were taken as delimiters, and every number was cut in two."""
    rows = [(a.replace(".", ","), b.replace(".", ","), c) for a, b, c in ROWS]
    dataset = load_dataset(written(tmp_path, ["f1 f2 species"], " ", rows=rows), label="species")
    assert dataset.X.tolist() == X
    thousands = [(f"{1000 + i:,}", b, c) for i, (_, b, c) in enumerate(ROWS)]
    path = written(tmp_path, ["f1 f2 species"], " ", rows=thousands)
    assert load_dataset(path, label="species").X[:, 0].tolist() == [1000 + i for i in range(N)]


def test_blanks_or_commas_that_nothing_tells_apart_are_refused(tmp_path):
    rows = [(str(i % 5), f"{i % 7},5") for i in range(N)]
    path = written(tmp_path, [], " ", rows=rows)
    with pytest.raises(AevizError, match=r"'0 0,5' may be parted by commas or by blanks; accepted"):
        load_dataset(path)
    dataset = load_dataset(path, delimiter="blank")
    assert dataset.X.tolist() == [[i % 5, i % 7 + 0.5] for i in range(N)]


def test_blanks_and_lines_in_quotes_are_kept(tmp_path):
    texts = ['"two  blanks"', '"two\nlines"', '"one"']
    rows = [(a, b, texts[i % 3]) for i, (a, b, _) in enumerate(ROWS)]
    for mark in (" ", "  ", ",  ", ";   "):
        path = written(tmp_path, [mark.join(("f1", "f2", "species"))], mark, rows=rows)
        dataset = load_dataset(path, label="species", delimiter=mark.strip() or "blank")
        assert dataset.X.tolist() == X
        assert dataset.y[:3].tolist() == ["two  blanks", "two\nlines", "one"]


def test_missing_values_are_no_comments(tmp_path):
    """Rows that began with #N/A were lost where there were comments."""
    rows = [("#N/A" if i % 10 == 3 else a, b, c) for i, (a, b, c) in enumerate(ROWS)]
    dataset = load_dataset(written(tmp_path, ["# made here", NAMES], rows=rows), label="species")
    assert dataset.n_samples == N
    assert dataset.X[:, 1].tolist() == [x[1] for x in X]


def test_comments_within_a_table_hold_no_names(tmp_path):
    path = written(tmp_path, ["# made here"], rows=[*ROWS[:5], ("# a", "b", "c"), *ROWS[5:]])
    dataset = load_dataset(path, label="column 3")
    assert dataset.feature_names == ("column 1", "column 2")
    assert dataset.X.tolist() == X


def test_commas_between_quoted_values_with_blanks_and_quotes(tmp_path):
    """A header of one name less and a doubled quote made blanks the delimiter."""
    rows = [
        f'"{i}","{kind}","{i % 7}.5","{i % 3}.25"'
        for i, kind in enumerate(['5"" nail', " bolt"] * 20)
    ]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(['"the kind","n holes","size"', *rows]))
    dataset = load_dataset(path, label="the kind")
    assert dataset.X[:, 0].tolist() == [i % 7 + 0.5 for i in range(40)]
    assert sorted(set(dataset.class_labels.tolist())) == ['5" nail', "bolt"]


def test_blanks_between_quoted_values_with_decimal_commas(tmp_path):
    """R's row names made commas the delimiter, and every value text."""
    rows = [f'"{i}" "{i % 7}" "{i % 5},25" "{i % 3}"' for i in range(1, 41)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(['"n rooms" "x,y" "age"', *rows]))
    dataset = load_dataset(path)
    assert dataset.feature_names == ("n rooms", "x,y", "age")
    assert dataset.X[6].tolist() == [0.0, 2.25, 1.0]
