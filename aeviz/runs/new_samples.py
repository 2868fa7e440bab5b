"""Read the new samples that were added to a finished run.

Each source has a folder of its own below the run's ``added`` folder. `aeviz.pipeline.add_samples`
writes it; the report only reads it. To remove new samples, delete their folder.
"""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd

from aeviz.core.schema import read_checked
from aeviz.runs.page_samples import Browsable
from aeviz.runs.run import Run

__all__ = ["Added", "fitted_keys", "outlier_score"]


def fitted_keys(run: Run) -> list[str]:
    """Return the keys of a run's steps that coordinates of new samples depend on."""
    names = {f"encode {kind}" for kind in run.encoders}
    names |= {f"embed {pair.encoder} {pair.embedding}" for pair in run.pairs}
    return sorted(step.key for step in run.steps if step.name in names)


def outlier_score(values: Mapping[str, np.ndarray], bounds: Mapping[str, float]) -> Any:
    """Return how unusual samples are among those of a run.

    Parameters
    ----------
    values : mapping of str to ndarray of shape (n_samples,)
        Errors and distances.
    bounds : mapping of str to float
        Values that nearly all of the run's own samples do not exceed, by the same names.

    Returns
    -------
    ndarray of shape (n_samples,), or NaN where there are no values
        The largest ratio of a value to its bound; above 1 a sample is an outlier.
    """
    ratios = [values[name] / (bound or 1.0) for name, bound in bounds.items()]
    return np.max(ratios, axis=0) if ratios else np.nan


class Added:
    """New samples of one source.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    AevizError
        If their record is damaged or of another schema.

    Attributes
    ----------
    info : dict
        `record`, how they were read; `fitted`, the `fitted_keys` of the run; `label_kind`
        (``"classes"``, ``"continuous"`` or None); `has_ids`, whether their ids differ from the
        run's; `left_out`, embeddings that could not transform them, and why; `bounds` of errors
        and distances, above which a sample is an outlier; `agreement`, for every code and
        embedding how often the nearest samples of the run have a sample's label: `encoder`,
        `embedding`, `value`, `low`, `high`, `n`, and `own`, the same score of the run's own
        samples, None where it was not measured.
    """

    SCHEMA: ClassVar[int] = 1
    # The names of its files and of the folder of what the page shows of single samples.
    INFO: ClassVar[str] = "added.json"
    TABLE: ClassVar[str] = "placed.parquet"
    TEXTS: ClassVar[str] = "annotations.parquet"
    CODES: ClassVar[str] = "codes.npz"
    BROWSE: ClassVar[str] = "browse"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        remake = f"delete the folder {folder}, and add the samples again"
        self.info = read_checked(folder / self.INFO, reads=self.SCHEMA, remake=remake)

    @classmethod
    def all(cls, run: Run) -> list[Self]:
        """Return the new samples of a run, sorted by name.

        Samples that were transformed before the run was fitted again are not among them; there
        are such only until the run is finished.
        """
        fitted = fitted_keys(run)
        return [one for one in cls.kept(run) if one.info["fitted"] == fitted]

    @classmethod
    def kept(cls, run: Run) -> list[Self]:
        """Return all new samples in a run's folder, sorted by name."""
        found = sorted(run.added_path.glob(f"*/{cls.INFO}"))
        return [cls(path.parent) for path in found if not path.parent.name.startswith(".")]

    @property
    def name(self) -> str:
        """Return the name of the samples, which is that of their folder."""
        return self.folder.name

    @cached_property
    def table(self) -> pd.DataFrame:
        """Return one row per sample: coordinates, outlier scores and further labels."""
        table = pd.read_parquet(self.folder / self.TABLE)
        if "outlier_score" not in table.columns:  # of version 0.1.0
            table = table.rename(columns={"is_unlike": "is_outlier"})
            bounds = self.info["bounds"]
            score = outlier_score({name: table[name].to_numpy() for name in bounds}, bounds)
            table.insert(table.columns.get_loc("is_outlier"), "outlier_score", score)
        return table

    @cached_property
    def annotations(self) -> pd.DataFrame:
        """Return texts that are shown with the samples; often there are no columns."""
        path = self.folder / self.TEXTS
        return pd.read_parquet(path) if path.is_file() else pd.DataFrame(index=self.table.index)

    @cached_property
    def browsable(self) -> Browsable | None:
        """Return the samples as a page shows them, None if it shows none of the run's own."""
        return Browsable.read(self.folder / self.BROWSE)

    def code(self, kind: str) -> np.ndarray:
        """Return the samples' codes, shape (n_samples, code_size)."""
        with np.load(self.folder / self.CODES, allow_pickle=False) as found:
            return np.asarray(found[kind])

    def names(self) -> list[str]:
        """Return the name of each sample: its id, or the source's name and its number."""
        ids = self.table["sample_id"].astype(str)
        return list(ids) if self.info["has_ids"] else [f"{self.name} {one}" for one in ids]

    def beyond(self) -> dict[str, np.ndarray]:
        """Return for every error and distance which samples exceed its bound."""
        table = self.table
        return {
            column: (table[column] > bound).to_numpy()
            for column, bound in self.info["bounds"].items()
        }
