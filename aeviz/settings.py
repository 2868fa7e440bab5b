"""Define the options of a run once, for the command line, TOML files and Python.

Each field carries the help text of its command-line option and the values that it accepts.
`ReadingOptions`, `PreparationOptions`, `TrainingOptions` and `ReportOptions` are groups that
commands choose from; `Settings` has all of them. A TOML file uses the fields' names as keys, and
Python passes them as keywords.
"""

import csv
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.core.wording import did_you_mean

__all__ = [
    "QUICK",
    "PreparationOptions",
    "ReadingOptions",
    "ReportOptions",
    "Settings",
    "TrainingOptions",
    "split_names",
]


def _option(help_text: str, default: Any = None, **rules: Any) -> Any:
    """Return a field with its help text and the rules for its values.

    Rules: `low` for integers, `choices`, `family` for names of members, `is_list` for names
    (`is_parted`: with commas between them), `metavar`, `short` for a one-letter option, `option`
    where the option has another name, `is_recorded` False where it changes no result.
    """
    return field(default=default, metadata={"help": help_text, **rules})


QUICK = {"sample": 2000, "epochs": 20, "seeds": 1}
"""What `quick` chooses where nothing else is asked for."""

_NAMES = {"default": (), "is_list": True}
_PARTED = {**_NAMES, "metavar": "A,B,...", "is_parted": True}


@dataclass(frozen=True, kw_only=True)
class _Options:
    """Checks that every group of options has."""

    def __post_init__(self) -> None:
        """Check every value against the rules of its field; text becomes a list of names."""
        for item in fields(self):
            value, rules = getattr(self, item.name), item.metadata
            if rules.get("is_list") and isinstance(value, str):
                value = split_names(value) if rules.get("is_parted") else (value,)
                object.__setattr__(self, item.name, value)
            if item.name != "params":
                _check(item.name, value, item.default, rules)

    def updated(self, **changes: Any) -> Self:
        """Return the options with those changes whose value is not None or empty."""
        given = {name: value for name, value in changes.items() if value not in (None, ())}
        return replace(self, **given)

    @classmethod
    def names(cls) -> list[str]:
        """Return the names of the options, in their order."""
        return [item.name for item in fields(cls)]


@dataclass(frozen=True, kw_only=True)
class ReadingOptions(_Options):
    """Options for reading a data set.

    Parameters
    ----------
    source : str
        Name of a bundled data set, or a path.
    seed : int, at least 0, default 0
        Seed of everything random.
    labels, on_missing, data_dir
        As in `aeviz.load_dataset`, but `labels` is a path.
    image_size : int or None
        Height and width of the images of a folder, in pixels.
    sample, label, columns, drop and the others
        As in `aeviz.data.formats.base.ReadOptions`, but `sample` is at least 10.

    Raises
    ------
    SettingError
        On construction, if a value is not accepted.
    """

    source: str = field(default="", metadata={"help": "A bundled name or a path."})
    sample: int | None = _option("Use N samples only, stratified by class.", low=10, metavar="N")
    seed: int = _option("Seed of everything random.", default=0, low=0)
    label: tuple[str, ...] = _option(
        "Column that holds labels; with commas between several: the first is scored, the others "
        "are there to colour by.",
        metavar="A,B,...",
        **_NAMES,
    )
    labels: str | None = _option(
        "File with the labels, .npy or a table, matched by ids where both have them.",
        option="--labels-file",
        metavar="FILE",
    )
    columns: tuple[str, ...] = _option(
        "Columns of a table to use as features, with commas between them; text and dates too.  "
        "[default: all that can be]",
        **_PARTED,
    )
    drop: tuple[str, ...] = _option(
        "Columns of a table to leave out, with commas between them.",
        **_PARTED,
    )
    id: str | None = _option("Column that names each sample; no feature.", metavar="COLUMN")
    category: tuple[str, ...] = _option(
        "Columns that hold categories, also where they are numbers.", **_PARTED
    )
    number: tuple[str, ...] = _option(
        "Columns that hold numbers, also where they look like ids or codes.", **_PARTED
    )
    split: str | None = _option(
        "Column that says which samples are for training and which for testing.", metavar="COLUMN"
    )
    group: str | None = _option(
        "Column of groups, such as patients; the samples of a group stay together in the split.",
        metavar="COLUMN",
    )
    batch: str | None = _option(
        "Column of batches, such as devices or days; no feature, shown and scored for mixing.",
        metavar="COLUMN",
    )
    header: str | None = _option(
        "Line of a text table that holds the names of the columns, from 1, or none.  "
        "[default: detected]",
        metavar="LINE",
    )
    delimiter: str | None = _option(
        "What stands between the values of a text table: comma, semicolon, tab, bar, blank or a "
        "character.  [default: detected]",
        metavar="MARK",
    )
    decimal: str | None = _option(
        "Decimal mark of a text table: point or comma.  [default: detected]", metavar="MARK"
    )
    thousands: str | None = _option(
        "Mark between thousands: point, comma, blank, apostrophe or none.  [default: detected]",
        metavar="MARK",
    )
    quote: str | None = _option(
        "Character around text values, or none.  [default: detected]", metavar="MARK"
    )
    na: tuple[str, ...] = _option(
        "Further spellings of a missing value, with commas between them.", **_PARTED
    )
    key: str | None = _option(
        "Data set inside a file of several: HDF5, .h5ad, .npz, .mat, a sheet of .xlsx.",
        metavar="NAME",
    )
    label_key: str | None = _option(
        "Data set inside the same file that holds the labels; none leaves labels out.",
        metavar="NAME",
    )
    kind: str | None = _option(
        "What an array of three dimensions holds.  [default: by its shape]",
        option="--as",
        choices=("images", "series", "table"),
    )
    transpose: bool = _option(
        "Take the rows of the source as features and its columns as samples.", default=False
    )
    max_categories: int | None = _option(
        "Most values of a column of text that become a feature each.  [default: 20]",
        low=1,
        metavar="N",
    )
    image_size: int | None = _option(
        "Size of the images of a folder, in pixels.  [default: the first one's, at most 64]",
        low=1,
        metavar="N",
    )
    on_missing: str = _option(
        "What to do about missing or infinite values: use the median, or the most frequent value, "
        "of the training samples; leave their rows out; or stop.",
        default="impute",
        choices=("impute", "drop", "error"),
    )
    data_dir: str | None = _option("Folder to look for bundled data sets in.", metavar="DIR")


