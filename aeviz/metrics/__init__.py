"""Metrics of how far a code or an embedding stands for the data, one per file."""
