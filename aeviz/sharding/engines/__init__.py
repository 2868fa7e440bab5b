"""Have shards placed by several workers at once; one way a file."""
