"""Labels of a folder of images: from sub-folders, or from a table of text beside the images."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest

from aeviz import AevizError, load_dataset
from aeviz.core.exceptions import SettingError
from tests.data._files import csv_text, save_text
from tests.data._image_folders import read
from tests.data._stream_files import random_pixels, save_image

NAMES = [f"{number:02}.png" for number in range(12)]
KINDS = ["cat", "dog", "owl"] * 4


def save_images(folder, names=tuple(NAMES)):
    for seed, name in enumerate(names):
        save_image(folder / name, random_pixels(2, 3, seed=seed))


def save_table(path, **columns):
    return save_text(path, csv_text(columns))


def test_a_table_beside_the_images_is_taken_by_the_name_of_its_column(tmp_path):
    save_images(tmp_path)
    shuffled = np.random.default_rng(0).permutation(12)
    columns = {"file": NAMES, "kind": KINDS, "age": range(12), "weight": np.arange(12) / 4}
    columns = {name: [list(values)[i] for i in shuffled] for name, values in columns.items()}
    save_table(tmp_path / "labels.csv", **columns)
    dataset = load_dataset(tmp_path, label="kind")
    assert dataset.y.tolist() == KINDS
    assert dataset.notes == (
        "Labels are those in column 'kind' of labels.csv, by the file names in 'file'.",
    )
    dataset = load_dataset(tmp_path, label=["weight", "age", "kind"])
    assert dataset.y.tolist() == [number / 4 for number in range(12)]
    assert dataset.metadata["age"].tolist() == list(range(12))
    assert dataset.metadata["kind"].tolist() == KINDS


@pytest.mark.parametrize(
    "spelled",
    [
        lambda name: f"p/{name}",
        lambda name: f"p/{name.removesuffix('.png')}",
        lambda name: name,
        lambda name: name.removesuffix(".png"),
        lambda name: f"./p/{name}",
        lambda name: rf"p\{name}",
        lambda name: f"/home/someone/data/p/{name}",
        lambda name: f"  p/{name}",
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_spellings_of_file_names(tmp_path, spelled, suffix):
    save_images(tmp_path / "p")
    text = csv_text({"n": list(map(spelled, NAMES)), "kind": KINDS})
    save_text(tmp_path / f"a.{suffix}", text.replace(",", "\t" if suffix == "tsv" else ","))
    assert read(tmp_path, label="kind").y.tolist() == KINDS


def test_names_of_numbers_keep_their_zeros_and_accents_their_spelling(tmp_path):
    names = ["001.png", "1.png", unicodedata.normalize("NFD", "é.png"), "a b.png"]
    save_images(tmp_path, names)
    listed = ["1", "001", unicodedata.normalize("NFC", "é.png"), "a b"]
    save_table(tmp_path / "a.csv", file=listed, kind=["one", "zeros", "accent", "blank"])
    dataset = read(tmp_path, label="kind")
    assert dict(zip(dataset.sample_ids.tolist(), dataset.y.tolist(), strict=True)) == {
        "001.png": "zeros",
        "1.png": "one",
        names[2]: "accent",
        "a b.png": "blank",
    }


def test_a_table_without_a_header_line(tmp_path):
    save_images(tmp_path)
    lines = [f"{name},{kind}\n" for name, kind in zip(NAMES, KINDS, strict=True)]
    save_text(tmp_path / "a.csv", "".join(lines))
    assert read(tmp_path).y.tolist() == KINDS
    assert read(tmp_path, label="column 2").y.tolist() == KINDS


def test_files_without_a_row_have_no_label_and_rows_without_a_file_are_counted(tmp_path):
    save_images(tmp_path)
    names = [*NAMES[2:], "gone.png", "lost.png", ""]
    kinds = [*KINDS[2:-1], "", "cat", "cat", "dog"]
    save_table(tmp_path / "a.csv", file=names, kind=kinds, size=[7] * 13)
    dataset = read(tmp_path, label=["kind", "size"])
    assert dataset.y.tolist() == [None, None, *KINDS[2:-1], None]
    np.testing.assert_array_equal(dataset.metadata["size"], [np.nan, np.nan, *[7.0] * 10])
    assert dataset.notes[1:] == (
        "3 of 12 images have no label in a.csv.",
        "3 rows of a.csv name no image that was read.",
    )


def test_one_column_of_few_values_is_taken_without_being_named(tmp_path):
    save_images(tmp_path)
    words = [f"a text on {name}" for name in NAMES]
    save_table(tmp_path / "labels.csv", id=NAMES, kind=KINDS, words=words, same=["x"] * 12)
    dataset = read(tmp_path)
    assert dataset.y.tolist() == KINDS
    assert "Labels are those in column 'kind' of labels.csv" in dataset.notes[0]
    save_table(tmp_path / "labels.csv", id=NAMES, kind=KINDS, fold=[0, 1] * 6)
    dataset = read(tmp_path)
    assert dataset.y is None
    assert dataset.notes == (
        "1 file left out by its suffix: .csv (1).",
        "No labels are taken from labels.csv; the option label takes a column of it: 'kind', "
        "'fold'.",
    )


def test_sub_folders_are_the_labels_unless_a_column_is_named(tmp_path):
    folders = [f"{'ab'[row % 2]}/{name}" for row, name in enumerate(NAMES)]
    save_images(tmp_path, folders)
    save_table(tmp_path / "labels.csv", file=folders, kind=KINDS)
    dataset = read(tmp_path)
    assert dataset.y.tolist() == ["a"] * 6 + ["b"] * 6
    assert dataset.notes[-1] == (
        "Labels are the sub-folders, not those in labels.csv; the option label takes a column of "
        "it: 'kind'."
    )
    dataset = read(tmp_path, label="kind")
    assert dataset.y.tolist() == [*KINDS[::2], *KINDS[1::2]]
    assert dataset.notes == (
        "Labels are those in column 'kind' of labels.csv, by the file names in 'file', not the "
        "sub-folders.",
    )


def test_a_split_into_sub_folders_is_kept_beside_a_table(tmp_path):
    names = [f"{'test' if row < 3 else 'train'}/{name}" for row, name in enumerate(NAMES)]
    save_images(tmp_path, names)
    save_table(tmp_path / "labels.csv", file=NAMES, kind=KINDS)
    dataset = read(tmp_path)
    assert dataset.is_test.tolist() == [True] * 3 + [False] * 9
    assert dataset.y.tolist() == KINDS


def test_rows_that_repeat(tmp_path):
    save_images(tmp_path)
    save_table(tmp_path / "a.csv", file=NAMES + NAMES[:3], kind=KINDS + KINDS[:3])
    assert read(tmp_path, label="kind").y.tolist() == KINDS
    save_table(tmp_path / "a.csv", file=NAMES + NAMES[:3], kind=KINDS + KINDS[1:4])
    with pytest.raises(AevizError, match=r"more than one label for 00\.png: 'cat' and 'dog'"):
        read(tmp_path, label="kind")


def test_unreadable_images_take_no_label_of_another(tmp_path):
    names = [f"{number:02}.png" for number in range(20)]
    save_images(tmp_path, names)
    (tmp_path / "04.png").write_bytes(b"")
    path = tmp_path / "07.png"
    path.write_bytes(path.read_bytes()[:50])
    save_table(tmp_path / "a.csv", file=names, kind=[f"k{row % 5}" for row in range(20)])
    dataset = load_dataset(tmp_path, label="kind")
    for name, kind in zip(dataset.sample_ids.tolist(), dataset.y.tolist(), strict=True):
        assert kind == f"k{int(name[:2]) % 5}"
    assert dataset.n_samples == 18


def test_one_of_several_tables_has_the_column(tmp_path):
    save_images(tmp_path)
    save_table(tmp_path / "other.csv", a=[1, 2, 3], b=[4, 5, 6])
    save_table(tmp_path / "sizes.csv", file=NAMES, size=range(12))
    save_table(tmp_path / "kinds.csv", name=NAMES, kind=KINDS)
    dataset = read(tmp_path, label="kind")
    assert dataset.y.tolist() == KINDS
    assert dataset.notes[0] == "2 files left out by their suffix: .csv (2)."
    save_table(tmp_path / "more.csv", name=NAMES, kind=KINDS)
    with pytest.raises(AevizError, match=r"'kind' is in kinds\.csv and in more\.csv; accepted"):
        read(tmp_path, label="kind")


def test_columns_that_are_not_there(tmp_path):
    save_images(tmp_path)
    with pytest.raises(SettingError, match=r"label names a column of a table of labels, and .*"):
        read(tmp_path, label="kind")
    save_table(tmp_path / "a.csv", file=["x.png", "y.png"], kind=["a", "b"])
    with pytest.raises(SettingError, match="with a column of the images' file names"):
        read(tmp_path, label="kind")
    save_table(tmp_path / "a.csv", file=NAMES, kind=KINDS)
    with pytest.raises(AevizError, match=r"'king' is not in a\.csv; its columns .* are 'kind'"):
        read(tmp_path, label="king")
    (tmp_path / "a.csv").write_bytes(b"\x00\x01")
    with pytest.raises(AevizError, match=r"a\.csv"):
        read(tmp_path, label="kind")
    assert read(tmp_path).y is None


def test_names_that_can_be_read_in_two_ways_are_refused(tmp_path):
    names = [f"{number}.png" for number in range(12)]
    save_images(tmp_path, names)
    save_table(tmp_path / "a.csv", n=range(12), rank=range(11, -1, -1), kind=KINDS)
    with pytest.raises(AevizError, match=r"'n' and 'rank' of a\.csv both hold names of images"):
        read(tmp_path, label="kind")
    assert read(tmp_path).y is None
    dataset = read(tmp_path, label="kind", id="rank")
    kinds = dict(zip(dataset.sample_ids.tolist(), dataset.y.tolist(), strict=True))
    assert kinds["11.png"] == KINDS[0]
    for name in names:
        save_image(tmp_path / "again" / name, random_pixels(2, 3))
        (tmp_path / name).rename(tmp_path / "again" / f"{name}.jpg")
    save_images(tmp_path / "more", names)
    save_table(tmp_path / "a.csv", n=range(12), kind=KINDS)
    with pytest.raises(AevizError, match=r"'0' in column 'n' of a\.csv is the name of several"):
        read(tmp_path, label="kind")


def test_numbers_with_decimal_commas_are_said(tmp_path):
    save_images(tmp_path)
    lines = [f"{name};{number},5\n" for number, name in enumerate(NAMES)]
    save_text(tmp_path / "a.csv", "file;weight\n" + "".join(lines))
    dataset = read(tmp_path, label="weight")
    assert dataset.y.tolist() == [number + 0.5 for number in range(12)]
    assert "comma" in dataset.notes[1]


def test_classes_that_look_like_numbers_or_like_nothing(tmp_path):
    save_images(tmp_path)
    zeros, ages = ["01", "02"] * 6, ["1.5", "2.5", "-3e2"] * 4
    save_table(tmp_path / "a.csv", file=NAMES, zeros=zeros, nones=["None", "x"] * 6, ages=ages)
    dataset = read(tmp_path, label=["zeros", "nones", "ages"])
    assert dataset.y.tolist() == zeros
    assert dataset.metadata["nones"].tolist() == ["None", "x"] * 6
    assert dataset.metadata["ages"].tolist() == [1.5, 2.5, -300.0] * 4