@dataclass(frozen=True, kw_only=True)
class PreparationOptions(_Options):
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

    scale: str = _option(
        "How values are scaled: every feature to mean 0 and variance 1, to [0, 1], every sample "
        "to length one (neighbors of the cosine), or not at all; auto is standard for tables and "
        "one range for images.",
        default="auto",
        choices=("auto", "standard", "minmax", "unit", "none"),
    )
    transform: str = _option(
        "What is done to values before: log(1 + x), arcsinh(x / 5) as for mass cytometry, "
        "arcsinh(x / 150) as for fluorescence, or counts: every sample to the median total, then "
        "log(1 + x), as single-cell tools do.",
        default="none",
        choices=("none", "log1p", "arcsinh", "arcsinh150", "counts"),
    )
    top_features: int | None = _option(
        "Keep the N features with the largest variance, after the transform and before scaling.",
        low=2,
        metavar="N",
    )


@dataclass(frozen=True, kw_only=True)
class TrainingOptions(_Options):
    """Options for training networks.

    Parameters
    ----------
    code_size, epochs, batch_size : int, at least 1, or None
        None chooses by the number of samples and of features.
    tensorboard : str or None
        Folder for a log of losses, weights and codes that TensorBoard reads.
    """

    code_size: int | None = _option(
        "Size of the code; a latent plane keeps 2.  [default: the encoder’s own, mostly 32]", low=1
    )
    epochs: int | None = _option(
        "Most epochs of every network.  [default: by the data's size]", low=1
    )
    batch_size: int | None = _option("Samples per update.  [default: by the data's size]", low=1)
    tensorboard: str | None = _option(
        "Log losses, weights and codes for TensorBoard; best a new folder each time.",
        metavar="DIR",
        is_recorded=False,
    )


@dataclass(frozen=True, kw_only=True)
class ReportOptions(_Options):
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

    out: str | None = _option(
        "Output folder.  [default: reports/<name>]", short="-o", metavar="DIR"
    )
    title: str | None = _option(
        "Title and heading of the page.  [default: the name of the data set]", metavar="TEXT"
    )
    quick: bool = _option(
        f"Make a first page in little time: {QUICK['sample']:,} samples, {QUICK['epochs']} epochs, "
        "one training of each network and the most important scores.",
        default=False,
    )
    encoder: tuple[str, ...] = _option(
        "Encoders to fit, with commas between them.",
        default=("residual", "pca", "variational"),
        family=ENCODERS,
    )
    embedding: tuple[str, ...] = _option(
        "Embeddings of each code, with commas between them.",
        default=("tsne", "umap"),
        family=EMBEDDINGS,
    )
    map: tuple[str, ...] = _option(
        "Coordinates that you already have, to show and score: two columns (x,y), obsm/X_umap of "
        "an .h5ad file, or a file, matched by id; give it again for several.",
        metavar="[NAME=]PLACE",
        **_NAMES,
    )
    code: tuple[str, ...] = _option(
        "Code that you already have, to map and score: columns (a,b,c or PC_*), obsm/X_scVI of an "
        ".h5ad file, or a file; give it again for several.",
        metavar="[NAME=]PLACE",
        **_NAMES,
    )
    seeds: int | None = _option(
        "Trainings of every network, to tell its difference with PCA from chance.  "
        "[default: 5 where samples × features are at most 200,000, else 1]",
        low=1,
        metavar="N",
    )


