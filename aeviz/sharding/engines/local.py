"""Have shards transformed by processes of this machine.

Why not `concurrent.futures`: when a process of its pool is killed, perhaps because memory ran
out, all unfinished shards are lost, and none is named as the cause. Here each worker has one
shard at a time, and the end of its output tells which one failed.
"""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aeviz.core.cpu import worker_environment
from aeviz.core.exceptions import AevizError
from aeviz.sharding._shards import Job, Outcome, Shard

__all__ = ["transform_locally"]

_SECONDS_TO_END = 5
_Inbox = queue.Queue[tuple["_Worker", dict[str, Any] | None]]


def transform_locally(
    shards: Sequence[Shard], job: Job, n_workers: int, report: Callable[[int], None]
) -> Generator[Outcome, None, None]:
    """Yield the outcome of every shard; see `aeviz.sharding.engines.base.Engine`.

    Each of the `n_workers` processes has its share of the cores.

    Raises
    ------
    AevizError
        If no worker can load the run.
    """
    waiting, inbox = deque(shards), _Inbox()
    workers: set[_Worker] = set()
    environment, has_loaded = _environment(n_workers), False
    try:
        for _ in range(min(n_workers, len(waiting))):
            workers.add(_Worker(job, waiting.popleft(), inbox, environment))
        while workers:
            worker, message = inbox.get()
            if worker not in workers:
                continue  # the end of one that had nothing left to do
            if message is None:
                workers.remove(worker)
                how = worker.end(is_gone=True)
                if not has_loaded:
                    raise AevizError(f"no worker could load the run: {worker.refused or how}")
                yield Outcome(worker.shard.name, reason=f"its worker {how}")
                if waiting:
                    workers.add(_Worker(job, waiting.popleft(), inbox, environment))
            elif "rows" in message:
                report(message["rows"])
            elif "record" not in message:  # whether it could load the run
                has_loaded |= "ready" in message
                worker.refused = message.get("refused", "")
            else:
                name = worker.shard.name
                if waiting:
                    worker.give(waiting.popleft())
                else:
                    workers.remove(worker)
                    worker.end()
                yield Outcome(name, message["record"], message["reason"])
    finally:
        for worker in workers:
            worker.process.terminate()  # all of them are told before one is waited for
        for worker in workers:
            worker.end()


class _Worker:
    """Process that gets one shard at a time, and whose messages go to a queue.

    None follows the last message.
    """

    def __init__(self, job: Job, shard: Shard, inbox: _Inbox, environment: dict[str, str]) -> None:
        self.refused = ""
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        self.process = subprocess.Popen(
            [sys.executable, "-m", "aeviz.sharding._worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=environment,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C interrupts this process, which ends the others
        )
        self._send(asdict(job))
        self.give(shard)
        self._listener = threading.Thread(target=self._listen, args=(inbox,), daemon=True)
        self._listener.start()

    def give(self, shard: Shard) -> None:
        """Give the process its next shard."""
        self.shard = shard
        self._send(asdict(shard))

    def end(self, *, is_gone: bool = False) -> str:
        """End the process, or wait for one that is ending, and return in words how it ended."""
        if not is_gone:
            self.process.terminate()
        try:
            code = self.process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        self._listener.join()
        with suppress(BrokenPipeError), self.process:
            pass  # which closes its pipes
        with self._errors:
            self._errors.seek(0)
            lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        if code < 0:
            perhaps = ", perhaps because memory ran out" * (code == -9)
            return f"was ended by signal {-code}{perhaps}"
        return f"ended with exit code {code}" + (f": {lines[-1].strip()}" if lines else "")

    def _send(self, content: dict[str, Any]) -> None:
        # If it has ended, the end of its output reports that.
        with suppress(BrokenPipeError):
            print(json.dumps(content), file=self.process.stdin, flush=True)

    def _listen(self, inbox: _Inbox) -> None:
        for line in self.process.stdout or ():
            if not line.endswith("\n"):
                break  # the last message of a killed process may be cut off
            inbox.put((self, json.loads(line)))
        inbox.put((self, None))


def _environment(n_workers: int) -> dict[str, str]:
    """Return the environment of a worker: its cores, and where Python finds this package."""
    root = str(Path(__file__).resolve().parents[3])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, **worker_environment(n_workers), "PYTHONPATH": path}
    environment.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Keep the first worker from taking all memory of a GPU.
    environment.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    return environment
