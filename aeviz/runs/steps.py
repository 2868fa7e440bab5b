"""Do steps one after another, and only those that are not done yet.

A step is recorded in a JSON file of its folder, under a key made of everything that its output
depends on. A step whose key is recorded and whose output exists is not done again. The drivers
know the steps and their order, `aeviz.pipeline.make_report` for example.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from aeviz.core.atomic_files import read_json, sweep, write_json
from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.file_lock import LOCK, FolderLock
from aeviz.core.memory import Need, check_need
from aeviz.core.output_paths import check_own_folder
from aeviz.core.progress import Progress
from aeviz.core.resource_meter import Meter
from aeviz.core.schema import read_checked

__all__ = ["Step", "StepFolder", "StepRecord", "check_memory", "perform", "step_key"]


@dataclass(frozen=True)
class StepRecord:
    """Record of one finished step: its key and its cost."""

    name: str
    key: str
    seconds: float
    peak_memory_bytes: int


@dataclass(frozen=True)
class Step:
    """Step of a job.

    Parameters
    ----------
    depends_on : list
        Everything that decides the output, as JSON-able values.
    make : function ()
    output : Path
        What it writes.
    need : function () -> Need, or None
        Called before the step begins: what is in memory by then is not needed again.
    """

    depends_on: list[Any]
    make: Callable[[], object]
    output: Path
    need: Callable[[], Need] | None = None


def step_key(*parts: Any) -> str:
    """Return a digest of everything that a step's output depends on (JSON-able values)."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


class StepFolder:
    """Folder that steps write into, with a file that records them.

    Parameters
    ----------
    path : path-like
        Reading raises `AevizError` where it holds nothing of its kind.

    Attributes
    ----------
    info_path, report_path, figures_path : Path
        Of the file that records what was asked and what was done, of the HTML page, and of the
        folder of its figures.
    """

    SCHEMA: ClassVar[int] = 1
    # What such a folder is called, the file with the record, the command that writes it, and
    # the parts that are removed when everything is done again by force, where that is possible.
    NOUN: ClassVar[str]
    INFO_NAME: ClassVar[str]
    COMMAND: ClassVar[str]
    PARTS: ClassVar[tuple[str, ...]]
    HAS_FORCE: ClassVar[bool] = True

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.info_path = self.path / self.INFO_NAME
        self.report_path = self.path / "report.html"
        self.figures_path = self.path / "figures"

    @property
    def exists(self) -> bool:
        """Return whether the folder holds something of its kind."""
        return self.info_path.is_file()

    @cached_property
    def info(self) -> dict[str, Any]:
        """Return the settings and the record of what was done.

        Raises
        ------
        AevizError
            If the folder holds nothing of its kind, or something of another schema.
        """
        if not self.exists:
            raise AevizError(
                f"{self.path} is not a {self.NOUN} folder: it has no {self.INFO_NAME}; "
                f"give a folder that `{self.COMMAND}` wrote"
            )
        how = "force=True" if self.HAS_FORCE else "another out"
        remake = f"make it again with `{self.COMMAND}` and {how}"
        return read_checked(self.info_path, reads=self.SCHEMA, remake=remake)

    @property
    def steps(self) -> list[StepRecord]:
        """Return the finished steps in their order."""
        return [StepRecord(**step) for step in self.info.get("steps", [])]

    def begin(self, info: dict[str, Any]) -> None:
        """Write what is known before the first step, keeping records of finished steps."""
        former = read_json(self.info_path).get("steps", []) if self.exists else []
        self._write_info({"schema": self.SCHEMA, **info, "steps": former})

    def note(self, **info: Any) -> None:
        """Add entries to the record."""
        self._write_info({**self.info, **info})

    def is_done(self, name: str, step: Step) -> bool:
        """Return whether a step is finished under its key, and its output is there."""
        key = step_key(name, step.depends_on)
        is_recorded = any(one.name == name and one.key == key for one in self.steps)
        return is_recorded and step.output.exists()

    def record(self, step: StepRecord) -> None:
        """Add a finished step, in place of an earlier one of the same name."""
        kept = [asdict(former) for former in self.steps if former.name != step.name]
        self.note(steps=[*kept, asdict(step)])

    def forget(self, name: str) -> None:
        """Remove the record of a step whose output is about to change."""
        names = [step.name for step in self.steps]
        if name in names:
            self.keep_steps([one for one in names if one != name])

    def keep_steps(self, names: list[str]) -> None:
        """Keep the records of these steps only, in this order."""
        by_name = {step.name: asdict(step) for step in self.steps}
        self.note(steps=[by_name[name] for name in names if name in by_name])

    @contextmanager
    def claimed(self, *, force: bool, called: str = "out") -> Iterator[None]:
        """Make the folder, and lock it for this process.

        Parameters
        ----------
        force : bool
            Whether to use a folder that holds something else, and to remove the output of an
            earlier execution, so that every step is done again.
        called : str
            Name of the parameter that names the folder, for messages.

        Raises
        ------
        AevizError
            If it cannot be written, holds something else or another schema without `force`, or
            another process writes into it.
        """
        try:
            if self.path.exists() and not self.path.is_dir():
                raise NotADirectoryError(f"{self.path} is a file")
            check_own_folder(
                self.path,
                marker=self.INFO_NAME,
                noun=self.NOUN,
                force=force,
                parts=[LOCK],
                has_force=self.HAS_FORCE,
                field=called,
            )
            self.path.mkdir(parents=True, exist_ok=True)
            lock = FolderLock(self.path)
        except OSError as error:
            message = f"{called} must be a folder that can be written; {self.path} cannot be: "
            raise SettingError(called, message=f"{message}{error.strerror or error}") from error
        try:
            if self.exists and not force:
                self.info  # noqa: B018 - refuses what another version wrote
            sweep(self.path)
            if force:
                self.info_path.unlink(missing_ok=True)
                for name in self.PARTS:
                    shutil.rmtree(self.path / name, ignore_errors=True)
            yield
        finally:
            lock.release()

    def _write_info(self, info: dict[str, Any]) -> None:
        write_json(self.info_path, info)
        self.__dict__["info"] = info

    def _existing(self, name: str) -> Path:
        """Return the path of a file in the folder, which must exist."""
        self.info  # noqa: B018 - refuses a folder of another kind first
        path = self.path / name
        if not path.is_file():
            raise self._unfinished(f"it has no {name}")
        return path

    def _unfinished(self, what: str) -> AevizError:
        return AevizError(
            f"{self.path} is an unfinished {self.NOUN}: {what}; "
            f"run the same `{self.COMMAND}` command again to finish it"
        )


