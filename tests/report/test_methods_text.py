"""Test the methods of a run as text, and their references."""

from __future__ import annotations

import inspect
import json
import re
import shutil

import pytest

from aeviz import Run
from aeviz.core.registry import EMBEDDINGS, ENCODERS, METRICS
from aeviz.exports._export_run import export_folder
from aeviz.report.methods_text import methods_text
from aeviz.report.references import References, identifiers
from tests._runs import FIRST_VERSION

ENTRIES = References.read()


def papers_of(family, name):
    """Return where a member names its papers: a class in its description, a metric by itself."""
    member = family.get(name)
    if family is METRICS:
        return member.reference
    return (inspect.getdoc(member) or "").partition("References\n")[2]


MEMBERS = [(family, name) for family in (ENCODERS, EMBEDDINGS, METRICS) for name in family.names()]


@pytest.mark.parametrize(("family", "name"), MEMBERS, ids=[name for _, name in MEMBERS])
def test_every_paper_of_a_member_has_an_entry(family, name):
    text = papers_of(family, name)
    n_papers = len(re.findall(r"\((?:18|19|20)\d\d\)", text))
    assert n_papers == len(identifiers(text)) == len(ENTRIES.named_in(text)), text
    # The authors and the year beside the method are those of the entry.
    for key in ENTRIES.named_in(text):
        told = ENTRIES.author_year(key)
        assert told.split()[-1] in text
        assert re.split(r" and | et al", told)[0].removeprefix("van der ").split()[0] in text


@pytest.mark.parametrize("key", ENTRIES.entries)
def test_entries_are_whole(key):
    fields = ENTRIES.fields(key)
    assert {"author", "title", "year"} <= fields.keys()
    assert fields.keys() & {"doi", "eprint", "url"}
    surname = fields["author"].partition(",")[0].strip("{}").replace(" ", "").lower()
    ascii_only = surname.replace("č", "c")
    assert key.startswith(f"{ascii_only}{fields['year']}")
    assert ENTRIES.entries[key].count("{") == ENTRIES.entries[key].count("}")
    assert fields.keys() & {"journal", "booktitle", "publisher", "howpublished", "eprint"}


def test_text_states_the_choices_of_the_run(image_run):
    told = methods_text(image_run)
    text = "\n".join(told.paragraphs)
    data = image_run.data
    for words in (
        f"{data.n_samples:,} samples of 64 features (images of 8 × 8 pixels)",
        f"{data.n_train:,} samples were for training and {data.n_test:,} were held out",
        data.scaling_words,
        "The deep autoencoder (Hinton and Salakhutdinov 2006) reduced each sample to 6 numbers",
        "for 12 epochs",
        "Every network was trained once, with the seed 0.",
        "trustworthiness (Venna and Kaski 2001)",
        "The code of the variational autoencoder is itself a map.",
        "numpy 2.4.0",
    ):
        assert words in text
    assert "[@" not in text


def test_parameters_are_those_of_the_fit(image_run, tmp_path):
    """A perplexity that is too large for the data is lowered; the text has the one in use."""
    path = shutil.copytree(image_run.path, tmp_path / "run")
    run = Run(path)
    (pair,) = [one for one in run.pairs if one.key == "deep_tsne"]
    run.embedding_path(pair).mkdir(parents=True)
    params = {"perplexity": 500.0, "n_iter": 750, "n_jobs": 2, "random_state": 0}
    content = {"schema": 1, "name": "tsne", "params": params, "fitted": {"perplexity_": 79.5}}
    (run.embedding_path(pair) / "embedding.json").write_text(json.dumps(content))
    params = run.encoder_path("deep") / "params.json"
    content = json.loads(params.read_text())
    content["about"] = {"architecture": "64 → 6 and back", "loss": "half the squared error"}
    content["fitted"] |= {"batch_size_": 48, "best_epoch_": 7}
    content["params"] = {"learning_rate": 0.002, "validation_fraction": 0.1, "patience": 20}
    params.write_text(json.dumps(content))
    text = "\n".join(methods_text(Run(path)).cited)
    assert (
        "the code of the deep autoencoder in two dimensions (perplexity = 79.5, n_iter = 750; "
        in text
    )
    assert "(64 → 6 and back). Its loss is: half the squared error. Adam [@kingma2015adam]" in text
    assert "in batches of 48 at a learning rate of 0.002 that falls to 0, for 12 epochs" in text
    assert "of which epoch 8 was kept, by 10 % of the training samples (patience 20)" in text


def test_only_what_was_used_is_cited(image_run):
    keys = methods_text(image_run).keys
    assert {
        "hinton2006reducing",
        "vincent2010stacked",
        "kingma2014auto",
        "pearson1901lines",
    } <= set(keys)
    # No Higgins for a weight of 1, no interpolation for 240 samples, no method of another run.
    unused = {
        "higgins2017beta",
        "linderman2019fast",
        "gropp2020isometric",
        "sainburg2021parametric",
    }
    assert not unused & set(keys)
    assert "zou2008construction" not in keys
    bibtex = methods_text(image_run).bibtex
    assert sorted(re.findall(r"^@\w+\{(\S+),$", bibtex, re.MULTILINE)) == sorted(keys)


def test_page_has_the_text_and_the_references(image_run):
    page = image_run.report_path.read_text(encoding="utf-8")
    told = methods_text(image_run)
    assert "1 × 8" not in told.paragraphs[0]
    assert told.paragraphs[2].partition(" (")[0] in page
    assert "@article{venna2006local,\n" in page


def test_export_writes_the_text_and_the_file_that_it_cites(tmp_path):
    lines = export_folder(FIRST_VERSION / "run", "methods", tmp_path / "out")
    text = (tmp_path / "out" / "methods.md").read_text(encoding="utf-8")
    bibtex = (tmp_path / "out" / "references.bib").read_text(encoding="utf-8")
    cited = set(re.findall(r"@([\w-]+)", text))
    assert cited == set(re.findall(r"^@\w+\{(\S+),$", bibtex, re.MULTILINE))
    assert f"{len(cited)} papers" in lines[0]


def test_missing_values_and_categories_are_counted_without_names(image_run, tmp_path):
    path = shutil.copytree(image_run.path, tmp_path / "run")
    card = path / "data" / "data.json"
    content = json.loads(card.read_text())
    content["notes"] = [
        "12 missing values in 2 columns were replaced by the median, or the most frequent value, "
        "of the training samples: 'income' (7, by 3120) and 'job' (5, by 'clerk').",
        "Left out: 'name' (an id).",
    ]
    column = {"name": "job", "role": "category", "use": "feature", "values": ["clerk", "cook"]}
    content["columns"] = [column]
    card.write_text(json.dumps(content))
    text = methods_text(Run(path)).paragraphs[0]
    assert (
        "12 missing values in 2 columns were replaced by the median, or the most frequent" in text
    )
    assert "1 column of categories became 2 features, one per value (one-hot)." in text
    assert not [word for word in ("income", "job", "clerk", "3120", "name") if word in text]
