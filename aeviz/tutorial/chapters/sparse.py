"""Walk through the tutorial's sparse network: a penalty on the values of the code."""

from typing import Any

import numpy as np

from aeviz.page.content import Figure, Gallery, SectionContent
from aeviz.page.figures import one_axes
from aeviz.page.wording import fixed
from aeviz.plots.line_charts import histograms
from aeviz.tutorial._blocks import percent, table
from aeviz.tutorial._model_blocks import OWNERS, model_blocks
from aeviz.tutorial._model_numbers import cross_entropy, decoded, encoded, measure_models
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop
from aeviz.tutorial.model_comparison import compare

__all__ = ["CHAPTER"]

N_BINS = 60
HIGHEST_PERCENT = 99.5
KINDS = ("simple", "sparse")


def _measure(workshop: Workshop) -> Results:
    results, X = measure_models(workshop, "sparse"), workshop.X_test
    codes = {
        "published": {kind: encoded(workshop.published(kind), X) for kind in KINDS},
        "ours": {kind: workshop.ours(kind).transform(X) for kind in KINDS},
    }
    given_back = decoded(workshop.published("sparse"), codes["published"]["sparse"])
    numbers: dict[str, Any] = {
        **results.numbers,
        # Without the penalty, so that it can be compared with ours.
        "published_cross_entropy": cross_entropy(X, given_back),
        "codes": {
            owner: {kind: _code_numbers(code) for kind, code in of_owner.items()}
            for owner, of_owner in codes.items()
        },
    }
    arrays = dict(results.arrays)
    for owner, of_owner in codes.items():
        values = np.concatenate([code.ravel() for code in of_owner.values()])
        # Bins hold nearly all values of both codes.
        low, high = np.percentile(values, (100 - HIGHEST_PERCENT, HIGHEST_PERCENT))
        edges = np.linspace(min(0.0, float(low)), max(float(high), 1e-6), N_BINS + 1)
        arrays[f"{owner}_edges"] = edges
        for kind, code in of_owner.items():
            counts = np.histogram(np.clip(code, edges[0], edges[-1]), edges)[0]
            arrays[f"{owner}_{kind}"] = counts / code.size
    return Results(numbers, arrays)


def _code_numbers(code: np.ndarray) -> dict[str, float]:
    """Return the mean of a code's values, the share that is zero, and units that always are."""
    return {
        "mean": float(code.mean(dtype=np.float64)),
        "zero": float(np.mean(code == 0.0)),
        "silent_units": int(np.sum(~np.any(code != 0.0, axis=0))),
        "n_units": code.shape[1],
    }


def _show(results: Results) -> SectionContent:
    summary = (
        "The same network, with a penalty on the values of the code, so that few of them are large "
        "for any one image."
    )
    told = compare("sparse", results.numbers)
    loss, entropy = told.here["test"], float(results.numbers["published_cross_entropy"])
    parts = (
        f"The published network’s loss of {told.loss(loss)} is {told.loss(entropy)} "
        f"of cross-entropy and {told.loss(loss - entropy)} the penalty. aeviz’s "
        "figure is cross-entropy alone."
    )
    history = (
        "The penalty was published as 10⁻⁷ a unit of the code, for a Keras that summed it over the "
        "batch of 256. Today’s Keras takes the mean, and then 10⁻⁷ does nothing: in whole "
        "trainings the mean value of the code is 8.7 and the test loss 0.0958. With the sum, which "
        "the network here has, the mean value is 5.4, where 5.3 was published."
    )
    blocks = model_blocks("sparse", results, parts, history, reference=entropy)
    rows = [
        [
            f"{'Published' if owner == 'published' else 'aeviz'}, {kind}",
            fixed(numbers["mean"], 2),
            percent(numbers["zero"], 1),
            f"{numbers['silent_units']} of {numbers['n_units']}",
        ]
        for owner, of_owner in results.numbers["codes"].items()
        for kind, numbers in of_owner.items()
    ]
    heads = ("Code", "Mean value", "Values at zero", "Units always zero")
    caption = (
        "Codes of the test images. The simple network is the same without penalty; aeviz’s simple "
        "code is linear, so that its values have both signs and none is exactly zero."
    )
    sparsity = table(heads, rows, caption, title="How sparse the codes are")
    figures = [_histogram(owner, results) for owner in OWNERS]
    return SectionContent(summary, [*blocks, sparsity, Gallery(figures, n_columns=2)])


def _histogram(owner: str, results: Results) -> Figure:
    edges = results.arrays[f"{owner}_edges"]
    shares = {kind: 100 * results.arrays[f"{owner}_{kind}"] for kind in KINDS}

    def fill(ax: Any) -> None:
        histograms(shares, edges, ax=ax, xlabel="value in the code", ylabel="% of all values")

    draw = one_axes(508, 300, fill, left=54, right=12, top=10, bottom=40)
    told = ", ".join(
        f"{kind} {percent(numbers['zero'], 1)} at zero, mean {fixed(numbers['mean'], 2)}"
        for kind, numbers in results.numbers["codes"][owner].items()
    )
    alt = f"Histograms of the values in the codes of test images, {OWNERS[owner]}: {told}."
    caption = "Values of all units for all test images; the outermost bins hold what lies beyond."
    title = f"Values in the code, {OWNERS[owner]}"
    return Figure(f"sparse_codes_{owner}", draw, alt, caption, title)


CHAPTER = Chapter(
    "A sparse code",
    20,
    _measure,
    _show,
    needs=("published simple", "published sparse", "simple", "sparse"),
)
