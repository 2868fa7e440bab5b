"""Test the sections on single samples: where to believe the maps, and outliers."""

from __future__ import annotations

import re
import shutil

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from numpy.testing import assert_allclose, assert_array_equal

from aeviz import Run
from aeviz.core.registry import SECTIONS
from aeviz.page.content import Gallery, Key, Table, Text
from aeviz.plots.images import ImageScale, mosaic
from aeviz.plots.theme import DARK, LIGHT
from aeviz.runs.pair import Pair
from tests.report.test_page import RUNS


def content(name, run):
    return SECTIONS.get(name).build(run)


def blocks(kind, found):
    return [block for block in found.blocks if isinstance(block, kind)]


def figures(name, run):
    return {figure.name: figure for figure in content(name, run).figures()}


def drawn(figure, theme=LIGHT):
    with matplotlib.rc_context(theme.rc):
        return figure.draw(theme)


def colors_of(values, theme):
    return theme.emphatic()(values)[:, :3]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("share", ["false", "missed"])
def test_maps_hold_every_sample_in_the_colour_of_its_share(image_run, share, theme):
    for pair in image_run.pairs:
        figure = figures("faithfulness", image_run)[f"{share}_{pair.key}"]
        (points,) = drawn(figure, theme).axes[0].collections
        table = image_run.embeddings
        place = table[[f"{pair.key}_{axis}" for axis in "xy"]].to_numpy()
        order = np.lexsort(place.T)
        offsets, faces = points.get_offsets(), points.get_facecolors()[:, :3]
        assert_allclose(offsets[np.lexsort(offsets.T)], place[order])
        found = image_run.faithfulness.pairs[pair]
        values = found.false_neighbors if share == "false" else found.missing_neighbors
        assert_allclose(faces[np.lexsort(offsets.T)], colors_of(values[order], theme))


def test_numbers_below_a_map_are_those_of_its_samples(image_run):
    for pair in image_run.pairs:
        figure = figures("faithfulness", image_run)[f"false_{pair.key}"]
        values = image_run.faithfulness.pairs[pair].false_neighbors
        facts = dict(figure.facts)
        assert float(facts["mean"].split("\xa0")[0]) == pytest.approx(100 * values.mean(), abs=0.06)
        mostly = facts["mostly false"].split("\xa0")[0]
        assert float(mostly) == pytest.approx(100 * (values > 0.5).mean(), abs=0.06)
        assert figure.alt.endswith("of 240 samples more than half.")


def test_words_tell_of_the_best_and_the_worst_picture(image_run):
    found = content("faithfulness", image_run)
    assert "10 samples nearest to a sample in the map" in found.summary
    assert "50 nearest in the data" in found.summary
    (text,) = blocks(Text, found)
    shares = [
        (image_run.faithfulness.pairs[pair].false_neighbors > 0.5).mean()
        for pair in image_run.pairs
    ]
    told = [float(n) for n in re.findall(r"([\d.]+)\xa0%", text.paragraphs[0])]
    assert told[0] == pytest.approx(100 * min(shares), abs=0.06)
    assert told[2] == pytest.approx(100 * max(shares), abs=0.06)
    assert told[4] == pytest.approx(100 * (1 - 50 / 239), abs=0.06)
    (key,) = blocks(Key, found)
    assert (key.bar.low, key.bar.high) == ("0", "1")
    assert to_rgb(key.bar.light[0]) != to_rgb(key.bar.dark[0])


def test_worst_images_stand_beside_their_neighbours_on_both_sides(image_run):
    pair = Pair("identity", "pca")
    figure = figures("faithfulness", image_run)["worst_identity_pca"]
    arrays = image_run.faithfulness.pairs[pair]
    sheet = drawn(figure)
    scale = ImageScale(image_run.samples.X, (8, 8, 1))
    shown = (arrays.worst, arrays.beside)
    every = np.concatenate([image_run.kept_samples(rows).ravel() for rows in shown])
    assert np.isfinite(every).all()
    for i, row in enumerate(arrays.worst):
        axes = sheet.axes[3 * i : 3 * i + 3]
        for ax, rows in zip(
            axes, (np.array([row]), arrays.beside[i], arrays.nearest[i]), strict=True
        ):
            expected = mosaic(scale.unit(image_run.kept_samples(rows)), n_columns=len(rows))
            assert_array_equal(ax.get_images()[0].get_array().filled(np.nan), expected)
        assert f"{row} (" in sheet.texts[3 * i].get_text()
    assert "in the map nearest to" in figure.alt


