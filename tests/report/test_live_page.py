"""Test the manifest of a run's page, by unpacking it as the script does."""

from __future__ import annotations

import json
import re
import shutil

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from aeviz.plots.theme import class_colors
from aeviz.report._columns import MISSING, value_column
from aeviz.report._live_page import live_page
from aeviz.report._maps import points_of
from aeviz.report._page_samples import OUTSIDE
from aeviz.report.rendering import render
from aeviz.runs.page_samples import Browsable, PageLimits, read_decoder
from aeviz.runs.run import Run
from tests._runs import digits, make_run, table
from tests.report._unpacking import numbers_of, unpacked
from tests.report.conftest import HOSTILE, PLAIN, RUNS, WITH_PLANE

EVERY_RUN = pytest.mark.parametrize("name", RUNS)


class Told:
    """The manifest of a run, with its arrays unpacked when asked for."""

    def __init__(self, run, **limits):
        self.run = run
        self.live = live_page(run, **limits)
        self.manifest = self.live.manifest
        self.rows = Browsable.read(run.browse_path).rows

    def __getitem__(self, ref):
        return unpacked(self.live.blobs, ref)

    def columns(self):
        """Return the columns by their keys."""
        return {column["key"]: column for column in self.manifest["columns"]}

    def values(self, key):
        """Return a column in the units of the source, NaN where it is missing."""
        return numbers_of(self.live.blobs, self.columns()[key])


@EVERY_RUN
def test_coordinates_are_those_of_the_embeddings_in_the_order_of_the_page(name, request):
    told = Told(request.getfixturevalue(name))
    assert sorted(told.rows) == list(range(told.run.data.n_samples))
    assert [one["key"] for one in told.manifest["embeddings"]] == [
        pair.key for pair in told.run.pairs
    ]
    for pair, embedding in zip(told.run.pairs, told.manifest["embeddings"], strict=True):
        points = points_of(told.run, pair)[told.rows]
        left, right, bottom, top = embedding["box"]
        x = left + told[embedding["x"]] / 65535 * (right - left)
        y = bottom + told[embedding["y"]] / 65535 * (top - bottom)
        step = max(right - left, top - bottom) / 65535
        assert np.abs(np.stack([x, y], 1) - points).max() <= 0.51 * step
        assert (told[embedding["x"]].min(), told[embedding["x"]].max()) == (0, 65535)
        assert embedding["hasAxes"] == (pair.embedding in ("pca", "latent"))
        assert embedding["latent"] == (pair.encoder if pair.is_latent else None)
        for share, column in (("false", "false_neighbors"), ("missed", "missing_neighbors")):
            expected = told.run.embeddings[f"{pair.key}_{column}"].to_numpy()[told.rows]
            assert np.abs(told[embedding[share]] / 255 - expected).max() < 0.003


@EVERY_RUN
def test_manifest_is_json_and_every_blob_is_named(name, request):
    told = Told(request.getfixturevalue(name))
    again = json.loads(told.live.json())
    assert again == json.loads(json.dumps(told.manifest))
    assert "<" not in told.live.json()
    named = {int(one) for one in re.findall(r'"blob":\s*(\d+)', told.live.json())}
    assert named == set(range(len(told.live.blobs.texts)))
    for theme in ("light", "dark"):
        for ramp in ("values", "shares"):
            colors = again["ramps"][theme][ramp]
            assert len(colors) >= 2
            assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in colors)


def test_first_view_stands_first(image_run):
    told = Told(image_run)
    refs = [one[name]["blob"] for one in told.manifest["embeddings"] for name in ("x", "y")]
    later = [told.manifest[name]["blob"] for name in ("ids", "neighbors")]
    later.append(told.manifest["decoders"][0]["layers"][0]["weights"]["kernel"]["blob"])
    assert max(refs) < min(later)


