"""Test what the live page decodes, and that it stands whatever the data are, in a real browser."""

from __future__ import annotations

import shutil

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from aeviz.report.rendering import render
from aeviz.runs.page_samples import Browsable, read_decoder
from aeviz.runs.run import Run
from tests._runs import make_run, table
from tests.report.conftest import HOSTILE, RUNS, WITH_PLANE
from tests.report.test_browser_maps import is_inside, lonely

pytestmark = pytest.mark.slow


def decoded(reader, kind, code):
    return np.array(reader.ask("([kind, code]) => aeviz.decode(kind, code)", [kind, code.tolist()]))


def pixels_of(reader, selector):
    """Return what is drawn on the canvases that a selector finds."""
    drawn = "s => [...document.querySelectorAll(s)].map(one => one.toDataURL())"
    return reader.ask(drawn, selector)


@pytest.mark.parametrize("name", ["image_run", "color_run", "letters_run", "hostile_run"])
def test_page_decodes_what_the_stored_decoder_does(name, request, reading):
    run = request.getfixturevalue(name)
    reader = reading(run)
    for kind in run.encoders:
        portable, _ = read_decoder(run.browse_path / kind)
        code = np.array(run.code(kind)[:3])
        expected = portable.run(code)
        spread = np.abs(expected).max()
        for one, values in zip(code, expected, strict=True):
            assert np.abs(decoded(reader, kind, one) - values).max() < 1e-3 * max(1, spread / 255)


@pytest.mark.parametrize("name", ["image_run", "letters_run"])
def test_plane_decodes_under_the_pointer(name, request, reading):
    run = request.getfixturevalue(name)
    reader = reading(run)
    number = reader.map_of("latent")
    assert reader.ask(f"{reader.map(number)}.plot.key") == "variational_latent"
    shown = ".plane-sample canvas" if run.data.is_image else ".plane-sample dl"

    def drawn():
        found = pixels_of(reader, shown) if run.data.is_image else reader.text(shown)
        return found, reader.text(".plane-place"), reader.text(".plane-hint")

    reader.point_at(number, (100, 120))
    reader.rest()
    first = drawn()
    reader.point_at(number, (200, 60))
    reader.rest()
    second = drawn()
    assert first[0]
    assert all(a != b for a, b in zip(first, second, strict=True))
    x, y = reader.ask(f"{reader.map(number)}.view.toData(200, 60)")
    assert second[1] == f"{x:.2f}, {y:.2f}".replace("-", "\u2212")
    codes = np.asarray(run.code("variational"))
    nearest = np.linalg.norm(codes - (x, y), axis=1).min()
    told = float(second[2].split(" sample is ")[1].split()[0].replace("\u2212", "-"))
    assert told == pytest.approx(nearest, rel=0.06, abs=2e-3)
    # No card covers the plane.
    assert reader.ask("document.querySelector('.card').hidden")


def test_grid_of_the_plane_follows_the_zoom(image_run, reading):
    reader = reading(image_run)
    number = reader.map_of("latent")
    reader.box(number)
    reader.tab.wait_for_timeout(500)
    before = pixels_of(reader, ".plane-grid canvas")
    reader.ask(f"void {reader.map(number)}.changeView(view => view.zoomAt(40, 40, 4))")
    reader.tab.wait_for_timeout(700)
    assert pixels_of(reader, ".plane-grid canvas") != before
    reader.ask(f"void {reader.map(number)}.changeView(view => view.fit())")
    reader.tab.wait_for_timeout(700)
    assert pixels_of(reader, ".plane-grid canvas") == before


@pytest.mark.parametrize("name", ["image_run", "letters_run"])
def test_plane_of_a_decoder_that_cannot_run_shows_what_was_drawn_before(
    name, request, tmp_path, reading
):
    run = request.getfixturevalue(name)
    folder = shutil.copytree(run.path, tmp_path / "run")
    shutil.rmtree(folder / "browse" / "variational")
    run = Run(folder)
    render(run)
    reader = reading(run)
    assert "This page cannot run the decoder: the run was made without it." in reader.text(".plane")
    number = reader.map_of("latent")
    shown = ".plane-sample canvas" if run.data.is_image else ".plane-sample .value"
    seen = set()
    for place in ((30, 40), (150, 170), (300, 60)):
        reader.point_at(number, place)
        reader.rest()
        if run.data.is_image:
            seen.add(pixels_of(reader, shown)[0])
        else:
            seen.add(reader.text(shown))
            assert any(digit in reader.text(shown) for digit in "0123456789")
    assert len(seen) == 3


