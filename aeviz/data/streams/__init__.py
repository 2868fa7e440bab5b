"""Read samples block by block from data that do not fit in memory, one kind a file."""
