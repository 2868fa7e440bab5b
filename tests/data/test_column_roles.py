"""Row numbers and ids are no features; splits, groups and dates are what they say."""

import numpy as np
import pandas as pd
import pytest

from aeviz import load_dataset
from aeviz.core.exceptions import AevizError
from aeviz.data.column_names import name_kind
from aeviz.data.formats.base import ReadOptions
from aeviz.data.sources import read_dataset
from aeviz.data.split import split_rows

N = 60
RNG = np.random.default_rng(0)
NOISE = {"f1": RNG.normal(size=N), "f2": RNG.normal(size=N)}
COUNT = np.arange(N)


def table(column, values, **more):
    return pd.DataFrame({column: values, **NOISE, **more})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Unnamed: 0", COUNT),
        ("Unnamed: 0.1", COUNT + 1),
        ("Unnamed: 0", np.r_[COUNT[:30], COUNT[:30]]),
        ("Unnamed: 0", np.sort(RNG.choice(900, N, replace=False))),
        ("index", RNG.permutation(N)),
        ("level_0", COUNT),
        ("...1", COUNT + 1),
        ("rownames", COUNT + 1),
        ("row_number", COUNT + 1),
        ("X", COUNT + 1),
        ("S.No", COUNT + 1),
        ("Nr.", COUNT + 1),
        ("obs", np.where(COUNT < 30, COUNT, COUNT + 5)),
        ("anything", COUNT),
        ("anything", COUNT + 1.0),
        ("Sample", COUNT + 1),
    ],
)
def test_row_numbers_are_no_features(name, values, tmp_path):
    frame = table(name, values)
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "a.parquet", index=False)
    for source in (frame, tmp_path / "a.csv", tmp_path / "a.parquet"):
        dataset = load_dataset(source)
        assert dataset.feature_names == ("f1", "f2")
        assert dataset.columns[0].reason == "row numbers"
        assert f"'{name}'" in " ".join(dataset.notes)
    assert load_dataset(frame, number=[name]).feature_names == (name, "f1", "f2")


