"""Test where the marks of a forest plot stand, and what a page holds of it."""

import math
import re
from pathlib import Path

import pytest

from aeviz.page.builder import Heading, PageSection, write_page
from aeviz.page.content import Effect, SectionContent, Verdict, Verdicts
from aeviz.page.forest import Forest, effect_of
from aeviz.runs.run import Run


def verdict(*effect, word="better", tone="better"):
    """Return a verdict with an effect of these numbers."""
    return Verdict(word, tone, "Trustworthiness", "+0.1", Effect(*effect) if effect else None)


def page_of(folder: Path, *items: Verdict, warning: str = "") -> str:
    """Return the page of one question."""
    block = Verdicts("Is it better?", "Yes.", items, warning)
    section = PageSection("one", "One", lambda: SectionContent("", [block]))
    heading = Heading("kind", "title", (), "2026-01-01")
    return write_page(Run(folder), heading, [section]).read_text(encoding="utf-8")


def test_scale_is_symmetric_and_grows_with_the_largest_difference():
    forest = Forest.of([verdict(2.0, -1.0, 4.0), verdict(-8.0)])
    assert forest.end == 10
    assert forest.place(-3) + forest.place(3) == pytest.approx(100)
    # By hand: asinh(1) / asinh(10) = 0.8814 / 2.9982 of the 44 % on either side.
    assert forest.place(1) == pytest.approx(50 + 44 * 0.8814 / 2.9982, abs=0.01)
    assert forest.band_width == pytest.approx(2 * 44 * 0.8814 / 2.9982, abs=0.02)
    assert Forest.of([verdict(0.1)]).end == 3
    assert Forest.of([verdict(1e9)]).place(1e9) == 94


def test_differences_without_a_band_or_a_direction_are_not_drawn():
    assert Forest.of([verdict(), verdict()]) is None
    ends = {"value": 1.0, "low": 0.0, "high": 2.0}
    for band in (None, 0.0, math.nan):
        assert effect_of(**ends, band=band, higher_is_better=True) is None
    assert effect_of(**ends, band=0.1, higher_is_better=None) is None
    assert effect_of(0.2, None, None, band=0.1, higher_is_better=True) == Effect(2.0)
    assert effect_of(0.2, math.nan, math.nan, band=0.1, higher_is_better=False) == Effect(-2.0)


def test_page_has_a_mark_at_its_place_and_all_words_beside_it(tmp_path):
    items = verdict(2.0, 1.0, 4.0), verdict(word="no difference shown", tone="none")
    text = page_of(tmp_path, *items, warning="Its training stopped <early>.")
    forest = Forest.of(items)
    marked, bare = rows = re.findall(r"<li><span(.*?)</li>", text, re.DOTALL)
    assert f'<circle cx="{forest.place(2.0)}%"' in marked
    assert f'x1="{forest.place(1.0)}%" x2="{forest.place(4.0)}%"' in marked
    assert "<circle" not in bare
    assert 'class="band"' in bare
    # What is drawn is hidden from screen readers, which read the words of the row instead.
    assert all('<svg aria-hidden="true">' in row and "+0.1" in row for row in rows)
    assert marked.index("Trustworthiness") < marked.index(">better<")
    assert '<p class="warning">Its training stopped &lt;early&gt;.</p>' in text


def test_page_without_anything_to_draw_has_a_plain_list(tmp_path):
    text = page_of(tmp_path, verdict(word="holds"))
    assert "<svg" not in text
    assert 'class="forest"' not in text
    assert 'class="warning"' not in text
    assert ">holds</span>" in text
