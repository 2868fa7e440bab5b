"""Find the new samples that were added to a finished run, and what is known of them.

Each source has a folder of its own below the run's ``added`` folder. It is written by
`aeviz.pipeline.add_samples`; the report only reads it. To remove new samples again, delete
their folder.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aeviz.core.schema import read_checked
from aeviz.runs.page_samples import Browsable
from aeviz.runs.run import Run

__all__ = ["SCHEMA", "Added", "fitted_keys"]

SCHEMA = 1
INFO = "added.json"
TABLE = "placed.parquet"
TEXTS = "annotations.parquet"
CODES = "codes.npz"
BROWSE = "browse"


def fitted_keys(run: Run) -> list[str]:
    """Return the keys of the steps of a run that places depend on."""
    names = {f"encode {kind}" for kind in run.encoders}
    names |= {f"embed {pair.encoder} {pair.embedding}" for pair in run.pairs}
    return sorted(step.key for step in run.steps if step.name in names)


def _read(path: Path) -> dict[str, Any]:
    remake = f"delete the folder {path.parent}, and add the samples again"
    return read_checked(path, reads=SCHEMA, remake=remake)


class Added:
    """Read new samples of one source.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    AevizError
        If what is known of them is damaged or of another schema.

    Attributes
    ----------
    info : dict
        `record`, how they were read; `fitted`, the `fitted_keys` of the run; `label_kind`
        (``"classes"``, ``"continuous"`` or None);
        `has_ids`, whether they have ids that are none of the run's; `left_out`, pictures that
        could not take them, and why; `bounds` of errors and distances, beyond which a sample is
        unlike the run's own; `agreement`, of every picture and code how often a sample's nearest
        of the run carry its label: `encoder`, `embedding`, `value`, `low`, `high`, `n`, and `own`,
        the same score of the run's own samples, None where it was not measured.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.info: dict[str, Any] = _read(folder / INFO)

    @classmethod
    def all(cls, run: Run) -> list[Added]:
        """Return what was added to a run, by name; nothing that was placed before it was refitted.

        Such is there only until the run is finished again.
        """
        fitted = fitted_keys(run)
        return [one for one in cls.kept(run) if one.info["fitted"] == fitted]

    @classmethod
    def kept(cls, run: Run) -> list[Added]:
        """Return everything that was added to a run, by name."""
        found = sorted(run.added_path.glob(f"*/{INFO}"))
        return [cls(path.parent) for path in found if not path.parent.name.startswith(".")]

    @property
    def name(self) -> str:
        """Return what the samples are called: the name of their folder."""
        return self.folder.name

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return one row per sample: coordinates, outlier scores and further labels."""
        return pd.read_parquet(self.folder / TABLE)

    @cached_property
    def annotations(self) -> pd.DataFrame:
        """Return texts that are shown with the samples; mostly without columns."""
        path = self.folder / TEXTS
        return pd.read_parquet(path) if path.is_file() else pd.DataFrame(index=self.table.index)

    @cached_property
    def browsable(self) -> Browsable | None:
        """Return what a page shows of single samples, None where the run has none of its own."""
        return Browsable.read(self.folder / BROWSE)

    def code(self, kind: str) -> np.ndarray:
        """Return the samples' codes, shape (n_samples, code_size)."""
        with np.load(self.folder / CODES, allow_pickle=False) as found:
            return np.asarray(found[kind])

    def names(self) -> list[str]:
        """Return what each sample is called: its id, or its number behind the source's name."""
        ids = self.table["sample_id"].astype(str)
        return list(ids) if self.info["has_ids"] else [f"{self.name} {one}" for one in ids]

    def beyond(self) -> dict[str, np.ndarray]:
        """Return by every error and distance which samples are beyond what is usual."""
        table = self.table
        return {
            column: (table[column] > bound).to_numpy()
            for column, bound in self.info["bounds"].items()
        }
