"""Transform one shard after another by a run that is loaded once."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from aeviz.core.atomic_files import atomic_file, write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.resource_meter import Meter
from aeviz.data.dataset import Dataset
from aeviz.data.shard_blocks import ShardBlock, read_blocks
from aeviz.pipeline.out_of_sample import OutOfSampleTransformer
from aeviz.runs.run import Run
from aeviz.sharding._fast_networks import load_fast_networks
from aeviz.sharding._shards import Job, Outcome, Shard, ShardsFolder, sha256_of

__all__ = ["ShardTransformer"]


class ShardTransformer:
    """Transformer of shards, which loads the run of a job once.

    Parameters
    ----------
    job : Job
    rows_per_block : int or None
        How many samples are transformed at a time; None takes as many as fill 64 MB.

    Raises
    ------
    AevizError
        If the run or a fast network cannot be loaded.
    """

    def __init__(self, job: Job, *, rows_per_block: int | None = None) -> None:
        self.job = job
        self.rows_per_block = rows_per_block
        self.folder = ShardsFolder(job.out)
        networks = None
        if job.fast:
            networks = load_fast_networks(self.folder.networks_path)
        self.transformer = OutOfSampleTransformer(Run(job.run), fast_networks=networks)
        self.embeddings = job.embeddings
        self.left_out: dict[str, str] = {}

    def attempt(self, shard: Shard, report: Callable[[int], None]) -> Outcome:
        """Transform a shard, and return its record or the reason why it failed."""
        try:
            return Outcome(shard.name, self.transform(shard, report))
        except (AevizError, OSError, MemoryError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            return Outcome(shard.name, reason=reason)

    def transform(self, shard: Shard, report: Callable[[int], None]) -> dict[str, Any]:
        """Write the output of a shard, whole or not at all, and its record.

        Parameters
        ----------
        shard : Shard
        report : function (n_rows)
            Called after every block.

        Returns
        -------
        dict
            The record.

        Raises
        ------
        AevizError, OSError, MemoryError
            If the shard cannot be read or transformed, or the output cannot be written.
        """
        path = self.folder.output_path(shard.stem)
        with Meter() as meter, atomic_file(path) as partial:
            counts = self._write(Path(shard.path), partial, report)
            digest, size = sha256_of(partial), partial.stat().st_size
        record = {
            "shard": shard.name,
            "input": shard.state,
            "key": self.job.key,
            "output": path.name,
            "size_bytes": size,
            "sha256": digest,
            **counts,
            "embeddings": self.embeddings,
            "left_out": self.left_out,
            "seconds": round(meter.seconds, 3),
            "peak_memory_bytes": meter.peak_memory_bytes,
            "process": os.getpid(),
        }
        write_json(self.folder.record_path(shard.stem), record)
        return record

    def _write(self, path: Path, partial: Path, report: Callable[[int], None]) -> dict[str, int]:
        """Write a shard's output, and return the numbers of its rows and outliers."""
        counts = {"rows": 0, "outliers": 0}
        blocks = read_blocks(
            path,
            self.transformer.run.data,
            label=self.job.label,
            on_missing=self.job.on_missing,
            rows_per_block=self.rows_per_block,
        )
        with ExitStack() as until_written:
            writer = None
            for block in blocks:
                table = self._table(block, path)
                writer = writer or until_written.enter_context(
                    pq.ParquetWriter(partial, table.schema)
                )
                writer.write_table(table)
                counts["rows"] += table.num_rows
                counts["outliers"] += pc.sum(table["is_outlier"]).as_py() or 0
                report(table.num_rows)
        return counts

    def _table(self, block: ShardBlock, path: Path) -> pa.Table:
        """Return the output of a block."""
        dataset, card = block.dataset, self.transformer.run.data
        if dataset is None:  # a sample of zeros tells the columns of an empty shard
            names = None if card.wanted_names is None else tuple(card.wanted_names)
            X = np.zeros((1, card.n_wanted), np.float32)
            dataset = Dataset(path.name, X, feature_names=names)
        result = self.transformer.transform(dataset, embeddings=self.embeddings)
        result.require_embeddings()
        # What is left out once is not tried again with every block.
        self.left_out |= result.left_out
        self.embeddings = result.embeddings
        frame = result.table if block.dataset is not None else result.table.iloc[:0]
        columns = frame.drop(columns=["sample_id", "label"], errors="ignore")
        table = pa.Table.from_pandas(pd.DataFrame(columns), preserve_index=False)
        table = table.replace_schema_metadata(None)
        for position, (name, values) in enumerate(block.leading.items()):
            table = table.add_column(position, name, values)
        return table
