"""Measure how far a low-dimensional picture can be trusted: one metric a file."""
