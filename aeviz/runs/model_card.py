"""Describe a model without its network: its data, its scaling and its losses.

Reading the card of a model is cheap, so samples that do not suit the model are refused before a
network is loaded.
"""

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

import numpy as np

from aeviz.core.atomic_files import write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.registry import ENCODERS
from aeviz.core.schema import read_checked
from aeviz.core.version import __version__
from aeviz.data.card import DataCard
from aeviz.data.scaling import Scaling

__all__ = ["CARD", "ModelCard", "check_generates"]

SCHEMA = 1
CARD = "model.json"
# Entries of every card; others have a default or came with a later version.
NEEDED = ("kind", "code_size", "data", "scaling")
IMAGE_SCALE = {"low", "high", "is_drawing"}


@dataclass(frozen=True)
class ModelCard:
    """Description of a model, without the network itself.

    Parameters
    ----------
    kind : str
        The encoder's name in its family, for example ``"deep"``.
    code_size : int
    data : DataCard
        What it was trained on.
    scaling : Scaling
        Fitted on the training samples.
    scores : dict of str to float
        Losses of test samples, see `aeviz.encoders.base.Encoder.losses`.
    seconds : float
        Duration of fitting.
    architecture, loss : str
        The encoder's layers, and what its training minimised, in words.
    image_scale : dict or None
        Of images `low`, `high` and `is_drawing`, see `aeviz.plots.ImageScale`.
    version : str
        The version of aeviz that trained it.
    """

    kind: str
    code_size: int
    data: DataCard
    scaling: Scaling
    scores: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    architecture: str = ""
    loss: str = ""
    image_scale: dict[str, Any] | None = None
    version: str = __version__

    @classmethod
    def read(cls, folder: str | Path) -> Self:
        """Return the card of a model folder, loading no network.

        Raises
        ------
        AevizError
            If the folder is missing or no model, or its card is damaged or of another schema.
        """
        path = Path(folder) / CARD
        if not path.is_file():
            found = "is a file" if Path(folder).exists() else "does not exist"
            if Path(folder).is_dir():
                found = f"is no model: it has no {CARD}"
            raise AevizError(f"{folder} {found}; expected a folder that `aeviz train` wrote")
        content = read_checked(path, reads=SCHEMA, remake="make it again with `aeviz train`")
        try:
            return cls(**_parsed(content))
        except (KeyError, TypeError, ValueError) as error:
            raise AevizError(f"{path} is damaged: {type(error).__name__}: {error}") from error

    def write(self, path: Path) -> None:
        """Write the content of ``model.json``."""
        scaling = {name: array.tolist() for name, array in self.scaling.to_arrays().items()}
        content = {"schema": SCHEMA, **vars(self), "data": asdict(self.data), "scaling": scaling}
        write_json(path, content)


def check_generates(card: ModelCard, *, on_plane: bool = False) -> None:
    """Check that a model can generate samples, and that from two latent dimensions if need be.

    Raises
    ------
    AevizError
        If it cannot.
    """
    if not ENCODERS.get(card.kind).can_generate:
        raise AevizError(
            f"new samples can be drawn from a variational model only; this one is {card.kind}"
        )
    if on_plane and card.code_size != 2:
        raise AevizError(
            f"a grid needs a variational model of 2 latent dimensions; this one has "
            f"{card.code_size}"
        )


def _parsed(content: dict[str, Any]) -> dict[str, Any]:
    """Return a card's fields from the content of its file."""
    known = fields(ModelCard)
    values = {
        one.name: content[one.name] for one in known if one.name in content or one.name in NEEDED
    }
    values["data"] = DataCard.from_json(values["data"])
    arrays = {name: np.asarray(value) for name, value in values["scaling"].items()}
    scaling = Scaling.from_arrays(arrays)
    widths = {scaling.shift.shape, scaling.scale.shape}
    n_features, n_kept = values["data"].n_wanted, values["data"].n_features
    if (scaling.n_features, scaling.n_kept) != (n_features, n_kept) or not widths <= {
        (1,),
        (n_kept,),
    }:
        raise ValueError(f"the scaling is not one of {n_features} features")
    if values["data"].is_image and set(values.get("image_scale") or ()) != IMAGE_SCALE:
        raise ValueError(f"image_scale must have {', '.join(sorted(IMAGE_SCALE))}")
    return {**values, "scaling": scaling, "scores": dict(values.get("scores", {}))}
