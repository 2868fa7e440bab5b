"""Write what a run made for other programs, whole or not at all.

What is in a format stands in its file of `aeviz.exports`; here is what is common to all: which
folder it comes from, whether the place can be written, and that what was asked for is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aeviz.core.atomic_files import atomic_file, atomic_file_group, atomic_folder
from aeviz.core.exceptions import AevizError
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
    """Write a run, or a model, in a format of another program.

    Parameters
    ----------
    folder : path-like
        Of a finished run; for ``onnx`` also of a model of ``aeviz train``.
    to : str
        A name of the family ``aeviz.exports``: csv, h5ad, onnx, parquet, png, svg, tensorboard.
    out : path-like
        The file to write, or for png, svg and tensorboard the folder. A file is written over; a
        folder must be new, empty or an earlier export.
    encoders : sequence of str
        Those whose codes and pictures are wanted, in this order; none means all.
    force : bool
        Write into a folder that holds something else; that stays there.
    progress : Progress or None
    **options
        Further fields of `aeviz.exports.base.Choices`, each for some formats: codes, figures,
        theme, width_mm, dpi.

    Returns
    -------
    list of str
        Lines that say what was written.

    Raises
    ------
    AevizError
        If the folder holds no finished run, something that was asked for is not known, the place
        cannot be written, or what was written does not hold a comparison with the run; nothing
        is written then.
    """
    source, path, progress = Path(folder), Path(out), progress or Silent()
    export: Export = EXPORTS.get(to)
    given = {"encoders": encoders, **options}
    _check_values(options)
    export.check_options(to, {name: value for name, value in given.items() if value})
    is_model = (source / CARD).is_file()
    if is_model and not export.accepts_models:
        raise AevizError(
            f"--to {to} needs a run, a folder that `aeviz report` wrote; {source} is a model"
        )
    if not is_model:
        Run(source).require_finished()
    _check_place(export, path, source, force=force)
    progress.begin(["load", "write"])
    with performing(progress, "load"):
        opened, known = _opened(source, is_model=is_model)
        chosen = Choices(_checked(encoders, known), progress.update, **options)
    with performing(progress, "write"), _whole(export, path) as partial:
        lines = export.write(opened, partial, chosen)
    return [line.replace("{out}", str(path)) for line in lines]


def _opened(folder: Path, *, is_model: bool) -> tuple[Run | Model, list[str]]:
    """Return a model or a finished run, and what it has codes or pictures of."""
    if is_model:
        model = Model.load(folder)
        return model, [model.card.kind]
    run = Run(folder)
    return run, list(dict.fromkeys([*run.encoders, *(pair.encoder for pair in run.pairs)]))


def _checked(encoders: Sequence[str], known: list[str]) -> tuple[str, ...]:
    """Return the encoders that were asked for."""
    for name in encoders:
        if name not in known:
            raise AevizError(f"there is no encoder {name!r} here; choose from {', '.join(known)}")
    return tuple(dict.fromkeys(encoders or known))


def _check_values(options: dict[str, Any]) -> None:
    unknown = options.keys() - OPTIONS.keys()
    if unknown:
        raise TypeError(f"options must be of {', '.join(OPTIONS)}; got {', '.join(unknown)}")
    if options.get("theme") not in (None, *THEMES):
        raise AevizError(f"--theme must be one of {', '.join(THEMES)}; got {options['theme']!r}")
    for name, option, (low, high) in (("dpi", "--dpi", DPI), ("width_mm", "--width", WIDTH_MM)):
        value = options.get(name)
        if value is not None and not low <= value <= high:
            raise AevizError(f"{option} must be in {low:g}..{high:g}, got {value:g}")


def _check_place(export: Export, path: Path, source: Path, *, force: bool) -> None:
    """Check that the result can be written, and is none of the files that it is made of."""
    check_apart(path, of=source)
    if export.suffix is not None:
        check_file(path, suffixes=[export.suffix])
        return
    check_folder(path)
    check_own_folder(path, marker=export.marker, noun="export", force=force)


@contextmanager
def _whole(export: Export, path: Path) -> Iterator[Path]:
    """Give a place to write to, and put what is there in the place of `path` on leaving."""
    if export.suffix is not None:
        with atomic_file(path) as partial:
            yield partial
        return
    if path.is_dir():
        # Not replaced as a whole: a user may keep other files in it, or be in it.
        with atomic_file_group(path, last=export.marker) as partial:
            yield partial
        return
    with atomic_folder(path) as partial:
        yield partial
