"""Make small finished runs of several kinds of data, and their reports."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest

from aeviz.report.rendering import render
from aeviz.runs.run import Run
from tests._once import made_once
from tests._runs import PAIRS, add_to, digits, make_run, table
from tests.report._reader import SWITCHES, Reader, chromium_path

HOSTILE = [
    "</script><script>document.title='owned'</script>",
    '"><img src=x onerror="document.title=1">',
    "$\\frac{1}$ _under {{ 7*7 }} &amp;",
    "_begins with an underscore",
    "\u202eright to left\u202c",
    "emoji \N{DUCK} \u6f22\u5b57",
    "very " + "long " * 2000,
    "",
]
RUNS = [
    "image_run",
    "color_run",
    "letters_run",
    "hostile_run",
    "crowded_run",
    "continuous_run",
    "unlabelled_run",
]
PLAIN = (("pca", "tsne"), ("identity", "pca"))
WITH_PLANE = (("pca", "tsne"), ("variational", "latent"))


def rendered(factory, name, *args, **kwargs):
    """Return a finished run with its report, which all workers of a test run share."""
    return Run(made_once(factory, name, lambda path: render(make_run(path, *args, **kwargs))))


@pytest.fixture(scope="session")
def image_run(tmp_path_factory):
    """Give a run on images with every kind of section."""
    pairs = (*PAIRS, ("denoising", "umap"), ("sparse", "pca"))
    return rendered(tmp_path_factory, "images", pairs=pairs)


@pytest.fixture(scope="session")
def color_run(tmp_path_factory):
    """Give a run on colour images without labels, wider than they are high."""
    X = np.random.default_rng(0).integers(0, 256, size=(60, 4 * 6 * 3)).astype(np.uint8)
    dataset = digits(60, name="colours", X=X, y=None, image_shape=(4, 6, 3))
    return rendered(tmp_path_factory, "colors", dataset, pairs=WITH_PLANE)


@pytest.fixture(scope="session")
def letters_run(tmp_path_factory):
    """Give a run on a table with 26 classes, the labels of some samples missing."""
    names = [chr(ord("A") + i) for i in range(26)]
    dataset = table(260, n_classes=26, class_names=names)
    return rendered(tmp_path_factory, "letters", dataset, missing_labels=3)


@pytest.fixture(scope="session")
def hostile_run(tmp_path_factory):
    """Give a run whose name, labels and feature names try to break the page."""
    texts = np.array([HOSTILE[i % len(HOSTILE)] or None for i in range(240)], dtype=object)
    dataset = table(
        n_classes=len(HOSTILE),
        class_names=HOSTILE,
        feature_names=[*HOSTILE, "$"],
        name=HOSTILE[1],
        annotations={name: np.roll(texts, i) for i, name in enumerate(HOSTILE)},
    )
    return rendered(tmp_path_factory, "hostile", dataset, pairs=WITH_PLANE)


@pytest.fixture(scope="session")
def crowded_run(tmp_path_factory):
    """Give a run with a thousand classes."""
    names = [f"class {i}" for i in range(1000)]
    dataset = table(1200, n_classes=1000, class_names=names)
    return rendered(tmp_path_factory, "crowded", dataset, pairs=PLAIN)


@pytest.fixture(scope="session")
def continuous_run(tmp_path_factory):
    """Give a run with a continuous label."""
    dataset = table(labels="continuous")
    return rendered(tmp_path_factory, "continuous", dataset, missing_labels=2, pairs=PLAIN)


@pytest.fixture(scope="session")
def unlabelled_run(tmp_path_factory):
    """Give a run without labels, without networks, on a table with many features."""
    dataset = table(labels=None, n_features=45)
    return rendered(tmp_path_factory, "plain", dataset, pairs=PLAIN)


@pytest.fixture(scope="session")
def added_run(tmp_path_factory):
    """Give a run on images with new samples of two sources, one without labels; not drawn."""
    fitted, rest = digits(240), digits(300)
    pairs = (("deep", "tsne"), ("pca", "umap"), ("variational", "latent"))
    run = make_run(tmp_path_factory.mktemp("runs") / "added", fitted, pairs=pairs)
    add_to(run, fitted, replace(rest.take(np.arange(240, 280)), sample_ids=None), "first")
    add_to(run, fitted, replace(rest.take(np.arange(280, 300)), y=None), "second")
    return run


@pytest.fixture(scope="session")
def people_run(tmp_path_factory):
    """Give a run on a table with texts, and new samples of it; not drawn."""
    names = [f"{('Ada', 'Grace', 'Alan', 'Edsger')[i % 4]} of house {i}" for i in range(260)]
    texts = {"name": np.array(names, dtype=object), "note": np.array([None, "=1+1"] * 130)}
    everyone = table(260, sample_ids=np.arange(260) + 1000, annotations=texts)
    fitted = everyone.take(np.arange(240))
    run = make_run(tmp_path_factory.mktemp("runs") / "people", fitted, pairs=PLAIN)
    later = everyone.take(np.arange(240, 260))
    labels = later.y.astype(object)
    labels[:3] = "a class of its own"
    add_to(run, fitted, replace(later, y=labels.astype(str)), "later")
    return run


@pytest.fixture
def copied(image_run, tmp_path):
    """Give a copy of a run's folder that a test may spoil."""
    shutil.copytree(image_run.path, tmp_path / "run")
    return tmp_path / "run"


@pytest.fixture(scope="module")
def browser():
    """Give a real Chromium, or skip where there is none."""
    program = chromium_path()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def reading(browser):
    """Give a function that opens a run's live page; at the end nothing may have complained."""
    readers = []

    def opened(run, fragment="", *, is_live=True, width=1300, height=900, **options):
        viewport = {"width": width, "height": height}
        reader = Reader(browser.new_context(viewport=viewport, offline=True, **options))
        readers.append(reader)
        return reader.open(run.report_path, fragment, is_live=is_live)

    yield opened
    for reader in readers:
        reader.close()
