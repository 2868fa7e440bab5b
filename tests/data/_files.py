"""Make small data files for the tests of this folder, and find the real ones."""

from pathlib import Path

import numpy as np
import pytest

DATASETS = Path(__file__).resolve().parents[2].parent / "shared" / "datasets"


def real_file(name: str) -> Path:
    """Return a real data set's path, or skip the test."""
    path = DATASETS / name
    if not path.is_file():
        pytest.skip(f"{name} is not in ../shared/datasets")
    return path


def table(n_samples: int = 20, n_features: int = 3, seed: int = 0) -> np.ndarray:
    """Return random samples."""
    return np.random.default_rng(seed).normal(size=(n_samples, n_features))


def save_npz(path: Path, **arrays: np.ndarray) -> Path:
    """Write arrays to a `.npz` file and return its path."""
    np.savez(path, **arrays)
    return path


def save_npy(path: Path, values: np.ndarray) -> Path:
    """Write an array to a `.npy` file and return its path."""
    np.save(path, values)
    return path


def save_text(path: Path, text: str) -> Path:
    """Write text as it is and return its path."""
    path.write_text(text, encoding="utf-8", newline="")
    return path


def csv_text(columns: dict[str, list[object]]) -> str:
    """Return columns as comma-separated text."""
    lines = [",".join(columns)]
    lines += [",".join(map(str, row)) for row in zip(*columns.values(), strict=True)]
    return "\n".join(lines) + "\n"
