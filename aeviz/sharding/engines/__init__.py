"""Have shards transformed by several workers; each file is one way to do so."""
