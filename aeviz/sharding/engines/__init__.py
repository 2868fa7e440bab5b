"""Have shards transformed by several workers at once; one way a file."""
