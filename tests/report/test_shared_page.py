"""Test that a page to share holds nothing of the samples but coordinates, labels and scores."""

from __future__ import annotations

import base64
import io
import json
import re
from typing import Any

import numpy as np
import pytest
from PIL import Image

from aeviz import AevizError
from aeviz.cli._main import main
from aeviz.core.registry import SECTIONS
from aeviz.page.blobs import Blobs
from aeviz.page.wording import number
from aeviz.report.rendering import render, render_shared
from tests._runs import add_to, digits, make_run, table
from tests.report._unpacking import numbers_of, unpacked

PLAIN = (("deep", "tsne"), ("identity", "pca"))
MAGENTA = (255, 0, 255)


class Opened:
    """Everything that a page holds, unpacked: its text, its numbers and its images."""

    def __init__(self, html: str) -> None:
        found = re.search(
            r'<script type="application/json" id="aeviz-manifest">(.*?)</script>', html
        )
        self.manifest: Any = json.loads(found[1])
        self.blobs = Blobs()
        self.blobs.texts = re.findall(
            r'<script type="text/plain" id="blob-\d+">(.*?)</script>', html
        )
        self.urls = re.findall(r"data:image/webp;base64,([^\"]+)", html)
        self.refs = list(refs_in(self.manifest))
        # What is packed is looked at unpacked; the program is the same in every page.
        programs = r"<style>.*?</style>|<script>.*?</script>"
        packed = r'<script type="text/plain".*?</script>|data:image/[^"]+'
        text = re.sub(f"{programs}|{packed}", "", html, flags=re.DOTALL)
        values = [unpacked(self.blobs, ref) for ref in self.refs]
        told = [json.dumps(one, ensure_ascii=False) for one in values if not is_array(one)]
        self.text = "\n".join([text, *told])
        numbers = [one.ravel().astype(np.float64) for one in values if is_array(one)]
        numbers += [
            numbers_of(self.blobs, one) for one in self.manifest["columns"] if "first" in one
        ]
        self.numbers = np.unique(np.concatenate(numbers))

    def has(self, values: np.ndarray) -> np.ndarray:
        """Return which numbers are among those of the page, as float64 or as float32."""
        narrow = values.astype(np.float32).astype(np.float64)
        return np.isin(values, self.numbers) | np.isin(narrow, self.numbers)

    def tells(self, words: Any) -> list[str]:
        """Return which words stand in the text, as words of their own."""
        found = (one for one in words if one in self.text)
        return [
            one for one in found if re.search(rf"(?<![\w.]){re.escape(one)}(?![\w.])", self.text)
        ]

    def has_color(self, color: tuple[int, int, int]) -> bool:
        """Return whether a pixel of an image has about this colour."""
        sheets = (self.manifest["thumbnails"] or {"sheets": []})["sheets"]
        images = [unpacked(self.blobs, ref).tobytes() for ref in sheets]
        images += [base64.b64decode(one) for one in self.urls]
        return any(
            (np.abs(np.asarray(Image.open(io.BytesIO(one)).convert("RGB"), int) - color) < 24)
            .all(axis=2)
            .any()
            for one in images
        )


def is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray)


def refs_in(value: Any):
    """Yield every reference to a blob in a manifest."""
    if isinstance(value, dict):
        if {"blob", "dtype", "shape"} <= value.keys():
            yield value
        else:
            value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from refs_in(one)


def both(run) -> tuple[Opened, Opened]:
    """Return the run's own page and the page to share, unpacked."""
    paths = render(run), render_shared(run)
    own, shared = (Opened(path.read_text(encoding="utf-8")) for path in paths)
    return own, shared


@pytest.fixture(scope="module")
def secret():
    """Give a table of unusual values, ids, names, texts, batches and further labels."""
    rng = np.random.default_rng(5)
    n = 80
    texts = [f"note {i} of Zyx{i}qu" for i in range(n)]
    return table(
        n,
        5,
        labels="classes",
        class_names=["Klasse Blau", "Klasse Rot", "Klasse Gelb"],
        feature_names=[f"Blutwert{i}" for i in range(5)],
        X=rng.integers(2_000_000_000, 9_000_000_000, size=(n, 5)) / 1000,
        sample_ids=np.array([f"patient-{7919 * i}" for i in range(n)]),
        annotations={"remark": np.array(texts, dtype=object)},
        batch=np.array([f"Station {'NOSW'[i % 4]}" for i in range(n)], dtype=object),
        metadata={"city": np.array([f"Stadt{i % 3}" for i in range(n)], dtype=object)},
        notes=("Column 'Blutwert9' was left out.",),
    )


@pytest.fixture(scope="module")
def pages(secret, tmp_path_factory):
    """Give both pages of a run on that table, with a new sample."""
    run = make_run(tmp_path_factory.mktemp("secret") / "run", secret, pairs=PLAIN)
    further = {f"label_{name}": values for name, values in secret.metadata.items()}
    run.write_embeddings(run.embeddings.assign(**further))
    new = secret.take(np.arange(3))
    add_to(run, secret, new, "Nachzügler")
    return run, *both(run)


