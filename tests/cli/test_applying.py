"""Test ``aeviz encode``, ``reconstruct`` and ``generate``: files, words and refusals."""

from __future__ import annotations

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image

from aeviz import Model, load_dataset
from aeviz.cli._main import main
from tests.cli._lines import told


def pixels(path):
    """Return a picture's greys."""
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


def test_codes_in_every_format(models, tmp_path, capfd):
    digits = load_dataset("digits")
    expected = Model.load(models.pca).encode(digits)
    for suffix in ("npy", "csv", "parquet"):
        out = tmp_path / "new" / f"c.{suffix}"
        assert main(["encode", models.pca, "digits", "-o", str(out), "-q"]) == 0
        assert capfd.readouterr().out == f"codes: 1,797 samples of 5 numbers in {out}\n"
    assert_array_equal(np.load(tmp_path / "new" / "c.npy"), expected)
    for table in (
        pd.read_csv(tmp_path / "new" / "c.csv"),
        pd.read_parquet(tmp_path / "new" / "c.parquet"),
    ):
        names = ["sample_id", "label", *(f"code_{i}" for i in range(1, 6))]
        assert list(table.columns) == names
        assert_allclose(table[names[2:]], expected, rtol=1e-6)
        assert_array_equal(table["label"].astype(int), digits.y)
        assert_array_equal(table["sample_id"], np.arange(1797))


def test_a_single_new_sample_is_encoded(models, tmp_path, capfd):
    np.save(tmp_path / "one.npy", load_dataset("digits").X[7:8].reshape(1, 8, 8))
    out = tmp_path / "c.csv"
    assert main(["encode", models.pca, str(tmp_path / "one.npy"), "-o", str(out), "-q"]) == 0
    assert list(pd.read_csv(out).columns)[:2] == ["sample_id", "code_1"]


def test_what_was_done_to_new_samples_is_said(models, tmp_path, capfd):
    """Values that were filled in went by without a word."""
    table = pd.read_csv(models.iris)
    table.loc[3, "b"] = None
    table.to_csv(tmp_path / "new.csv", index=False)
    words = [str(tmp_path / "new.csv"), "-o", str(tmp_path / "c.npy")]
    assert main(["encode", models.table, *words]) == 0
    assert "1 missing value in 1 column was replaced by the median" in capfd.readouterr().err
    assert main(["encode", models.table, *words, "-q"]) == 0
    assert capfd.readouterr().err == ""


def test_reconstructions_in_the_units_and_shape_of_the_source(models, tmp_path, capfd):
    for suffix in ("npy", "csv"):
        out = tmp_path / f"r.{suffix}"
        assert main(["reconstruct", models.plane, "digits", "-o", str(out), "-q"]) == 0
    printed = capfd.readouterr().out.splitlines()[:4]
    assert printed[0] == "on 1,797 samples, values in [0, 1]:"
    assert re.fullmatch(r"  cross-entropy: \d\.\d{4} nats per feature", printed[1])
    assert re.fullmatch(r"  mean squared error: [\d.]+ per feature", printed[2])
    assert printed[3] == f"reconstructions: {tmp_path / 'r.npy'}"
    back = np.load(tmp_path / "r.npy")
    assert back.shape == (1797, 8, 8)
    assert 4 < back.max() <= 16
    table = pd.read_csv(tmp_path / "r.csv")
    assert list(table.columns)[:3] == ["sample_id", "label", "feature_1"]
    assert_allclose(table.iloc[:, 2:], back.reshape(1797, 64), rtol=1e-5, atol=1e-6)


def test_reconstructed_table_keeps_its_names(models, tmp_path, capfd):
    out = tmp_path / "r.parquet"
    words = ["reconstruct", models.table, models.iris, "--label", "kind", "-o", str(out), "-q"]
    assert main(words) == 0
    assert "standardised" in capfd.readouterr().out
    table = pd.read_parquet(out)
    assert list(table.columns) == ["sample_id", "label", "a", "b", "c", "d"]
    original = pd.read_csv(models.iris)
    assert_allclose(table["a"].mean(), original["a"].mean(), rtol=0.05)
    assert set(table["label"]) == set(original["kind"])


