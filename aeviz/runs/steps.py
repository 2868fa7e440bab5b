"""Do steps one after another, and redo only those whose output does not stand yet.

A step's output is recorded, in a JSON file of the folder that it is written to, under a
key made of everything that it depends on. A step whose key is recorded and whose output
is there is taken as it is. What the steps are, and in which order, is another's matter:
`aeviz.pipeline.make_report` for runs, `aeviz.tutorial.run` for the tutorial.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from aeviz.core.atomic_files import is_leftover, read_json, sweep, write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.file_lock import LOCK, hold, let_go
from aeviz.core.memory import Need, check_need
from aeviz.core.progress import Progress
from aeviz.core.resource_meter import Meter
from aeviz.core.schema import check_schema

__all__ = ["Step", "StepFolder", "StepRecord", "check_memory", "perform", "step_key"]


@dataclass(frozen=True)
class StepRecord:
    """Say what one finished step cost and under which key its output stands."""

    name: str
    key: str
    seconds: float
    peak_memory_bytes: int


@dataclass(frozen=True)
class Step:
    """Say what a step depends on (JSON-able values), what it does, what it leaves and needs.

    `need` is asked when the step is about to begin, for what is loaded by then is not needed.
    """

    depends_on: list[Any]
    make: Callable[[], None]
    output: Path
    need: Callable[[], Need] | None = None


def step_key(*parts: Any) -> str:
    """Return a digest of everything that a step's output depends on (JSON-able values)."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


class StepFolder:
    """Keep a folder that steps write into, and the file that records what was done.

    Parameters
    ----------
    path : path-like
        The folder. Reading fails with `AevizError` where it holds nothing of its kind.
    """

    SCHEMA: ClassVar[int] = 1
    # What such a folder is called, the file that makes one, the command that writes it, and
    # what of it an order to do everything again removes, if there is such an order.
    NOUN: ClassVar[str]
    INFO_NAME: ClassVar[str]
    COMMAND: ClassVar[str]
    PARTS: ClassVar[tuple[str, ...]]
    HAS_FORCE: ClassVar[bool] = True

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    @property
    def info_path(self) -> Path:
        """Return the path of the file that records what was asked and what was done."""
        return self.path / self.INFO_NAME

    @property
    def report_path(self) -> Path:
        """Return the path of the HTML page."""
        return self.path / "report.html"

    @property
    def figures_path(self) -> Path:
        """Return the folder of the page's figures."""
        return self.path / "figures"

    @property
    def exists(self) -> bool:
        """Tell whether the folder holds something of its kind."""
        return self.info_path.is_file()

    @cached_property
    def info(self) -> dict[str, Any]:
        """Return what was asked and what was done.

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
        try:
            info = read_json(self.info_path)
        except ValueError as error:
            raise AevizError(f"{self.info_path} is not valid JSON: {error}") from error
        how = "--force" if self.HAS_FORCE else "another --out"
        remake = f"make it again with `{self.COMMAND}` and {how}"
        check_schema(info, self.info_path, reads=self.SCHEMA, remake=remake)
        return dict(info)

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

    def is_done(self, name: str, key: str) -> bool:
        """Tell whether a step is finished under the same key."""
        return any(step.name == name and step.key == key for step in self.steps)

    def record(self, step: StepRecord) -> None:
        """Add a finished step, in place of an earlier one of the same name."""
        kept = [asdict(former) for former in self.steps if former.name != step.name]
        self.note(steps=[*kept, asdict(step)])

    def forget(self, name: str) -> None:
        """Drop the record of a step whose output is about to change."""
        kept = [asdict(step) for step in self.steps if step.name != name]
        if len(kept) < len(self.steps):
            self.note(steps=kept)

    def keep_steps(self, names: list[str]) -> None:
        """Drop the records of steps that are not asked for now, and set their order."""
        by_name = {step.name: asdict(step) for step in self.steps}
        self.note(steps=[by_name[name] for name in names if name in by_name])

    @contextmanager
    def claimed(self, *, force: bool, called: str = "--out") -> Iterator[None]:
        """Make the folder and keep it for this process, or say why it cannot be used.

        Parameters
        ----------
        force : bool
            Whether to take a folder that holds something else, and to remove what an earlier
            execution left, so that every step is done again.
        called : str
            What named the folder, for messages.

        Raises
        ------
        AevizError
            If it cannot be written, holds something else or something of another schema and
            `force` is not set, or another process writes into it.
        """
        try:
            if self.path.exists() and not self.path.is_dir():
                raise NotADirectoryError(f"{self.path} is a file")
            is_foreign = (
                self.path.is_dir()
                and not self.exists
                and any(map(_is_foreign, self.path.iterdir()))
            )
            if is_foreign and not force:
                hint = " (--force writes into it all the same)" if self.HAS_FORCE else ""
                raise AevizError(
                    f"--out must be a new or empty folder or an earlier {self.NOUN}; {self.path} "
                    f"holds something else{hint}"
                )
            self.path.mkdir(parents=True, exist_ok=True)
            hold(self.path)
        except OSError as error:
            raise AevizError(
                f"{called} must be a folder that can be written; {self.path} cannot be: "
                f"{error.strerror or error}"
            ) from error
        try:
            if self.exists and not force:
                self.info  # noqa: B018 - what another version made is not written over
            sweep(self.path)
            if force:
                self.info_path.unlink(missing_ok=True)
                for name in self.PARTS:
                    shutil.rmtree(self.path / name, ignore_errors=True)
            yield
        finally:
            let_go(self.path)

    def _write_info(self, info: dict[str, Any]) -> None:
        write_json(self.info_path, info)
        self.__dict__["info"] = info

    def _existing(self, name: str) -> Path:
        """Return a path below the folder, or say that it is not there yet."""
        self.info  # noqa: B018 - says first whether the folder is of its kind at all
        path = self.path / name
        if not path.is_file():
            raise self._unfinished(f"it has no {name}")
        return path

    def _unfinished(self, what: str) -> AevizError:
        return AevizError(
            f"{self.path} is an unfinished {self.NOUN}: {what}; "
            f"run the same `{self.COMMAND}` command again to finish it"
        )


def check_memory(steps: Mapping[str, Step], *, folder: StepFolder) -> None:
    """Check that every step that is not done fits in memory, before an hour goes into the first.

    Raises
    ------
    AevizError
        If one would not fit.
    """
    for name, step in steps.items():
        if step.need is not None and not _stands(name, step, folder):
            check_need(name, step.need())


def perform(name: str, step: Step, *, folder: StepFolder, progress: Progress) -> bool:
    """Do a step and record it, unless it is done; return whether it was done now.

    Raises
    ------
    AevizError
        If it does not fit in memory.
    """
    key = step_key(name, step.depends_on)
    if _stands(name, step, folder):
        progress.keep(name)
        return False
    if step.need is not None:
        check_need(name, step.need())
    progress.start(name)
    # Were this process killed with the output replaced and the step not yet recorded, the output
    # would stand under the former key.
    folder.forget(name)
    with Meter() as meter:
        step.make()
    folder.record(StepRecord(name, key, round(meter.seconds, 3), meter.peak_memory_bytes))
    progress.finish(name, meter.seconds)
    return True


def _stands(name: str, step: Step, folder: StepFolder) -> bool:
    return folder.is_done(name, step_key(name, step.depends_on)) and step.output.exists()


def _is_foreign(path: Path) -> bool:
    """Tell whether something in a folder without a record is not what a killed process left."""
    return path.name != LOCK and not is_leftover(path)
