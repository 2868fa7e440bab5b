"""Nearest neighbours, exact and on all cores."""