def test_a_column_without_a_name_is_row_numbers(tmp_path):
    table("", COUNT + 3).to_parquet(tmp_path / "a.parquet")
    for source in (table("", COUNT + 3), tmp_path / "a.parquet"):
        assert load_dataset(source).feature_names == ("f1", "f2")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("patient_id", COUNT // 4),
        ("patient_id", np.where(COUNT < 4, np.nan, COUNT // 4)),
        ("subject", COUNT // 4 + 100),
        ("Subject No.", [f"P{i // 4}" for i in COUNT]),
        ("PassengerId", COUNT * 3 + 5),
        ("zip code", 10000 + COUNT * 7),
        ("well", [f"{i % 9 + 1}E0{i % 7}" for i in COUNT]),
        ("barcode", [f"AC{i}" for i in COUNT]),
    ],
)
def test_ids_are_no_features(name, values, tmp_path):
    frame = table(name, values)
    frame.to_csv(tmp_path / "a.csv", index=False)
    for source in (frame, tmp_path / "a.csv"):
        assert load_dataset(source).feature_names == ("f1", "f2")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("x", COUNT * 2),
        ("age", COUNT // 2),
        ("refractive_index", COUNT * 0.01),
        ("glycemic index", COUNT // 3 + 40),
        ("rooms", COUNT % 5),
        ("year", 1990 + COUNT % 20),
        ("atomic_number", COUNT % 30),
        ("number of beds", COUNT % 4),
        ("no_claims", COUNT % 6),
        ("width", COUNT % 30),
    ],
)
def test_measured_whole_numbers_stay_features(name, values):
    assert load_dataset(table(name, values)).feature_names == (name, "f1", "f2")


def test_the_user_says_what_a_column_is():
    frame = table("kind", COUNT % 3, name=[f"s{i}" for i in COUNT], extra=COUNT * 2)
    dataset = load_dataset(frame, category="kind", id="extra")
    assert dataset.feature_names == ("kind=0", "kind=1", "kind=2", "f1", "f2")
    assert dataset.sample_ids.tolist() == (COUNT * 2).tolist()
    with_gap = load_dataset(frame.assign(kind=frame["kind"].astype(float)), category="kind")
    assert with_gap.feature_names[0] == "kind=0"
    for option in ("id", "split", "group", "category", "number"):
        with pytest.raises(AevizError, match=r"column 'no' is not in .*'kind', 'f1'"):
            load_dataset(frame, **{option: "no"})
    with pytest.raises(AevizError, match="is a label and is in id"):
        load_dataset(frame, label="kind", id="kind")


def test_columns_named_by_numbers_are_found():
    """An integer as a label ended in a traceback."""
    frame = pd.DataFrame(RNG.normal(size=(N, 4))).assign(**{"4": COUNT % 3})
    frame.columns = range(5)
    assert load_dataset(frame, label=4).n_features == 4


def test_names_say_what_numbers_are():
    names = {"id": "id", "ID_REF": "id", "cellId": "id", "Madrid": "", "idle": "", "key": "key"}
    assert {name: name_kind(name) for name in names} == names


def test_a_boolean_with_gaps_is_one_feature(tmp_path):
    """It became two, one per value."""
    flags = [None if i % 9 == 0 else bool(i % 2) for i in COUNT]
    frame = table("ok", pd.Series(flags, dtype=object))
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "a.parquet")
    expected = [np.nan if flag is None else float(flag) for flag in flags]
    for source in (frame, tmp_path / "a.csv", tmp_path / "a.parquet"):
        dataset = read_dataset(source, ReadOptions())
        assert dataset.feature_names == ("ok", "f1", "f2")
        np.testing.assert_array_equal(dataset.X[:, 0], expected)


# -- splits -----------------------------------------------------------------------------------

SIDES = np.where(COUNT % 5 == 0, "test", "train")


@pytest.mark.parametrize(
    ("name", "values", "option"),
    [
        ("split", SIDES, None),
        ("Set", np.where(SIDES == "test", "Validation", "Training"), None),
        ("is_test", SIDES == "test", None),
        ("is_train", (SIDES == "train").astype(int), None),
        ("where", SIDES, "where"),
    ],
)
def test_a_split_column_is_the_split(name, values, option, tmp_path):
    """It was one-hot encoded, and the samples were split otherwise."""
    frame = pd.DataFrame({**NOISE, name: values})
    frame.to_csv(tmp_path / "a.csv", index=False)
    for source in (frame, tmp_path / "a.csv"):
        dataset = load_dataset(source, split=option)
        assert dataset.feature_names == ("f1", "f2")
        assert dataset.is_test.tolist() == (SIDES == "test").tolist()
        note = f"'{name}' is the split and no feature: 48 training samples and 12 test samples."
        assert note in dataset.notes


def test_what_is_no_split_is_refused_or_a_feature():
    frame = pd.DataFrame({**NOISE, "set": ["red", "blue"] * 30})
    assert "set=blue" in load_dataset(frame).feature_names
    with pytest.raises(AevizError, match=r"split column 'set' .* holds 'blue', 'red'; accepted"):
        load_dataset(frame, split="set")


@pytest.mark.parametrize("has_labels", [True, False])
def test_groups_stay_together(has_labels):
    groups = [f"P{i // 4}" for i in COUNT]
    frame = pd.DataFrame({**NOISE, "who": groups, "kind": np.array(list("ab"))[COUNT % 2]})
    dataset = load_dataset(
        frame,
        group="who",
        label="kind" if has_labels else None,
        drop="kind" if not has_labels else (),
    )
    assert dataset.feature_names == ("f1", "f2")
    is_train = split_rows(dataset, seed=1)
    assert 8 <= (~is_train).sum() <= 16
    sides = pd.Series(is_train).groupby(groups).nunique()
    assert (sides == 1).all()
    assert split_rows(dataset, seed=1).tolist() == is_train.tolist()
    assert split_rows(dataset, seed=2).tolist() != is_train.tolist()
    with pytest.raises(AevizError, match=r"group column 'who' .* holds one group"):
        load_dataset(frame.assign(who="one"), group="who")


# -- dates ------------------------------------------------------------------------------------


def days(dates, **options):
    frame = pd.DataFrame({"d": dates, **NOISE})
    return read_dataset(frame, ReadOptions.of(columns=["d", "f1"], **options)).X[:, 0]


def test_dates_have_one_order_of_day_and_month():
    """1..12 were taken as months and the others as days, in one column."""
    dates = pd.date_range("2021-01-01", periods=N, freq="5D")
    expected = (dates - pd.Timestamp(0)).days
    for pattern in ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d", "%m-%d-%y", "%d/%m/%y %H:%M"):
        np.testing.assert_array_equal(days(dates.strftime(pattern)), expected, err_msg=pattern)


def test_dates_that_show_no_order_are_refused():
    dates = [f"{1 + i % 12:02d}/{1 + i % 11:02d}/2021" for i in COUNT]
    with pytest.raises(AevizError, match=r"column 'd' holds dates such as '01/01/2021', whose day"):
        days(dates)
    with pytest.raises(AevizError, match="show both orders"):
        days(["13/01/2021", "01/13/2021"] * 30)
    # As annotations they are shown as they stand.
    frame = pd.DataFrame({"d": dates, **NOISE})
    assert load_dataset(frame).annotations["d"][0] == "01/01/2021"
    points = [date.replace("/", ".") for date in dates]
    assert days(points)[1] == (pd.Timestamp("2021-02-02") - pd.Timestamp(0)).days


def test_later_dates_are_read_in_the_order_of_the_fitted_ones():
    dates = pd.date_range("2021-01-01", periods=N, freq="5D").strftime("%d/%m/%Y")
    frame = pd.DataFrame({"d": dates, **NOISE})
    fitted = load_dataset(frame, columns=["d", "f1"])
    later = load_dataset(frame.assign(d="03/04/2022"), plan=fitted.columns, is_to_fit=False)
    assert later.X[0, 0] == (pd.Timestamp("2022-04-03") - pd.Timestamp(0)).days
