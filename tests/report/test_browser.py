"""Test the page in a real browser: nothing is asked for, nothing complains, nothing sticks out."""

from __future__ import annotations

import numpy as np
import pytest
from pypdfium2 import PdfDocument

from tests.report._reader import Reader, chromium_path
from tests.report.conftest import RUNS

PAPER = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 28)"}


def shown_images(tab):
    """Return class and whether it was decoded, of every picture that is not hidden."""
    found = tab.evaluate(
        "[...document.images].filter(i => getComputedStyle(i).display != 'none')"
        ".map(i => [i.className, i.complete && i.naturalWidth > 0])"
    )
    return [tuple(one) for one in found]


def assert_every_figure_is_shown_once(tab, scheme):
    """Hold every figure to one picture, in its theme, or to one live map in its place."""
    shown = (
        "[...document.querySelectorAll('main figure .figure-image')].map(place =>"
        "[...place.children].filter(one => getComputedStyle(one).display != 'none')"
        ".map(one => one.className.replace(' smooth', '')))"
    )
    figures = tab.evaluate(shown)
    assert len(figures) > 5
    assert {tuple(one) for one in figures} <= {(scheme,), ("map",)}
    return figures.count(["map"])


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_browser_shows_it_without_a_request_or_a_message(name, request, reading):
    run = request.getfixturevalue(name)
    for scheme, paper in PAPER.items():
        for width in (1400, 400):
            reader = reading(run, width=width, color_scheme=scheme)
            tab = reader.tab
            assert "dimensionality-reduction report" in tab.title()
            # Nothing sticks out sideways: wide tables scroll in their own place.
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            n_planes = sum(pair.is_latent for pair in run.pairs)
            n_maps = assert_every_figure_is_shown_once(tab, scheme)
            assert n_maps == len(run.pairs) + n_planes + 1
            assert set(shown_images(tab)) == {(scheme, True)}
            assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == paper
            if width == 400:
                # Nor does what a reader opens.
                reader.lasso(reader.map_of("embeddings"), [(20, 20), (300, 20), (160, 300)])
                reader.tab.wait_for_timeout(300)
                assert tab.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.slow
@pytest.mark.parametrize("name", RUNS)
def test_without_javascript_the_figures_stand(name, request, reading):
    run = request.getfixturevalue(name)
    reader = reading(run, is_live=False, java_script_enabled=False)
    images = shown_images(reader.tab)
    assert len(images) == reader.ask("document.images.length") / 2
    assert set(images) == {("light", True)}
    assert assert_every_figure_is_shown_once(reader.tab, "light") == 0
    assert reader.ask("document.querySelectorAll('canvas, .toolbar').length") == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["image_run", "hostile_run"])
def test_without_webgl_the_figures_stand_and_a_line_says_so(name, request, browser):
    run = request.getfixturevalue(name)
    switches = ["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer"]
    kind = browser.browser_type
    without = kind.launch(executable_path=chromium_path(), args=switches)
    reader = Reader(without.new_context(offline=True)).open(run.report_path, is_live=False)
    line = reader.until("document.querySelector('#embeddings .hint')?.textContent")
    assert line == "This browser has no WebGL 2, so the maps below are static images."
    assert len(shown_images(reader.tab)) == reader.ask("document.images.length") / 2
    assert assert_every_figure_is_shown_once(reader.tab, "light") == 0
    assert reader.ask("document.querySelectorAll('canvas, .toolbar').length") == 0
    reader.close()
    without.close()


@pytest.mark.slow
def test_print_is_light_whatever_the_screen_and_shows_every_map(image_run, reading):
    reader = reading(image_run, color_scheme="dark")
    tab = reader.tab
    assert {theme for theme, _ in shown_images(tab)} == {"dark"}
    tab.emulate_media(media="print", color_scheme="dark")
    assert {theme for theme, _ in shown_images(tab)} == {"light"}
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == PAPER["light"]
    n_maps = assert_every_figure_is_shown_once(tab, "light")
    assert n_maps == len(image_run.pairs) + 2
    assert not tab.locator(".toolbar").is_visible()


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_printed_maps_have_points(image_run, reading, theme):
    """They were empty: laying the page out for paper cleared them."""
    reader = reading(image_run, color_scheme=theme)
    n_maps = reader.ask("aeviz.maps.length")
    printed = [*map(colored_pixels, pages_of(reader.tab.pdf()))]
    reader.ask("window.dispatchEvent(new Event('beforeprint'))")
    assert reader.ask("document.querySelectorAll('canvas.still').length") == n_maps
    reader.ask("document.querySelectorAll('.map').forEach(map => map.remove())")
    without = [*map(colored_pixels, pages_of(reader.tab.pdf()))]
    assert sum(printed) > sum(without) + 400 * (n_maps - 1)
    paper = pages_of(reader.tab.pdf())[0]
    assert (paper[:5, :5] > 250).all()


def pages_of(pdf: bytes) -> list[np.ndarray]:
    """Return the pages of a PDF as arrays of red, green and blue."""
    return [np.asarray(page.render().to_pil().convert("RGB"), int) for page in PdfDocument(pdf)]


def colored_pixels(page: np.ndarray) -> int:
    return int((page.max(axis=2) - page.min(axis=2) > 80).sum())


@pytest.mark.slow
def test_colours_follow_the_theme_while_the_page_is_open(continuous_run, reading):
    reader = reading(continuous_run)
    number = reader.map_of("embeddings")
    light = reader.pixels(number)
    reader.tab.emulate_media(color_scheme="dark")
    reader.rest()
    dark = reader.pixels(number)
    assert dark != light
    reader.tab.emulate_media(color_scheme="light")
    reader.rest()
    assert reader.pixels(number) == light
