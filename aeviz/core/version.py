"""The version of aeviz, which files that it writes carry."""

__all__ = ["__version__"]

__version__ = "0.1.0"
