"""Test the live page as its reader uses it, in a real browser: maps, links between them, decoders.

Every test ends by holding the page to having said nothing and asked for nothing.
"""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from aeviz.report.rendering import render
from aeviz.runs.page_samples import Browsable, read_decoder
from tests._runs import digits, make_run, table

pytestmark = pytest.mark.slow

SQUARE = [(30, 30), (260, 40), (250, 250), (40, 240)]


def is_inside(places, corners):
    """Tell which places lie within a polygon, by the even-odd rule, worked out here again."""
    places, corners = np.asarray(places, float), np.asarray(corners, float)
    inside = np.zeros(len(places), bool)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        crosses = (y0 > places[:, 1]) != (y1 > places[:, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            x = x0 + (places[:, 1] - y0) * (x1 - x0) / (y1 - y0)
        inside ^= crosses & (places[:, 0] < x)
    return inside


def labels_of(run):
    """Return labels in the order of the page."""
    return run.embeddings["label"].to_numpy()[Browsable.read(run.browse_path).rows]


def lonely(places, margin=14.0):
    """Return the number of a sample that no other is near, so that it is certainly hit."""
    places = np.asarray(places)
    gaps = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(gaps, np.inf)
    inside = ((places > 20) & (places < places.max() - 20)).all(axis=1)
    row = int(np.argmax(np.where(inside, gaps.min(axis=1), 0)))
    assert gaps[row].min() > margin / 2
    return row


# -- hovering ----------------------------------------------------------------------------------


def test_hover_shows_the_sample_and_lights_it_in_every_map(image_run, reading):
    reader = reading(image_run, height=5000)
    number = reader.map_of("embeddings")
    places = reader.places(number)
    row = lonely(places)
    reader.point_at(number, (1, 1))
    reader.rest()
    seen = reader.ask("aeviz.maps.map(map => map.isVisible && map.plot.key != 'transition')")
    assert sum(seen) == len(image_run.pairs)
    before = np.array(reader.all_pixels())
    reader.point_at(number, places[row])
    assert reader.ask("aeviz.store.hovered") == row
    reader.until("document.querySelectorAll('.card canvas').length == 2")
    reader.rest()
    assert_array_equal(np.array(reader.all_pixels()) != before, seen)
    text = reader.text(".card .name")
    rows = Browsable.read(image_run.browse_path).rows
    assert text == f"{labels_of(image_run)[row]} {rows[row]}"
    facts = reader.text(".card")
    error = image_run.reconstruction("deep").sample_error[rows[row]]
    assert f"deep autoencoder{error:.3g}" in facts
    share = image_run.embeddings["deep_tsne_false_neighbors"][rows[row]]
    assert f"false neighbours here{round(100 * float(share))}" in facts
    reader.tab.mouse.move(2, 2)
    reader.until("document.querySelector('.card').hidden")
    assert reader.ask("aeviz.store.hovered") == -1
    reader.rest()
    assert_array_equal(reader.all_pixels(), before)


def test_card_draws_the_sample_and_what_comes_back(image_run, reading):
    reader = reading(image_run)
    number = reader.map_of("embeddings")
    places = reader.places(number)
    row = lonely(places)
    reader.point_at(number, places[row])
    reader.until("document.querySelectorAll('.card canvas').length == 2")
    reds = (
        "(() => [...document.querySelectorAll('.card canvas')].map(c => [...c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data].filter((_, i) => i % 4 == 0)))()"
    )
    sample, back = (np.array(values, float) for values in reader.ask(reds))
    original = digits().X[Browsable.read(image_run.browse_path).rows[row]]
    # Ink on paper: the more, the darker; shades are few.
    assert np.corrcoef(sample, original)[0, 1] < -0.99
    code = np.asarray(image_run.code("deep"))[[Browsable.read(image_run.browse_path).rows[row]]]
    decoded = read_decoder(image_run.browse_path / "deep")[0].run(code)[0]
    assert np.corrcoef(back, np.clip(decoded, 0, 16))[0, 1] < -0.99


def test_hover_of_a_table_tells_its_features(letters_run, reading):
    reader = reading(letters_run)
    number = reader.map_of("embeddings")
    places = reader.places(number)
    row = lonely(places)
    reader.point_at(number, places[row])
    names = reader.until(
        "[...document.querySelectorAll('.card > .features bdi')].map(e => e.innerText)"
    )
    assert len(names) == 7
    rows = Browsable.read(letters_run.browse_path).rows
    X = table(260, n_classes=26).X
    apart = np.abs(X - X.mean(axis=0)) / X.std(axis=0)
    assert names[0] == f"feature {np.argmax(apart[rows[row]])}"
    assert "and 2 more, nearer to their means" in reader.text(".card")


# -- lasso and selection -----------------------------------------------------------------------


def test_lasso_selects_what_is_inside_and_every_map_shows_it(image_run, reading):
    reader = reading(image_run, height=5000)
    number = reader.map_of("embeddings")
    inside = is_inside(reader.places(number), SQUARE)
    assert 10 < inside.sum() < 200
    n_maps = reader.ask("aeviz.maps.length")
    before = [reader.pixels(i) for i in range(n_maps)]
    reader.lasso(number, SQUARE)
    assert_array_equal(reader.ask("[...aeviz.store.selected]"), inside.astype(int))
    after = [reader.pixels(i) for i in range(n_maps)]
    assert all(a != b for a, b in zip(before, after, strict=True))
    n = int(inside.sum())
    reader.until("document.querySelector('.selection table') !== null")
    assert reader.text(".selection .status").startswith(f"{n} samples selected, ")
    labels = labels_of(image_run)
    shown = reader.ask(
        "[...document.querySelectorAll('.counts li')].map(li => ["
        "li.querySelector('bdi').textContent, li.querySelector('small').textContent])"
    )
    names, counts = np.unique(labels[inside].astype(str), return_counts=True)
    expected = {
        name: f"{count} of {np.sum(labels.astype(str) == name)}"
        for name, count in zip(names, counts, strict=True)
    }
    assert dict(shown) == expected
    assert [int(text.split()[0]) for _, text in shown] == sorted(counts, reverse=True)
    assert reader.ask("document.querySelectorAll('.members canvas').length") == min(n, 60)
    reader.tab.click(".selection >> text=Clear selection")
    reader.rest()
    assert reader.ask("aeviz.store.nSelected") == 0
    assert "Nothing is selected" in reader.text(".selection")


def test_lassos_add_with_control_and_go_with_a_click(image_run, reading):
    reader = reading(image_run)
    number = reader.map_of("embeddings")
    places = np.array(reader.places(number))
    first, second = [(0, 0), (150, 0), (150, 400), (0, 400)], [(200, 0), (400, 0), (400, 400)]
    reader.lasso(number, first)
    reader.tab.keyboard.down("Control")
    reader.lasso(number, second)
    reader.tab.keyboard.up("Control")
    expected = is_inside(places, first) | is_inside(places, second)
    assert_array_equal(reader.ask("[...aeviz.store.selected]"), expected.astype(int))
    corner = (3, 3)
    assert np.linalg.norm(places - corner, axis=1).min() > 12
    reader.click(number, corner)
    assert reader.ask("aeviz.store.nSelected") == 0


def test_lasso_button_draws_without_shift(image_run, reading):
    reader = reading(image_run)
    number = reader.map_of("embeddings")
    reader.tab.click("text=Lasso")
    assert reader.ask(f"getComputedStyle({reader.map(number)}.surface).touchAction") == "none"
    inside = is_inside(reader.places(number), SQUARE)
    reader.lasso(number, SQUARE, key="")
    assert_array_equal(reader.ask("[...aeviz.store.selected]"), inside.astype(int))


def test_selection_of_a_table_says_what_tells_it_apart(letters_run, reading):
    reader = reading(letters_run)
    reader.ask("aeviz.store.select([1, 2, 3, 50, 51], {kind: 'rows', rows: [1, 2, 3, 50, 51]})")
    reader.until("document.querySelectorAll('.selection table').length == 2")
    rows = Browsable.read(letters_run.browse_path).rows
    X = table(260, n_classes=26).X[rows].astype(np.float32)
    inside = np.isin(np.arange(260), [1, 2, 3, 50, 51])
    apart = (X[inside].mean(axis=0) - X[~inside].mean(axis=0)) / X.std(axis=0)
    table_of = "[...document.querySelectorAll('.selection table')].find"
    first = reader.ask(
        f"{table_of}(one => one.textContent.startsWith('feature')).rows[1].innerText"
    )
    best = int(np.argmax(np.abs(apart)))
    assert first.startswith(f"feature {best}")
    sign = "\u2212" if apart[best] < 0 else "+"
    assert first.endswith(f"{sign}{abs(apart[best]):.2f} s.d.")


def test_selection_is_saved_as_csv(letters_run, reading):
    reader = reading(letters_run, accept_downloads=True)
    number = reader.map_of("embeddings")
    inside = is_inside(reader.places(number), SQUARE)
    reader.lasso(number, SQUARE)
    with reader.tab.expect_download() as waiting:
        reader.tab.click("text=Save as CSV")
    assert waiting.value.suggested_filename == "table-selection.csv"
    text = waiting.value.path().read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    shown = Browsable.read(letters_run.browse_path).rows[inside]
    assert [int(row["sample_id"]) for row in rows] == shown.tolist()
    labels = letters_run.embeddings["label"].fillna("").to_numpy()[shown]
    assert [row["label"] for row in rows] == labels.tolist()
    X = table(260, n_classes=26).X[shown]
    assert np.abs([float(row["feature 3"]) for row in rows] - X[:, 3]).max() < 1e-3


# -- legend, colours, search -------------------------------------------------------------------


def test_legend_hides_classes_and_selects_them(image_run, reading):
    reader = reading(image_run)
    number = reader.map_of("embeddings")
    reader.box(number)
    reader.rest()
    labels = labels_of(image_run).astype(str)
    before = reader.pixels(number)
    three = reader.tab.locator(".legend .class").nth(3)
    three.click()
    reader.rest()
    assert_array_equal(reader.ask("[...aeviz.store.hidden]"), (labels == "3").astype(int))
    assert three.get_attribute("aria-pressed") == "false"
    assert reader.pixels(number) != before
    # What is hidden is neither hovered nor selected.
    places = reader.places(number)
    hidden = int(np.flatnonzero(labels == "3")[0])
    reader.point_at(number, places[hidden])
    assert reader.ask("aeviz.store.hovered") != hidden
    width = reader.box(number)["width"]
    reader.lasso(number, [(1, 1), (width - 2, 1), (width - 2, width - 2), (1, width - 2)])
    assert_array_equal(reader.ask("[...aeviz.store.selected]"), (labels != "3").astype(int))
    reader.tab.click("text=Show all classes")
    assert reader.ask("aeviz.store.nSelected") == len(labels)
    reader.tab.locator(".legend li").nth(5).hover()
    reader.tab.click(".legend [aria-label='Select 5']")
    assert_array_equal(reader.ask("[...aeviz.store.selected]"), (labels == "5").astype(int))
    reader.tab.locator(".legend .class").nth(2).dblclick()
    assert_array_equal(reader.ask("[...aeviz.store.hidden]"), (labels != "2").astype(int))
    assert reader.ask("aeviz.store.nSelected") == 0


def test_long_legend_scrolls_and_finds(crowded_run, reading):
    reader = reading(crowded_run)
    heights = (
        "['scrollHeight', 'clientHeight'].map(name => document.querySelector('ul.long')[name])"
    )
    whole, seen = reader.ask(heights)
    assert seen < 300 < whole
    assert reader.ask("document.querySelectorAll('.legend li').length") == 1000
    reader.tab.fill(".legend input", "CLASS 99")
    visible = reader.ask(
        "[...document.querySelectorAll('.legend li')].filter(e => e.checkVisibility())"
        ".map(e => e.querySelector('bdi').textContent)"
    )
    assert sorted(visible) == sorted(f"class {i}" for i in (99, *range(990, 1000)))
    reader.tab.click(".legend li:not([hidden]) .class")
    labels = labels_of(crowded_run)
    assert_array_equal(reader.ask("[...aeviz.store.hidden]"), (labels == visible[0]).astype(int))


def test_colours_are_of_what_is_chosen(letters_run, reading):
    reader = reading(letters_run)
    number = reader.map_of("embeddings")
    reader.box(number)
    reader.rest()
    pixels = [reader.pixels(number)]
    groups = reader.ask("[...document.querySelectorAll('.toolbar optgroup')].map(g => g.label)")
    assert groups == ["Label and split", "Errors", "Features"]
    for label in ("feature 4", "false neighbours, PCA → t-SNE", "training or held out"):
        reader.tab.select_option(".toolbar select", label=label)
        reader.rest()
        pixels.append(reader.pixels(number))
        legend = reader.text(".legend")
        if label == "feature 4":
            X = table(260, n_classes=26).X[:, 4]
            low, high = np.percentile(X.astype(np.float32), (1, 99))
            assert legend.startswith(f"{low:.3g}".replace("-", "\u2212"))
            assert f"{high:.3g}" in legend
        if label.startswith("false"):
            assert legend == "01"
        if label.startswith("training"):
            assert re.search(r"training\d+selectheld out\d+select", legend)
    assert len(set(pixels)) == 4
    reader.tab.select_option(".toolbar select", label="label")
    reader.rest()
    assert reader.pixels(number) == pixels[0]


def test_search_finds_a_sample_by_its_id(tmp_path, reading):
    ids = np.array([f"sample-{i:03d}" for i in range(240)])
    run = make_run(
        tmp_path / "run", table(sample_ids=ids), pairs=(("pca", "tsne"), ("identity", "pca"))
    )
    render(run)
    reader = reading(run)
    row = Browsable.read(run.browse_path).rows.tolist().index(123)
    number = reader.map_of("embeddings")
    far = f"{reader.map(number)}.changeView(v => {{ v.zoomAt(0, 0, 50); v.panBy(1e4, 0); }})"
    reader.ask(f"void {far}")
    reader.tab.fill(".finder input", "SAMPLE-123")
    reader.tab.press(".finder input", "Enter")
    assert reader.ask("[aeviz.store.pinned, aeviz.store.hovered]") == [[row], row]
    x, y = reader.places(number)[row]
    box = reader.box(number)
    assert (x, y) == pytest.approx((box["width"] / 2, box["height"] / 2), abs=1)
    assert "sample-123" in reader.text("body > .unseen[aria-live]")
    reader.tab.fill(".finder input", "nowhere")
    reader.tab.press(".finder input", "Enter")
    assert reader.text(".answer-line") == "no such id"
    assert reader.ask("location.search") == ""
