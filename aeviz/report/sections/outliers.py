"""Section with the samples of the largest reconstruction error, per encoder."""

import numpy as np

from aeviz.page.content import Cell, Figure, Gallery, SectionContent, Table, table
from aeviz.page.wording import capitalised, fixed, method, number
from aeviz.plots.image_lists import Outlier, outlier_images
from aeviz.report._samples import SampleNames, features_apart, image_scale, of_encoders, ranked
from aeviz.report.sections.base import Section
from aeviz.runs.results import Outliers
from aeviz.runs.run import Run

__all__ = ["SECTION"]


def _build(run: Run) -> SectionContent | None:
    if run.faithfulness is None:
        return None
    lists = [_List(run, kind, one) for kind, one in of_encoders(run, run.outliers).items()]
    if not lists:
        return None
    summary = (
        "The samples with the largest reconstruction errors of all, largest first: rare, damaged "
        "or mislabelled samples, or a kind that the encoder has not learnt. Errors are mean "
        "squared errors per feature, in prepared units."
    )
    if run.data.is_image:
        summary += " At the right of each image is its reconstruction."
        return SectionContent(summary, [Gallery([one.as_images() for one in lists], n_columns=2)])
    return SectionContent(summary, [one.as_table() for one in lists])


class _List:
    """The samples of the largest errors of one encoder, largest first."""

    def __init__(self, run: Run, kind: str, found: Outliers) -> None:
        self.run, self.kind = run, kind
        self.rows, self.reconstructions = found.rows, found.X
        self.names = SampleNames(run)
        self.is_held_out = self.names.are_held_out(self.rows)
        all_errors = run.embeddings[f"{kind}_error"].to_numpy()
        self.errors, self.median = all_errors[self.rows], float(np.median(all_errors))

    def caption(self) -> str:
        """Return the range of the errors, next to their median over all samples."""
        most, least = self.errors[0], self.errors[-1]
        text = f"Errors from {number(most)} down to {number(least)}"
        if self.median > 0:
            times, least_times = (f"{fixed(one / self.median, 1)} times" for one in (most, least))
            text += f", {times} to {least_times} the median of {number(self.median)}"
        n_held_out = int(self.is_held_out.sum())
        return f"{text}. {n_held_out} of these {len(self.rows)} were held out from training."

    def as_images(self) -> Figure:
        """Return the list as images, each next to its reconstruction."""
        scale, name = image_scale(self.run), method(self.kind)
        told = [f"error {number(error)}" for error in self.errors]
        originals = self.run.kept_samples(self.rows)
        shown = [
            *map(Outlier, map(self.names.full, self.rows), told, originals, self.reconstructions)
        ]
        words = "; ".join(f"{one.name}, {one.about}" for one in shown)
        return Figure(
            f"outliers_{self.kind}",
            lambda theme: outlier_images(shown, scale),
            f"Samples with the largest errors of {name}, with their reconstructions: {words}.",
            self.caption(),
            capitalised(name),
            has_photos=scale.shape[2] >= 3,
        )

    def as_table(self) -> Table:
        """Return the list as a table with the features of the largest errors."""
        rows = []
        for i, original in enumerate(self.run.kept_samples(self.rows)):
            split = "held out" if self.is_held_out[i] else "training"
            back = {"reconstructed as": self.reconstructions[i]}
            features = features_apart(self.run, original, back)
            error = Cell(number(self.errors[i]), split)
            rows.append([self.names.cell(self.rows[i]), error, *features])
        columns = ["Sample", "Error", *ranked("Largest error in", self.run)]
        title = capitalised(method(self.kind))
        return table(columns, rows, self.caption(), title, is_text=True)


SECTION = Section("Outliers", 42, _build)