def check_memory(steps: Mapping[str, Step], *, folder: StepFolder | None = None) -> float:
    """Check that every step that is not done fits in memory, before the first begins.

    Parameters
    ----------
    steps : mapping of str to Step
        In their order: what a step loads stays for those after it.
    folder : StepFolder or None
        Says which steps are done; None counts none as done.

    Returns
    -------
    float
        The most memory that is needed in addition to what is held now, in bytes.

    Raises
    ------
    AevizError
        If one would not fit.
    """
    loaded: dict[str, float] = {}
    most = 0.0
    for name, step in steps.items():
        if step.need is not None and not (folder and folder.is_done(name, step)):
            need = step.need().after(loaded)
            check_need(name, need)
            loaded, most = dict(need.libraries), max(most, need.n_bytes)
    return most


def perform(name: str, step: Step, *, folder: StepFolder, progress: Progress) -> bool:
    """Do a step and record it, unless it is done; return whether it was done now.

    Raises
    ------
    AevizError
        If it does not fit in memory.
    """
    if folder.is_done(name, step):
        progress.keep(name)
        return False
    if step.need is not None:
        check_need(name, step.need())
    key = step_key(name, step.depends_on)
    progress.start(name)
    # If this process were killed after it replaced the output and before it recorded the step,
    # the output would have the former key.
    folder.forget(name)
    with Meter() as meter:
        step.make()
    folder.record(StepRecord(name, key, round(meter.seconds, 3), meter.peak_memory_bytes))
    progress.finish(name, meter.seconds)
    return True
