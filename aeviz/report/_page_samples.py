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
    added : list of Added
        Those of which there is something to show.
    """

    run: Run
    found: Browsable
    added: list[Added]

    @classmethod
    def of(cls, run: Run) -> PageSamples | None:
        """Return the samples of a run's page, None for runs that kept none for it."""
        found = Browsable.read(run.browse_path)
        if found is None or not run.pairs:
            return None
        return cls(run, found, [one for one in Added.all(run) if one.browsable is not None])

    @property
    def n_old(self) -> int:
        """Return the number of the run's own samples on the page."""
        return len(self.found.rows)

    @property
    def n_samples(self) -> int:
        """Return the number of all samples on the page."""
        return self.n_old + sum(self.n_by_source)

    @property
    def has_new(self) -> bool:
        """Whether there are new samples."""
        return bool(self.added)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return one row per sample as `Run.embeddings` does; new samples have the split new."""
        own = self.run.embeddings.iloc[self.found.rows].reset_index(drop=True)
        if not self.added:
            return own
        new = [
            one.table.iloc[shown.rows].assign(
                split=NEW, sample_id=np.array(one.names(), dtype=object)[shown.rows]
            )
            for one, shown in zip(self.added, self._shown, strict=True)
        ]
        own = own.assign(sample_id=own["sample_id"].astype(str))
        return pd.concat([own, *new], ignore_index=True)

    @property
    def new(self) -> pd.DataFrame:
        """Return the rows of new samples."""
        return self.table.iloc[self.n_old :]

    @property
    def source_numbers(self) -> np.ndarray:
        """Return of every new sample the number of its source."""
        return np.repeat(np.arange(len(self.added)), self.n_by_source)

    @property
    def n_by_source(self) -> list[int]:
        """Return the number of new samples on the page, by source."""
        return [len(one.rows) for one in self._shown]

    @property
    def has_label(self) -> np.ndarray:
        """Whether each new sample has labels of the run's kind."""
        kinds = [one.info["label_kind"] is not None for one in self.added]
        return np.array(kinds, bool)[self.source_numbers]

    @property
    def features(self) -> np.ndarray:
        """Return the features that are kept, in the units of the source."""
        return np.concatenate([self.found.X, *(one.X for one in self._shown)])

    def code(self, kind: str) -> np.ndarray:
        """Return codes."""
        own = np.asarray(self.run.code(kind))[self.found.rows]
        new = [
            one.code(kind)[shown.rows] for one, shown in zip(self.added, self._shown, strict=True)
        ]
        return np.concatenate([own, *new]) if new else own

    def thumbnails(self) -> tuple[list[bytes], np.ndarray | None] | None:
        """Return sheets, and the sample of every tile of them; None if tile i is sample i."""
        images = self.found.images
        if images is None:
            return None
        sheets, tiles = list(images.sheets), [images.rows]
        start = self.n_old
        for one in self._shown:
            if one.images is not None:
                # A sheet that is not full is filled up, for the next begins with its own tiles.
                gap = -sum(map(len, tiles)) % PER_SHEET
                tiles += [np.full(gap, OUTSIDE), start + one.images.rows]
                sheets += one.images.sheets
            start += len(one.rows)
        if not self.added:
            return sheets, None if len(images.rows) == self.n_old else images.rows
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
            cut = {name: _cut(texts, length) for name, texts in columns.items()}
            sizes = {name: sum(len(one.encode()) for one in texts) for name, texts in cut.items()}
            if sum(sizes.values()) <= max_bytes:
                break
        notes: list[str] = []
        kept: list[Annotation] = []
        n_bytes = 0
        for name, texts in cut.items():
            if n_bytes + sizes[name] > max_bytes:
                continue
            n_bytes += sizes[name]
            kept.append({"title": name, "texts": blobs.json(texts)})
        left = [name for name in cut if name not in {one["title"] for one in kept}]
        if left:
            names = ", ".join(name[:40] for name in left[:5])
            notes.append(
                f"Texts that are too long for the page: {names}; the run's folder has all."
            )
        if any(len(text) > length for texts in columns.values() for text in texts):
            notes.append(f"Texts are cut after {length} characters; the run's folder has all.")
        return kept, notes

    @cached_property
    def _shown(self) -> list[Browsable]:
        return [one.browsable for one in self.added if one.browsable is not None]

    def _annotation(self, name: str) -> pd.Series:
        own = self.run.annotations[name].iloc[self.found.rows]
        new = [
            one.annotations.get(name, pd.Series([None] * len(one.table))).iloc[shown.rows]
            for one, shown in zip(self.added, self._shown, strict=True)
        ]
        texts = pd.concat([own, *new]) if new else own
        return texts.where(texts.notna(), "")


def _cut(texts: pd.Series, length: int) -> list[str]:
    return [text if len(text) <= length else text[: length - 1] + "…" for text in texts]
