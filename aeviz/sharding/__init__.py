"""Place the samples of a folder of shards in a run's embeddings, on several processes."""
