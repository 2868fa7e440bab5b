"""Scores of a run: which spaces are compared at which stage, and with which baseline.

Measuring itself is `aeviz.evaluation`, by the protocol that says on which samples. At each
stage every method is measured on the same samples, and a difference between two methods is
paired over them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from aeviz.core.registry import METRICS
from aeviz.data.prepared import Prepared
from aeviz.evaluation.curves import curves
from aeviz.evaluation.protocol import Measured, Protocol, Subject
from aeviz.evaluation.stages import Stage
from aeviz.runs.pair import IDENTITY, LATENT, Pair
from aeviz.runs.results import Curves

__all__ = ["Scored", "score"]

DATA = "data"
PCA = "pca"

Row = dict[str, Any]


@dataclass(frozen=True)
class _Space:
    """Name of one space that is scored; `embedding` is None for a code and the original data."""

    encoder: str
    embedding: str | None
    stage: Stage

    @property
    def is_data(self) -> bool:
        """Return whether it is the original data, of which label metrics have a value too."""
        return self.encoder == IDENTITY and self.embedding is None

    @property
    def row(self) -> Row:
        """Return the columns of a table that name it."""
        return {"encoder": self.encoder, "embedding": self.embedding, "stage": str(self.stage)}


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores of a run.

    Parameters
    ----------
    rows, differences : list of dict
        As `aeviz.runs.run.Run` describes them.
    curves : Curves
    """

    rows: list[Row]
    differences: list[Row]
    curves: Curves


def score(
    prepared: Prepared,
    codes: Mapping[str, np.ndarray],
    points: Mapping[Pair, np.ndarray],
    *,
    sample_errors: Mapping[str, np.ndarray],
    sample_bounds: Mapping[str, np.ndarray],
    seed: int,
    progress: Callable[[float, float, str], None] | None = None,
) -> Scored:
    """Score every code and every embedding, and compare autoencoders with PCA.

    Parameters
    ----------
    prepared : Prepared
    codes : mapping of encoder to ndarray of shape (n_samples, code_size)
    points : mapping of Pair to ndarray of shape (n_samples, 2)
    sample_errors : mapping of encoder to ndarray of shape (n_samples,)
        Mean squared reconstruction error of each sample.
    sample_bounds : mapping of encoder to ndarray of shape (n_samples,)
        Lower bounds of each sample's log-likelihood, for variational encoders.
    seed : int
        Fixes the samples that are evaluated and the bootstrap.
    progress : function (done, total, message) or None
    """
    protocol = Protocol(seed=seed)
    spaces = {DATA: prepared.X, **{f"code {kind}": code for kind, code in codes.items()}}
    spaces |= {f"{pair.encoder} {pair.embedding}": xy for pair, xy in points.items()}
    labels = prepared.dataset.class_labels
    scored = _spaces_of(list(codes), list(points), has_labels=labels is not None)
    groups = _groups(scored, prepared.is_train, protocol)
    n_rows, n_done = sum(len(rows) for rows, _ in groups), 0
    measured: dict[_Space, Measured] = {}
    for rows, group in groups:

        def report(done: float, part: int = len(rows), before: int = n_done) -> None:
            if progress is not None:
                progress((before + part * done) / n_rows, 1.0, "")

        subjects = {
            one: _subject(one, protocol, len(prepared.X), sample_errors, sample_bounds)
            for one in group
        }
        measured |= protocol.measure(spaces, subjects, rows=rows, labels=labels, progress=report)
        n_done += len(rows)
    measured = {one: measured[one] for one in scored}
    code_sizes = {kind: code.shape[1] for kind, code in codes.items()}
    differences = [
        {
            **ours.row,
            "baseline_encoder": theirs.encoder,
            "baseline_embedding": theirs.embedding,
            **gap.row(),
        }
        for ours, theirs in _opponents(scored, code_sizes)
        for gap in measured[ours].minus(measured[theirs])
    ]
    return Scored(_rows(measured, seed=seed), differences, _curves(measured))


def _groups(
    scored: list[_Space], is_train: np.ndarray, protocol: Protocol
) -> list[tuple[np.ndarray, list[_Space]]]:
    """Return what is evaluated on which samples, codes first."""
    rows, code_rows = protocol.rows(np.arange(len(is_train))), protocol.code_rows(is_train)
    if np.array_equal(rows, code_rows):
        return [(rows, scored)]
    of_codes = [one for one in scored if one.stage == Stage.DATA_TO_CODE]
    others = [one for one in scored if one.stage != Stage.DATA_TO_CODE]
    return [(chosen, group) for chosen, group in ((code_rows, of_codes), (rows, others)) if group]


