"""Measure exported figures: their size, resolution, theme, and what is said of each."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from PIL import Image

from aeviz.exports._export_run import export_folder
from aeviz.plots.theme import DARK, LIGHT
from aeviz.report.rendering import render
from aeviz.runs.run import Run

NAMES = ["embedding_pca_umap", "legend"]


def paper(path):
    """Return the colour of a picture's corner, as #rrggbb."""
    with Image.open(path) as image:
        return "#" + "".join(f"{value:02x}" for value in image.convert("RGB").getpixel((3, 3)))


def test_png_has_the_width_and_the_resolution_asked_for(real_run, tmp_path):
    out = tmp_path / "a"
    lines = export_folder(
        real_run.path, "png", out, figures=NAMES, width_mm=85.0, dpi=200, theme="dark"
    )
    assert lines == ["figures: 2, and figures.json, which says what each shows"]
    for name in NAMES:
        with Image.open(out / f"{name}.png") as image:
            assert abs(image.width - 85 / 25.4 * 200) <= 1
            assert image.info["dpi"] == pytest.approx((200, 200), rel=1e-3)
    assert paper(out / "legend.png") == DARK.paper
    index = json.loads((out / "figures.json").read_text())
    assert [one["file"] for one in index["figures"]] == [f"{name}.png" for name in NAMES]
    picture = index["figures"][0]
    assert (picture["width_mm"], picture["height_mm"]) == (85, 85)
    assert picture["title"] == "PCA → UMAP"
    assert "64 samples" in picture["alt"]


def test_svg_has_the_width_asked_for_and_stays_what_it_shows(real_run, tmp_path):
    for folder, how in (("page", {}), ("wide", {"width_mm": 200.0})):
        export_folder(real_run.path, "svg", tmp_path / folder, figures=NAMES, **how)
    texts = [(tmp_path / one / f"{NAMES[0]}.svg").read_text() for one in ("page", "wide")]
    head = r'<svg [^>]*width="([\d.]+)(\w+)" height="([\d.]+)(\w+)" viewBox="([^"]*)"'
    page, wide = (re.search(head, text).groups() for text in texts)
    assert (page[1], wide[1]) == ("pt", "mm")
    assert (float(wide[0]), float(wide[2])) == (200, 200)
    assert page[4] == wide[4]
    # All of it, letters included, is what it was: only the paper is larger.
    legends = [(tmp_path / one / "legend.svg").read_text() for one in ("page", "wide")]
    assert legends[0].partition("viewBox=")[2] == legends[1].partition("viewBox=")[2]
    assert legends[0].count("<path") > 10
    assert LIGHT.paper in texts[0]


@pytest.mark.slow
def test_every_figure_of_the_run_is_there(real_run, tmp_path):

    copy = Run(shutil.copytree(real_run.path, tmp_path / "run"))
    render(copy)
    kept = {path.name for path in copy.figures_path.glob("*.png")}
    export_folder(copy.path, "png", tmp_path / "a", dpi=50)
    made = {path.name for path in (tmp_path / "a").glob("*.png")}
    assert made == kept | {"legend.png"}
