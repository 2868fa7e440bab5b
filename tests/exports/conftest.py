"""Share runs to be exported: one without real encoders and many pictures, one with."""

from __future__ import annotations

import numpy as np
import pytest

from aeviz.runs.run import Run
from tests._runs import FIRST_VERSION, make_run, table


@pytest.fixture(scope="session")
def digits_run(tmp_path_factory):
    """Give a run of 120 digits with five encoders."""
    from tests._runs import digits

    return make_run(tmp_path_factory.mktemp("exports") / "digits", digits(120))


@pytest.fixture(scope="session")
def table_run(tmp_path_factory):
    """Give a run of a table with awkward ids, labels and further labels, some missing."""
    names = ["tab\there", "line\nbreak", "plain/slash"]
    ids = np.array([f"sample {i}, “{i}”" for i in range(90)])
    town = np.array([None if i % 7 == 0 else f"town {i % 3}" for i in range(90)], dtype=object)
    further = {"town/place": town, "age": np.where(np.arange(90) % 5, np.arange(90.0), np.nan)}
    dataset = table(90, class_names=names, sample_ids=ids, metadata=further)
    run = make_run(tmp_path_factory.mktemp("exports") / "table", dataset, missing_labels=4)
    # As a run does, which keeps further labels beside the label.
    frame = run.embeddings
    for i, (name, values) in enumerate(further.items()):
        frame.insert(3 + i, f"label_{name}", values)
    run.write_embeddings(frame)
    return run


@pytest.fixture(scope="session")
def real_run():
    """Give a run with encoders that can be loaded."""
    return Run(FIRST_VERSION / "run")
