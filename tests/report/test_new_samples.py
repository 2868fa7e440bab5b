"""Test what a page says and shows of new samples, and of texts that belong to samples."""

from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image

from aeviz.page.content import Gallery, Table, Text
from aeviz.plots.coloring import Coloring
from aeviz.plots.figure import new_figure, pixel_axes
from aeviz.plots.maps import PALENESS, overlay, scatter
from aeviz.plots.theme import LIGHT, class_colors
from aeviz.report._columns import MISSING
from aeviz.report._page_samples import OUTSIDE
from aeviz.report.sections.new_samples import SECTION
from aeviz.runs.new_samples import Added
from tests._runs import add_to, digits, make_run, table
from tests.report.conftest import PLAIN
from tests.report.test_live_page import Told

N_OLD = 240


def test_a_page_without_new_samples_or_texts_carries_nothing_for_them(unlabelled_run, image_run):
    for run in (unlabelled_run, image_run):
        told = Told(run)
        assert not {"added", "annotations"} & told.manifest.keys()
        assert {one["false"]["dtype"] for one in told.manifest["embeddings"]} == {"uint8"}
        assert SECTION.build(run) is None


def test_new_samples_stand_behind_the_others_in_every_array(added_run):
    told = Told(added_run)
    sources = told.manifest["added"]["sources"]
    assert sources == [{"name": "first", "n": 40}, {"name": "second", "n": 20}]
    is_outlier = told[told.manifest["added"]["isOutlier"]]
    assert np.flatnonzero(is_outlier).tolist() == [39, 59]
    n = told.manifest["nSamples"]
    assert (n, told.manifest["nAll"]) == (N_OLD + 60, N_OLD)
    ids = told[told.manifest["ids"]]
    assert ids[:2] == [str(one) for one in told.rows[:2]]
    assert (ids[N_OLD], ids[-1]) == ("first 0", "299")
    one, two = Added.all(added_run)
    for embedding in told.manifest["embeddings"]:
        left, right, _, _ = embedding["box"]
        x = left + told[embedding["x"]] / 65535 * (right - left)
        column = f"{embedding['key']}_x"
        expected = np.concatenate(
            [added_run.embeddings[column][told.rows], one.table[column], two.table[column]]
        )
        assert np.abs(x - expected).max() <= 0.51 * (right - left) / 65535
        # Nobody has looked for their neighbours.
        shares = told[embedding["false"]]
        assert (shares[N_OLD:] == MISSING).all()
        kept = added_run.embeddings[f"{embedding['key']}_false_neighbors"].to_numpy()[told.rows]
        assert_allclose(shares[:N_OLD] / (MISSING - 1), kept, atol=1e-4)
    near = np.cumsum(told[told.manifest["neighbors"]], axis=1, dtype=np.uint32)
    assert (near[N_OLD:] == OUTSIDE).all()
    assert (near[:N_OLD] < N_OLD).all()
    split = told.columns()["split"]
    codes = told[split["values"]]
    assert set(codes[:N_OLD]) == {0, 1}
    assert np.bincount(codes[N_OLD:]).tolist() == [0, 0, 39, 1, 19, 1]
    assert told[split["names"]][3] == "new outliers: first"
    assert told.columns()["deep_error"]["bound"] == 1.5
    distance = told.values("deep_distance")
    assert np.isnan(distance[:N_OLD]).all()
    assert distance[N_OLD + 39] == pytest.approx(2.4, abs=1e-3)


def test_labels_of_new_samples_have_the_colours_of_the_others(added_run, people_run):
    told = Told(added_run)
    label = told.columns()["label"]
    names, codes = told[label["names"]], told[label["values"]]
    assert names == added_run.data.class_names
    expected = digits(300).y[N_OLD:280]
    assert [names[code] for code in codes[N_OLD : N_OLD + 40]] == [str(one) for one in expected]
    assert (codes[N_OLD + 40 :] == MISSING).all()
    told = Told(people_run)
    label = told.columns()["label"]
    assert told[label["names"]] == ["class 0", "class 1", "class 2", "a class of its own"]
    assert told[label["colors"]] == [*class_colors(3), LIGHT.missing]
    assert (told[label["values"]][N_OLD : N_OLD + 3] == 3).all()


