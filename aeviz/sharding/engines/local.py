"""Have shards placed by processes of this machine.

Why not `concurrent.futures`: where a process of its pool is killed, for want of memory perhaps,
every shard under way is lost and none is told to be the cause. Here each worker has one shard at
a time, and the end of its output says which.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aeviz.core.cpu import worker_environment
from aeviz.core.exceptions import AevizError
from aeviz.sharding._job import Job, Outcome
from aeviz.sharding._shards import Shard

__all__ = ["transform_locally"]

_SECONDS_TO_END = 5
_Inbox = queue.Queue[tuple["_Worker", dict[str, Any] | None]]


def transform_locally(
    shards: Sequence[Shard], job: Job, n_workers: int, heard: Callable[[int], None]
) -> Iterator[Outcome]:
    """Return an iterator over what comes of every shard, in the order in which they are done.

    Parameters
    ----------
    shards : sequence of Shard
    job : Job
    n_workers : int
        Processes at a time; each has its share of the cores.
    heard : function (n_rows)
        Called as rows are done.

    Raises
    ------
    AevizError
        If no worker can load the run.
    """
    waiting, inbox = deque(shards), _Inbox()
    workers: set[_Worker] = set()
    environment, is_proven = _environment(n_workers), False
    try:
        for _ in range(min(n_workers, len(waiting))):
            workers.add(_Worker(job, waiting.popleft(), inbox, environment))
        while workers:
            worker, message = inbox.get()
            if worker not in workers:
                continue  # the end of one that had nothing left to do
            is_proven |= worker.is_ready
            if message is None:
                workers.remove(worker)
                how = worker.end(is_gone=True)
                if not is_proven:
                    raise AevizError(f"no worker could load the run: {worker.refused or how}")
                yield Outcome(worker.shard.name, reason=f"its worker {how}")
                if waiting:
                    workers.add(_Worker(job, waiting.popleft(), inbox, environment))
            elif "rows" in message:
                heard(message["rows"])
            else:
                name = worker.shard.name
                if waiting:
                    worker.give(waiting.popleft())
                else:
                    workers.remove(worker)
                    worker.end()
                yield Outcome(name, message["record"], message["reason"])
    finally:
        _end(workers)


def _end(workers: set[_Worker]) -> None:
    """End all workers; each is told before the first is waited for."""
    for worker in workers:
        worker.leave()
    for worker in workers:
        worker.end()


class _Worker:
    """Begin a process, give it one shard at a time, and pass on what it says.

    After its last words None is passed on.
    """

    def __init__(self, job: Job, shard: Shard, inbox: _Inbox, environment: dict[str, str]) -> None:
        self.is_ready, self.refused = False, ""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        self._process = subprocess.Popen(
            [sys.executable, "-m", "aeviz.sharding._worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for this process, which then ends the others
        )
        self._say(job.to_json())
        self.give(shard)
        self._listener = threading.Thread(target=self._listen, args=(inbox,), daemon=True)
        self._listener.start()

    def give(self, shard: Shard) -> None:
        """Hand a shard over; the former one is done."""
        self.shard = shard
        self._say(asdict(shard))

    def leave(self) -> None:
        """Tell the process to end, and do not wait for it."""
        self._process.terminate()

    def end(self, *, is_gone: bool = False) -> str:
        """End the process, or wait for one that is going, and return how it ended, in words."""
        if not is_gone:
            self.leave()
        try:
            code = self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                if pipe is not None:
                    pipe.close()
        with self._errors:
            self._errors.seek(0)
            lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        if code < 0:
            return f"was ended by signal {-code}" + (", perhaps for want of memory" * (code == -9))
        return f"ended with exit code {code}" + (f": {lines[-1].strip()}" if lines else "")

    def _say(self, content: dict[str, Any]) -> None:
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.write(json.dumps(content) + "\n")
                stdin.flush()
        except BrokenPipeError:
            return  # it has ended, and the end of its output says so

    def _listen(self, inbox: _Inbox) -> None:
        for line in self._process.stdout or ():
            if not line.endswith("\n"):
                break  # the last words of a killed one may be cut off
            message = json.loads(line)
            if "ready" in message:
                self.is_ready = True
            elif "refused" in message:
                self.refused = message["refused"]
            else:
                inbox.put((self, message))
        inbox.put((self, None))


def _environment(n_workers: int) -> dict[str, str]:
    """Return the environment of a worker: its cores, and where Python finds this very package."""
    root = str(Path(__file__).resolve().parents[3])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, **worker_environment(n_workers), "PYTHONPATH": path}
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Where there is a GPU, the first worker shall not take all of its memory.
    environment.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    return environment