@pytest.mark.parametrize("name", ["image_run", "letters_run"])
def test_slide_goes_from_one_pinned_sample_to_the_other(name, request, reading):
    run = request.getfixturevalue(name)
    pairs_with_codes = [kind for kind in run.encoders if kind != "variational"]
    assert pairs_with_codes
    reader = reading(run)
    assert not reader.tab.locator(".between .interpolation").is_visible()
    number = reader.map_of("embeddings")
    places = reader.places(number)
    first = lonely(places)
    gaps = np.linalg.norm(np.array(places) - places[first], axis=1)
    # The far right is under the buttons that zoom.
    second = int(np.argmax(np.where(np.array(places)[:, 0] < 200, gaps, 0)))
    for row in (first, second):
        reader.click(number, places[row])
    assert reader.ask("aeviz.store.pinned") == [first, second]
    assert reader.tab.locator(".between .interpolation").is_visible()
    middle = ".interpolation-middle canvas" if run.data.is_image else ".interpolation-middle .value"
    shown = (
        (lambda: pixels_of(reader, middle)[0])
        if run.data.is_image
        else (
            lambda: reader.ask(
                "s => [...document.querySelectorAll(s)].map(e => e.textContent)", middle
            )
        )
    )
    seen = []
    for value in ("0", "50", "100"):
        reader.tab.locator(".interpolation input").fill(value)
        reader.rest()
        seen.append(shown())
        assert reader.text(".interpolation-position") == f"{value} % of the way"
    assert seen[0] != seen[1] != seen[2] != seen[0]
    rows = Browsable.read(run.browse_path).rows
    captions = reader.ask(
        "[...document.querySelectorAll('.interpolation-end bdi')].map(e => e.textContent)"
    )
    assert [int(text.split(", ")[-1]) for text in captions] == [rows[first], rows[second]]
    # Pinning one of them again unpins it.
    reader.click(number, places[second])
    assert not reader.tab.locator(".between .interpolation").is_visible()


# -- whatever the data are ---------------------------------------------------------------------


@pytest.mark.parametrize("name", RUNS)
def test_every_part_works_on_every_kind_of_data(name, request, reading):
    run = request.getfixturevalue(name)
    reader = reading(run, height=1200)
    assert reader.ask("aeviz.store.nSamples") == run.data.n_samples
    n_maps = reader.ask("document.querySelectorAll('#embeddings figure.live').length")
    assert n_maps == len(run.pairs)
    number = reader.map_of("embeddings")
    places = reader.places(number)
    row = lonely(places)
    reader.point_at(number, places[row])
    reader.until("!document.querySelector('.card').hidden")
    assert reader.ask("aeviz.store.hovered") == row
    width = reader.box(number)["width"]
    corners = width * np.array([[0.2, 0.25], [0.75, 0.2], [0.8, 0.7], [0.25, 0.8]])
    reader.lasso(number, corners)
    inside = is_inside(places, corners)
    assert 0 < inside.sum() < len(inside)
    assert_array_equal(reader.ask("[...aeviz.store.selected]"), inside.astype(int))
    reader.until("document.querySelector('.selection .actions') !== null")
    options = "[...document.querySelectorAll('.toolbar select option')].map(one => one.value)"
    for key in reader.ask(options):
        reader.tab.select_option(".toolbar select", value=key)
        reader.rest(1)
        assert reader.ask("aeviz.store.color") == key
    has_labels = run.data.label_kind is not None
    assert ("label" in reader.ask(options)) == has_labels


@pytest.fixture(scope="module")
def mean_run(tmp_path_factory):
    """Give a run all of whose strings, identifiers among them, try to break the page."""
    ids = np.array([f"{HOSTILE[i % len(HOSTILE)]}{i}" for i in range(240)])
    dataset = table(
        n_classes=len(HOSTILE),
        class_names=HOSTILE,
        feature_names=[*HOSTILE, "$"],
        name=HOSTILE[0],
        sample_ids=ids,
    )
    run = make_run(tmp_path_factory.mktemp("runs") / "mean", dataset, pairs=WITH_PLANE)
    render(run)
    return run


def test_strings_from_data_run_nothing_in_the_live_page(mean_run, reading):
    reader = reading(mean_run, accept_downloads=True)
    title = reader.tab.title()
    n_scripts = reader.ask("document.scripts.length")
    number = reader.map_of("embeddings")
    reader.box(number)
    assert reader.ask("document.querySelectorAll('.legend li').length") == len(set(HOSTILE))
    places = reader.places(number)
    shown = []
    for label in HOSTILE:
        rows = Browsable.read(mean_run.browse_path).rows
        labels = mean_run.embeddings["label"].to_numpy()[rows]
        row = int(np.flatnonzero(labels == label)[0])
        reader.ask(f"aeviz.store.hover({row}, 'pca_tsne')")
        reader.rest(1)
        shown.append(reader.text(".card strong"))
        assert len(reader.text(".card .name")) < 100
        assert reader.ask("document.querySelector('.card').offsetWidth") <= 320
    assert shown[0].startswith("</script><script>")
    assert all(len(text) <= 40 for text in shown)
    assert len(set(shown)) >= len(HOSTILE) - 1
    for i in range(len(set(HOSTILE))):
        reader.tab.locator(".legend .class").nth(i).click()
    reader.tab.click("text=Show all classes")
    reader.lasso(number, [(1, 1), (380, 1), (380, 380), (1, 380)])
    reader.until("document.querySelector('.selection table') !== null")
    reader.click(number, places[lonely(places)])
    reader.ask("aeviz.store.pin(5)")
    with reader.tab.expect_download() as waiting:
        reader.tab.click("text=Save as CSV")
    assert waiting.value.suggested_filename.endswith("-selection.csv")
    assert "/" not in waiting.value.suggested_filename
    assert "<" not in waiting.value.suggested_filename
    reader.tab.fill(".finder input", HOSTILE[1])
    reader.tab.press(".finder input", "Enter")
    assert len(reader.ask("aeviz.store.pinned")) == 2
    assert reader.tab.title() == title
    assert reader.ask("document.scripts.length") == n_scripts
    assert reader.ask("document.querySelectorAll('img[src=x]').length") == 0
    assert reader.ask("document.documentElement.scrollWidth") <= 1300