def test_every_tile_is_the_image_of_its_sample(added_run):
    told = Told(added_run)
    images = told.manifest["thumbnails"]
    samples = told[images["rows"]].tolist()
    X = digits(300).X / 16
    for row, number in ((0, told.rows[0]), (N_OLD + 3, N_OLD + 3), (N_OLD + 41, 281)):
        tile = samples.index(row)
        sheet, place = divmod(tile, images["perSheet"])
        content = told[images["sheets"][sheet]].tobytes()
        left, top = 8 * (place % images["nColumns"]), 8 * (place // images["nColumns"])
        pixels = np.asarray(Image.open(io.BytesIO(content)).convert("L"))[
            top : top + 8, left : left + 8
        ]
        assert_allclose(pixels / 255, X[number].reshape(8, 8), atol=0.01)
    codes = told.manifest["decoders"][0]["codes"]
    assert told[codes["values"]].shape[0] == N_OLD + 60


def test_an_embedding_that_could_not_transform_them_is_without_them(tmp_path):
    fitted = table()
    run = make_run(tmp_path / "run", fitted, pairs=PLAIN)
    add_to(run, fitted, table(250).take(np.arange(240, 250)), left_out=("identity_pca",))
    told = Told(run)
    sizes = [len(told[one["x"]]) for one in told.manifest["embeddings"]]
    assert sizes == [N_OLD + 10, N_OLD]
    assert told.manifest["notes"] == ["PCA to 2 dimensions has no new samples: it is not to be had"]
    content = SECTION.build(run)
    assert [figure.name for figure in content.figures()] == ["new_pca_tsne"]
    assert "They are not in identity_pca: it is not to be had." in content.blocks[0].paragraphs[0]


def test_texts_stand_in_the_order_of_the_page(people_run):
    told = Told(people_run)
    name, note = told.manifest["annotations"]
    assert (name["title"], note["title"]) == ("name", "note")
    names = told[name["texts"]]
    expected = people_run.annotations["name"].to_numpy()[told.rows]
    assert names[:N_OLD] == expected.tolist()
    assert names[N_OLD] == "Ada of house 240"
    assert set(told[note["texts"]]) == {"", "=1+1"}
    # A table of samples with names of their own keeps them.
    assert told[told.manifest["ids"]][N_OLD] == "1240"


def test_texts_are_cut_where_they_are_many_and_left_out_beyond(people_run):
    told = Told(people_run, max_text_bytes=5400)
    name, _ = told.manifest["annotations"]
    assert max(map(len, told[name["texts"]])) <= 20
    told = Told(people_run, max_text_bytes=1000)
    assert [one["title"] for one in told.manifest["annotations"]] == ["note"]
    assert told.manifest["notes"] == [
        "Texts that are too long for the page: name; the run's folder has all."
    ]


def test_long_texts_are_cut_and_said(hostile_run):
    told = Told(hostile_run)
    assert (
        max(len(text) for one in told.manifest["annotations"] for text in told[one["texts"]]) == 200
    )
    assert "Texts are cut after 200 characters; the run's folder has all." in told.manifest["notes"]


# -- the section -------------------------------------------------------------------------------


def test_section_says_how_many_are_outliers_and_by_what(added_run):
    content = SECTION.build(added_run)
    text = next(block for block in content.blocks if isinstance(block, Text))
    assert content.summary.startswith("60 samples that came after the run, of “first” and “second”")
    assert text.paragraphs[0] == (
        "“first”: 1 of 40 samples are outliers, 1 by the error and 1 by the distance, "
        "in at least one code."
    )
    assert text.paragraphs[1].endswith("They have no labels to be coloured by.")
    galleries = [block for block in content.blocks if isinstance(block, Gallery)]
    figures = [figure for gallery in galleries for figure in gallery.figures]
    assert len(figures) == 2 * len(added_run.pairs)
    assert len({figure.name for figure in figures}) == len(figures)
    assert "40 new samples of “first” over 240 pale ones" in figures[0].alt
    assert "1 crosses are outliers" in figures[0].alt


def test_section_lists_the_largest_outliers_first(added_run):
    tables = [one for one in SECTION.build(added_run).blocks if isinstance(one, Table)]
    largest = next(one for one in tables if "largest outliers of “first”" in one.title)
    assert len(largest.rows) == 10
    first = largest.rows[0]
    assert (first[0].text, first[0].note) == ("first 39", "outlier")
    assert first[1].text == str(digits(300).y[279])
    assert first[2].tone == "worse"
    assert largest.rows[1][0].note == "no outlier"


def test_agreement_is_that_of_a_vote_of_ten(added_run):
    """Worked out again, sample by sample."""
    one, two = Added.all(added_run)
    assert two.info["agreement"] == []
    row = next(row for row in one.info["agreement"] if row["embedding"] == "tsne")
    at = ["deep_tsne_x", "deep_tsne_y"]
    old, new = added_run.embeddings[at].to_numpy(), one.table[at].to_numpy()
    labels = added_run.embeddings["label"].to_numpy()
    is_same = []
    for place, label in zip(new, one.table["label"], strict=True):
        near = labels[np.argsort(np.linalg.norm(old - place, axis=1), kind="stable")[:10]]
        names, counts = np.unique(near.astype(str), return_counts=True)
        is_same.append(names[counts.argmax()] == label)
    assert row["value"] == pytest.approx(np.mean(is_same), abs=0.051)  # ties of distance
    assert 0 <= row["low"] <= row["value"] <= row["high"] <= 1
    assert row["high"] - row["low"] > 0.05
    assert row["n"] == 40
    tables = [block for block in SECTION.build(added_run).blocks if isinstance(block, Table)]
    assert sum("share a label" in one.title for one in tables) == 1


def test_a_class_that_the_run_lacks_counts_as_wrong(people_run):
    (one,) = Added.all(people_run)
    assert {row["value"] for row in one.info["agreement"]} == {17 / 20}


def test_overlay_draws_old_samples_pale_and_outliers_as_crosses():
    rng = np.random.default_rng(0)
    old, new = rng.normal(size=(50, 2)), rng.normal(size=(6, 2))
    classes = Coloring.of_classes(["a", "b"] * 25)
    of_new = Coloring.of_classes(["a", None, "b", "c", "a", "b"], classes.class_names)
    is_outlier = np.array([False, False, True, False, False, True])
    plain = scatter(old, classes, ax=pixel_axes(new_figure(300, 300)))
    ax = overlay(old, classes, new, of_new, is_outlier, ax=pixel_axes(new_figure(300, 300)))
    pale, diamonds, crosses = ax.collections
    assert pale.get_alpha() == pytest.approx(PALENESS * plain.collections[0].get_alpha())
    assert (len(diamonds.get_offsets()), len(crosses.get_offsets())) == (4, 2)
    assert_array_equal(np.sort(crosses.get_offsets().data[:, 0]), np.sort(new[is_outlier, 0]))
    # One of class a, two in ink: that without a label and that of a class of its own.
    colors = {tuple(color) for color in np.round(diamonds.get_facecolors(), 3)}
    assert len(colors) == 2
    with pytest.raises(ValueError, match="must be of as many samples"):
        overlay(old, classes, new, of_new, is_outlier[1:], ax=pixel_axes(new_figure(300, 300)))