def test_worst_samples_of_a_table_are_told_by_features(letters_run):
    found = content("faithfulness", letters_run)
    tables = blocks(Table, found)
    assert len(tables) == len(letters_run.pairs)
    (maps,) = blocks(Gallery, found)
    assert len(maps.figures) == 2 * len(letters_run.pairs)
    arrays = letters_run.faithfulness.pairs[letters_run.pairs[0]]
    labels = letters_run.embeddings["label"].fillna("?")
    for row, cells, beside in zip(arrays.worst, tables[0].rows, arrays.beside, strict=True):
        assert cells[0].text == str(row)
        assert cells[0].note == (f"label {labels[row]}" if labels[row] != "?" else "")
        told = {word.split(" ")[0] for word in cells[1].text.split(", ")}
        assert told == {labels[i] if labels[i] != "?" else str(i) for i in beside}
        name = cells[3].text
        feature = letters_run.data.feature_names.index(name)
        value, means = letters_run.kept_samples(row), letters_run.kept_samples(beside).mean(axis=0)
        apart = np.abs(value - means) / letters_run.samples.std
        assert feature == apart.argmax()
        assert re.fullmatch(r"\S+, near it \S+, nearest \S+", cells[3].note)


def test_samples_without_labels_are_told_by_their_identifiers(unlabelled_run):
    table = blocks(Table, content("faithfulness", unlabelled_run))[0]
    arrays = unlabelled_run.faithfulness.pairs[unlabelled_run.pairs[0]]
    assert table.rows[0][1].text == ", ".join(map(str, arrays.beside[0]))
    assert table.rows[0][0].note == ""


@pytest.mark.parametrize("kind", ["deep", "pca", "variational"])
def test_outliers_are_those_of_the_largest_errors_in_their_order(image_run, kind):
    figure = figures("outliers", image_run)[f"outliers_{kind}"]
    errors = image_run.embeddings[f"{kind}_error"].to_numpy()
    rows = np.argsort(-errors)[:10]
    sheet = drawn(figure)
    labels = image_run.embeddings["label"]
    assert [text.get_text() for text in sheet.texts[::2]] == [f"{i} ({labels[i]})" for i in rows]
    told = [float(text.get_text().removeprefix("error ")) for text in sheet.texts[1::2]]
    assert_allclose(told, errors[rows], rtol=1e-3)
    scale = ImageScale(image_run.samples.X, (8, 8, 1))
    pairs = np.stack([image_run.kept_samples(rows), image_run.outliers(kind).X], axis=1)
    for ax, pair in zip(sheet.axes, pairs, strict=True):
        expected = mosaic(scale.unit(pair), n_columns=2)
        assert_array_equal(ax.get_images()[0].get_array().filled(np.nan), expected)
    n_test = (image_run.embeddings["split"][rows] == "test").sum()
    assert f"{n_test} of these 10 were held out" in figure.caption


def test_outliers_of_a_table_are_told_by_what_is_lost(letters_run):
    found = content("outliers", letters_run)
    table = blocks(Table, found)[0]
    kind = letters_run.encoders[0]
    kept = letters_run.outliers(kind)
    assert [cells[0].text for cells in table.rows] == [str(row) for row in kept.rows]
    assert {cells[1].note for cells in table.rows} <= {"held out", "training"}
    apart = np.abs(letters_run.kept_samples(kept.rows) - kept.X)
    worst = (apart / letters_run.samples.std).argmax(axis=1)
    names = letters_run.data.feature_names
    assert [cells[2].text for cells in table.rows] == [names[i] for i in worst]
    assert "reconstructed as" in table.rows[0][2].note


@pytest.mark.parametrize("name", RUNS)
def test_kept_samples_are_enough_for_the_page(name, request):
    """A page is drawn from its folder alone: every row that is named is kept."""
    run = Run(request.getfixturevalue(name).path)
    rows = [run.outliers(kind).rows for kind in run.encoders]
    for pair in run.pairs:
        found = run.faithfulness.pairs[pair]
        rows += [found.worst, found.beside.ravel(), found.nearest.ravel()]
    kept = np.load(run.faithfulness_path)["rows"]
    assert set(np.concatenate(rows)) == set(kept)
    assert len(run.kept_samples(kept)) == len(kept)


def test_run_of_a_former_version_is_drawn_without_them(copied):
    shutil.rmtree(copied / "faithfulness")
    for path in copied.glob("encoders/*/outliers.npz"):
        path.unlink()
    run = Run(copied)
    assert content("faithfulness", run) is None
    assert content("outliers", run) is None
