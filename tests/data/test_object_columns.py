"""Dates, time spans and mixtures in columns of Python objects."""

import datetime as dt

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pytest

from aeviz import load_dataset
from aeviz.core.exceptions import AevizError

N = 24
RNG = np.random.default_rng(0)
NOISE = {"a": RNG.normal(size=N), "b": RNG.normal(size=N)}
DAYS = [dt.date(2024, 1, 1) + dt.timedelta(days=number) for number in range(N)]
HOURS = [dt.timedelta(hours=number) for number in range(N)]


def table(values):
    return pd.DataFrame({**NOISE, "t": values})


def sheet(path, values):
    book = openpyxl.Workbook()
    for row in [("a", "b", "t"), *zip(NOISE["a"], NOISE["b"], values, strict=True)]:
        book.active.append(list(row))
    book.save(path)
    return path


def left_out(source):
    (column,) = [one for one in load_dataset(source).columns if one.name == "t"]
    assert column.use == "none"
    return column.reason


def test_dates_of_the_standard_library_are_dates():
    """They were left out as neither numbers nor text (skrub-data/skrub#2084)."""
    dataset = load_dataset(table(DAYS), columns=["a", "b", "t"])
    np.testing.assert_array_equal(dataset.X[:, 2], 19723.0 + np.arange(N))


def test_times_with_several_zones_are_compared_in_utc():
    zones = [dt.timezone(dt.timedelta(hours=number % 3)) for number in range(N)]
    times = [dt.datetime(2024, 1, 1, 12, tzinfo=zone) for zone in zones]
    dataset = load_dataset(table(pd.Series(times, dtype=object)), columns=["a", "b", "t"])
    expected = 19723 + (12 - np.arange(N) % 3) / 24
    np.testing.assert_allclose(dataset.X[:, 2], expected, rtol=1e-12)


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(HOURS, dtype=object),
        pd.array(HOURS, dtype=pd.ArrowDtype(pa.duration("s"))),
        pd.Series([pd.Timedelta(np.timedelta64(one)).as_unit("ms") for one in HOURS], dtype=object),
    ],
)
def test_time_spans_are_seconds(values):
    """apache/arrow#40620 made zeros of them; here they were left out."""
    np.testing.assert_array_equal(load_dataset(table(values)).X[:, 2], 3600.0 * np.arange(N))


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1500-06-01"])
def test_dates_of_any_year_are_read(day, tmp_path):
    """They are out of bounds for nanoseconds (apache/arrow#44112, aws/aws-sdk-pandas#296)."""
    expected = (np.datetime64(day) - np.datetime64("1970-01-01")).astype(float)
    frame = table([day, "2024-01-01"] * 12)
    frame.to_csv(tmp_path / "x.csv", index=False)
    times = pd.Series(frame["t"].to_numpy(dtype="datetime64[s]"))
    frame.assign(t=times).to_parquet(tmp_path / "x.parquet")
    for source in (tmp_path / "x.csv", tmp_path / "x.parquet"):
        X = load_dataset(source, columns=["a", "b", "t"]).X
        np.testing.assert_array_equal(X[:2, 2], [expected, 19723])


@pytest.mark.parametrize("day", ["2021-02-30", "2021-31-12", "0000-00-00"])
def test_days_that_do_not_exist_are_said_to_be_missing(day):
    """They were replaced by the median without a word (pandas-dev/pandas#10154)."""
    frame = table([day, "2021-03-01", "2021-03-03"] * 8)
    dataset = load_dataset(frame, columns=["a", "b", "t"])
    assert f"8 values no date, as '{day}': missing" in " ".join(dataset.notes)
    assert dataset.columns[2].n_missing == 8


def test_booleans_among_numbers_are_told(tmp_path):
    """tidyverse/readxl#756: 599 was read as TRUE."""
    path = sheet(tmp_path / "x.xlsx", [True, False, 599, 2] * 6)
    dataset = load_dataset(path)
    np.testing.assert_array_equal(dataset.X[:4, 2], [1, 0, 599, 2])
    assert "12 booleans among numbers, read as 1 and 0" in " ".join(dataset.notes)


def test_dates_among_other_values_are_named(tmp_path):
    """As Excel makes dates of names of genes (Quartz/bad-data-guide#34, tidyverse/readxl#263)."""
    march = dt.datetime(2024, 3, 1)
    path = sheet(tmp_path / "x.xlsx", [march, *(f"GENE{number}" for number in range(1, N))])
    assert left_out(path) == "a mixture of dates as '2024-03-01 00:00:00', text as 'GENE1'"
    path = sheet(tmp_path / "y.xlsx", [march, *range(1, N)])
    assert left_out(path) == "a mixture of dates as '2024-03-01 00:00:00', numbers as '1'"
    with pytest.raises(AevizError, match=r"'t' .* cannot be a feature: a mixture of dates as"):
        load_dataset(path, columns=["a", "b", "t"])


def test_times_of_day_are_named():
    assert left_out(table([dt.time(1, minute) for minute in range(N)])) == "times of day"
    times = [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-01-01", tz="UTC")] * 12
    reason = "dates with a time zone and others without one"
    assert left_out(table(pd.Series(times, dtype=object))) == reason


def test_formulas_without_values_are_told(tmp_path):
    """pandas-dev/pandas#25763: columns of formulas that a program wrote are empty."""
    path = sheet(tmp_path / "x.xlsx", [f"=A{row}+B{row}" for row in range(2, N + 2)])
    note = "Cells with formulas, as '=A2+B2', may have no value"
    assert note in " ".join(load_dataset(path).notes)


def test_a_row_of_units_in_a_sheet_is_no_sample(tmp_path):
    """As in BurntSushi/xsv#245; in text it was none before."""
    book = openpyxl.Workbook()
    for row in [("a", "b", "t"), ("mm", "kg", None), *zip(*NOISE.values(), HOURS, strict=True)]:
        book.active.append(list(row))
    book.save(tmp_path / "x.xlsx")
    dataset = load_dataset(tmp_path / "x.xlsx")
    np.testing.assert_allclose(dataset.X[:, 0], NOISE["a"], rtol=1e-15)
    note = "1 row under the header, of units or names, no sample: 'mm kg'."
    assert note in dataset.notes
