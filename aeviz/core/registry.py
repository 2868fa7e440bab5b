"""Find the members of a family by the files in its folder.

A family is a folder (encoders, embedding, metrics, report sections, formats, exports, the
tutorial's chapters, engines for shards). A member is a file in it that defines one public
thing, the single name in its ``__all__``. ``base``, folders, and files whose names start with an
underscore are not members. Listing a family reads the folder and imports nothing, so that the
command line can name every member without loading TensorFlow, UMAP or matplotlib.

Why: a list of members kept by hand would be a second place to edit for every addition, and a
list that imports them would make ``aeviz --help`` take seconds.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from aeviz.core.exceptions import SettingError

__all__ = [
    "CHAPTERS",
    "EMBEDDINGS",
    "ENCODERS",
    "ENGINES",
    "EXPORTS",
    "FAMILIES",
    "FORMATS",
    "METRICS",
    "SECTIONS",
    "Family",
]


BASE = "base"
"""The module of a family's folder that holds its contract and is no member."""


@dataclass(frozen=True)
class Family:
    """Family of interchangeable members, found by the files in its folder.

    Parameters
    ----------
    package : str
        Dotted name of the folder, for example ``"aeviz.encoders"``.
    noun : str
        What one member is called in messages, for example ``"encoder"``.
    aliases : mapping of str to str
        Former names of members, which are still understood and listed nowhere.
    """

    package: str
    noun: str
    aliases: Mapping[str, str] = field(default_factory=dict, hash=False)

    def names(self) -> list[str]:
        """Return the members' names in alphabetical order, importing none of them."""
        spec = find_spec(self.package)
        if spec is None or spec.submodule_search_locations is None:
            raise ModuleNotFoundError(f"{self.package} is not a package")
        modules = pkgutil.iter_modules(spec.submodule_search_locations)
        return sorted(
            module.name
            for module in modules
            if not (module.ispkg or module.name == BASE or module.name.startswith("_"))
        )

    def current_name(self, name: str) -> str:
        """Return the name that a member has today; any other name is returned as it is."""
        return self.aliases.get(name, name)

    def get(self, name: str) -> Any:
        """Return the public thing of one member, by its name or a former one.

        Raises
        ------
        SettingError
            If no member has that name.
        """
        name = self.current_name(name)
        if name not in self.names():
            raise SettingError(self.noun, name, self.names())
        module = importlib.import_module(f"{self.package}.{name}")
        (public,) = module.__all__
        return getattr(module, public)

    def members(self) -> dict[str, Any]:
        """Return every member by name, importing all of them."""
        return {name: self.get(name) for name in self.names()}


ENCODERS = Family("aeviz.encoders", "encoder")
EMBEDDINGS = Family("aeviz.embedding", "embedding")
METRICS = Family(
    "aeviz.metrics",
    "metric",
    aliases={
        "mixture_accuracy": "gmm_accuracy",
        "mixture_ari": "gmm_ari",
        "mixture_nmi": "gmm_nmi",
        "mrre_missed": "mrre_missing",
        "rnx_area": "auc_rnx",
    },
)
SECTIONS = Family("aeviz.report.sections", "section")
FORMATS = Family("aeviz.data.formats", "format")
EXPORTS = Family("aeviz.exports", "format of exports")
CHAPTERS = Family("aeviz.tutorial.chapters", "chapter")
ENGINES = Family("aeviz.sharding.engines", "engine")

# What `aeviz list` shows: chapters are for `aeviz tutorial`, engines for `aeviz transform`.
FAMILIES = {
    "encoders": ENCODERS,
    "embeddings": EMBEDDINGS,
    "metrics": METRICS,
    "sections": SECTIONS,
    "formats": FORMATS,
    "exports": EXPORTS,
}