def test_no_value_of_the_source_is_in_the_file(secret, pages):
    """The search finds the values in the run's own page, so it can fail."""
    _, own, shared = pages
    assert own.has(secret.X).all()
    assert not shared.has(secret.X).any()
    X = secret.X
    values = [*X.ravel(), *X.mean(0), *X.std(0), *X.min(0), *X.max(0), *np.median(X, axis=0)]
    written = {str(v) for v in values} | {number(v) for v in values}
    written |= {f"{v:.{digits}f}" for v in values for digits in range(4)}
    written |= {f"{v:,.0f}" for v in values} | {f"{v:.4g}" for v in values}
    assert len(own.tells(written)) > 5
    assert shared.tells(written) == []
    assert not re.search(r"\de[+]0[67]", shared.text)


def test_no_id_no_text_and_no_name_is_in_the_file(secret, pages):
    _, own, shared = pages
    words = {
        "ids": [*secret.sample_ids],
        "texts": [*secret.annotations["remark"]],
        "features": [*secret.feature_names, "Blutwert9"],
        "batches": sorted(set(secret.batch)),
        "further labels": sorted(set(secret.metadata["city"])),
        "new samples": ["Nachzügler"],
    }
    for what, expected in words.items():
        assert len(own.tells(expected)) >= min(3, len(expected)), what
        assert shared.tells(expected) == [], what
    for part in ("patient", "Zyx", "Blutwert", "Station", "Stadt", "Nachz", "remark", "city"):
        assert part not in shared.text
    assert len(shared.tells(secret.class_labels)) == len(secret.class_labels)


def test_script_gets_coordinates_labels_and_scores_only(pages):
    """Whatever is added to the page's own manifest is not in this one by itself."""
    run, _, shared = pages
    manifest = shared.manifest
    assert manifest["nSamples"] == run.data.n_samples
    empty = {"neighbors": None, "thumbnails": None, "decoders": [], "notes": []}
    assert {name: manifest[name] for name in empty} == empty
    known = {
        "schema",
        "name",
        "nSamples",
        "nAll",
        "embeddings",
        "columns",
        "ids",
        "format",
        "ramps",
    }
    assert manifest.keys() == known | empty.keys()
    assert [one["key"] for one in manifest["columns"]][:2] == ["label", "split"]
    assert {one.get("group") for one in manifest["columns"]} == {None, "error"}
    assert manifest["format"]["featureNames"] == manifest["format"]["means"] == []
    ids = unpacked(shared.blobs, manifest["ids"])
    np.testing.assert_array_equal(ids, np.arange(run.data.n_samples))
    # Every packed array is one of these.
    assert sorted(ref["blob"] for ref in shared.refs) == list(range(len(shared.blobs.texts)))


@pytest.mark.slow
def test_no_image_of_a_sample_is_in_the_file(tmp_path):
    """Images of an unusual colour are in the run's own page, and nowhere in the one to share."""
    X = np.zeros((60, 8, 8, 3), np.float32)
    X[..., 0] = X[..., 2] = digits(60).X.reshape(60, 8, 8) > 4
    dataset = digits(60, X=(255 * X).reshape(60, -1), image_shape=(8, 8, 3))
    pairs = (("denoising", "tsne"), ("variational", "latent"))
    own, shared = both(make_run(tmp_path / "run", dataset, pairs=pairs))
    assert own.has_color(MAGENTA)
    assert not shared.has_color(MAGENTA)
    assert shared.manifest["decoders"] == []
    assert "data-manifold" not in shared.text


def test_sections_with_samples_are_left_out_unless_they_say_otherwise(image_run):
    told = {name for name, one in SECTIONS.members().items() if one.shared is not None}
    silent = {
        "batches",
        "codes",
        "denoising",
        "latent",
        "new_samples",
        "outliers",
        "reconstruction",
    }
    assert not told & silent
    for name in told:
        content = SECTIONS.get(name).shared(image_run)
        names = [figure.name for figure in content.figures()] if content else []
        assert not [one for one in names if one.startswith(("samples", "worst", "manifold"))]


def test_the_run_stays_as_it_is(pages, tmp_path):
    run, *_ = pages
    before = {path: path.stat().st_mtime_ns for path in run.path.rglob("*") if path.is_file()}
    path = render_shared(run, tmp_path / "page.html")
    assert path == tmp_path / "page.html"
    assert [*tmp_path.iterdir()] == [path]
    after = {path: path.stat().st_mtime_ns for path in run.path.rglob("*") if path.is_file()}
    assert after == before
    with pytest.raises(AevizError, match=r"another file than .*report\.html, the run's own page"):
        render_shared(run, run.report_path)
    with pytest.raises(AevizError, match=r"must end in one of \.html"):
        render_shared(run, tmp_path / "page.txt")


def test_command_writes_it_and_refuses_a_place_for_the_run_s_own(pages, tmp_path, capfd):
    run, *_ = pages
    assert main(["render", str(run.path), "--share", "-o", str(tmp_path / "a.html"), "-q"]) == 0
    assert "a.html" in capfd.readouterr().out
    assert main(["render", str(run.path), "-o", str(tmp_path / "b.html"), "-q"]) == 2
    assert "out has a meaning with --share only" in capfd.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


@pytest.mark.slow
def test_browser_shows_it_without_a_complaint(image_run, tmp_path, reading):
    class Shared:
        report_path = render_shared(image_run, tmp_path / "page.html")

    reader = reading(Shared)
    number_of = reader.map_of("embeddings")
    reader.lasso(number_of, [(20, 20), (300, 20), (160, 300)])
    reader.point_at(number_of, reader.places(number_of)[0])
    assert "error, deep autoencoder" in reader.text(".card")
