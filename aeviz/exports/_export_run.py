"""Export a run for other programs, completely or not at all.

The content of a format is in its file of `aeviz.exports`. This module holds what all have in
common: it reads the source, and checks the options and the output path.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from aeviz.core.atomic_files import atomic_file, atomic_file_group, atomic_folder
from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.output_paths import check_apart, check_file, check_folder, check_own_folder
from aeviz.core.progress import Progress, Silent, performing
from aeviz.core.registry import EXPORTS
from aeviz.exports.base import OPTIONS, Choices, Export
from aeviz.runs.model import Model
from aeviz.runs.model_card import CARD
from aeviz.runs.run import Run

__all__ = ["export_folder"]

THEMES = ("light", "dark")
DPI = (10, 2400)
WIDTH_MM = (10.0, 2000.0)


def export_folder(
    folder: str | Path,
    to: str,
    out: str | Path,
    *,
    encoders: Sequence[str] = (),
    force: bool = False,
    progress: Progress | None = None,
    **options: Any,
) -> list[str]:
    """Write a run or a model in a format for another program.

    Parameters
    ----------
    folder : path-like
        Folder of a finished run; for ``onnx`` also of a model of ``aeviz train``.
    to : str
        A name of the family ``aeviz.exports``: csv, h5ad, methods, onnx, parquet, png, svg,
        tensorboard.
    out : path-like
        File to write, or for methods, png, svg and tensorboard a folder. A file is overwritten; a
        folder must be new, empty or an earlier export.
    encoders : sequence of str
        Encoders whose codes and embeddings are wanted, in this order; none means all.
    force : bool
        Write into a folder with other files, which are kept.
    progress : Progress or None
    **options
        Further fields of `aeviz.exports.base.Choices`, each for some formats: codes, figures,
        theme, width_mm, dpi.

    Returns
    -------
    list of str
        Lines for the user on what was written.

    Raises
    ------
    AevizError
        If the folder holds no finished run, an option is not acceptable, the output cannot be
        written, or it does not agree with the run. Nothing is written then.
    """
    source, path, progress = Path(folder), Path(out), progress or Silent()
    export: Export = EXPORTS.get(to)
    given = {"encoders": encoders, **options}
    _check_values(options)
    export.check_options(to, {name: value for name, value in given.items() if value})
    is_model = (source / CARD).is_file()
    if is_model and not export.accepts_models:
        raise AevizError(
            f"the format {to} needs a run, a folder that `aeviz report` wrote; {source} is a model"
        )
    if not is_model:
        Run(source).require_finished()
    _check_output(export, path, source, force=force)
    progress.begin(["load", "write"])
    with performing(progress, "load"):
        opened: Run | Model = Model.load(source) if is_model else Run(source)
        chosen = Choices(_encoders(opened, encoders), progress.update, **options)
    with performing(progress, "write"), _atomic_output(export, path) as partial:
        lines = export.write(opened, partial, chosen)
    return [line.replace("{out}", str(path)) for line in lines]


def _encoders(opened: Run | Model, named: Sequence[str]) -> tuple[str, ...]:
    """Return the named encoders, or all that codes and embeddings are there of."""
    if isinstance(opened, Model):
        known = [opened.card.kind]
    else:
        known = [*opened.encoders, *(pair.encoder for pair in opened.pairs)]
    known = list(dict.fromkeys(known))
    for name in named:
        if name not in known:
            raise AevizError(f"there is no encoder {name!r} here; choose from {', '.join(known)}")
    return tuple(dict.fromkeys(named or known))


def _check_values(options: dict[str, Any]) -> None:
    unknown = options.keys() - set(OPTIONS)
    if unknown:
        raise TypeError(f"options must be of {', '.join(OPTIONS)}; got {', '.join(unknown)}")
    if options.get("theme") not in (None, *THEMES):
        raise SettingError("theme", options["theme"], THEMES)
    for name, (low, high) in (("dpi", DPI), ("width_mm", WIDTH_MM)):
        value = options.get(name)
        if value is not None and not low <= value <= high:
            raise SettingError(name, value, f"in {low:g}..{high:g}")


def _check_output(export: Export, path: Path, source: Path, *, force: bool) -> None:
    """Check that the output can be written and is not part of the source."""
    check_apart(path, of=source)
    if export.suffix is not None:
        check_file(path, suffixes=[export.suffix])
    else:
        check_folder(path)
        check_own_folder(path, marker=export.marker, noun="export", force=force)


def _atomic_output(export: Export, path: Path) -> AbstractContextManager[Path]:
    """Return a temporary path to write to, whose content moves to `path` on leaving."""
    if export.suffix is not None:
        return atomic_file(path)
    # A folder is not replaced as a whole: a user may keep other files in it, or be in it.
    return atomic_file_group(path, last=export.marker) if path.is_dir() else atomic_folder(path)
