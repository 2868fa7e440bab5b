"""Samples of a page in one order: those of the run, then new ones, one source after another.

New samples have no split and no shares of wrong neighbours, and no coordinates in embeddings that
could not transform them: these are missing in their rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from aeviz.page.blobs import Blobs
from aeviz.page.wording import shortened
from aeviz.plots.thumbnails import PER_SHEET
from aeviz.report.manifest import Annotation
from aeviz.runs.new_samples import Added
from aeviz.runs.page_samples import Browsable
from aeviz.runs.run import Run

__all__ = ["OUTSIDE", "PageSamples"]

OUTSIDE = 0xFFFFFFFF
NEW = "new"
_LENGTHS = (200, 80, 40, 20)


@dataclass(frozen=True, eq=False)
class PageSamples:
    """Samples that the page shows one by one.

    Parameters
    ----------
    run : Run
    found : Browsable
        Of the run's own samples.
    sources : list of (Added, Browsable)
        New samples of which there is something to show, and what is shown of them.
    """

    run: Run
    found: Browsable
    sources: list[tuple[Added, Browsable]]

    @classmethod
    def of(cls, run: Run) -> PageSamples | None:
        """Return the samples of a run's page, None for runs that kept none for it."""
        found = Browsable.read(run.browse_path)
        if found is None or not run.pairs:
            return None
        every = [(one, one.browsable) for one in Added.all(run)]
        return cls(run, found, [(one, shown) for one, shown in every if shown is not None])

    @property
    def n_old(self) -> int:
        """Return the number of the run's own samples on the page."""
        return len(self.found.rows)

    @property
    def n_samples(self) -> int:
        """Return the number of all samples on the page."""
        return self.n_old + sum(self.n_by_source)

    def part_words(self) -> str:
        """Return a sentence on how many of the run's own samples the page shows."""
        return (
            f"The maps show {self.n_old:,} of {self.run.data.n_samples:,} samples, drawn at random "
            "without regard to label or position. Scores and figures use all."
        )

    @property
    def n_by_source(self) -> list[int]:
        """Return the number of new samples on the page, by source."""
        return [len(shown.rows) for _, shown in self.sources]

    @property
    def source_numbers(self) -> np.ndarray:
        """Return of every new sample the number of its source."""
        return np.repeat(np.arange(len(self.sources)), self.n_by_source)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return one row per sample as `Run.embeddings` does; new samples have the split new."""
        own = self.run.embeddings.iloc[self.found.rows].reset_index(drop=True)
        if not self.sources:
            return own
        new = []
        for one, shown in self.sources:
            ids = np.array(one.names(), dtype=object)[shown.rows]
            new.append(one.table.iloc[shown.rows].assign(split=NEW, sample_id=ids))
        own = own.assign(sample_id=own["sample_id"].astype(str))
        return pd.concat([own, *new], ignore_index=True)

    @property
    def new(self) -> pd.DataFrame:
        """Return the rows of new samples."""
        return self.table.iloc[self.n_old :]

    @property
    def has_label(self) -> np.ndarray:
        """Whether each new sample has labels of the run's kind."""
        kinds = [one.info["label_kind"] is not None for one, _ in self.sources]
        return np.array(kinds, bool)[self.source_numbers]

    def code(self, kind: str) -> np.ndarray:
        """Return codes."""
        own = np.asarray(self.run.code(kind))[self.found.rows]
        new = [one.code(kind)[shown.rows] for one, shown in self.sources]
        return np.concatenate([own, *new])

    def thumbnails(self) -> tuple[list[bytes], np.ndarray | None] | None:
        """Return sheets, and the sample of every tile of them; None if tile i is sample i."""
        images = self.found.images
        if images is None:
            return None
        sheets, tiles = list(images.sheets), [images.rows]
        start = self.n_old
        for _, shown in self.sources:
            if shown.images is not None:
                # A sheet that is not full is filled up, for the next begins with its own tiles.
                gap = -sum(map(len, tiles)) % PER_SHEET
                tiles += [np.full(gap, OUTSIDE), start + shown.images.rows]
                sheets += shown.images.sheets
            start += len(shown.rows)
        if not self.sources and len(images.rows) == self.n_old:
            return sheets, None
        return sheets, np.concatenate(tiles)

    def texts(self, blobs: Blobs, max_bytes: int) -> tuple[list[Annotation], list[str]]:
        """Return annotations for the page, and sentences on what it leaves out.

        All are cut to one length, the longest at which they fit; if the shortest length is too
        long for all of them, the page has the first ones.
        """
        columns = {name: self._annotation(name) for name in self.run.annotations.columns}
        if not columns:
            return [], []
        for length in _LENGTHS:
            cut = {
                name: [shortened(one, length) for one in texts] for name, texts in columns.items()
            }
            sizes = {name: sum(len(one.encode()) for one in texts) for name, texts in cut.items()}
            if sum(sizes.values()) <= max_bytes:
                break
        kept: list[Annotation] = []
        left, notes = [], []
        for name, texts in cut.items():
            if sizes[name] > max_bytes:
                left.append(name)
                continue
            max_bytes -= sizes[name]
            kept.append({"title": name, "texts": blobs.json(texts)})
        if left:
            names = ", ".join(name[:40] for name in left[:5])
            notes.append(
                f"Texts that are too long for the page: {names}; the run's folder has all."
            )
        if any(len(text) > length for texts in columns.values() for text in texts):
            notes.append(f"Texts are cut after {length} characters; the run's folder has all.")
        return kept, notes

    def _annotation(self, name: str) -> list[str]:
        texts = [self.run.annotations[name].iloc[self.found.rows]]
        for one, shown in self.sources:
            found = one.annotations.get(name, pd.Series([None] * len(one.table)))
            texts.append(found.iloc[shown.rows])
        return ["" if pd.isna(text) else text for column in texts for text in column]
