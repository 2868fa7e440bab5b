"""Place shards as a process of its own: ``python -m aeviz.sharding._worker``.

On its standard input comes a job, then a shard a line; on its standard output go lines of
JSON: that the run is loaded, rows as they are done, and what came of each shard. It ends with
its input, so it does not outlive the process that began it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from types import FrameType
from typing import Any

from aeviz.core.exceptions import AevizError

__all__: list[str] = []


def main() -> int:
    """Do what comes in, until nothing does."""
    signal.signal(signal.SIGTERM, _leave)
    # What libraries print must not come between the lines.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as channel:
        os.dup2(2, 1)

        def say(**message: Any) -> None:
            print(json.dumps(message), file=channel, flush=True)

        from aeviz.sharding._job import Job
        from aeviz.sharding._shard_transformer import ShardTransformer
        from aeviz.sharding._shards import Shard

        job = Job.from_json(json.loads(sys.stdin.readline()))
        try:
            placer = ShardTransformer(job)
        except (AevizError, OSError) as error:
            say(refused=" ".join(str(error).split()))
            return 1
        say(ready=os.getpid())
        for line in sys.stdin:
            outcome = placer.attempt(Shard(**json.loads(line)), lambda n_rows: say(rows=n_rows))
            say(record=outcome.record, reason=outcome.reason)
    return 0


def _leave(number: int, _frame: FrameType | None) -> None:
    """End as an exception does, so that nothing unfinished is left behind."""
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
