"""Transform shards in a separate process: ``python -m aeviz.sharding._worker``.

It reads a job and then one shard per line from its standard input, and writes lines of JSON to
its standard output: that the run is loaded, the numbers of rows that are done, and the outcome
of each shard. It ends when its input ends, so it does not outlive the process that started it.
"""

import json
import os
import signal
import sys
from typing import Any

from aeviz.core.exceptions import AevizError

__all__: list[str] = []


def main() -> int:
    """Transform the shards of the standard input until it ends."""
    # Ended by an exception, so that unfinished files are removed.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    # What libraries print must not get between the messages.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as channel:
        os.dup2(2, 1)

        def send(**message: Any) -> None:
            print(json.dumps(message), file=channel, flush=True)

        from aeviz.sharding._shard_transformer import ShardTransformer
        from aeviz.sharding._shards import Job, Shard

        job = Job(**json.loads(sys.stdin.readline()))
        try:
            transformer = ShardTransformer(job)
        except (AevizError, OSError) as error:
            send(refused=" ".join(str(error).split()))
            return 1
        send(ready=os.getpid())
        for line in sys.stdin:
            shard = Shard(**json.loads(line))
            outcome = transformer.attempt(shard, lambda n_rows: send(rows=n_rows))
            send(record=outcome.record, reason=outcome.reason)
    return 0


if __name__ == "__main__":
    sys.exit(main())