@dataclass(frozen=True, kw_only=True)
class Settings(ReadingOptions, PreparationOptions, TrainingOptions, ReportOptions):
    """All options of a run.

    Parameters
    ----------
    params : mapping of str to mapping
        Parameters of encoders and embeddings by their names, as ``{"deep": {"patience": 5}}``. The
        others are those of `ReadingOptions`, `PreparationOptions`, `TrainingOptions` and
        `ReportOptions`.

    Raises
    ------
    SettingError
        On construction, if a value is not accepted.

    Examples
    --------
    >>> settings = Settings(source="iris.csv", label="species", drop="id, date")
    >>> settings.label, settings.drop
    (('species',), ('id', 'date'))
    """

    params: Mapping[str, Mapping[str, Any]] = field(
        default_factory=dict,
        metadata={"help": "Constructor parameters by member, for example params.deep.patience."},
    )

    def __post_init__(self) -> None:
        """Check every value."""
        super().__post_init__()
        params = self.params
        is_table = isinstance(params, Mapping)
        if not is_table or not all(isinstance(table, Mapping) for table in params.values()):
            raise SettingError("params", params, "a table for each member")
        known = [*ENCODERS.names(), *EMBEDDINGS.names()]
        for name in params:
            if name not in known:
                message = f"params must be for one of {_listed(known)}; got {name!r}"
                raise SettingError("params", message=message)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Return the settings of a TOML file.

        Raises
        ------
        AevizError
            If it is not TOML, or has a key or a value that is not accepted.
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
                    f"{did_you_mean(name, known)}"
                )
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in content.items()
        }
        return cls(**values)

    def with_params(self, member: str, values: Mapping[str, Any]) -> Self:
        """Return the settings with constructor parameters added to those of a member.

        Raises
        ------
        SettingError
            If there is no such member.
        """
        own = {**self.params.get(member, {}), **values}
        return replace(self, params={**self.params, member: own})

    def in_full(self) -> Self:
        """Return the settings with what `quick` chooses."""
        chosen: dict[str, Any] = {n: v for n, v in QUICK.items() if getattr(self, n) is None}
        return replace(self, **chosen) if self.quick else self

    def to_json(self) -> dict[str, Any]:
        """Return the settings that decide a result, as JSON-able values."""
        left_out = {f.name for f in fields(self) if not f.metadata.get("is_recorded", True)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if name not in left_out
        }


def _check(name: str, value: Any, default: Any, rules: Mapping[str, Any]) -> None:
    """Check one value against the rules of its field."""
    if "family" in rules:
        if isinstance(value, str) or not value:
            raise SettingError(name, value, "a list of one or more names")
        accepted = rules["family"].names()
        for member in value:
            if member not in accepted:
                raise SettingError(name, member, accepted)
    elif "choices" in rules:
        if value not in rules["choices"] and value != default:
            raise SettingError(name, value, rules["choices"])
    elif "low" in rules:
        is_integer = isinstance(value, int) and not isinstance(value, bool)
        if value is not None and not (is_integer and value >= rules["low"]):
            raise SettingError(name, value, f"an integer of at least {rules['low']}")
    elif rules.get("is_list"):
        if not isinstance(value, tuple) or not all(isinstance(one, str) for one in value):
            raise SettingError(name, value, "a list of names")
    elif isinstance(default, bool):
        if not isinstance(value, bool):
            raise SettingError(name, value, "true or false")
    elif not isinstance(value, str) and (value is not None or name == "source"):
        raise SettingError(name, value, "text")


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in a text with commas between them.

    A name that holds a comma or begins with a space stands in quotes.

    Examples
    --------
    >>> split_names('width, "height, cm"')
    ('width', 'height, cm')
    """
    rows = list(csv.reader([text], skipinitialspace=True))
    return tuple(name.rstrip() for row in rows for name in row if name.strip())


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))
