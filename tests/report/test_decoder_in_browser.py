"""Hold what the page decodes, in a real browser, to what the encoders decode."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits, load_wine

import aeviz.report
from aeviz.data.dataset import Dataset
from aeviz.data.scaling import Scaling
from aeviz.encoders._portable import portable_decoder
from aeviz.registry import ENCODERS
from tests.encoders.conftest import quick
from tests.encoders.test_image_kinds import SHAPES, blots, image_encoder
from tests.report.test_browser import SWITCHES

WEB = Path(aeviz.report.__file__).parent / "web"
DECODING = [name for name in ENCODERS.names() if name != "identity"]
IMAGES = ("convolutional", "denoising", "regularized", "variational")
CLOSE = 1e-3


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """Give a page that holds the decoder of the report's browser code."""
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next(filter(None, map(shutil.which, names)), None)
    if program is None:
        pytest.skip("needs Chromium: no chromium, chromium-browser or google-chrome on PATH")
    if shutil.which("node") is None or not (WEB / "node_modules" / "esbuild").is_dir():
        pytest.skip(f"needs Node and the packages of {WEB.name}: run npm ci there")
    from playwright.sync_api import sync_playwright

    bundle = tmp_path_factory.mktemp("bundle") / "decode.js"
    subprocess.run(["node", "test/pages/build.mjs", str(bundle)], check=True, cwd=WEB)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=SWITCHES.split())
        tab = chromium.new_page()
        tab.add_script_tag(path=bundle)
        yield tab
        chromium.close()


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
