"""All options of a run, from the command line, a TOML file or Python."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Self

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.registry import EMBEDDINGS, ENCODERS
from aeviz.core.wording import did_you_mean
from aeviz.settings.groups import QUICK, PreparationOptions, ReportOptions, TrainingOptions
from aeviz.settings.reading import ReadingOptions

__all__ = ["Settings"]


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


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))
