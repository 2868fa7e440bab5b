"""Values that can be read in two ways: a note says which one was taken."""

import numpy as np
import pandas as pd
import pytest

from aeviz import load_dataset
from aeviz.core.exceptions import AevizError

N = 24
RNG = np.random.default_rng(0)
NOISE = {"a": RNG.normal(size=N), "b": RNG.normal(size=N)}


def read(*texts, **options):
    values = [texts[row % len(texts)] for row in range(N)]
    dataset = load_dataset(pd.DataFrame({"x": values, **NOISE}), **options)
    return dataset, " ".join(dataset.notes)


def test_values_without_the_unit_of_the_others_are_told():
    """50% and 0.25 stood in one column, as 50 and 0.25."""
    dataset, notes = read("50%", "0.25", "75%", "12%")
    np.testing.assert_array_equal(dataset.X[:4, 0], [50, 0.25, 75, 12])
    assert "Column 'x': in %, 6 values without it." in notes
    assert "without it" not in read("50%", "25%", "75%")[1]


def test_exponents_of_fortran_are_powers_of_ten():
    """4.5D+02 was 4.5 in the unit D+02 (ERGO-Code/HiGHS#1618)."""
    dataset, _ = read("1.5", "4.5D+02", "-2d-01", "3.0D+00")
    np.testing.assert_allclose(dataset.X[:4, 0], [1.5, 450, -0.2, 3])


def test_letters_between_digits_are_still_codes():
    """tidyverse/readr#1411: 2011D2 was 201100."""
    assert read("2011D2", "2012D3", "1E5")[0].feature_names[0] == "x=1E5"


@pytest.mark.parametrize("options", [{}, {"label": "x"}])
def test_na_among_codes_of_two_letters_is_told(options):
    """Namibia was missing (datasets/country-codes#38)."""
    _, notes = read("NA", "US", "FR", "US", **options)
    assert "NA in 'x' (6 rows) counts as missing; if it is a code" in notes
    assert "if it is a code" not in read("NA", "low", "high", **options)[1]


@pytest.mark.parametrize("options", [{}, {"label": "x"}])
def test_categories_that_differ_in_case_only_are_told(options):
    """cjendres1/nhanes#69: three spellings of one answer were three categories."""
    _, notes = read("Male", "male", "MALE", "female", **options)
    assert "'Male', 'male', 'MALE' in 'x' are different categories" in notes


def test_a_class_that_is_no_number_is_told():
    """ropensci/rsnps#26: chromosome X was missing among 1 to 22."""
    chromosomes = [*map(str, range(1, 23)), "X"]
    dataset, notes = read(*chromosomes, label="x")
    assert np.isnan(dataset.y[22])
    words = "Label 'x': 1 value no number, as 'X': missing; category='x' keeps it as a class."
    assert words in notes
    assert read(*chromosomes, label="x", category="x")[0].y[22] == "X"


def test_numbers_that_look_like_dates_are_told():
    """20240131 and 20240201 are a day apart, and 70 as numbers."""
    _, notes = read(20240131, 20240201, 20231231)
    assert "Column 'x': numbers that look like dates, as 20240131" in notes
    assert "look like dates" not in read(20240131, 20240201, 20249931)[1]
    assert "look like dates" not in read(3.5, 20240201, 7)[1]


def test_a_last_row_of_totals_is_told():
    """votingworks/arlo#1233: a row of sums was one of the samples."""
    names = [*(f"r{row}" for row in range(N - 1)), "Total:"]
    dataset = load_dataset(pd.DataFrame({"x": names, **NOISE}))
    assert "The last row is named 'Total:' in 'x' and is a sample" in " ".join(dataset.notes)
    assert "The last row" not in read("Total", "Part")[1]


def test_ids_are_named_where_features_are_too_few():
    """The message did not say what became of the other column."""
    frame = pd.DataFrame({"x": [f"{row}-" for row in range(N)], "a": NOISE["a"]})
    with pytest.raises(AevizError, match=r"1 feature; .*; left out are 'x' \(unique text\)"):
        load_dataset(frame)


def test_text_in_other_encodings_is_refused(tmp_path):
    """Shift-JIS was read as Latin-1: 身長 as control characters (kohii/smoothcsv3#228)."""
    text = "身長,都市\n" + "".join(f"{row},{row % 7}\n" for row in range(N))
    (tmp_path / "x.csv").write_bytes(text.encode("shift_jis"))
    with pytest.raises(AevizError, match=r"not text in UTF-8, nor in cp1252.*; accepted: UTF-8"):
        load_dataset(tmp_path / "x.csv")


def test_a_second_mark_of_utf_8_is_no_letter_of_a_name(tmp_path):
    """docling-project/docling#4097: the first name began with a letter that nobody sees."""
    text = "\ufeff\ufeffx,y\n" + "".join(f"{row / 3},{row % 7}\n" for row in range(N))
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    assert load_dataset(tmp_path / "x.csv").feature_names == ("x", "y")


ARFF = "@relation r\n@attribute a numeric\n@attribute b numeric\n@attribute d date {}\n@data\n"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ('"yyyy-dd-MM"', "2020-02-03"),
        ("'dd/MM/yyyy'", "02/03/2020"),
        ('"MM/dd/yy"', "03/02/20"),
        ('"dd MMM yyyy HH:mm"', "02 Mar 2020 00:00"),
        ("\"yyyy-MM-dd'T'HH:mm:ss\"", "2020-03-02T00:00:00"),
        ("", "2020-03-02"),
    ],
)
def test_dates_are_read_as_declared(form, text, tmp_path):
    """The 2nd of March was read as the 3rd of February (scipy/scipy#7446, Waikato/moa#248)."""
    rows = "".join(f"{row / 3},{row % 7},'{text}'\n" for row in range(N))
    (tmp_path / "x.arff").write_text(ARFF.format(form) + rows)
    X = load_dataset(tmp_path / "x.arff", columns=["a", "b", "d"]).X
    np.testing.assert_array_equal(X[:, 2], 18323.0)


def test_dates_in_another_form_than_declared_are_refused(tmp_path):
    rows = "".join(f"{row / 3},{row % 7},'2020-03-02'\n" for row in range(N))
    (tmp_path / "x.arff").write_text(ARFF.format('"dd.MM.yyyy"') + rows)
    with pytest.raises(AevizError, match=r"line 6, holds .*accepted: a date as dd\.MM\.yyyy"):
        load_dataset(tmp_path / "x.arff")


def test_comments_after_quoted_values_are_passed_over(tmp_path):
    """openml/openml-python#287: the values of a class were refused with their comment."""
    head = "@relation r\n@attribute a real\n@attribute b real\n"
    head += "@attribute y {'<=50 %','}'} % {old: low, high}\n@data\n"
    rows = [f"{row / 3},{row % 7},{['<=50 %', '}'][row % 2]!r}" for row in range(N)]
    (tmp_path / "x.arff").write_text(head + "\n".join(rows))
    dataset = load_dataset(tmp_path / "x.arff", label="y")
    assert dataset.class_order == ("<=50 %", "}")
    assert dataset.y.tolist() == ["<=50 %", "}"] * (N // 2)


def test_a_name_that_an_object_gives_too_is_refused(tmp_path):
    """Both values went into one column, which made two samples of a record."""
    rows = [f'{{"x": {{"y": {row}}}, "x.y": {row * row}, "b": {row % 7}}}' for row in range(N)]
    (tmp_path / "x.jsonl").write_text("\n".join(rows))
    with pytest.raises(AevizError, match=r"'x\.y' twice in record 1, .*; accepted: names that"):
        load_dataset(tmp_path / "x.jsonl")