def test_sheet_and_grid_and_samples_are_pictures(models, tmp_path, capfd, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["reconstruct", models.pca, "digits", "-o", "r.png", "-n", "12", "-q"]) == 0
    assert main(["generate", models.plane, "-q"]) == 0
    assert main(["generate", models.plane, "--grid", "-n", "4", "-q"]) == 0
    told = capfd.readouterr().out.splitlines()[-2:]
    assert told == ["generated: plane-generated.png", "generated: plane-grid.png"]
    # Two bands of an original and a reconstruction at 84 px and a gap of 12, drawn twice as dense.
    assert pixels("r.png").shape == (2 * (4 * 84 + 12), 2 * (96 + 10 * 84))
    assert pixels("plane-generated.png").shape == (2 * 168, 2 * 840)
    # Ink on paper, as the training images are drawn.
    assert pixels("plane-generated.png").mean() > 128


def test_generated_samples_are_those_of_the_model(models, tmp_path, capfd):
    model = Model.load(models.plane)
    for name, own in (("a.npy", []), ("b.npy", []), ("c.npy", ["--seed", "1"])):
        words = ["generate", models.plane, "-n", "30", "-o", str(tmp_path / name), "-q"]
        assert main([*words, *own]) == 0
    first, again, other = (np.load(tmp_path / f"{name}.npy") for name in "abc")
    assert first.shape == (30, 8, 8)
    assert_array_equal(first, again)
    assert_array_equal(first.reshape(30, 64), model.generate(30, random_state=0))
    assert not np.array_equal(first, other)
    out = tmp_path / "g.csv"
    assert main(["generate", models.plane, "--grid", "-n", "3", "-o", str(out), "-q"]) == 0
    table = pd.read_csv(out)
    assert list(table.columns)[:3] == ["latent_1", "latent_2", "feature_1"]
    assert len(table) == 9
    decoded = model.decode(table[["latent_1", "latent_2"]].to_numpy())
    assert_allclose(table.iloc[:, 2:], decoded, rtol=1e-4, atol=1e-4)


def damaged(folder, models, change):
    """Return a copy of a model whose card was changed."""
    shutil.copytree(models.pca, folder / "copy")
    path = folder / "copy" / "model.json"
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    return str(folder / "copy")


def cut_off(folder, models):
    path = damaged(folder, models, lambda content: None)
    (folder / "copy" / "model.json").write_text('{"schema": 1,')
    return path


def test_columns_are_found_by_name_in_whatever_order(models, tmp_path):
    """Another order was refused, and so was a further column."""
    names = ["a", "b", "c", "d"]
    values = pd.DataFrame(np.random.default_rng(0).normal(size=(20, 4)), columns=names)
    values.to_csv(tmp_path / "same.csv", index=False)
    other = values[["d", "b", "a", "c"]].assign(y=range(20), kind="setosa")
    other.to_csv(tmp_path / "other.csv", index=False)
    for name in ("same", "other"):
        source, out = str(tmp_path / f"{name}.csv"), str(tmp_path / f"{name}.npy")
        assert main(["encode", models.table, source, "-o", out, "-q"]) == 0
    same, other = (np.load(tmp_path / f"{name}.npy") for name in ("same", "other"))
    np.testing.assert_allclose(same, other, rtol=1e-6)


def table(folder, columns):
    path = folder / "t.csv"
    pd.DataFrame(np.random.default_rng(0).normal(size=(20, len(columns))), columns=columns).to_csv(
        path, index=False
    )
    return str(path)


def flat_images(folder):
    np.save(folder / "wide.npy", load_dataset("digits").X.reshape(-1, 4, 16))
    return str(folder / "wide.npy")


