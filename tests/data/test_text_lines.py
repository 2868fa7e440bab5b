"""Lines of a text table that are no samples: units, rules, titles, headers again, empty rows."""

import pytest

from aeviz import load_dataset
from aeviz.core.exceptions import AevizError

N = 30
VALUES = [[0.5 + i % 7, 1.25 * (i % 5) - 2] for i in range(N)]
ROWS = [f"s{i},{a},{b}" for i, (a, b) in enumerate(VALUES)]


def read(tmp_path, *lines, name="a.csv", **options):
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    dataset = load_dataset(path, **options)
    assert dataset.X.tolist() == VALUES
    return dataset, " ".join(dataset.notes)


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (["name,temp,k", ",[°C],[K]"], ("temp", "k")),
        (["name,temp,k", "-,°C,W/m2"], ("temp", "k")),
        (["name,a,a", ",mean,sd"], ("a/mean", "a/sd")),
        (["kind,mean,mean", "day,x,y", "sample,,"], ("mean/x", "mean/y")),
        (["name,Group A,", ",mean,sd"], ("Group A/mean", "Group A/sd")),
        (["name,a,b", "---,---,---"], ("a", "b")),
        (["name,a,b", "------+------+-----"], ("a", "b")),
    ],
)
def test_lines_of_units_and_names_are_no_samples(head, names, tmp_path):
    """They were a sample of which every value was made up."""
    dataset, notes = read(tmp_path, *head, *ROWS)
    assert dataset.feature_names == names
    assert "under the header, of units or names, no sample" in notes


def test_a_first_row_that_misses_values_is_a_sample(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["name,a,b", "x,NA,<0.5", *ROWS]))
    assert load_dataset(path).n_samples == N + 1


@pytest.mark.parametrize("head", [["Report 2024,,", ",,"], [",,", "Report,,"]])
def test_titles_that_are_padded_are_left_out(head, tmp_path):
    """Spreadsheets fill every line with delimiters, and the title was the header."""
    dataset, notes = read(tmp_path, *head, "name,a,b", *ROWS)
    assert dataset.feature_names == ("a", "b")
    assert "2 lines above the table left out: 'Report" in notes


@pytest.mark.parametrize("empty", [",,", " , ,", "   "])
def test_rows_without_a_value_are_no_samples(empty, tmp_path):
    """Spreadsheets write them below the table, and each was a sample of medians."""
    _, notes = read(tmp_path, "name,a,b", *ROWS[:5], empty, *ROWS[5:], empty)
    assert ("2 rows without a value left out." in notes) == ("," in empty)


def test_a_header_that_occurs_again_is_no_sample(tmp_path):
    """Tables that were put together lost their names, and their headers were samples."""
    for place in (10, N - 1):
        rows = [*ROWS[:place], "name,a,b", *ROWS[place:]]
        dataset, notes = read(tmp_path, "name,a,b", *rows)
        assert dataset.feature_names == ("a", "b")
        assert dataset.sample_ids[-1] == f"s{N - 1}"
        assert "The header occurs 1 time more, which is no sample." in notes


def test_lines_without_a_delimiter_in_the_table_are_no_samples(tmp_path):
    rows = [*ROWS[:10], "# pause", *ROWS[10:20], "# end of pause", *ROWS[20:]]
    dataset, notes = read(tmp_path, "name,a,b", *rows)
    assert dataset.sample_ids[9:12].tolist() == ["s9", "s10", "s11"]
    assert "2 lines in the table left out: '# pause # end of pause'." in notes


def test_short_rows_stay_in_place_beside_lines_that_are_left_out(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["name,a,b", *ROWS[:3], "# x", "short,5", *ROWS[3:], "# y"]))
    dataset = load_dataset(path)
    assert dataset.sample_ids[2:5].tolist() == ["s2", "short", "s3"]
    assert dataset.X[3, 0] == 5


def test_a_first_row_above_an_empty_column_is_no_header(tmp_path):
    """A delimiter at the end of all rows made the first row the names of the columns."""
    rows = [f"{row},{'pending'},{i * 31 + 7}," for i, row in enumerate(ROWS)]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(rows))
    dataset = load_dataset(path)
    assert dataset.n_samples == N
    assert dataset.sample_ids[0] == "s0"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a,b", *(f"{i},25,{i % 7},5" for i in range(N))], "4 values in its rows and 2 names"),
        (["a,b,day", *(f"{i}.5,25,Jan {i},2024" for i in range(N))], "more values in its rows"),
    ],
)
def test_rows_with_more_values_than_names_are_refused(lines, message, tmp_path):
    """Decimal commas and dates with a comma moved all values one column on."""
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines))
    with pytest.raises(AevizError, match=message):
        load_dataset(path)
