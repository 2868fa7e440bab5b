"""Define the errors that a user can fix.

Everything else that goes wrong is a wrong argument from Python (`ValueError`, `TypeError`), a
path (`OSError`) or a bug of aeviz.
"""

from collections.abc import Collection
from typing import Any

from aeviz.core.wording import did_you_mean

__all__ = ["AevizError", "SettingError"]

# Names that a message lists beside a suggestion.
MOST = 12


class AevizError(ValueError):
    """Error that a user can fix: what was wrong, what was received, what is accepted.

    Its text is one line. Advice about a setting is written ``name=value``; the command line
    turns that into the option.
    """


class SettingError(AevizError):
    """Setting or parameter whose value is not accepted.

    Parameters
    ----------
    field : str
        Name of the setting or the parameter, ``code_size`` for example.
    value : object
        What was received.
    accepted : str or collection of str
        What is accepted, as it stands after "must be", or the accepted values.
    message : str or None
        The whole text, for errors of another form, in place of both. It begins with `field`.

    Examples
    --------
    >>> print(SettingError("code_size", 900, "in 1..784 (n_features)"))
    code_size must be in 1..784 (n_features), got 900
    >>> print(SettingError("on_missing", "zero", ["impute", "drop", "error"]))
    on_missing must be one of impute, drop, error; got 'zero'
    >>> print(SettingError("on_missing", "inpute", ["impute", "drop", "error"]))
    on_missing must be one of impute, drop, error; got 'inpute'; did you mean 'impute'?
    """

    def __init__(
        self,
        field: str,
        value: Any = None,
        accepted: str | Collection[str] = "",
        message: str | None = None,
    ) -> None:
        super().__init__(field, value, accepted, message)
        self.field = field
        if isinstance(accepted, str):
            usual = f"{field} must be {accepted}, got {value!r}"
        else:
            hint = did_you_mean(value, accepted)
            # With the right name at hand, a long list would only hide it.
            known = (
                f"{len(accepted)} names" if hint and len(accepted) > MOST else ", ".join(accepted)
            )
            usual = f"{field} must be one of {known}; got {value!r}{hint}"
        self.message = usual if message is None else message

    def __str__(self) -> str:
        return self.message