@pytest.mark.parametrize("name", ["image_run", "hostile_run", "crowded_run"])
def test_classes_have_their_names_and_the_colours_of_all_figures(name, request):
    told = Told(request.getfixturevalue(name))
    label = told.columns()["label"]
    names, codes = told[label["names"]], told[label["values"]]
    labels = told.run.embeddings["label"].to_numpy()[told.rows]
    found = [names[code] if code < len(names) else None for code in codes]
    assert found == [one or None for one in labels]
    assert names == told.run.data.class_names
    assert told[label["colors"]] == class_colors(len(names))
    if name == "hostile_run":
        assert set(names) == set(HOSTILE) - {""}
    if name == "crowded_run":
        assert len(names) == 1000


def test_split_is_a_column(image_run):
    told = Told(image_run)
    split = told.columns()["split"]
    expected = image_run.embeddings["split"].to_numpy()[told.rows] == "test"
    assert told[split["names"]] == ["training", "held out"]
    assert_array_equal(told[split["values"]], expected)
    assert 0 < expected.sum() < len(expected)


def test_missing_labels_are_no_class(letters_run):
    told = Told(letters_run)
    codes = told[told.columns()["label"]["values"]]
    assert_array_equal(np.sort(told.rows[codes == MISSING]), [0, 1, 2])


def test_continuous_labels_arevalue_column(continuous_run):
    told = Told(continuous_run)
    column = told.columns()["label"]
    assert (column["kind"], column["group"]) == ("values", "label")
    labels = continuous_run.embeddings["label"].to_numpy()[told.rows]
    assert_array_equal(np.sort(told.rows[np.isnan(told.values("label"))]), [0, 1])
    assert_allclose(told.values("label"), labels, rtol=1e-7)
    # A few outliers take none of the contrast.
    assert column["low"] < column["shown"][0] < column["shown"][1] < column["high"]


def test_without_labels_there_is_no_label(unlabelled_run):
    told = Told(unlabelled_run)
    assert "label" not in told.columns()
    assert next(iter(told.columns())) == "cluster"


@pytest.mark.parametrize("name", ["hostile_run", "unlabelled_run"])
def test_features_come_back_in_their_units(name, request):
    told = Told(request.getfixturevalue(name))
    X = table(labels=None, n_features=45).X if name == "unlabelled_run" else None
    features = [one for one in told.manifest["columns"] if one.get("group") == "feature"]
    assert [one["title"] for one in features] == told.run.data.feature_names
    spec = told.manifest["format"]
    assert spec["kind"] == "table"
    assert spec["featureNames"] == told.run.data.feature_names
    assert len(spec["means"]) == len(spec["stds"]) == told.run.data.n_features
    if X is not None:
        assert_array_equal(told.values("feature 7"), X[told.rows, 7].astype(np.float32))
        assert_allclose(spec["means"], X.mean(axis=0))


def test_errors_of_what_comes_back_are_columns(image_run):
    told = Told(image_run)
    for kind in image_run.encoders:
        expected = image_run.reconstruction(kind).sample_error[told.rows]
        assert_allclose(told.values(f"{kind}_error"), expected, rtol=1e-7)


def test_images_are_there_in_the_order_of_the_page(image_run, color_run):
    for run, size in ((image_run, (8, 8)), (color_run, (6, 4))):
        told = Told(run)
        images = told.manifest["thumbnails"]
        assert (images["width"], images["height"]) == size
        assert images["rows"] is None
        assert told[images["sheets"][0]][:4].tobytes() == b"RIFF"
        assert told.manifest["format"]["kind"] == "image"
        assert told.manifest["format"]["shape"] == run.data.image_shape
        assert not [one for one in told.manifest["columns"] if one.get("group") == "feature"]


@pytest.mark.parametrize("name", ["image_run", "hostile_run"])
def test_neighbours_are_the_nearest_in_the_data(name, request):
    told = Told(request.getfixturevalue(name))
    near = np.cumsum(told[told.manifest["neighbors"]].astype(np.int64), axis=1)
    assert near.shape == (len(told.rows), 8)
    expected = told.run.neighbors.indices[told.rows, :8]
    assert_array_equal(np.sort(told.rows[near], axis=1), np.sort(expected, axis=1))