def _spaces_of(encoders: list[str], pairs: list[Pair], *, has_labels: bool) -> list[_Space]:
    """Return everything that is scored, stage by stage."""
    scored = []
    if has_labels:
        # The labels' value in the original data, with which the others are compared.
        stages = (Stage.DATA_TO_CODE, Stage.DATA_TO_EMBEDDING)
        scored += [_Space(IDENTITY, None, stage) for stage in stages]
    scored += [_Space(kind, None, Stage.DATA_TO_CODE) for kind in encoders]
    scored += [
        _Space(pair.encoder, pair.embedding, Stage.CODE_TO_EMBEDDING)
        for pair in pairs
        if pair.encoder in encoders and not pair.is_latent
    ]
    return scored + [_Space(p.encoder, p.embedding, Stage.DATA_TO_EMBEDDING) for p in pairs]


def _subject(
    one: _Space,
    protocol: Protocol,
    n_samples: int,
    errors: Mapping[str, np.ndarray],
    bounds: Mapping[str, np.ndarray],
) -> Subject:
    """Return what a space is compared with, by the metrics that can be asked of its stage."""
    code = f"code {one.encoder}"
    low = code if one.embedding is None else f"{one.encoder} {one.embedding}"
    high, subjects = DATA, {"pair", "labels"}
    if one.is_data:
        low, subjects = DATA, {"labels"}
    elif one.stage == Stage.CODE_TO_EMBEDDING:
        high, subjects = code, {"pair"}
    elif one.embedding is None:
        subjects |= {"reconstruction", "variational"}
    metrics = [metric for metric in METRICS.members().values() if metric.subject in subjects]
    if high == DATA != low:
        metrics = protocol.at_every_k(metrics, n_samples)
    if one.stage != Stage.DATA_TO_CODE:
        return Subject(high, low, metrics)
    return Subject(high, low, metrics, errors.get(one.encoder), bounds.get(one.encoder))


def _opponents(scored: list[_Space], code_sizes: Mapping[str, int]) -> list[tuple[_Space, _Space]]:
    """Return every autoencoder's space with PCA's, which it has to beat.

    A code and its embeddings meet PCA's code of the same size and its embeddings by the
    same method, and nothing where PCA's code has another size: it would win or lose by that.
    A code that is itself an embedding meets the plain PCA embedding.
    """
    opponents = []
    for one in scored:
        if one.encoder in (PCA, IDENTITY) or one.stage == Stage.CODE_TO_EMBEDDING:
            continue
        is_embedding = _Space(one.encoder, LATENT, Stage.DATA_TO_EMBEDDING) in scored
        baseline = None
        if not is_embedding and code_sizes[one.encoder] == code_sizes.get(PCA):
            baseline = _Space(PCA, one.embedding, one.stage)
        elif is_embedding and one.embedding is not None:
            baseline = _Space(IDENTITY, PCA, one.stage)
        if baseline in scored:
            opponents.append((one, baseline))
    return opponents


def _rows(measured: Mapping[_Space, Measured], *, seed: int) -> list[Row]:
    """Return a row per score, each label metric with its value in the original data."""
    scores = [(one, score.row()) for one, found in measured.items() for score in found.scores()]
    in_data = {(one.stage, row["metric"]): row["value"] for one, row in scores if one.is_data}
    rows = []
    for one, row in scores:
        n_evaluated = row.pop("n_evaluated")
        baseline = None if one.is_data else in_data.get((one.stage, row["metric"]))
        of_seed = {"baseline": baseline, "seed": seed, "n_evaluated": n_evaluated}
        rows.append({**one.row, **row, **of_seed})
    return rows


def _curves(measured: Mapping[_Space, Measured]) -> Curves:
    of_pairs = [one for one in measured if not one.is_data]
    found = [curves(measured[one].comparison) for one in of_pairs]
    return Curves(
        encoder=np.array([one.encoder for one in of_pairs]),
        embedding=np.array([one.embedding or "" for one in of_pairs]),
        stage=np.array([str(one.stage) for one in of_pairs]),
        k=found[0].k,
        q_nx=np.stack([one.q_nx for one in found]),
        r_nx=np.stack([one.r_nx for one in found]),
        shepard=np.stack([one.shepard for one in found]),
    )
