"""Test the contract of sections, for every member and for a new file."""

from __future__ import annotations

import sys
from textwrap import dedent

import pytest

import aeviz.report.sections
from aeviz.core.registry import SECTIONS
from aeviz.page.content import SectionContent
from aeviz.report.sections.base import Section

TOY = '''
    """Section with one sentence."""

    from aeviz.page.content import SectionContent, Text
    from aeviz.report.sections.base import Section

    __all__ = ["SECTION"]

    SECTION = Section(
        "A toy", 15, lambda run: SectionContent(f"{run.data.n_samples} samples.", [Text(["Toy."])])
    )
'''


@pytest.fixture
def toy_file(tmp_path):
    """Give the family one more file, as if it stood in its folder."""
    (tmp_path / "toy.py").write_text(dedent(TOY))
    folders = aeviz.report.sections.__path__
    folders.append(str(tmp_path))
    yield
    folders.remove(str(tmp_path))
    sys.modules.pop("aeviz.report.sections.toy", None)


@pytest.mark.parametrize("name", SECTIONS.names())
def test_member_keeps_the_contract(name, image_run, letters_run):
    section = SECTIONS.get(name)
    assert isinstance(section, Section)
    assert section.title
    assert section.title == section.title.strip()
    for run in (image_run, letters_run):
        content = section.build(run)
        if content is None:
            continue
        assert isinstance(content, SectionContent)
        assert content.summary
        assert content.blocks
        assert all(figure.alt for figure in content.figures())


def test_orders_and_figure_names_occur_once(image_run):
    sections = SECTIONS.members().values()
    orders = [section.order for section in sections]
    assert len(set(orders)) == len(orders)
    contents = [section.build(image_run) for section in sections]
    names = [figure.name for one in contents if one for figure in (*one.figures(), *one.files)]
    assert len(set(names)) == len(names)


def test_new_section_is_one_new_file(toy_file, letters_run):
    assert "toy" in SECTIONS.names()
    content = SECTIONS.members()["toy"].build(letters_run)
    assert content.summary == f"{letters_run.data.n_samples} samples."