def test_codes_are_close_enough_to_decode(image_run):
    told = Told(image_run)
    specs = {one["encoder"]: one for one in told.manifest["decoders"]}
    assert list(specs)[-1] == "pca"
    assert set(specs) == set(image_run.encoders)
    # The plane is the code.
    assert specs["variational"]["codes"] is None
    spec = specs["deep"]
    codes = spec["codes"]
    low, high = np.array(codes["low"]), np.array(codes["high"])
    found = low + told[codes["values"]] / 255 * (high - low)
    expected = np.asarray(image_run.code("deep"))[told.rows]
    assert np.abs(found - expected).max() <= 0.51 * (high - low).max() / 255
    portable, _ = read_decoder(image_run.browse_path / "deep")
    assert [one["kind"] for one in spec["layers"]] == [one["kind"] for one in portable.layers]
    assert_array_equal(told[spec["layers"][0]["weights"]["kernel"]], portable.weights[0]["kernel"])
    assert spec["grid"] is None


def test_codes_are_coarser_where_they_are_many_and_left_out_beyond(image_run):
    told = Told(image_run, max_fine_numbers=100)
    codes = told.manifest["decoders"][0]["codes"]
    low, high = np.array(codes["low"]), np.array(codes["high"])
    numbers = told[codes["values"]]
    assert numbers.max() == 31
    kind = told.manifest["decoders"][0]["encoder"]
    expected = np.asarray(image_run.code(kind))[told.rows]
    step = (high - low) / 255
    assert (np.abs(low + numbers * step - expected) <= 0.51 * step + 1e-6).all()
    # Room for the codes of one encoder only; the plane needs none.
    limited = Told(image_run, max_code_numbers=expected.size + 5)
    specs = limited.manifest["decoders"]
    assert [bool(one["codes"]) for one in specs] == [one["encoder"] == kind for one in specs]
    assert "variational" in [one["encoder"] for one in specs]


@pytest.mark.parametrize("name", ["image_run", "letters_run"])
def test_decoder_that_cannot_run_leaves_its_grid(name, request, tmp_path):
    """The script reads ranges as lists: one number for all pixels, or one a feature."""
    run = request.getfixturevalue(name)
    folder = shutil.copytree(run.path, tmp_path / "run")
    shutil.rmtree(folder / "browse" / "variational")
    told = Told(Run(folder))
    (spec,) = [one for one in told.manifest["decoders"] if one["encoder"] == "variational"]
    assert spec["layers"] == []
    assert spec["why"] == "the run was made without it"
    grid = spec["grid"]
    X = run.manifold("variational").X
    low, high = np.array(grid["low"]), np.array(grid["high"])
    assert low.shape == high.shape == ((1,) if run.data.is_image else (run.data.n_features,))
    assert grid["axis"] == run.manifold("variational").axis.tolist()
    found = low + told[grid["values"]] / 255 * (high - low)
    assert found.shape == X.shape
    assert np.abs(found - np.clip(X, low, high)).max() <= 0.51 * (high - low).max() / 255


def test_more_samples_than_fit_are_sampled_and_said(tmp_path):
    run = make_run(tmp_path / "run", table(), pairs=PLAIN, limits=PageLimits(points=100))
    told = Told(run)
    assert len(told.rows) == told.manifest["nSamples"] == 50
    assert told.manifest["nAll"] == 240
    assert told.manifest["notes"] == [
        "The maps show 50 of 240 samples, drawn at random without regard to label or position. "
        "Scores and figures use all."
    ]
    assert_array_equal(told[told.manifest["ids"]], told.rows)
    # Neighbours that the page does not show are none of its samples.
    near = np.cumsum(told[told.manifest["neighbors"]], axis=1, dtype=np.uint32)
    expected = run.neighbors.indices[told.rows, :8]
    for places, rows in zip(near, expected, strict=True):
        kept = places[places != OUTSIDE]
        assert set(told.rows[kept]) == set(rows) & set(told.rows)
    assert (near == OUTSIDE).any()


