"""Numbers as people and programs write them: the value, or a refusal, never another value."""

import numpy as np
import pandas as pd
import pytest

from aeviz.core.exceptions import AevizError
from aeviz.data.formats.base import ReadOptions
from aeviz.data.sources import read_dataset

N = 60
OTHER = [f"{0.25 + i % 9}" for i in range(N)]
NAN = float("nan")


def cells(*texts):
    return [texts[i % len(texts)] for i in range(N)]


def read(texts, **options):
    """Return the values of a column of text and the notes; the other column has points."""
    frame = pd.DataFrame({"a": texts, "b": options.pop("other", OTHER)})
    dataset = read_dataset(frame, ReadOptions.of(**options))
    assert dataset.feature_names == ("a", "b"), dataset.notes
    return dataset.X[:, 0], " ".join(dataset.notes)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (("1,237", "56,795", "999"), (1237, 56795, 999)),
        (("1,234,567", "12", "3"), (1234567, 12, 3)),
        (("12,34,567", "1,237", "5"), (1234567, 1237, 5)),  # as in India
        (("1,234.50", "7", "1,000"), (1234.5, 7, 1000)),
        (("1.234,56", "1.237", "999"), (1234.56, 1237, 999)),
        (("1'234", "999", "1'234'567"), (1234, 999, 1234567)),
        (("1 234", "999", "1 234 567"), (1234, 999, 1234567)),
        (("1\u00a0234,5", "0,25", "1\u202f000"), (1234.5, 0.25, 1000)),
        (("0,25", "3", "-1,5"), (0.25, 3, -1.5)),
        (("1,26E-01", "-3,0e+02", "2"), (0.126, -300, 2)),
        (("1.5e3", "+2", ".5"), (1500, 2, 0.5)),
        (("\u22121.5", "2", "3"), (-1.5, 2, 3)),
        (("(1.5)", "2", "3"), (-1.5, 2, 3)),
        (("5.1 cm", "12 cm", "0.3 cm"), (5.1, 12, 0.3)),
        (("5.1cm", "12", "0.3cm"), (5.1, 12, 0.3)),
        (("12 %", "3.5%", "100%"), (12, 3.5, 100)),
        (("$1,200.00", "-$5.50", "$0.99"), (1200, -5.5, 0.99)),
        (("1.200,00 €", "5,50 €", "0,99 €"), (1200, 5.5, 0.99)),
        (("CHF 5", "CHF 12.5", "CHF 7"), (5, 12.5, 7)),
        (("3 µg/m3", "4.5 µg/m3", "7 µg/m3"), (3, 4.5, 7)),
        (("1_000", "2", "3"), (1000, 2, 3)),
        (("1.234.567", "-7.317", "+1.000"), (1234567, -7317, 1000)),
        (("-1,234,567", "-7,317", "+1,000"), (-1234567, -7317, 1000)),
    ],
)
def test_the_written_value(texts, values):
    found, _ = read(cells(*texts))
    np.testing.assert_allclose(found, cells(*values), rtol=1e-15)


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (("-", "n.d.", "missing", "?"), "60 values as"),
        (("<0.05", "<0.05", "< 0.1", ">9"), "limits such as '<0.05': missing"),
        (("NA", "nan", "", "None"), ""),
        (("#DIV/0!", "#N/A", "#VALUE!", "--"), "missing"),
    ],
)
def test_spellings_of_a_missing_value(odd, words):
    texts = [odd[i // 5 % 4] if i % 5 == 0 else f"{i % 7}.5" for i in range(N)]
    found, notes = read(texts)
    assert int(np.isnan(found).sum()) == 12
    np.testing.assert_array_equal(found[1:5], [1.5, 2.5, 3.5, 4.5])
    assert words.replace("60", "12") in notes


def test_texts_that_are_rare_are_missing_and_told_of():
    texts = ["broken" if i == 7 else "error" if i == 9 else f"{i}.5" for i in range(N)]
    found, notes = read(texts)
    assert np.flatnonzero(np.isnan(found)).tolist() == [7, 9]
    assert "Column 'a': 2 values no number, as 'broken': missing." in notes


@pytest.mark.parametrize(
    "texts",
    [
        ("1,237", "999", "56,795"),
        ("1,237", "2,500", "3,125"),
        ("1.237", "999", "56.795"),
        ("1.237", "-999", "-56.795"),
        ("+1.237", "+999", "-56.795"),
    ],
)
def test_marks_that_nothing_shows_are_refused(texts):
    """1,237 was read as 1.237, less than 999."""
    other = cells("1", "2", "3", "5")
    with pytest.raises(
        AevizError, match=r"'\+?1[,.]237', which may be \+?1237 or \+?1\.237.*decimal=point"
    ):
        read(cells(*texts), other=other)
    decimals, _ = read(cells(*texts), other=other, decimal="point" if "." in texts[0] else "comma")
    assert decimals[0] == 1.237
    whole, _ = read(cells(*texts), other=other, thousands="point" if "." in texts[0] else "comma")
    assert whole[0] == 1237
    # A column that is left out need not be clear.
    frame = pd.DataFrame({"a": cells(*texts), "b": other, "c": OTHER[::-1]})
    frame["c"] = range(N, 0, -1)
    assert read_dataset(frame, ReadOptions.of(drop="a")).feature_names == ("b", "c")


def test_points_with_three_digits_in_all_values_are_decimals():
    found, notes = read(cells("1.237", "12.500", "56.795"), other=cells("1", "2", "3", "5"))
    assert found[:3].tolist() == [1.237, 12.5, 56.795]
    assert "Points in 'a' were read as decimal points; thousands=point reads them as" in notes
    for options in ({"decimal": "point"}, {"other": OTHER}):
        _, notes = read(cells("1.237", "12.500", "56.795"), **options)
        assert "were read as decimal points" not in notes


def test_dates_with_points_show_no_marks_of_numbers():
    """They counted as numbers with points between thousands, so that 1,237 was refused."""
    frame = pd.DataFrame({"a": cells("1,237", "999"), "b": OTHER, "d": cells("05.03.2020")})
    assert read_dataset(frame, ReadOptions.of(drop="d")).X[0].tolist() == [1237, 0.25]


def test_marks_are_told():
    _, notes = read(cells("1,237", "56,795", "999"))
    assert "Commas in 'a' stand between thousands." in notes
    _, notes = read(cells("0,25", "3", "-1,5"), other=cells("1", "2", "7"))
    assert "Decimal commas were read as decimal points." in notes
    _, notes = read(cells("5.1 cm", "12 cm", "0.3 cm"))
    assert "Column 'a': in cm." in notes


@pytest.mark.parametrize(
    ("texts", "reason"),
    [
        ([f"{i:05d}" for i in range(N)], "leading zeros, as '00000': codes"),
        ([f"{i}E{i % 9:02d}" for i in range(10, 70)], "letters between digits, as '10E01': codes"),
        ([f"{i} {'kg' if i % 2 else 'lb'}" for i in range(N)], "in several units: 'lb', 'kg'"),
        ([f"{i}.5" if i % 2 else f"{i},5" for i in range(N)], "marks of decimals and thousands"),
    ],
)
def test_what_is_no_number_is_named_and_no_feature(texts, reason):
    frame = pd.DataFrame({"a": texts, "b": OTHER, "c": OTHER[::-1]})
    dataset = read_dataset(frame, ReadOptions())
    assert dataset.feature_names == ("b", "c")
    assert reason in dataset.columns[0].reason


def test_codes_are_numbers_where_the_user_says_so():
    found, _ = read([f"{i:05d}" for i in range(N)], number=["a"])
    assert found.tolist() == list(range(N))
    frame = pd.DataFrame({"a": cells("007", "013"), "b": OTHER, "c": OTHER[::-1]})
    assert read_dataset(frame, ReadOptions()).feature_names[:2] == ("a=007", "a=013")


@pytest.mark.parametrize("sentinel", [-9999.0, 999.0, -99.0])
def test_sentinels_are_told_and_may_be_missing(sentinel):
    values = np.arange(N) % 7 + 0.5
    values[::9] = sentinel
    frame = pd.DataFrame({"a": values, "b": OTHER})
    dataset = read_dataset(frame, ReadOptions())
    hint = f"{sentinel:g} stands far from all other values in 'a' (7)"
    assert hint in " ".join(dataset.notes)
    found = read_dataset(frame, ReadOptions.of(na=[f"{sentinel:g}"]))
    assert int(np.isnan(found.X[:, 0]).sum()) == 7
    assert "stands far" not in " ".join(found.notes)
    as_text = frame.assign(a=frame["a"].astype(str))
    assert int(np.isnan(read_dataset(as_text, ReadOptions.of(na=[str(sentinel)])).X).sum()) == 7


def test_a_class_called_none_is_a_class():
    """Twenty samples were left out."""
    frame = pd.DataFrame({"a": OTHER, "b": OTHER[::-1], "s": cells("None", "mild", "severe")})
    assert set(read_dataset(frame, ReadOptions.of(label="s")).y) == {"None", "mild", "severe"}
