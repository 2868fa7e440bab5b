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

from dataclasses import dataclass
from typing import Any

import numpy as np

from aeviz.core.wording import plural
from aeviz.page.content import Figure, SectionContent, Split, Table, Text
from aeviz.page.wording import fixed, joined
from aeviz.plots.line_charts import Line
from aeviz.tutorial._blocks import Entry, Finding, finding, line_chart, percent, table, verdicts
from aeviz.tutorial._experiments import fitted, part_of
from aeviz.tutorial.chapters.base import Chapter, Results, Workshop

__all__ = ["CHAPTER"]

CODE_SIZES = (2, 8, 32)
N_TRAINED = 20_000
EPOCHS = 200

# Where an angle is small, and a share of the variance the same, in the verdict.
SMALL_ANGLE = 5.0
SAME_SHARE = 0.99


@dataclass(frozen=True, eq=False)
class Spectrum:
    """All principal components of samples, float64.

    Parameters
    ----------
    variances : ndarray of shape (n_features,)
        In falling order.
    components : ndarray of shape (n_features, n_features)
        A component a column, of length 1.
    covariance : ndarray of shape (n_features, n_features)
        Divided by n.
    """

    variances: np.ndarray
    components: np.ndarray
    covariance: np.ndarray

    @classmethod
    def of(cls, X: np.ndarray) -> Spectrum:
        """Return the spectrum of samples of shape (n_samples, n_features)."""
        centred = X.astype(np.float64)
        centred -= centred.mean(axis=0)
        covariance = centred.T @ centred / len(X)
        variances, components = np.linalg.eigh(covariance)
        return cls(variances[::-1], components[:, ::-1], covariance)

    def share(self, n_components: int) -> float:
        """Return the share of the variance that the first components keep, in [0, 1]."""
        return float(self.variances[:n_components].sum() / self.variances.sum())


def decoder_span(decoder: Any) -> np.ndarray:
    """Return the weights of a network's last dense layer, (n_features, code_size), float64."""
    return np.asarray(decoder.layers[-1].kernel, np.float64).T


def angles_of_components(span: np.ndarray, components: np.ndarray) -> np.ndarray:
    """Return the angle in degrees between each component, a column, and the span of columns.

    Examples
    --------
    >>> angles_of_components(np.eye(3)[:, :2], np.array([[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]))
    array([90.,  0.])
    """
    basis = np.linalg.qr(span)[0]
    inside = basis.T @ components
    outside = components - basis @ inside
    lengths = np.linalg.norm(outside, axis=0), np.linalg.norm(inside, axis=0)
    return np.degrees(np.arctan2(*lengths))


def share_kept(span: np.ndarray, covariance: np.ndarray) -> float:
    """Return the share of the variance that lies within a subspace, in [0, 1]."""
    basis = np.linalg.qr(span)[0]
    return float(np.sum((covariance @ basis) * basis) / np.trace(covariance))


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
        )
        given_back = model.inverse_transform(fitted(model, X).code)
        scaled = model.scaling_.transform(X)
        spectrum = Spectrum.of(scaled) if spectrum is None else spectrum
        span, first = decoder_span(model.decoder_), spectrum.components[:, :size]
        arrays[f"angles_{size}"] = angles_of_components(span, first)
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
    # With ReLU and sigmoid, next to PCA of the pixels. A unit that never was active keeps its
    # random weights; it is a direction all the same.
    of_pixels = Spectrum.of(workshop.X)
    span = decoder_span(workshop.published("simple").decoder)
    size = span.shape[1]
    arrays["angles_published"] = angles_of_components(span, of_pixels.components[:, :size])
    published = {
        "size": size,
        "share": share_kept(span, of_pixels.covariance),
        "pca_share": of_pixels.share(size),
    }
    numbers = {
        "rows": rows,
        "n_trained": len(X),
        "n_features": X.shape[1],
        "epochs": epochs,
        "seed": workshop.seed,
        "published": published,
    }
    return Results(numbers, arrays)


# -- the page --------------------------------------------------------------------------------


def _show(results: Results) -> SectionContent:
    numbers, rows = results.numbers, results.numbers["rows"]
    summary = (
        "The tutorial says of its first network, 784-32-784, that what “typically happens is that "
        "the hidden layer is learning an approximation of PCA”. For a linear network with "
        "squared error that is a theorem (Baldi and Hornik 1989): at the only minimum the decoder "
        "spans the first principal components, in any basis. Here is what training reaches, and "
        "how near the published network with its ReLU code and sigmoid output comes."
    )
    findings = [_finding(row) for row in rows]
    findings.append(_published_finding(numbers["published"], results.arrays["angles_published"]))
    question = "Does a linear autoencoder learn PCA's subspace?"
    answer = verdicts(question, findings, _answer(rows), n_counted=len(rows))
    how = (
        f"How: one linear layer in and one out, half squared error, Adam for "
        f"{plural(numbers['epochs'], 'epoch')} under a cosine that ends at a rate of 0, on "
        f"{numbers['n_trained']:,} training images, one seed ({numbers['seed']}). The network "
        "standardises each pixel, so PCA is of the same standardised images and all angles and "
        "variances are in that space, on the images trained on, of which the theorem speaks. The "
        "published network is held against PCA of all training images, unscaled; its decoder "
        "acts before a sigmoid, so no theorem says that it should agree."
    )
    return SectionContent(summary, [Split([answer], [_figure(results)]), _table(rows), Text([how])])