def test_page_says_what_else_it_leaves_out(tmp_path):
    small = PageLimits(image_bytes=1000, features=4)
    of_images = Told(make_run(tmp_path / "images", digits(), pairs=PLAIN, limits=small))
    images = of_images.manifest["thumbnails"]
    rows = of_images[images["rows"]]
    assert of_images.manifest["notes"] == [
        f"Images of {len(rows)} samples, evenly over the first map."
    ]
    assert 0 < len(rows) < 240
    of_table = Told(make_run(tmp_path / "table", table(), pairs=PLAIN, limits=small))
    assert of_table.manifest["notes"] == ["The first 4 of 9 features."]
    assert [key for key in of_table.columns() if key.startswith("feature")] == [
        f"feature {i}" for i in range(4)
    ]


def test_identifiers_are_numbers_or_text(tmp_path):
    numbers = np.arange(240)[::-1] + 5
    ids = np.array([HOSTILE[i % 7] + str(i) for i in range(240)])
    for name, given in (("numbers", numbers), ("negative", numbers - 100), ("texts", ids)):
        dataset = table(sample_ids=given)
        told = Told(make_run(tmp_path / name, dataset, pairs=(("identity", "pca"),)))
        found = told[told.manifest["ids"]]
        assert told.manifest["ids"]["dtype"] == ("uint32" if name == "numbers" else "json")
        assert [str(one) for one in found] == [str(one) for one in given[told.rows]]


def test_columns_of_numbers_hold_what_is_no_number_and_what_is_constant():
    from aeviz.page.blobs import Blobs

    blobs = Blobs()
    given = np.array([1.0, np.nan, 3.0, np.inf, -np.inf], np.float32)
    column = value_column("key", "title", "feature", given, blobs)
    assert (column["low"], column["high"]) == (1.0, 3.0)
    assert_array_equal(numbers_of(blobs, column), [1, np.nan, 3, np.nan, np.nan])
    constant = value_column("key", "title", "feature", np.full(3, 7.5), blobs)
    assert (constant["low"], constant["high"], constant["shown"]) == (7.5, 7.5, (7.5, 7.5))
    assert_array_equal(numbers_of(blobs, constant), np.full(3, 7.5))
    nothing = value_column("key", "title", "feature", np.full(2, np.nan), blobs)
    assert (nothing["low"], nothing["high"], nothing["shown"]) == (0.0, 0.0, (0.0, 0.0))
    assert np.isnan(numbers_of(blobs, nothing)).all()
    # All but a few values are the same: colours span all of them.
    rare = value_column("key", "title", "feature", np.array([0.0] * 500 + [1.0]), blobs)
    assert rare["shown"] == (0.0, 1.0)


def test_run_of_a_former_version_has_a_page_without_script(tmp_path):
    run = make_run(tmp_path / "run", table(), pairs=WITH_PLANE, is_former=True)
    assert live_page(run) is None
    text = render(run).read_text(encoding="utf-8")
    assert "<script" not in text
    assert "script-src" not in text
    assert 'class="toolbar"' not in text


def test_run_without_shares_or_neighbours_is_live(unlabelled_run, tmp_path):
    folder = shutil.copytree(unlabelled_run.path, tmp_path / "run")
    (folder / "faithfulness" / "neighbors.npz").unlink()
    run = Run(folder)
    run.write_embeddings(
        run.embeddings.loc[:, ~run.embeddings.columns.str.contains("_false_|_missing_")]
    )
    told = Told(Run(folder))
    assert told.manifest["neighbors"] is None
    assert {embedding["false"] for embedding in told.manifest["embeddings"]} == {None}


def test_page_carries_little_more_than_its_figures(image_run):
    live = live_page(image_run)
    size = live.blobs.size_bytes + len(live.json())
    # 240 samples of 64 pixels, 8 pictures, 5 decoders and codes.
    assert size < 150_000
    assert image_run.report_path.stat().st_size < 5_000_000
