"""Hold what the page decodes, in a real browser, to what the encoders decode."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_wine

import aeviz.report
from aeviz.core.registry import ENCODERS
from aeviz.data.dataset import Dataset
from aeviz.data.scaling import Scaling
from aeviz.portable.network import portable_decoder
from tests.encoders.conftest import quick
from tests.encoders.test_image_kinds import SHAPES, blots, image_encoder

WEB = Path(aeviz.report.__file__).parent / "web"
DECODING = [name for name in ENCODERS.names() if name != "identity"]
IMAGES = ("convolutional", "denoising", "regularized", "residual", "variational")
CLOSE = 1e-3


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """Give the folder of the scripts that the tests' pages run, or skip where Node is missing."""
    if shutil.which("node") is None or not (WEB / "node_modules" / "esbuild").is_dir():
        pytest.skip(f"needs Node and the packages of {WEB.name}: run npm ci there")
    folder = tmp_path_factory.mktemp("scripts")
    subprocess.run(["node", "test/pages/build.mjs", str(folder)], check=True, cwd=WEB)
    return folder


@pytest.fixture(scope="module")
def page(browser, scripts):
    """Give a page that holds the decoder of the report's browser code."""
    tab = browser.new_page()
    tab.add_script_tag(path=scripts / "decoding.js")
    yield tab
    tab.close()


def decoded_in(page, portable, codes):
    """Return what the page makes of codes."""
    layers, arrays = [], []
    for layer, weights in zip(portable.layers, portable.weights, strict=True):
        refs = {}
        for role, array in weights.items():
            refs[role] = {"blob": len(arrays), "dtype": "float32", "shape": array.shape}
            arrays.append(array.ravel().tolist())
        layers.append({**layer, "weights": refs})
    given = {"codeSize": portable.code_size, "layers": layers, "arrays": arrays}
    call = "([given, codes, count]) => window.decode(given, codes, count)"
    found = page.evaluate(call, [given, codes.ravel().tolist(), len(codes)])
    return np.array(found["values"]).reshape(len(codes), -1)


def assert_page_decodes(page, encoder, X, *, unit=1.0):
    """Compare some samples, and points between them, in the page with the encoder's own."""
    codes = encoder.transform(X[:20])
    codes = np.concatenate([codes, (codes[:-1] + codes[1:]) / 2])
    portable, _ = portable_decoder(encoder).narrowed(codes)
    gaps = (decoded_in(page, portable, codes) - encoder.inverse_transform(codes)) / unit
    assert np.abs(gaps).max() < CLOSE


@pytest.mark.slow
@pytest.mark.parametrize("kind", DECODING)
def test_digits(kind, page):
    digits = (load_digits().data / 16).astype(np.float32)
    for network in ("dense", "convolutional") if kind in IMAGES else ("dense",):
        encoder = quick(kind, image_shape=(8, 8, 1), network=network).fit(digits[:300])
        assert_page_decodes(page, encoder, digits)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [kind for kind in DECODING if kind != "convolutional"])
def test_tables_in_units_of_the_source(kind, page):
    table = Dataset(name="wine", X=load_wine().data)
    scaling = Scaling.fit(table, np.ones(table.n_samples, bool))
    X = scaling.transform(table.X)
    encoder = quick(kind, network="dense").fit(X)
    assert_page_decodes(page, encoder, X)
    codes = encoder.transform(X[:20])
    portable, _ = portable_decoder(encoder).narrowed(codes)
    found = decoded_in(page, portable.in_units(scaling.shift, scaling.scale), codes)
    gaps = (found - scaling.inverse_transform(encoder.inverse_transform(codes))) / scaling.scale
    assert np.abs(gaps).max() < CLOSE


@pytest.mark.slow
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", IMAGES)
def test_images_of_every_shape(kind, shape, page):
    X = blots(shape, 40)
    assert_page_decodes(page, image_encoder(kind, shape, epochs=1).fit(X), X)


def test_linear_decoders(page):
    digits = (load_digits().data / 16).astype(np.float32)
    assert_page_decodes(page, quick("pca").fit(digits), digits)


@pytest.fixture
def tab(browser, scripts):
    """Give a page that can show a latent plane, and check that nothing complained."""
    context = browser.new_context(viewport={"width": 1000, "height": 1200})
    tab = context.new_page()
    messages = []
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("pageerror", lambda error: messages.append(str(error)))
    for name in ("report.css", "decoder.css"):
        tab.add_style_tag(path=WEB.parents[1] / "page" / "templates" / name)
    tab.add_script_tag(path=scripts / "latent_plane.js")
    yield tab
    assert messages == []
    context.close()


def move_to(tab, x, y, selector="#map"):
    """Move the pointer to a share of an element's width and height."""
    box = tab.locator(selector).bounding_box()
    tab.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])


def text_of(tab, selector, expected):
    """Wait until an element's text holds what is expected."""
    tab.wait_for_function(
        "([s, text]) => document.querySelector(s).textContent.includes(text)",
        arg=[selector, expected],
    )


