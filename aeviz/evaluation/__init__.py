"""Comparison of two spaces: blocks of distances, ranks, bootstrap, scoring."""
