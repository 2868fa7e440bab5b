"""Test what the page holds, as a parser sees it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from html.parser import HTMLParser

import numpy as np
import pytest

from aeviz import AevizError, Run
from aeviz.core.registry import METRICS, SECTIONS
from aeviz.page.content import Fold, Split, Table, Text
from aeviz.page.wording import in_order, metric_words
from aeviz.report.rendering import render
from aeviz.report.verdict import answers
from tests.report.conftest import HOSTILE, RUNS


class Page(HTMLParser):
    """Collect the tags of a page with their attributes, and the text that is read."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.is_read = True
        self.feed(text)
        self.text = " ".join(self.text.split())

    @classmethod
    def of(cls, run: Run) -> Page:
        """Return the page of a run."""
        return cls(run.report_path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        """Remember a tag."""
        self.tags.append((tag, dict(attrs)))
        self.is_read = tag not in ("script", "style")

    def handle_endtag(self, tag):
        """Go on reading after what is for the browser."""
        self.is_read = True

    def handle_data(self, data):
        """Remember text."""
        if self.is_read:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every tag of a name."""
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(params=RUNS)
def run(request):
    """Give each kind of run in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def page(run):
    """Give the parsed page of each kind of run."""
    return Page.of(run)


def test_page_asks_for_nothing(page):
    loading = {"src", "srcset", "data", "poster", "action", "background", "xlink:href"}
    for tag, attributes in page.tags:
        for name in loading & attributes.keys():
            assert attributes[name].startswith("data:"), (tag, name)
        if "href" in attributes:
            assert attributes["href"].startswith("#" if tag == "a" else "data:")
    assert not [tag for tag, _ in page.tags if tag in ("iframe", "object", "embed")]
    assert not [a for a in page.all("script") if "src" in a]


def test_policy_allows_the_styles_and_one_script_by_hash(run, page):
    (policy,) = [a["content"] for a in page.all("meta") if a.get("http-equiv")]
    sources = dict(part.split(" ", 1) for part in policy.split("; "))
    text = run.report_path.read_text(encoding="utf-8")
    assert sources == {
        "default-src": "'none'",
        "img-src": "data:",
        "style-src": f"'{hash_of(r'<style>(.*?)</style>', text)}'",
        "script-src": f"'{hash_of(r'<script>(.*?)</script>', text)}'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    # One script that runs; all others are data, of types that no browser runs.
    kinds = [a.get("type") for a in page.all("script")]
    assert kinds.count(None) == 1
    assert set(kinds) == {None, "application/json", "text/plain"}
    assert not [a for _, a in page.tags if "style" in a or any(n.startswith("on") for n in a)]


def hash_of(pattern, text):
    """Return the hash of the only text that a pattern finds, as a policy has it."""
    (found,) = re.findall(pattern, text, re.DOTALL)
    return f"sha256-{base64.b64encode(hashlib.sha256(found.encode()).digest()).decode()}"


def test_every_picture_has_a_text_alternative_in_both_themes(page):
    images = page.all("img")
    assert images
    for light, dark in zip(images[::2], images[1::2], strict=True):
        assert (light["class"], dark["class"]) == ("light", "dark")
        assert re.search(r"\w{3} \w", light["alt"]), "a sentence"
        assert re.search(r"\d", light["alt"]), "with numbers"
        assert light["alt"] == dark["alt"]
        assert light["src"] != dark["src"]
        assert int(light["width"]) > 0
        assert int(light["height"]) > 0


def test_headings_and_landmarks(page):
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == len(page.all("nav")) == 1
    ids = [a["id"] for a in page.all("section")]
    assert [a["href"][1:] for a in page.all("a") if a.get("class") != "skip"] == ids
    assert len(page.all("h2")) == len(ids)
    assert page.all("html")[0]["lang"] == "en"
    every_id = [a["id"] for _, a in page.tags if "id" in a]
    assert len(set(every_id)) == len(every_id)
    for table_head in page.all("th"):
        assert table_head["scope"] in ("col", "row", "rowgroup")


def test_sections_follow_the_data(image_run, unlabelled_run, letters_run):
    def ids(run):
        return [a["id"] for a in Page.of(run).all("section")]

    every = (
        "overview clusters data training codes reconstruction outliers denoising embeddings "
        "faithfulness latent scores curves reading methods"
    )
    assert ids(image_run) == every.split()
    assert set(every.split()) - set(ids(unlabelled_run)) == {"training", "denoising", "latent"}
    names = {path.stem for path in letters_run.figures_path.iterdir()}
    assert {"plane_variational_1", "feature_errors", "class_counts"} <= names
    assert "manifold_variational" not in names
    assert "samples" not in names


def test_curves_stand_by_the_method_that_drew_the_pictures(image_run, letters_run, tmp_path):
    def titles(run):
        content = SECTIONS.get("curves").build(run)
        return [figure.title for figure in content.figures()]

    first = "Neighbours kept at every size: "
    of_images = titles(image_run)
    # Plain PCA and the sparse code's PCA are two of one method; the plane is alone.
    assert of_images[:4] == [first + "t-SNE", first + "UMAP", first + "PCA", "Other maps"]
    assert len(of_images) == 4 + len(image_run.pairs)
    assert titles(letters_run)[2] == "Other maps"
    area = image_run.scores.query("metric == 'auc_rnx' and embedding == 'latent'")["value"].iloc[0]
    last = list(SECTIONS.get("curves").build(image_run).figures())[3]
    assert f"{area:.3f}" in last.caption
    # A run of former versions has no curves.
    folder = shutil.copytree(image_run.path, tmp_path / "former")
    (folder / "curves.npz").unlink()
    assert SECTIONS.get("curves").build(Run(folder)) is None


@pytest.mark.parametrize("name", SECTIONS.names())
def test_every_section_says_something_or_nothing(name, run):
    section = SECTIONS.get(name)
    assert section.title
    content = section.build(run)
    if content is not None:
        assert content.summary.endswith(".")
        assert content.blocks
        names = [figure.name for figure in [*content.figures(), *content.files]]
        assert len(set(names)) == len(names)


def test_orders_of_sections_differ():
    orders = [section.order for section in SECTIONS.members().values()]
    assert len(set(orders)) == len(orders)


def test_every_figure_is_kept_as_png_and_svg(image_run):
    names = sorted(path.name for path in image_run.figures_path.iterdir())
    stems = {name.split(".")[0] for name in names}
    assert names == sorted([f"{s}.png" for s in stems] + [f"{s}.svg" for s in stems])
    assert {"embeddings", "reconstructions", "best_embedding", "manifold_variational"} <= stems
    assert {f"embedding_{pair.key}" for pair in image_run.pairs} <= stems
    assert (image_run.figures_path / "samples.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (image_run.figures_path / "embeddings.svg").read_text()


def test_embeddings_can_be_found_by_scripts(image_run):
    marked = [
        a["data-embedding"] for a in Page.of(image_run).all("figure") if "data-embedding" in a
    ]
    keys = sorted(pair.key for pair in image_run.pairs)
    # The overview repeats the best of them.
    assert marked[0] in keys
    assert sorted(marked[1:]) == keys
    planes = [a["data-plane"] for a in Page.of(image_run).all("figure") if "data-plane" in a]
    assert planes == ["variational"]


def test_overview_counts_verdicts_by_their_intervals(image_run):
    """The answer rests on one score per question, and everything that is counted is shown."""
    content = SECTIONS.get("overview").build(image_run)
    (split,) = [block for block in content.blocks if isinstance(block, Split)]
    (verdicts,) = [b for b in split.first if getattr(b, "question", "").startswith("Does the deep")]
    first = "auc_rnx" if "auc_rnx" in METRICS.names() else "trustworthiness"
    rows = image_run.differences
    rows = rows[rows["encoder"] == "deep"]
    of_code = rows["stage"] == "data-to-code"
    compared = rows["metric"].isin([first, "spearman", "knn_accuracy"]) & ~of_code
    rows = rows[
        compared | (rows["metric"].isin(["reconstruction_error", "knn_accuracy"]) & of_code)
    ]
    counts = rows["verdict"].value_counts()
    told = f"better in {counts.get('better', 0)} of {len(rows)} comparisons"
    assert f"{told}, worse in {counts.get('worse', 0)}" in verdicts.answer
    assert "Compared by reconstruction error, k-NN accuracy, " in verdicts.answer
    (how,) = [text for b in split.first if isinstance(b, Text) for text in b.paragraphs]
    band = "(reconstruction error: 2\u00a0% of the baseline’s) are called practically the same. "
    assert band in how
    assert "one training each, and not the methods" in how
    assert len(verdicts.items) == len(rows)
    assert [item.tone for item in verdicts.items].count("none") == counts.get("none", 0)
    # What is drawn is better at the right, also where lower is better.
    (error,) = [item for item in verdicts.items if item.subject.startswith("Reconstruction")]
    (row,) = rows[rows["metric"] == "reconstruction_error"].itertuples()
    assert error.effect.value == pytest.approx(-row.value / row.band)
    assert all(one.effect.low <= one.effect.value <= one.effect.high for one in verdicts.items)


def test_verdict_warns_of_a_training_that_ended_too_early(image_run, tmp_path):
    path = shutil.copytree(image_run.path, tmp_path / "run")

    def warning():
        found = [one for one in answers(Run(path)) if "the deep" in getattr(one, "question", "")]
        return found[0].warning

    assert warning() == ""
    losses = {"loss": [9.0, 6.0, 3.0]}
    (path / "encoders" / "deep" / "history.json").write_text(json.dumps(losses))
    assert "stopped at its limit of 3 epochs while the loss was still falling" in warning()


def test_codes_of_unequal_size_are_said_not_to_be_compared(image_run, tmp_path):
    path = shutil.copytree(image_run.path, tmp_path / "run")
    np.save(path / "encoders" / "deep" / "code.npy", image_run.code("deep")[:, :4])
    scores = json.loads((path / "scores.json").read_text())
    scores["differences"] = [row for row in scores["differences"] if row["encoder"] != "deep"]
    (path / "scores.json").write_text(json.dumps(scores))
    content = SECTIONS.get("overview").build(Run(path))
    (split,) = [block for block in content.blocks if isinstance(block, Split)]
    told = [" ".join(block.paragraphs) for block in split.first if isinstance(block, Text)]
    assert told[0] == (
        "This run cannot say whether the deep autoencoder beats PCA here: its code has 4 numbers, "
        "and PCA’s has 6. A run with both at one code size would."
    )
    assert len([block for block in split.first if hasattr(block, "question")]) == 3


def test_run_without_autoencoder_says_what_is_missing(unlabelled_run):
    text = Page.of(unlabelled_run).text
    assert "This run has no autoencoder, so it cannot say whether" in text


def test_page_says_on_which_samples_codes_are_scored(image_run):
    told = "Codes are measured on 48 held-out samples, to which no encoder was fitted, and maps"
    assert told in SECTIONS.get("scores").build(image_run).summary
    overview = SECTIONS.get("overview").build(image_run)
    (split,) = [block for block in overview.blocks if isinstance(block, Split)]
    answers = {b.question: b.answer for b in split.first if hasattr(b, "question")}
    assert (
        ", the code on 48 held-out samples." in answers["Does the deep autoencoder beat PCA here?"]
    )
    # A plane that is a code and an embedding is compared with an embedding.
    assert "held-out" not in answers["Does the variational autoencoder beat PCA here?"]


def test_score_tables_mark_the_best_of_each_row(image_run):
    page = Page.of(image_run)
    scores = image_run.scores
    n_rows = scores.groupby(["stage", "metric"]).ngroups
    assert len([a for a in page.all("td") if a.get("class") == "best"]) >= n_rows
    assert "↑ higher is better" in page.text
    assert "↓ lower is better" in page.text


def score_tables(run):
    """Return the tables of scores at once on the page, and those that are put away."""
    blocks = SECTIONS.get("scores").build(run).blocks
    folds = [block for block in blocks if isinstance(block, Fold)]
    return [b for b in blocks if isinstance(b, Table)], [b for fold in folds for b in fold.blocks]


def test_original_data_are_no_contender(image_run):
    """The labels' score in the data is always high; marking it best would hide the methods."""
    shown, put_away = score_tables(image_run)
    for title in ("How faithful", "How much"):
        (table,) = [table for table in shown if table.title.startswith(title)]
        assert table.columns[-1].text == "Original data"
        assert not any(row[-1].is_best for row in table.rows)
        assert any(row[-1].text != "–" for row in table.rows)
    of_clusters = [row for row in put_away[0].rows if row[0].text.startswith("k-means")]
    assert len(of_clusters) == 3
    assert all(row[-1].text != "–" for row in of_clusters)


def test_every_score_is_in_a_table_once(image_run):
    shown, put_away = score_tables(image_run)
    for stage, first, further in zip(
        ("data-to-embedding", "data-to-code", "code-to-embedding"), shown, put_away, strict=False
    ):
        of_stage = image_run.scores[image_run.scores["stage"] == stage]
        titles = [row[0].text for table in (first, further) for row in table.rows]
        words = [word for word, _ in in_order(of_stage)]
        assert sorted(titles) == sorted(word.title for word in words)
        assert len(first.rows) <= 12
        assert next(iter(further.heads)) == 0
        assert set(further.heads.values()) <= {word.scope_title for word in words}


def test_scores_of_some_samples_say_so(image_run):
    shown, put_away = score_tables(image_run)
    notes = {row[0].text: row[0].note for row in (*shown[0].rows, *put_away[0].rows)}
    # The first table is of pictures; codes are all measured on fewer.
    scores = image_run.scores[image_run.scores["stage"] == "data-to-embedding"]
    of_some = set(scores["metric"][scores["n_evaluated"] < scores["n_evaluated"].max()])
    for name in image_run.scores["metric"].unique():
        words = metric_words(name)
        if words.title in notes:
            assert notes[words.title].endswith("samples") == (name in of_some)


def test_scores_without_an_end_are_worded(image_run):
    blocks = SECTIONS.get("reading").build(image_run).blocks
    facts = {name: text for block in blocks for name, text in getattr(block, "items", ())}
    assert facts["Explained variance"].endswith(
        "Up to 1, higher is better. Differences within 0.01 are practically the same."
    )
    assert facts["ELBO"].endswith("Any number, higher is better.")
    assert "0 upwards, lower is better." in facts["Reconstruction error"]
    assert not any("k = 30" in name.replace("\xa0", " ") for name in facts)


def test_metrics_are_worded_at_their_size():
    words = metric_words("neighbor_recall", 100)
    assert words.title == "Neighbour recall, k\xa0=\xa0100"
    assert (words.k, words.scope, words.is_key) == (100, "local", False)
    assert metric_words("of_another_version").title == "of another version"
    assert metric_words("of_another_version").scope_title == "Others"


def test_strings_from_data_are_shown_as_text(hostile_run):
    text = hostile_run.report_path.read_text(encoding="utf-8")
    assert "<img src=x" not in text
    n_scripts = len(Page.of(hostile_run).all("script"))
    assert text.count("<script") == text.count("</script>") == n_scripts
    assert "<script>document" not in text
    assert "&lt;/script&gt;" in text
    page = Page.of(hostile_run)
    assert "{{ 7*7 }} &amp;" in page.text
    assert "(empty)" in page.text
    assert HOSTILE[6][:60].strip() in page.text
    assert len(max(page.text.split("  "), key=len)) < 60_000
    assert "long " * 100 not in page.text, "a label of 10,000 characters is cut"


def test_too_many_classes_get_a_note(crowded_run):
    page = Page.of(crowded_run)
    assert "1,000 classes have one colour each" in page.text
    assert "The 20 largest of 1,000 classes" in page.text
    assert len(page.all("circle")) == 0


def test_key_names_every_class_once_a_place(letters_run):
    page = Page.of(letters_run)
    colors = [a["fill"] for a in page.all("circle") if "fill" in a]
    assert len(set(colors)) == 26
    assert colors[:26] * (len(colors) // 26) == colors
    assert "3 samples have no label and are grey" in page.text


def test_continuous_labels_have_a_bar_in_both_themes(continuous_run):
    page = Page.of(continuous_run)
    bars = [a for a in page.all("svg") if a.get("role") == "img"]
    assert {a["class"] for a in bars} == {"light", "dark"}
    assert "Distribution of the label" in page.text


def test_range_of_the_manifold_is_told(image_run, letters_run):
    for run in (image_run, letters_run):
        text = Page.of(run).text
        assert "20 × 20 points, equally spaced in the probability of the normal prior" in text
        assert "from its 1 % to its 99 % quantile: latent values from −2.33 to 2.33" in text
    assert "nats per sample" in Page.of(image_run).text


def test_rendering_again_gives_the_same_and_tells_of_every_section(unlabelled_run, tmp_path):
    heard, path = [], shutil.copytree(unlabelled_run.path, tmp_path / "plain")
    before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    shown = render(Run(path), progress=lambda *told: heard.append(told))
    assert shown == path / "report.html"
    assert {file: file.read_bytes() for file in path.rglob("*") if file.is_file()} == before
    assert [done for done, *_ in heard] == list(range(len(SECTIONS.names()) + 1))


def test_rendering_an_unfinished_run_says_so(copied):
    before = sorted((copied / "figures").iterdir())
    (copied / "scores.json").unlink()
    with pytest.raises(AevizError, match=r"is an unfinished run: it has no scores\.json"):
        render(Run(copied))
    assert sorted((copied / "figures").iterdir()) == before
