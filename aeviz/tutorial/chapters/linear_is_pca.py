"""Test whether a linear autoencoder learns the subspace of the first principal components.

Baldi and Hornik [1]_ proved it of the global minimum, and that there is no other minimum.
What training reaches in finite time is another matter, and is measured here.

References
----------
.. [1] Baldi, P., Hornik, K. (1989). Neural networks and principal component analysis:
   learning from examples without local minima. Neural Networks 2, 53-58.
   doi:10.1016/0893-6080(89)90014-2.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from aeviz.core.wording import plural
from aeviz.page.content import (
    Figure,
    SectionContent,
    Split,
    Table,
    Text,
)
from aeviz.page.wording import fixed, joined
from aeviz.plots.line_charts import Line
from aeviz.tutorial._charts import line_chart
from aeviz.tutorial._errors import part_of
from aeviz.tutorial._findings import Finding, finding, verdicts
from aeviz.tutorial._subspaces import Spectrum, angles_of_components, decoder_span, share_kept
from aeviz.tutorial._tables import percent, table
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZES = (2, 8, 32)
N_TRAINED = 20_000
EPOCHS = 200
PUBLISHED_SIZE = 32

# Where an angle is small, and a share of the variance the same, in the verdict.
SMALL_ANGLE = 5.0
SAME_SHARE = 0.99


def _measure(workshop: Workshop) -> Results:
    from scipy.linalg import subspace_angles

    from aeviz.encoders.simple import SimpleAutoencoder

    X = part_of(workshop.X, N_TRAINED, seed=workshop.seed)
    epochs = workshop.epochs(EPOCHS)
    sizes = [size for size in CODE_SIZES if size < min(X.shape)]
    rows: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray] = {}
    spectrum: Spectrum | None = None
    for i, size in enumerate(sizes):
        workshop.update(i, len(sizes) + 1, f"a linear autoencoder with {size} numbers")
        model = SimpleAutoencoder(
            size, loss="gaussian", epochs=epochs, validation_fraction=0, random_state=workshop.seed
        ).fit(X)
        scaled = model.scaling_.transform(X)
        spectrum = Spectrum.of(scaled) if spectrum is None else spectrum
        span = decoder_span(model.decoder_)
        first = spectrum.components[:, :size]
        arrays[f"angles_{size}"] = angles_of_components(span, first)
        given_back = model.inverse_transform(model.transform(X))
        lost = np.square(scaled - model.scaling_.transform(given_back), dtype=np.float64)
        rows.append(
            {
                "size": size,
                "largest_angle": float(np.degrees(subspace_angles(span, first).max())),
                "share": 1.0 - float(lost.sum(axis=1).mean() / spectrum.variances.sum()),
                "pca_share": spectrum.share(size),
                "edge_ratio": float(spectrum.variances[size - 1] / spectrum.variances[size]),
            }
        )
    workshop.update(len(sizes), len(sizes) + 1, "the published network")
    numbers = {
        "rows": rows,
        "n_trained": len(X),
        "n_features": X.shape[1],
        "epochs": epochs,
        "seed": workshop.seed,
        "published": _published(workshop, arrays),
    }
    return Results(numbers, arrays)


def _published(workshop: Workshop, arrays: dict[str, np.ndarray]) -> dict[str, float]:
    """Compare the published network, with ReLU and sigmoid, to PCA of the pixels."""
    spectrum = Spectrum.of(workshop.X)
    span = decoder_span(workshop.published("simple").decoder)
    # A unit that never was active keeps its random weights; it is a direction all the same.
    size = span.shape[1]
    arrays["angles_published"] = angles_of_components(span, spectrum.components[:, :size])
    return {
        "size": size,
        "share": share_kept(span, spectrum.covariance),
        "pca_share": spectrum.share(size),
    }


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers = results.numbers
    summary = (
        "The tutorial says of its first network, 784-32-784, that what “typically happens is that "
        "the hidden layer is learning an approximation of PCA”. For a linear network with "
        "squared error that is a theorem (Baldi and Hornik 1989): at the only minimum the decoder "
        "spans the first principal components, in any basis. Here is what training reaches, and "
        "how near the published network with its ReLU code and sigmoid output comes."
    )
    rows = numbers["rows"]
    findings = [*map(_finding, rows), _published_finding(results)]
    question = "Does a linear autoencoder learn PCA's subspace?"
    answer = verdicts(question, findings, _answer(rows), n_counted=len(rows))
    return SectionContent(
        summary, [Split([answer], [_figure(results)]), _table(results), Text([_how(numbers)])]
    )


def _finding(row: dict[str, Any]) -> Finding:
    keeps = row["share"] >= SAME_SHARE * row["pca_share"]
    is_same = row["largest_angle"] <= SMALL_ANGLE
    holds = True if keeps and is_same else None if keeps or is_same else False
    amount = (
        f"largest principal angle {fixed(row['largest_angle'], 1)}°, variance kept "
        f"{percent(row['share'], 1)} where PCA keeps {percent(row['pca_share'], 1)}"
    )
    return finding(holds, f"{row['size']} numbers:", amount)


def _published_finding(results: Results) -> Finding:
    found = results.numbers["published"]
    angles = results.arrays["angles_published"]
    keeps = found["share"] >= SAME_SHARE * found["pca_share"]
    is_near = float(np.median(angles)) <= SMALL_ANGLE
    holds = True if keeps and is_near else None if keeps or is_near else False
    amount = (
        f"median angle of the first {found['size']} components {fixed(float(np.median(angles)), 1)}"
        f"°, its span holds {percent(found['share'], 1)} of the pixels' variance, PCA's "
        f"{percent(found['pca_share'], 1)}"
    )
    return finding(holds, "The published network, ReLU and sigmoid:", amount)


def _answer(rows: list[dict[str, Any]]) -> str:
    least = min(row["share"] / row["pca_share"] for row in rows)
    largest = max(row["largest_angle"] for row in rows)
    close = [str(row["size"]) for row in rows if row["largest_angle"] <= SMALL_ANGLE]
    far = [str(row["size"]) for row in rows if row["largest_angle"] > SMALL_ANGLE]
    told = f"The networks keep at least {percent(least, 1)} of the variance that PCA keeps. "
    if not far:
        return f"{told}Their subspaces are at most {fixed(largest, 1)}° from PCA's."
    near = f"With {joined(close)} numbers the subspace is PCA's; with" if close else "With"
    return (
        f"{told}{near} {joined(far)} numbers, some direction is still up to {fixed(largest, 1)}° "
        "off: components of nearly equal variance are told apart last, and confusing them costs "
        "almost nothing."
        if least >= SAME_SHARE
        else f"{told}{near} {joined(far)} numbers, some direction is up to {fixed(largest, 1)}° "
        "off: this training did not reach the minimum."
    )


def _figure(results: Results) -> Figure:
    rows = results.numbers["rows"]
    named = {f"{row['size']} numbers": results.arrays[f"angles_{row['size']}"] for row in rows}
    named["published, ReLU and sigmoid"] = results.arrays["angles_published"]
    series = {name: Line(np.arange(1, len(y) + 1), y) for name, y in named.items()}
    told = "; ".join(
        f"{name}: {fixed(float(y[0]), 1)}° for the first component, {fixed(float(y[-1]), 1)}° for "
        f"the last, largest {fixed(float(y.max()), 1)}°"
        for name, y in named.items()
    )
    caption = (
        "Angle between each principal component and the decoder's span: 0° lies in it, 90° is "
        "missed by it. " + _random_told(rows[-1]["size"], results.numbers["n_features"])
    )
    draw = line_chart(series, xlabel="principal component", ylabel="angle, degrees", log_base=2)
    return Figure(
        "claim_pca_angles", draw, f"Angles by component. {told}.", caption, "Angle by component"
    )


def _random_told(size: int, n_features: int) -> str:
    angle = float(np.degrees(np.arccos(np.sqrt(size / n_features))))
    return f"A random span of {size} directions would be at about {fixed(angle, 0)}° from each."


def _table(results: Results) -> Table:
    columns = ("Numbers", "Largest angle", "Kept by the network", "Kept by PCA", "Edge")
    notes = ("", "degrees", "of the variance", "of the variance", "last variance to the next")
    rows = [
        [
            str(row["size"]),
            fixed(row["largest_angle"], 2),
            percent(row["share"], 1),
            percent(row["pca_share"], 1),
            fixed(row["edge_ratio"], 3),
        ]
        for row in results.numbers["rows"]
    ]
    caption = (
        "The edge is the variance of the last component kept over that of the first left out: "
        "the nearer to 1, the less it matters which of the two is learnt, and the longer it takes."
    )
    heads = list(zip(columns, notes, strict=True))
    return table(heads, rows, caption, title="Linear autoencoders next to PCA")


def _how(numbers: dict[str, Any]) -> str:
    return (
        f"How: one linear layer in and one out, half squared error, Adam for "
        f"{plural(numbers['epochs'], 'epoch')} under a cosine that ends at a rate of 0, on "
        f"{numbers['n_trained']:,} training images, one seed ({numbers['seed']}). The network "
        "standardises each pixel, so PCA is of the same standardised images and all angles and "
        "variances are in that space, on the images trained on, of which the theorem speaks. The "
        "published network is held against PCA of all training images, unscaled; its decoder "
        "acts before a sigmoid, so no theorem says that it should agree."
    )


CHAPTER = Chapter(
    "A linear autoencoder learns PCA's subspace",
    110,
    _measure,
    _show,
    needs=("published simple",),
)
