"""Place one shard after another with a run that is loaded once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aeviz.core.atomic_files import atomic_file
from aeviz.core.exceptions import AevizError
from aeviz.core.resource_meter import Meter
from aeviz.data.dataset import Dataset
from aeviz.data.shard_blocks import ShardBlock, read_blocks
from aeviz.pipeline.out_of_sample import Placed, Placer
from aeviz.runs.run import Run
from aeviz.sharding._folder import PlacesFolder, sha256_of
from aeviz.sharding._job import Job, Outcome
from aeviz.sharding._shards import Shard

__all__ = ["ShardPlacer"]


class ShardPlacer:
    """Hold what a job needs, and do one shard after another.

    Parameters
    ----------
    job : Job
    rows_a_block : int or None
        How many samples are placed at a time; None takes what fills 64 MB.

    Raises
    ------
    AevizError
        If the run or a head cannot be loaded.
    """

    def __init__(self, job: Job, *, rows_a_block: int | None = None) -> None:
        self.job = job
        self.rows_a_block = rows_a_block
        self.folder = PlacesFolder(job.out)
        heads = None
        if job.has_head:
            from aeviz.sharding.heads import load_heads

            heads = load_heads(self.folder.heads_path)
        self.placer = Placer(Run(job.run), heads=heads)
        self.pictures = job.pictures
        self.left_out: dict[str, str] = {}

    def attempt(self, shard: Shard, heard: Callable[[int], None]) -> Outcome:
        """Place a shard, and say what came of it in place of raising what can go wrong."""
        try:
            return Outcome(shard.name, self.place(shard, heard))
        except (AevizError, OSError, MemoryError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            return Outcome(shard.name, reason=reason)

    def place(self, shard: Shard, heard: Callable[[int], None]) -> dict[str, Any]:
        """Write the places of a shard's samples, whole or not at all, and put them on record.

        Parameters
        ----------
        shard : Shard
        heard : function (n_rows)
            Called after every block.

        Returns
        -------
        dict
            The record.

        Raises
        ------
        AevizError, OSError, MemoryError
            If the shard cannot be read or its samples cannot be placed, or the output cannot
            be written.
        """
        path = self.folder.output_path(shard.stem)
        with Meter() as meter, atomic_file(path) as partial:
            n_rows, n_unlike = self._write(Path(shard.path), partial, heard)
            digest, size = sha256_of(partial), partial.stat().st_size
        record = {
            "shard": shard.name,
            "input": shard.state,
            "key": self.job.key,
            "output": path.name,
            "size_bytes": size,
            "sha256": digest,
            "rows": n_rows,
            "unlike": n_unlike,
            "pictures": self.pictures,
            "left_out": self.left_out,
            "seconds": round(meter.seconds, 3),
            "peak_memory_bytes": meter.peak_memory_bytes,
            "process": os.getpid(),
        }
        self.folder.write_record(shard.stem, record)
        return record

    def _write(self, path: Path, partial: Path, heard: Callable[[int], None]) -> tuple[int, int]:
        """Return how many samples were placed, and how many are unlike those of the run."""
        job, writer, n_rows, n_unlike = self.job, None, 0, 0
        blocks = read_blocks(
            path,
            self.placer.run.data,
            label=job.label,
            on_missing=job.on_missing,
            rows_per_block=self.rows_a_block,
        )
        try:
            for block in blocks:
                table, n_strange = self._places(block, path)
                if writer is None:
                    writer = pq.ParquetWriter(partial, table.schema)
                writer.write_table(table)
                n_rows += table.num_rows
                n_unlike += n_strange
                heard(table.num_rows)
        finally:
            if writer is not None:
                writer.close()
        return n_rows, n_unlike

    def _places(self, block: ShardBlock, path: Path) -> tuple[pa.Table, int]:
        """Return the output of a block, and how many of its samples are unlike the run's."""
        dataset = block.dataset
        if dataset is None:
            card = self.placer.run.data
            names = None if card.feature_names is None else tuple(card.feature_names)
            nothing = np.zeros((1, card.n_features), np.float32)
            frame = self._placed(Dataset(path.name, nothing, feature_names=names)).table.iloc[:0]
        else:
            frame = self._placed(dataset).table
        found = frame.drop(columns=["sample_id", "label"], errors="ignore")
        table = pa.Table.from_pandas(pd.DataFrame(found), preserve_index=False)
        table = table.replace_schema_metadata(None)
        for place, (name, values) in enumerate(block.leading.items()):
            table = table.add_column(place, name, values)
        return table, int(frame["is_unlike"].sum())

    def _placed(self, dataset: Dataset) -> Placed:
        placed = self.placer.place(dataset, pictures=self.pictures)
        placed.require_pictures()
        # What could not be placed once is not tried again with every block.
        self.left_out |= placed.left_out
        self.pictures = placed.pictures
        return placed
