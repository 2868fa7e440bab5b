"""References of methods and scores, as BibTeX and in words.

``references.bib`` holds an entry for every paper that an encoder, an embedding or a metric names
where it is defined. The identifier there (DOI, arXiv or address) finds the entry, so which paper a
method comes from is written once, beside the method.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import Self

__all__ = ["References", "identifiers"]

_IDENTIFIER = re.compile(
    r"(?:doi:|https://doi\.org/)(?P<doi>10\.\S+)"
    r"|(?:arXiv:|https://arxiv\.org/abs/)(?P<arxiv>\d{4}\.\d{4,5})"
    r"|(?P<url>https://\S+)"
)
_ENTRY = re.compile(r"^@\w+\{(\S+),$.*?^\}$", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^  (\w+) = \{(.*)\},$", re.MULTILINE)


def identifiers(text: str) -> list[str]:
    """Return the papers that a text names: a DOI, the number of an arXiv paper, or an address.

    Examples
    --------
    >>> identifiers("Jeon et al. (2024), arXiv:2308.00278; Cover (1967). doi:10.1109/TIT.1967.1.")
    ['2308.00278', '10.1109/tit.1967.1']
    """
    found = (next(filter(None, match.groups())) for match in _IDENTIFIER.finditer(text))
    return [one.rstrip(".,;").lower() for one in found]


@dataclass(frozen=True, eq=False)
class References:
    """Entries of a BibTeX file by their keys, in its order."""

    entries: dict[str, str]

    @classmethod
    def read(cls) -> Self:
        """Return all entries that come with the package."""
        text = (files("aeviz.report") / "references.bib").read_text("utf-8")
        return cls({match[1]: match[0] for match in _ENTRY.finditer(text)})

    def fields(self, key: str) -> dict[str, str]:
        """Return the fields of an entry."""
        return dict(_FIELD.findall(self.entries[key]))

    @cached_property
    def _keys(self) -> dict[str, str]:
        return {one: key for key in self.entries for one in self._identifiers(key)}

    def _identifiers(self, key: str) -> Iterator[str]:
        fields = self.fields(key)
        yield from (fields[name].lower() for name in ("doi", "eprint", "url") if name in fields)

    def named_in(self, text: str) -> list[str]:
        """Return the keys of the papers that a text names and that there is an entry of."""
        return [self._keys[one] for one in identifiers(text) if one in self._keys]

    def author_year(self, key: str) -> str:
        """Return authors and year as a sentence names them.

        Examples
        --------
        >>> References.read().author_year("lee2009quality")
        'Lee and Verleysen 2009'
        """
        fields = self.fields(key)
        names = [one.partition(",")[0].strip("{}") for one in fields["author"].split(" and ")]
        told = " and ".join(names) if len(names) < 3 else f"{names[0]} et al."
        return f"{told} {fields['year']}"

    def bibtex(self, keys: Iterable[str]) -> str:
        """Return entries as the text of a BibTeX file, alphabetically and each once."""
        return "\n\n".join(self.entries[key] for key in sorted(set(keys))) + "\n"
