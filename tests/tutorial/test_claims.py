"""Test the chapters on claims: their arithmetic, what they measure, and that words follow it."""

from __future__ import annotations

import copy
import importlib
import json

import matplotlib as mpl
import numpy as np
import pytest
from numpy.testing import assert_allclose

from aeviz.page.content import SectionContent, Split, Verdicts
from aeviz.plots.line_charts import Line, lines
from aeviz.plots.theme import DARK, LIGHT
from aeviz.tutorial._blocks import answered, overall
from aeviz.tutorial._experiments import (
    cross_entropies,
    epochs_of_equal_updates,
    mean_difference,
    part_of,
    squared_errors,
)
from aeviz.tutorial._images import image_sets
from aeviz.tutorial._rate_distortion import (
    Rounding,
    cheapest_at,
    frontier,
    grey_levels,
    in_files,
    in_one_file,
    psnr,
    rate_distortion,
    sensitivities,
)
from aeviz.tutorial.chapters.base import Results
from aeviz.tutorial.chapters.linear_is_pca import Spectrum, angles_of_components, share_kept
from tests.tutorial._workshop import N_TEST, N_TRAIN, TinyWorkshop

CHAPTERS = {
    "linear_is_pca": 110,
    "data_specific": 120,
    "lossy_beside_jpeg": 130,
    "sparsity_penalty": 140,
    "convolution": 150,
    "what_size_buys": 160,
    "reducing_before_tsne": 170,
}


def chapter(name):
    module = importlib.import_module(f"aeviz.tutorial.chapters.{name}")
    assert module.__all__ == ["CHAPTER"]
    return module.CHAPTER


def verdicts(content: SectionContent) -> Verdicts:
    """Return the verdicts of a chapter."""
    blocks = [
        part
        for block in content.blocks
        for part in ([*block.first, *block.second] if isinstance(block, Split) else [block])
    ]
    (found,) = [block for block in blocks if isinstance(block, Verdicts)]
    return found


def words(content: SectionContent) -> list[str]:
    """Return the first word of the answer, and the word of each finding."""
    found = verdicts(content)
    return [found.answer.split(".")[0], *(item.word for item in found.items)]


@pytest.fixture(scope="module")
def workshop():
    return TinyWorkshop()


# -- arithmetic ------------------------------------------------------------------------------


def test_errors_by_hand():
    X, reconstruction = np.array([[0.0, 1.0]]), np.array([[0.5, 0.5]])
    assert_allclose(squared_errors(X, reconstruction), [0.25])
    assert_allclose(cross_entropies(X, reconstruction), [np.log(2)])
    # Certainty costs no more than half a grey level's: -log(0.5 / 255).
    assert_allclose(cross_entropies(X, 1.0 - X), [np.log(510)])
    assert psnr(0.001) == pytest.approx(30.0)


def test_mean_difference_by_hand():
    """Differences 1 and 3: mean 2, s = sqrt 2, so that s / sqrt n = 1."""
    assert_allclose(mean_difference(np.array([2.0, 5.0]), np.array([1.0, 2.0])), (2, 0.04, 3.96))


def test_parts_and_epochs():
    X = np.arange(20.0).reshape(10, 2)
    assert len(part_of(X, 4, seed=1)) == 4
    assert part_of(X, 10, seed=1) is X
    assert epochs_of_equal_updates(50, 20_000, 20_000) == 50
    assert epochs_of_equal_updates(50, 30_000, 20_000) == 50


def test_overall_and_answer():
    assert overall([True, None]) is None
    assert overall([None]) is None
    assert [answered(h, "So.")[:3] for h in (True, False, None)] == ["Yes", "No.", "In "]


