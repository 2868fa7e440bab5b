"""Place the samples of a folder of shards in a run's pictures, on several processes."""