SLIPS = {
    "missing": (lambda m, d: ["encode", "no", "digits", "-o", "c.npy"], r"no does not exist"),
    "a file": (lambda m, d: ["encode", m.iris, "digits", "-o", "c.npy"], r"iris\.csv is a file"),
    "no model": (lambda m, d: ["encode", str(d), "digits", "-o", "c.npy"], r"no model\.json"),
    "cut off": (
        lambda m, d: ["encode", cut_off(d, m), "digits", "-o", "c.npy"],
        r"model\.json is damaged: it is not valid JSON",
    ),
    "another schema": (
        lambda m, d: ["generate", damaged(d, m, lambda c: c.update(schema=9))],
        r"model\.json was written by a later version of aeviz: it has schema 9",
    ),
    "entry gone": (
        lambda m, d: ["encode", damaged(d, m, lambda c: c.pop("scaling")), "digits", "-o", "c.npy"],
        r"model\.json is damaged: KeyError: 'scaling'",
    ),
    "scaling of another width": (
        lambda m, d: [
            "encode",
            damaged(d, m, lambda c: c["scaling"].update(shift=[0, 0])),
            "digits",
            "-o",
            "c.npy",
        ],
        r"model\.json is damaged: .*scaling is not one of 64 features",
    ),
    "card of another encoder": (
        lambda m, d: [
            "encode",
            damaged(d, m, lambda c: c.update(code_size=7)),
            "digits",
            "-o",
            "c.npy",
        ],
        r"is damaged: model\.json has 64 features and a code of 7, and the encoder 64 and 5",
    ),
    "unknown suffix": (
        lambda m, d: ["encode", m.pca, "digits", "-o", "c.txt"],
        r"--out must end in one of \.npy, \.csv, \.parquet; got '\.txt'",
    ),
    "codes are no picture": (lambda m, d: ["encode", m.pca, "digits", "-o", "c.png"], r"'\.png'"),
    "a folder": (lambda m, d: ["encode", m.pca, "digits", "-o", "f.npy"], r"f\.npy is a folder"),
    "codes over their samples": (
        lambda m, d: ["encode", m.table, table(d, list("abcd")), "-o", f"{d}/t.csv"],
        r"--out must be another place than .*t\.csv, which is read",
    ),
    "within the model": (
        lambda m, d: ["reconstruct", m.pca, "digits", "-o", f"{m.pca}/encoder/back.npy"],
        r"--out must be outside of .*, whose files are its own",
    ),
    "below a file": (
        lambda m, d: ["generate", m.plane, "-o", f"{m.iris}/c.npy"],
        r"iris\.csv is a file",
    ),
    "number of features": (
        lambda m, d: ["encode", m.table, "digits", "-o", "c.npy"],
        r"digits has 64 features; expected the 4 of iris",
    ),
    "column that is missing": (
        lambda m, d: ["encode", m.table, table(d, list("abdy")), "-o", "c.npy"],
        r"t\.csv lacks 'c', which the model was trained on; its columns are 'a', 'b', 'd', 'y'",
    ),
    "shape of images": (
        lambda m, d: ["reconstruct", m.pca, flat_images(d), "-o", "c.npy"],
        r"images of 4×16×1; expected the 8×8×1 of digits",
    ),
    "picture of a table": (
        lambda m, d: ["reconstruct", m.table, m.iris, "--label", "kind", "-o", "c.png"],
        r"a \.png needs samples that are images, and iris is a table",
    ),
    "too many to draw": (
        lambda m, d: ["generate", m.plane, "-n", "1001", "-o", "c.png"],
        r"-n must be at most 1,000 for a \.png, got 1,001",
    ),
    "no variational model": (
        lambda m, d: ["generate", m.pca],
        r"from a variational model only; this one is pca",
    ),
    "grid of one": (lambda m, d: ["generate", m.plane, "--grid", "-n", "1"], r"2\.\.200 with"),
    "missing source": (lambda m, d: ["encode", m.pca, "x.csv", "-o", "c.npy"], r"x\.csv"),
}


@pytest.mark.parametrize("case", SLIPS)
def test_a_slip_ends_in_one_line_and_nothing_written(case, models, tmp_path, capfd, monkeypatch):
    make, message = SLIPS[case]
    (tmp_path / "data").mkdir()
    here = tmp_path / "here"
    (here / "f.npy").mkdir(parents=True)
    words = make(models, tmp_path / "data")
    monkeypatch.chdir(here)
    assert main([*words, "-q"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    (line,) = told(err)
    assert re.search(message, line), line
    assert [path.name for path in here.iterdir()] == ["f.npy"]
    assert list((here / "f.npy").iterdir()) == []
