"""Collect the chapters of the tutorial: one a file (see `aeviz.tutorial.chapters.base`)."""
