"""Options for preparing samples, for training networks, and for what a report shows."""

from dataclasses import dataclass
from typing import Any

from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.settings._option import NAMES, Options, option

__all__ = ["QUICK", "PreparationOptions", "ReportOptions", "TrainingOptions"]

QUICK = {"sample": 2000, "epochs": 20, "seeds": 1}
"""What `quick` chooses where nothing else is asked for."""


@dataclass(frozen=True, kw_only=True)
class PreparationOptions(Options):
    """Options for what is done to the values before anything is fitted.

    All of it is learnt from the training samples, and done to new samples too.

    Parameters
    ----------
    scale, transform, top_features
        As in `aeviz.data.scaling.Scaling.fit`.
    """

    @property
    def preparation(self) -> dict[str, Any]:
        """Return the parameters of `aeviz.data.prepared.prepare`."""
        return {name: getattr(self, name) for name in PreparationOptions.names()}

    scale: str = option(
        "How values are scaled: every feature to mean 0 and variance 1, to [0, 1], every sample "
        "to length one (neighbors of the cosine), or not at all; auto is standard for tables and "
        "one range for images.",
        default="auto",
        choices=("auto", "standard", "minmax", "unit", "none"),
    )
    transform: str = option(
        "What is done to values before: log(1 + x), arcsinh(x / 5) as for mass cytometry, "
        "arcsinh(x / 150) as for fluorescence, or counts: every sample to the median total, then "
        "log(1 + x), as single-cell tools do.",
        default="none",
        choices=("none", "log1p", "arcsinh", "arcsinh150", "counts"),
    )
    top_features: int | None = option(
        "Keep the N features with the largest variance, after the transform and before scaling.",
        low=2,
        metavar="N",
    )


@dataclass(frozen=True, kw_only=True)
class TrainingOptions(Options):
    """Options for training networks.

    Parameters
    ----------
    code_size, epochs, batch_size : int, at least 1, or None
        None chooses by the number of samples and of features.
    tensorboard : str or None
        Folder for a log of losses, weights and codes that TensorBoard reads.
    """

    code_size: int | None = option(
        "Size of the code; a latent plane keeps 2.  [default: the encoder’s own, mostly 32]", low=1
    )
    epochs: int | None = option(
        "Most epochs of every network.  [default: by the data's size]", low=1
    )
    batch_size: int | None = option("Samples per update.  [default: by the data's size]", low=1)
    tensorboard: str | None = option(
        "Log losses, weights and codes for TensorBoard; best a new folder each time.",
        metavar="DIR",
        is_recorded=False,
    )


@dataclass(frozen=True, kw_only=True)
class ReportOptions(Options):
    """Options for what a report shows and where it is written.

    Parameters
    ----------
    out : str or None
        The run's folder; None is ``reports/<name>``, with the name of the data set.
    encoder : tuple of str, default ("residual", "pca", "variational")
        Names of encoders (``aeviz list encoders``), at least one.
    embedding : tuple of str, default ("tsne", "umap")
        Names of embeddings (``aeviz list embeddings``), at least one.
    map, code : tuple of str
        Coordinates and codes that the user has, each as ``PLACE`` or ``NAME=PLACE``: columns of the
        source (``x,y``, ``PC_*``), ``obsm/X_umap`` of an ``.h5ad`` source, or a file.
    title : str or None
        Title of the page; None is the name of the data set.
    quick : bool, default False
        Make a first page in little time: fewer samples, epochs and scores, one training.
    seeds : int, at least 1, or None
        Trainings of every encoder that depends on the seed, with the seeds `seed`, + 1, + 2 ...;
        the first is shown, and the others say how far the differences with PCA depend on it. None
        means 5 where the data have at most 200,000 values, and 1 for larger ones.
    """

    out: str | None = option("Output folder.  [default: reports/<name>]", short="-o", metavar="DIR")
    title: str | None = option(
        "Title and heading of the page.  [default: the name of the data set]", metavar="TEXT"
    )
    quick: bool = option(
        f"Make a first page in little time: {QUICK['sample']:,} samples, {QUICK['epochs']} epochs, "
        "one training of each network and the most important scores.",
        default=False,
    )
    encoder: tuple[str, ...] = option(
        "Encoders to fit, with commas between them.",
        default=("residual", "pca", "variational"),
        family=ENCODERS,
    )
    embedding: tuple[str, ...] = option(
        "Embeddings of each code, with commas between them.",
        default=("tsne", "umap"),
        family=EMBEDDINGS,
    )
    map: tuple[str, ...] = option(
        "Coordinates that you already have, to show and score: two columns (x,y), obsm/X_umap of "
        "an .h5ad file, or a file, matched by id; give it again for several.",
        metavar="[NAME=]PLACE",
        is_whole=True,
        **NAMES,
    )
    code: tuple[str, ...] = option(
        "Code that you already have, to map and score: columns (a,b,c or PC_*), obsm/X_scVI of an "
        ".h5ad file, or a file; give it again for several.",
        metavar="[NAME=]PLACE",
        is_whole=True,
        **NAMES,
    )
    seeds: int | None = option(
        "Trainings of every network, to tell its difference with PCA from chance.  "
        "[default: 5 where samples × features are at most 200,000, else 1]",
        low=1,
        metavar="N",
    )
