"""Declare an option once: its help text, its default, and the rules for its values."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

from aeviz.core.exceptions import SettingError

__all__ = ["NAMES", "PARTED", "Options", "option", "split_names"]


def option(help_text: str, default: Any = None, **rules: Any) -> Any:
    """Return a field with its help text and the rules for its values.

    Rules: `low` for integers, `choices`, `family` for names of members, `is_list` for names
    (`is_parted`: with commas between them, `is_whole`: never parted), `metavar`, `short` for a
    one-letter option, `option` where the option has another name, `is_recorded` False where it
    changes no result.
    """
    return field(default=default, metadata={"help": help_text, **rules})


NAMES = {"default": (), "is_list": True}
PARTED = {**NAMES, "metavar": "A,B,...", "is_parted": True}


@dataclass(frozen=True, kw_only=True)
class Options:
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