def _holds(found: dict[str, Any], angle: float) -> bool | None:
    """Return whether the variance kept is PCA's and the angle is small; None for one of them."""
    keeps = found["share"] >= SAME_SHARE * found["pca_share"]
    return keeps if keeps == (angle <= SMALL_ANGLE) else None


def _finding(row: dict[str, Any]) -> Finding:
    amount = (
        f"largest principal angle {fixed(row['largest_angle'], 1)}°, variance kept "
        f"{percent(row['share'], 1)} where PCA keeps {percent(row['pca_share'], 1)}"
    )
    return finding(_holds(row, row["largest_angle"]), f"{row['size']} numbers:", amount)


def _published_finding(found: dict[str, Any], angles: np.ndarray) -> Finding:
    angle = float(np.median(angles))
    amount = (
        f"median angle of the first {found['size']} components {fixed(angle, 1)}"
        f"°, its span holds {percent(found['share'], 1)} of the pixels' variance, PCA's "
        f"{percent(found['pca_share'], 1)}"
    )
    return finding(_holds(found, angle), "The published network, ReLU and sigmoid:", amount)


def _answer(rows: list[dict[str, Any]]) -> str:
    least = min(row["share"] / row["pca_share"] for row in rows)
    largest = fixed(max(row["largest_angle"] for row in rows), 1)
    told = f"The networks keep at least {percent(least, 1)} of the variance that PCA keeps. "
    close = [str(row["size"]) for row in rows if row["largest_angle"] <= SMALL_ANGLE]
    far = [str(row["size"]) for row in rows if row["largest_angle"] > SMALL_ANGLE]
    if not far:
        return f"{told}Their subspaces are at most {largest}° from PCA's."
    near = f"With {joined(close)} numbers the subspace is PCA's; with" if close else "With"
    some = f"{told}{near} {joined(far)} numbers, some direction is"
    if least < SAME_SHARE:
        return f"{some} up to {largest}° off: this training did not reach the minimum."
    return (
        f"{some} still up to {largest}° off: components of nearly equal variance are told apart "
        "last, and confusing them costs almost nothing."
    )


def _figure(results: Results) -> Figure:
    rows = results.numbers["rows"]
    named = {f"{row['size']} numbers": results.arrays[f"angles_{row['size']}"] for row in rows}
    named["published, ReLU and sigmoid"] = results.arrays["angles_published"]
    told = "; ".join(
        f"{name}: {fixed(float(y[0]), 1)}° for the first component, {fixed(float(y[-1]), 1)}° for "
        f"the last, largest {fixed(float(y.max()), 1)}°"
        for name, y in named.items()
    )
    share = rows[-1]["size"] / results.numbers["n_features"]
    caption = (
        "Angle between each principal component and the decoder's span: 0° lies in it, 90° is "
        f"missed by it. A random span of {rows[-1]['size']} directions would be at about "
        f"{fixed(float(np.degrees(np.arccos(np.sqrt(share)))), 0)}° from each."
    )
    return line_chart(
        "claim_pca_angles",
        {name: Line(np.arange(1, len(y) + 1), y) for name, y in named.items()},
        f"Angles by component. {told}.",
        caption=caption,
        title="Angle by component",
        xlabel="principal component",
        ylabel="angle, degrees",
        log_base=2,
    )


def _table(rows: list[dict[str, Any]]) -> Table:
    heads: list[Entry] = [
        "Numbers",
        ("Largest angle", "degrees"),
        ("Kept by the network", "of the variance"),
        ("Kept by PCA", "of the variance"),
        ("Edge", "last variance to the next"),
    ]
    cells = [
        [
            str(row["size"]),
            fixed(row["largest_angle"], 2),
            percent(row["share"], 1),
            percent(row["pca_share"], 1),
            fixed(row["edge_ratio"], 3),
        ]
        for row in rows
    ]
    caption = (
        "The edge is the variance of the last component kept over that of the first left out: "
        "the nearer to 1, the less it matters which of the two is learnt, and the longer it takes."
    )
    return table(heads, cells, caption, title="Linear autoencoders next to PCA")


CHAPTER = Chapter(
    "A linear autoencoder learns PCA's subspace", 110, _measure, _show, needs=("published simple",)
)