def test_plane_decodes_what_is_under_the_pointer(tab):
    tab.evaluate("showPlane('image')")
    for selector in ("#map", ".plane-stage"):
        # The decoder gives the point itself, (0.5, 0), as two pixels from -1 to 1.
        move_to(tab, 0.75, 0.5, selector)
        text_of(tab, ".plane-place", "0.50, 0.00")
        first, second = tab.evaluate("reds('.plane-sample canvas')")
        assert first == pytest.approx(0.75 * 255, abs=1)
        assert second == pytest.approx(0.5 * 255, abs=1)
        # The samples lie within 0.1 of each other, the nearest at (0.1, 0).
        text_of(tab, ".plane-hint", "Far from any sample. The nearest sample is 0.40 away; 95 of")
        move_to(tab, 0.53, 0.5, selector)
        text_of(tab, ".plane-hint", "The nearest sample is 0.0")


def test_plane_shows_paths_that_are_drawn(tab):
    tab.evaluate("showPlane('image')")
    assert not tab.locator(".plane-path").is_visible()
    tab.click("text=Draw a path")
    move_to(tab, 0.0, 0.5)
    tab.evaluate("map.heard.length = 0")
    tab.mouse.down()
    move_to(tab, 0.999, 0.5)
    tab.mouse.up()
    text_of(tab, ".plane-ends", "1.00, 0.00")
    # The map beneath saw nothing of it.
    assert tab.evaluate("map.heard") == []
    strip = tab.evaluate("reds('.strip canvas')")[::3]
    assert strip == pytest.approx(np.linspace(0, 255, 9), abs=2)
    tab.click("text=Remove the path")
    tab.wait_for_function("!document.querySelector('.plane-path').checkVisibility()")


def test_plane_is_moved_by_keys(tab):
    tab.evaluate("showPlane('image')")
    tab.focus(".plane-stage")
    tab.keyboard.press("ArrowRight")
    text_of(tab, "[aria-live]", "0.05, 0.00. The nearest sample is 0.050 away.")
    for _ in range(30):
        tab.keyboard.press("ArrowRight")
    # It stays within the view.
    text_of(tab, "[aria-live]", "1.00, 0.00. Far from any sample.")
    tab.keyboard.press("Shift+ArrowUp")
    tab.keyboard.press("Shift+ArrowUp")
    text_of(tab, "[aria-live]", "Path drawn. 1.00, 0.10.")
    text_of(tab, ".plane-ends", "1.00, 0.001.00, 0.10")
    tab.keyboard.press("Escape")
    tab.wait_for_function("!document.querySelector('.plane-path').checkVisibility()")


def test_grid_follows_the_view(tab):
    tab.evaluate("showPlane('image')")
    rows_and_columns = "[...document.querySelectorAll('.plane-grid canvas')].map(c => c.width)"
    # Fifteen tiles of two pixels, and a gap between; the first pixels go from -1 to 1.
    tab.wait_for_function("reds('.plane-grid canvas').at(-1) > 0")
    assert tab.evaluate(rows_and_columns) == [15 * 3 - 1]
    first = tab.evaluate("reds('.plane-grid canvas')[0]")
    tab.evaluate("map.view([0.8, 1, 0.8, 1])")
    tab.wait_for_function("reds('.plane-grid canvas').at(-1) > 200")
    assert first < 20
    assert tab.evaluate("reds('.plane-grid canvas')[0]") > 220
    tab.evaluate("plane.destroy()")
    assert tab.locator(".plane-marks").count() == 0


def test_plane_of_a_table_shows_a_feature_and_tells_why_it_is_coarse(tab):
    tab.evaluate("showPlane('table', 'its layer x is odd')")
    move_to(tab, 0.75, 0.25)
    text_of(tab, ".features", "<b>one</b>0.50.5 standard deviations above the mean")
    text_of(tab, ".plane-note", "cannot run the decoder: its layer x is odd.")
    text_of(tab, ".plane-range", "\N{MINUS SIGN}1.01.0")
    tab.wait_for_function("reds('.plane-grid canvas')[39] == 255")
    tab.select_option(".plane select", label="two")
    tab.wait_for_function("reds('.plane-grid canvas').at(-1) == 0")


def test_interpolation_shows_what_lies_between_two_samples(tab):
    tab.evaluate("showInterpolation()")
    assert tab.evaluate("reds('.interpolation-middle canvas')") == pytest.approx([127, 127], abs=1)
    tab.locator(".interpolation input").fill("75")
    text_of(tab, ".interpolation-position", "75 % of the way")
    assert tab.evaluate("reds('.interpolation-middle canvas')[0]") == pytest.approx(
        0.75 * 255, abs=1
    )
    words = tab.locator(".interpolation input").get_attribute("aria-valuetext")
    assert words == "75 % of the way from <i>0</i> to <i>1</i>"
