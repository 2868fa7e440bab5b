"""Test that the page's script is what its sources build, and that it can stand in any page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import aeviz.report

REPORT = Path(aeviz.report.__file__).parent
WEB = REPORT / "web"
BUNDLE = REPORT.parent / "page" / "static" / "report.js"
INLINED = [BUNDLE, *sorted((REPORT.parent / "page" / "templates").glob("*.css"))]


@pytest.fixture
def node_packages():
    """Skip where Node or the packages of the browser code are missing."""
    if shutil.which("node") is None:
        pytest.skip("needs Node")
    if not (WEB / "node_modules" / "esbuild").is_dir():
        pytest.skip("needs the packages of aeviz/report/web: run npm ci there")


def test_committed_bundle_is_what_the_sources_build(node_packages, tmp_path):
    built = tmp_path / "report.js"
    subprocess.run(["node", "build.mjs", str(built)], cwd=WEB, check=True)
    assert built.read_bytes() == BUNDLE.read_bytes(), "run node build.mjs in aeviz/report/web"


@pytest.mark.parametrize("path", INLINED, ids=lambda path: path.name)
def test_what_is_inlined_ends_no_element_and_loads_nothing(path):
    text = path.read_text(encoding="utf-8")
    for end in ("</script", "<!--", "</style", "]]>"):
        assert end not in text.lower()
    # Names of XML are no addresses that are asked for.
    named = set(re.findall(r"https?://[^\s\"'`)]+", text))
    assert named <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in text
    assert "url(" not in text.replace("url(data:", "")


@pytest.mark.parametrize(
    "word",
    [
        r"\beval\s*\(",
        r"\bnew Function\b",
        r"\bFunction\s*\(",
        r"\bimport\s*\(",
        r"\bfetch\s*\(",
        r"XMLHttpRequest",
        r"WebSocket",
        r"EventSource",
        r"sendBeacon",
        r"\bnew Worker\b",
        r"\.innerHTML\b",
        r"\.outerHTML\b",
        r"insertAdjacentHTML",
        r"document\.write",
        r"setAttribute\(.on",
        r"localStorage",
        r"document\.cookie",
    ],
)
def test_bundle_makes_no_code_of_text_no_markup_of_data_and_no_request(word):
    text = BUNDLE.read_text(encoding="utf-8")
    assert not re.findall(f".{{0,40}}{word}.{{0,40}}", text)


def test_bundle_is_ascii_and_keeps_the_licences_of_what_is_in_it():
    text = BUNDLE.read_text(encoding="ascii")
    assert len(text) < 200_000
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (WEB / "src").rglob("*.ts"))
    packages = set(re.findall(r"""from ["']([^."'][^"']*)["'];""", sources))
    named = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert packages == set(named)
    for name in packages:
        assert f"/*! {name} {named[name]}\n" in text
    assert text.count("Permission to use, copy, modify") == len(packages)
