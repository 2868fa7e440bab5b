"""Write what a run found in the formats of other programs, one format per file."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.exports._export_run import export_folder
    from aeviz.exports.base import Choices, Export
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = ["Choices", "Export", "export_folder"]
