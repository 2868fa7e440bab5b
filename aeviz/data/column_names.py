"""Tell from the name of a column whether numbers in it are row numbers, identifiers or codes.

A name alone decides nothing: `aeviz.data._column_roles` looks at the values too.
"""

import re

__all__ = ["name_kind"]

_ID_NAME = re.compile(
    r"(?i:(^|[\W_])(id|ids|uuid|guid|identifier|barcode)$|^id[\W_])|[a-z]I[dD]s?$"
)
_KEY_NAME = re.compile(r"(?i)(^|[\W_])(key|idx|index)$")
_PERSON_NAME = re.compile(
    r"(?i)(subject|patient|participant|respondent|individual|donor|animal|mouse|customer|user)"
    r"[\W_]*(no|nr|num|number|code|name)?\.?"
)
_ROW_NAME = re.compile(
    r"(?i)|unnamed[:_ ].*|index|level_\d+|__index_level_\d+__|\.\.\.\d+|#|row(s|id|[\W_]*"
    r"(names?|no|nr|num|number|index|id|labels?))?\.?"
)
_COUNT_NAME = re.compile(
    r"(?i)(s|sl|sr|ser)?[\W_]*(no|nr|num|number|nummer)\.?|x(\.?\d+)?|v1|obs(ervation)?|record|line|seq|"
    r"sample|case|(sample|case|record|line|obs|serial|item|entry)[\W_]*(no|nr|num|number|index)?\.?"
)
_CODE_NAME = re.compile(
    r"(?i)(.*[\W_])?(zip|zip[\W_]?codes?|post(al)?[\W_]?codes?|plz|phone|telephone|fax|ssn|isbn|ean|gtin|iban)"
)


def name_kind(name: str) -> str:
    """Return what the name of a column says of numbers in it.

    Returns
    -------
    {"id", "key", "person", "row", "count", "code", ""}
        Identifiers; keys, which may be measured indices too; persons and animals; row numbers,
        whatever they are; row numbers if they count; codes such as postcodes; anything else.

    Examples
    --------
    >>> [name_kind(name) for name in ("PassengerId", "cell_id", "width", "Unnamed: 0", "S.No")]
    ['id', 'id', '', 'row', 'count']
    """
    if _ID_NAME.search(name):
        return "id"
    kinds = {"row": _ROW_NAME, "count": _COUNT_NAME, "person": _PERSON_NAME, "code": _CODE_NAME}
    for kind, pattern in kinds.items():
        if pattern.fullmatch(name.strip()):
            return kind
    return "key" if _KEY_NAME.search(name) else ""
