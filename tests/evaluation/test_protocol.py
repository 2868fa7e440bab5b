"""Test the one scoring protocol: which samples it evaluates, and at which sizes."""

from __future__ import annotations

import numpy as np
import pytest

from aeviz.core.registry import METRICS
from aeviz.evaluation.protocol import Protocol, Subject


def test_all_samples_are_evaluated_up_to_a_number_and_then_some_at_random():
    protocol = Protocol(max_evaluated=50, seed=3)
    assert protocol.rows(np.arange(50)[::-1]).tolist() == list(range(50))
    some = protocol.rows(np.arange(0, 400, 2))
    assert len(set(some)) == 50
    assert set(some) <= set(range(0, 400, 2))
    assert some.tolist() == sorted(some)
    assert some.tolist() == protocol.rows(np.arange(0, 400, 2)).tolist()
    assert some.tolist() != Protocol(max_evaluated=50).rows(np.arange(0, 400, 2)).tolist()


@pytest.mark.parametrize(("n_test", "expected"), [(30, 30), (29, 100), (0, 100)])
def test_codes_are_evaluated_on_test_samples_if_they_are_enough(n_test, expected):
    is_train = np.arange(100) >= n_test
    rows = Protocol().code_rows(is_train)
    assert len(rows) == expected
    assert expected == 100 or not is_train[rows].any()


def test_some_metrics_are_measured_at_further_sizes_on_some_of_the_samples(rng):
    X = rng.normal(size=(220, 4))
    protocol = Protocol(max_evaluated=80, max_further=50, seed=0)
    metrics = [METRICS.get(name) for name in ("trustworthiness", "lcmc", "stress")]
    asked = protocol.at_every_k(metrics, len(X))
    assert [(one.name, one.k) for one in asked] == [
        ("trustworthiness", None),
        ("trustworthiness", 30),
        ("trustworthiness", 100),
        ("lcmc", None),
        ("stress", None),
    ]
    subjects = {"a": Subject("x", "y", asked)}
    rows = protocol.rows(np.arange(len(X)))
    told: list[float] = []
    spaces = {"x": X, "y": X[:, :2]}
    found = protocol.measure(spaces, subjects, rows=rows, progress=told.append)["a"]
    keys = [(score.metric, score.k, score.n_evaluated) for score in found.scores()]
    assert keys == [
        ("trustworthiness", 10, 80),
        ("trustworthiness", 30, 50),
        ("trustworthiness", 100, 50),
        ("lcmc", 10, 80),
        ("stress", None, 80),
    ]
    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)


def test_quick_are_the_metrics_that_a_page_shows_at_once_at_the_usual_size():
    protocol = Protocol(is_quick=True)
    metrics = [METRICS.get(name) for name in ("trustworthiness", "lcmc", "stress", "gmm_ari")]
    chosen = protocol.chosen(metrics)
    assert [one.name for one in chosen] == ["trustworthiness", "stress"]
    assert protocol.at_every_k(chosen, 220) == chosen
    assert Protocol().chosen(metrics) == metrics


def test_exactly_so_many_are_evaluated_by_every_metric(rng):
    X = rng.normal(size=(120, 4))
    protocol = Protocol(max_further=20, n_ranked=10).exactly(60)
    metrics = protocol.at_every_k([METRICS.get("auc_rnx"), METRICS.get("continuity")], len(X))
    rows = protocol.rows(np.arange(len(X)))
    subjects = {0: Subject("x", "y", metrics)}
    (found,) = protocol.measure({"x": X, "y": X[:, :2]}, subjects, rows=rows).values()
    assert {score.n_evaluated for score in found.scores()} == {60}


def test_rows_of_tables_hold_what_json_can():
    X = np.arange(12.0)[:, None]
    protocol = Protocol()
    subjects = {0: Subject("x", "x", [METRICS.get("trustworthiness"), METRICS.get("stress")])}
    (found,) = protocol.measure({"x": X}, subjects, rows=np.arange(12)).values()
    first, second = (score.row() for score in found.scores())
    assert first == {
        "metric": "trustworthiness",
        "k": 5,
        "value": 1.0,
        "low": 1.0,
        "high": 1.0,
        "n_evaluated": 12,
    }
    assert second["k"] is None


def test_metrics_of_labels_look_at_samples_with_a_label_alone(rng):
    X = rng.normal(size=(90, 5))
    labels = np.array(list("abc"))[np.arange(90) % 3]
    with_gaps = np.where(np.arange(90) % 5 == 0, "", labels)
    metrics = [METRICS.get(name) for name in ("knn_accuracy", "trustworthiness", "silhouette")]
    spaces = {"X": X, "low": X[:, :2]}
    subject = {"one": Subject("X", "low", metrics)}
    rows = np.arange(90)
    found = Protocol().measure(spaces, subject, rows=rows, labels=with_gaps)["one"]
    known = np.flatnonzero(with_gaps != "")
    alone = Protocol().measure(
        {name: space[known] for name, space in spaces.items()},
        subject,
        rows=np.arange(len(known)),
        labels=labels[known],
    )["one"]
    whole = Protocol().measure(spaces, subject, rows=rows)["one"]
    values = {score.metric: score.value for score in found.scores()}
    assert list(values) == ["knn_accuracy", "trustworthiness", "silhouette"]
    by_labels = {score.metric: score.value for score in alone.scores()}
    assert values["knn_accuracy"] == by_labels["knn_accuracy"]
    assert values["silhouette"] == by_labels["silhouette"]
    assert values["trustworthiness"] == whole.scores()[0].value
