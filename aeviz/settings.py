"""Define what a run is asked to do, once, for the command line, TOML files and Python.

Each field of `Settings` carries its option's name and help text, and the part of a job
that it belongs to: "data" (what is loaded), "training" or "report". A command of the command
line makes its options from the fields of the parts that it has; a TOML file uses the fields'
names as keys, and Python passes them as keywords.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from aeviz.core.exceptions import AevizError
from aeviz.core.registry import EMBEDDINGS, ENCODERS

__all__ = ["Settings", "split_names"]

ON_MISSING = ("error", "drop", "impute")


def _option(default: Any, help_text: str, *flags: str, part: str, **more: Any) -> Any:
    """Make a field with what the command line needs to know of it."""
    about = {"help": help_text, "flags": flags, "part": part, **more}
    return field(default=default, metadata=about)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Say what to load, what to train and where to write.

    Raises
    ------
    AevizError
        On construction, if a value is not acceptable.
    """

    source: str = field(default="", metadata={"help": "A bundled name or a path."})
    out: str | None = _option(
        None,
        "Output folder.  [default: reports/<name>]",
        "-o",
        "--out",
        part="report",
        metavar="DIR",
    )
    encoder: tuple[str, ...] = _option(
        ("regularized", "pca", "variational"),
        "Encoder to fit; give it again for several.",
        "--encoder",
        part="report",
        family=ENCODERS,
    )
    embedding: tuple[str, ...] = _option(
        ("tsne", "umap"),
        "Embedding of each code; give it again for several.",
        "--embedding",
        part="report",
        family=EMBEDDINGS,
    )
    code_size: int | None = _option(
        None,
        "Width of the code; a latent plane keeps 2.  [default: the encoder’s own, mostly 32]",
        "--code-size",
        part="training",
        low=1,
    )
    epochs: int | None = _option(
        None,
        "Most epochs of every network.  [default: by the data's size]",
        "--epochs",
        part="training",
        low=1,
    )
    batch_size: int | None = _option(
        None,
        "Samples an update.  [default: by the data's size]",
        "--batch-size",
        part="training",
        low=1,
    )
    tensorboard: str | None = _option(
        None,
        "Log losses, weights and codes for TensorBoard; best a new folder each time.",
        "--tensorboard",
        part="training",
        metavar="DIR",
        # Where a training is watched from changes nothing of what comes out.
        is_recorded=False,
    )
    sample: int | None = _option(
        None,
        "Use N samples only, stratified by class.",
        "--sample",
        part="data",
        low=10,
        metavar="N",
    )
    seed: int = _option(0, "Seed of everything random.", "--seed", part="data", low=0)
    label: tuple[str, ...] = _option(
        (),
        "Column of a table that holds labels; give it again for more to colour by, the first is "
        "scored.",
        "--label",
        part="data",
        metavar="COLUMN",
        is_list=True,
    )
    labels: str | None = _option(
        None, "File with the labels of a .npy source.", "--labels", part="data", metavar="FILE"
    )
    columns: tuple[str, ...] = _option(
        (),
        "Columns of a table that are features, parted by commas; text and dates too.  [default: "
        "all that can be]",
        "--columns",
        part="data",
        metavar="A,B,...",
        is_list=True,
        is_parted=True,
    )
    drop: tuple[str, ...] = _option(
        (),
        "Columns of a table to leave out, parted by commas.",
        "--drop",
        part="data",
        metavar="A,B,...",
        is_list=True,
        is_parted=True,
    )
    key: str | None = _option(
        None,
        "Data set inside an HDF5 file, or layer of an .h5ad file.",
        "--key",
        part="data",
        metavar="NAME",
    )
    max_categories: int | None = _option(
        None,
        "Most values of a column of text that become a feature each.  [default: 20]",
        "--max-categories",
        part="data",
        low=1,
        metavar="N",
    )
    image_size: int | None = _option(
        None,
        "Size that images of a folder are made, in pixels.  [default: the first one's, at most 64]",
        "--image-size",
        part="data",
        low=1,
        metavar="N",
    )
    on_missing: str = _option(
        "error",
        "What to do about missing or infinite values.",
        "--on-missing",
        part="data",
        choices=ON_MISSING,
    )
    data_dir: str | None = _option(
        None,
        "Folder to look for bundled data sets in.",
        "--data-dir",
        part="data",
        metavar="DIR",
    )
    params: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict,
        metadata={"help": "Constructor parameters by member, for example params.deep.patience."},
    )

    def __post_init__(self) -> None:
        """Check every value against what its field accepts; text is a list of its parts."""
        for item in fields(self):
            value = getattr(self, item.name)
            if item.metadata.get("is_list") and isinstance(value, str):
                parts = split_names(value) if item.metadata.get("is_parted") else (value,)
                object.__setattr__(self, item.name, parts)
        for item in fields(self):
            self._check(item.name, getattr(self, item.name), item.metadata)
        params = self.params
        is_table = isinstance(params, Mapping)
        if not is_table or not all(isinstance(table, Mapping) for table in params.values()):
            raise AevizError(f"params must hold a table for each member; got {params!r}")
        known = {*ENCODERS.names(), *EMBEDDINGS.names()}
        for name in params:
            if name not in known:
                raise AevizError(f"params must be for one of {_listed(known)}; got {name!r}")

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return the settings of a TOML file.

        Raises
        ------
        AevizError
            If it is no TOML, or has a key or a value that is not accepted.
        """
        try:
            with Path(path).open("rb") as file:
                content = tomllib.load(file)
        except FileNotFoundError as error:
            raise AevizError(f"no settings file {path}; expected a TOML file") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise AevizError(f"{path} is not valid TOML: {error}") from error
        return cls.from_mapping(content, origin=str(path))

    @classmethod
    def from_mapping(cls, content: Mapping[str, Any], *, origin: str = "settings") -> Self:
        """Return settings from names and values; lists become tuples.

        Raises
        ------
        AevizError
            If a name is unknown or a value is not accepted.
        """
        known = {item.name for item in fields(cls)}
        for name in content:
            if name not in known:
                raise AevizError(
                    f"{origin} has the unknown key {name!r}; accepted: {_listed(known)}"
                )
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in content.items()
        }
        return cls(**values)

    @classmethod
    def names_of(cls, part: str) -> list[str]:
        """Return the names of the settings that belong to a part of a job, in their order."""
        return [item.name for item in fields(cls) if item.metadata.get("part") == part]

    def updated(self, **changes: Any) -> Self:
        """Return the settings with those changes whose value is not None or empty."""
        given = {name: value for name, value in changes.items() if value not in (None, ())}
        return replace(self, **given)

    def with_params(self, member: str, values: Mapping[str, Any]) -> Self:
        """Return the settings with constructor parameters of a member over those they have.

        Raises
        ------
        AevizError
            If there is no such member.
        """
        own = {**self.params.get(member, {}), **values}
        return replace(self, params={**self.params, member: own})

    def to_json(self) -> dict[str, Any]:
        """Return the settings that decide a result, as JSON-able values."""
        left_out = {f.name for f in fields(self) if not f.metadata.get("is_recorded", True)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if name not in left_out
        }

    @staticmethod
    def _check(name: str, value: Any, rules: Mapping[str, Any]) -> None:
        option = rules["flags"][-1] if rules.get("flags") else name
        if "family" in rules:
            if isinstance(value, str) or not value:
                raise AevizError(
                    f"{option} must name at least one member, as a list; got {value!r}"
                )
            accepted = rules["family"].names()
            for member in value:
                if member not in accepted:
                    raise AevizError(f"{option} must be one of {_listed(accepted)}; got {member!r}")
        elif "choices" in rules and value not in rules["choices"]:
            raise AevizError(f"{option} must be one of {_listed(rules['choices'])}; got {value!r}")
        elif "low" in rules and value is not None:
            low = rules["low"]
            if not isinstance(value, int) or isinstance(value, bool) or value < low:
                raise AevizError(f"{option} must be an integer of at least {low}; got {value!r}")
        elif rules.get("is_list"):
            if not isinstance(value, tuple) or not all(isinstance(one, str) for one in value):
                raise AevizError(f"{option} must be a list of names; got {value!r}")
        elif not rules.keys() & {"family", "choices", "low"} and name != "params":
            is_required = name == "source"
            if not isinstance(value, str) and (is_required or value is not None):
                raise AevizError(f"{option} must be text; got {value!r}")


def split_names(text: str) -> tuple[str, ...]:
    """Return names that are parted by commas.

    One that holds a comma or begins with a blank stands in quotes.

    Examples
    --------
    >>> split_names('width, "height, cm"')
    ('width', 'height, cm')
    """
    rows = list(csv.reader([text], skipinitialspace=True))
    return tuple(name.rstrip() for row in rows for name in row if name.strip())


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))