def test_angles_and_shares_by_hand():
    """Variances 4 and 1 along the axes; a direction at 45 degrees keeps half of both."""
    X = np.array([[2.0, 0.0], [-2.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    spectrum = Spectrum.of(X)
    assert_allclose(spectrum.variances, [2.0, 0.5])
    assert spectrum.share(1) == pytest.approx(0.8)
    diagonal = np.array([[3.0], [3.0]])
    assert_allclose(angles_of_components(diagonal, spectrum.components), [45.0, 45.0])
    assert share_kept(diagonal, spectrum.covariance) == pytest.approx(0.5)


def test_rounding_by_hand():
    """Symbols -1, 0, 0, 1 get (1.5, 2.5, 1.5) of 5.5 counts; beyond them is set to the last."""
    rounding = Rounding.of(np.array([[-2.0], [0.3], [-0.3], [2.0]]), np.array([2.0]))
    rounded, bits = rounding.apply(np.array([[0.9], [50.0]], np.float32))
    assert_allclose(rounded, [[0.0], [2.0]])
    assert_allclose(bits, [np.log2(5.5 / 2.5), np.log2(5.5 / 1.5)])


def test_sensitivities_of_a_linear_decoder_are_the_lengths_of_its_rows():
    weights = np.array([[3.0, 4.0], [0.0, 0.5], [1.0, 0.0]], np.float32)
    codes = np.random.default_rng(0).normal(size=(20, 3)).astype(np.float32)
    codes[:, 2] = 7.0
    found = sensitivities(lambda code: code @ weights, codes)
    # A value that never varies is of no account.
    assert_allclose(found, [5.0, 0.5, 5e-6], rtol=1e-3)


def test_frontier_and_cheapest():
    points = [{"bits": b, "psnr": q} for b, q in ((2.0, 20.0), (1.0, 10.0), (3.0, 15.0))]
    assert [point["bits"] for point in frontier(points)] == [1.0, 2.0]
    assert cheapest_at(points, 15.0) == pytest.approx(2**0.5)


def test_finer_steps_cost_bits_and_gain_quality(workshop):
    from aeviz.encoders.pca import PCAEncoder

    pca = PCAEncoder(8, random_state=0).fit(workshop.X)
    codes = pca.transform(workshop.X)
    points = rate_distortion(pca, codes, workshop.X_test, steps=(0.1, 1.0, 4.0))
    assert points[0]["bits"] > points[1]["bits"] > points[2]["bits"] > 0
    assert points[0]["psnr"] > points[1]["psnr"] > points[2]["psnr"]


def test_image_files(workshop):
    images = grey_levels(workshop.X_test[:30])
    one, many = (f(images, format="PNG") for f in (in_one_file, in_files))
    # Lossless: the least error that is told apart from none.
    assert one["psnr"] == many["psnr"] == psnr(0.0)
    assert one["bits"] < many["bits"]
    fine, coarse = (in_one_file(images, format="JPEG", quality=q) for q in (95, 10))
    assert fine["psnr"] > coarse["psnr"] + 5
    assert fine["bits"] > coarse["bits"]


def test_image_sets(workshop):
    sets = {one.name: one for one in image_sets(workshop, n_trained=200, n_held_out=50)}
    assert len(sets) == 5
    for one in sets.values():
        assert one.X.shape[1] == one.X_test.shape[1] == 784
        assert one.X.dtype == np.float32
        assert 0 <= one.X.min() < one.X.max() <= 1
    mnist, moved = sets["MNIST"], sets["MNIST with moved pixels"]
    assert_allclose(np.sort(moved.X, axis=1), np.sort(mnist.X, axis=1))
    assert not np.array_equal(moved.X, mnist.X)
    assert_allclose(sets["inverted MNIST"].X_test, 1 - mnist.X_test)
    assert sets["photographs"].X.std() > 0.1


# -- figures ---------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_by_their_artists(theme):
    x = np.array([2.0, 8.0, 32.0])
    series = {"a": Line(x, x, x - 1, x + 1), "b": Line(x[:2], x[:2], is_bare=True)}
    with mpl.rc_context(theme.rc):
        ax = lines(series, xlabel="numbers", log_base=2)
    first, second = ax.lines
    assert (first.get_marker(), second.get_marker()) == ("o", "")
    assert first.get_linestyle() != second.get_linestyle()
    assert first.get_color() != second.get_color()
    assert len(ax.collections) == 1
    assert ax.get_xticks().tolist() == [2, 4, 8, 16, 32]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]


# -- words follow numbers --------------------------------------------------------------------


def linear(angle, share):
    row = {"size": 2, "largest_angle": angle, "share": share, "pca_share": 0.5, "edge_ratio": 1.1}
    published = {"size": 2, "share": 0.1, "pca_share": 0.5}
    numbers = {"rows": [row], "published": published, "n_trained": 10, "n_features": 784}
    numbers |= {"epochs": 1, "seed": 0}
    angles = {f"angles_{name}": np.array([angle / 2, angle]) for name in ("2", "published")}
    return Results(numbers, angles)


@pytest.mark.parametrize(
    ("angle", "share", "word"),
    [(1.0, 0.499, "Yes"), (60.0, 0.499, "In part"), (60.0, 0.2, "No"), (1.0, 0.2, "In part")],
)
def test_linear_is_pca_follows_angle_and_variance(angle, share, word):
    assert words(chapter("linear_is_pca").show(linear(angle, share)))[0] == word


def specific(foreign):
    methods = ("autoencoder of MNIST", "PCA of MNIST", "autoencoder of its own", "PCA of its own")
    errors = dict(zip(methods, (foreign, 0.05, 0.02, 0.03), strict=True)) | {"mean image": 0.1}
    rows = [
        {"name": n, "errors": errors, "n_trained": 9, "n_held_out": 9, "epochs": 1}
        for n in ("MNIST", "photographs")
    ]
    arrays = {name: np.zeros((4, 784)) for name in ("original", *methods)}
    return Results({"rows": rows, "seed": 0, "code_size": 32}, arrays)


@pytest.mark.parametrize(
    ("foreign", "word"), [(0.2, "Yes"), (0.021, "No"), (0.05, "In part"), (0.07, "Yes")]
)
def test_data_specific_follows_the_share_kept(foreign, word):
    found = verdicts(chapter("data_specific").show(specific(foreign)))
    assert found.answer.startswith(word)
    assert ("the mean image would do better" in found.items[0].amount) == (foreign > 0.1)


def jpeg(bits, quality):
    curve = [{"quality": 1, "bits": 0.5, "psnr": 15.0}, {"quality": 9, "bits": 2.0, "psnr": 40.0}]
    pca = {
        "32": [{"step": 1.0, "bits": 0.2, "psnr": 18.0}, {"step": 2.0, "bits": 0.1, "psnr": 9.0}]
    }
    numbers = {
        "n_images": 1000,
        "n_pixels": 784,
        "code_size": 32,
        "n_exact": 0,
        "best_psnr": quality,
        "deep": [{"step": 1.0, "bits": bits, "psnr": quality}],
        "deep_weights": 1000,
        "pca": pca,
        "jpeg_one": curve,
        "jpeg_files": curve,
        "png_one": {"bits": 2.0, "psnr": 120.0},
        "png_files": {"bits": 3.0, "psnr": 120.0},
        "jpeg_blank_bytes": 160,
    }
    return Results(numbers)


def test_jpeg_wins_where_it_takes_fewer_bits():
    content = chapter("lossy_beside_jpeg").show(jpeg(1.5, 20.0))
    assert words(content) == ["Yes", *["holds"] * 5]
    assert "more than a match" not in verdicts(content).answer


def test_jpeg_loses_where_it_takes_more():
    content = chapter("lossy_beside_jpeg").show(jpeg(0.2, 20.0))
    assert words(content) == ["In part", "holds", *["does not hold"] * 3, "holds"]
    answer = verdicts(content).answer
    assert "more than a match" in answer
    assert "PCA of the same bits or fewer is 2.0 dB worse" in answer


def test_jpeg_without_so_coarse_a_setting_is_not_judged():
    content = chapter("lossy_beside_jpeg").show(jpeg(0.1, 12.0))
    assert words(content)[2] == "in part"
    assert "begins at 0.5 bits per pixel and 15.0 dB" in verdicts(content).items[1].amount


def sparse(n_active, losses, published):
    rows = [
        {
            "l1": l1,
            "near_zero": [1 - a / 32 - 0.001, 1 - a / 32],
            "n_active": [a, a],
            "n_dead": [0, 0],
            "mean": [1.0, 1.0],
            "loss": [loss, loss + 0.001],
        }
        for l1, a, loss in zip((0.0, 1.0, 3.0), n_active, losses, strict=True)
    ]
    found = {
        kind: {"near_zero": 1 - a / 32, "n_active": a, "n_dead": 0, "mean": 1.0, "loss": 0.1}
        for kind, a in zip(("simple", "sparse"), published, strict=True)
    }
    numbers = {"rows": rows, "published": found, "n_trained": 10, "n_held_out": 10}
    return Results(numbers | {"epochs": 1, "n_seeds": 2, "seed": 0})


@pytest.mark.parametrize(
    ("n_active", "losses", "published", "expected"),
    [
        ((30, 20, 10), (0.1, 0.2, 0.3), (30, 15), ["Yes", "holds", "holds", "holds"]),
        (
            (30, 31, 10),
            (0.1, 0.1, 0.1),
            (30, 25),
            ["In part", "in part", "does not hold", "in part"],
        ),
        ((10, 20, 30), (0.3, 0.2, 0.1), (20, 25), ["No", *["does not hold"] * 3]),
    ],
)
def test_sparsity_follows_the_trainings(n_active, losses, published, expected):
    content = chapter("sparsity_penalty").show(sparse(n_active, losses, published))
    # Without a cost, but sparser: the two findings disagree.
    assert words(content) == expected


def convolved(images, moved):
    """Return losses of the convolutional network where the dense one has 0.2 to 0.22."""
    rows = [
        {"images": name, "kind": kind, "loss": loss, "squared_error": [0.1, 0.1], "seconds": [1, 2]}
        | {"n_weights": 5}
        for name, ours in (("as they are", images), ("pixels moved", moved))
        for kind, loss in (("dense", [0.2, 0.22]), ("convolutional", ours))
    ]
    numbers = {"rows": rows, "n_trained": 10, "n_held_out": 10, "epochs": 1, "seed": 0}
    return Results(numbers | {"n_seeds": 2})


@pytest.mark.parametrize(
    ("images", "moved", "expected"),
    [
        ([0.1, 0.11], [0.3, 0.31], ["Yes", "holds", "holds"]),
        ([0.3, 0.31], [0.1, 0.11], ["No", "does not hold", "does not hold"]),
        ([0.1, 0.21], [0.2, 0.23], ["In part", "in part", "holds"]),
    ],
)
def test_convolution_follows_losses(images, moved, expected):
    content = chapter("convolution").show(convolved(images, moved))
    assert words(content) == expected
    told = "so the gain comes of the neighbours" in verdicts(content).answer
    assert told == (expected[1:] == ["holds", "holds"])


def sized(deep):
    rows = [
        {
            "size": size,
            "squared_error": {"deep autoencoder": d, "PCA": p},
            "loss": {"deep autoencoder": 0.1, "PCA": 0.2},
            "difference": [d - p, d - p - 1e-4, d - p + 1e-4],
        }
        for size, d, p in zip((8, 32, 128), deep, (0.04, 0.02, 0.01), strict=True)
    ]
    numbers = {"rows": rows, "floor": 0.05, "mean_image": 0.06, "n_trained": 9, "n_held_out": 9}
    return Results(numbers | {"epochs": 1, "seed": 0})


def test_code_size_follows_errors():
    show = chapter("what_size_buys").show
    answer = verdicts(show(sized((0.03, 0.01, 0.005)))).answer
    assert "It beats PCA at every size" in answer
    assert "PCA needs about 128 numbers" in answer
    mixed = verdicts(show(sized((0.03, 0.02, 0.015))))
    assert "It beats PCA with 8 numbers, and loses to it with 128" in mixed.answer
    assert [item.tone for item in mixed.items] == ["better", "same", "worse"]
    assert "It beats PCA at no size" in verdicts(show(sized((0.05, 0.05, 0.05)))).answer


def mapped(gain, seconds):
    names = ("pixels", "PCA", "deep autoencoder")
    metrics = ("knn_accuracy", "trustworthiness")
    score = {"value": 0.9, "low": 0.8, "high": 0.95}
    difference = {"value": gain, "low": gain - 0.01, "high": gain + 0.01}
    numbers = {
        "n_samples": 20,
        "n_trained": 50,
        "is_whole": False,
        "epochs": 3,
        "n_features": {"pixels": 784, "PCA": 32, "deep autoencoder": 32},
        "seconds": {n: {"learn": 1.0, "encode": 0.1, "map": seconds[n == "pixels"]} for n in names},
        "scores": {n: dict.fromkeys(metrics, score) for n in names},
        "differences": {
            a: {b: dict.fromkeys(metrics, difference) for b in names if b != a} for a in names
        },
        "seed": 0,
    }
    rng = np.random.default_rng(0)
    arrays = {name: rng.normal(size=(20, 2)) for name in names} | {"y": np.arange(20) % 4}
    return Results(numbers, arrays)


@pytest.mark.parametrize(
    ("gain", "seconds", "expected"),
    [
        (0.1, (5.0, 9.0), ["Yes", *["holds"] * 4]),
        (0.1, (8.0, 9.0), ["In part", "holds", "holds", "in part", "holds"]),
        (0.005, (9.0, 9.0), ["No", *["does not hold"] * 4]),
        (-0.1, (9.0, 5.0), ["No", *["does not hold"] * 4]),
    ],
)
def test_reducing_before_tsne_follows_scores_and_seconds(gain, seconds, expected):
    assert words(chapter("reducing_before_tsne").show(mapped(gain, seconds))) == expected


# -- whole chapters --------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "order"), CHAPTERS.items())
def test_chapters_have_their_places(name, order):
    assert chapter(name).order == order
    known = {"deep", "published simple", "published sparse"}
    assert set(chapter(name).needs) <= known


@pytest.mark.slow
@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_measures_and_shows(workshop, name):
    """Measure on a few images, keep and read the results, and draw every figure in both themes."""
    workshop.reports.clear()
    results = chapter(name).measure(workshop)
    assert workshop.reports
    assert all(0 <= done <= total for done, total, _ in workshop.reports)
    assert (workshop.X.shape, workshop.X_test.shape) == ((N_TRAIN, 784), (N_TEST, 784))
    kept = Results(json.loads(json.dumps(results.numbers, allow_nan=False)), results.arrays)
    before = copy.deepcopy(kept.numbers)
    content = chapter(name).show(kept)
    assert kept.numbers == before
    assert content.summary
    figures = list(content.figures())
    assert all(figure.alt.endswith(".") and figure.alt[-2] != "." for figure in figures)
    assert len({figure.name for figure in figures}) == len(figures) > 0
    for theme in (LIGHT, DARK):
        with mpl.rc_context(theme.rc):
            for figure in figures:
                assert figure.draw(theme).axes
