"""Scores of a run: which spaces are compared at which stage, and with which baseline.

Measuring itself is `aeviz.evaluation`, by the protocol that says on which samples. At each
stage every method is measured on the same samples, and a difference between two methods is
paired over them, and counts how scores vary between trainings where there are several.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from aeviz.core.registry import EMBEDDINGS, ENCODERS, METRICS
from aeviz.data.prepared import Prepared
from aeviz.evaluation.curves import curves
from aeviz.evaluation.differences import Side, difference, verdict
from aeviz.evaluation.protocol import Measured, Protocol, Subject
from aeviz.evaluation.scores import Resampled, ScoreKey
from aeviz.evaluation.stages import Stage
from aeviz.runs.pair import IDENTITY, LATENT, Pair
from aeviz.runs.results import Curves

__all__ = ["PCA", "Scored", "Training", "score"]

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
        """Return whether it is the original data, which metrics of one space have a value of."""
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


@dataclass(frozen=True, eq=False)
class Training:
    """What one training of all methods gave.

    Parameters
    ----------
    codes : mapping of encoder to ndarray of shape (n_samples, code_size)
    points : mapping of Pair to ndarray of shape (n_samples, 2)
    sample_errors : mapping of encoder to ndarray of shape (n_samples,)
        Mean squared reconstruction error of each sample.
    sample_bounds : mapping of encoder to ndarray of shape (n_samples,)
        Lower bounds of each sample's log-likelihood, for variational encoders.
    """

    codes: Mapping[str, np.ndarray]
    points: Mapping[Pair, np.ndarray]
    sample_errors: Mapping[str, np.ndarray]
    sample_bounds: Mapping[str, np.ndarray]


def score(
    prepared: Prepared,
    codes: Mapping[str, np.ndarray],
    points: Mapping[Pair, np.ndarray],
    *,
    sample_errors: Mapping[str, np.ndarray],
    sample_bounds: Mapping[str, np.ndarray],
    seed: int,
    is_quick: bool = False,
    repeats: Sequence[Training] = (),
    progress: Callable[[float, float, str], None] | None = None,
) -> Scored:
    """Score every code and every embedding, and compare autoencoders with PCA.

    Parameters
    ----------
    prepared : Prepared
    codes, points, sample_errors, sample_bounds
        As in `Training`: the training that the report shows.
    seed : int
        Fixes the samples that are evaluated and the bootstrap.
    is_quick : bool
        Whether to compute only the scores that the page shows at once.
    repeats : sequence of Training
        Further trainings under other seeds, of what is compared with PCA and depends on the seed.
    progress : function (done, total, message) or None
    """
    protocol = Protocol(seed=seed, is_quick=is_quick)
    first = Training(codes, points, sample_errors, sample_bounds)
    dataset = prepared.dataset
    has_groups = dataset.class_labels is not None or dataset.batch is not None
    scored = _spaces_of(list(codes), list(points), has_groups=has_groups)
    opponents = _opponents(scored, {kind: code.shape[1] for kind, code in codes.items()})
    compared = [one for one in scored if any(one in pair for pair in opponents)]
    chosen = [[one for one in compared if _is_in(one, training)] for training in repeats]
    told = _shared(progress, [len(spaces) for spaces in (scored, *chosen)])
    measured = _measured(prepared, first, scored, protocol, told[0])
    scores = {one: [found.results] for one, found in measured.items()}
    for training, spaces, report in zip(repeats, chosen, told[1:], strict=True):
        for one, found in _measured(prepared, training, spaces, protocol, report).items():
            scores[one].append(found.results)
    differences = [row for pair in opponents for row in _differences(*pair, scores)]
    return Scored(_rows(measured, seed=seed), differences, _curves(measured))


def _shared(
    progress: Callable[[float, float, str], None] | None, sizes: Sequence[int]
) -> list[Callable[[float], None]]:
    """Return what parts of a task of these sizes tell their progress to, each in [0, 1]."""

    def of_part(before: int, size: int) -> Callable[[float], None]:
        def report(done: float) -> None:
            if progress is not None:
                progress((before + size * done) / sum(sizes), 1.0, "")

        return report

    return [of_part(sum(sizes[:i]), size) for i, size in enumerate(sizes)]


def _is_in(one: _Space, training: Training) -> bool:
    """Return whether a training has a space."""
    if one.embedding is None:
        return one.encoder in training.codes
    return Pair(one.encoder, one.embedding) in training.points


def _is_random(one: _Space) -> bool:
    """Return whether another seed gives another space."""
    kinds = [ENCODERS.get(one.encoder)]
    if one.embedding not in (None, LATENT):
        kinds.append(EMBEDDINGS.get(str(one.embedding)))
    return any(kind.depends_on_seed for kind in kinds)


def _measured(
    prepared: Prepared,
    training: Training,
    scored: list[_Space],
    protocol: Protocol,
    report: Callable[[float], None],
) -> dict[_Space, Measured]:
    """Return what metrics give of some spaces of a training, in their order."""
    spaces = {DATA: prepared.X}
    spaces |= {f"code {kind}": code for kind, code in training.codes.items()}
    spaces |= {f"{pair.encoder} {pair.embedding}": xy for pair, xy in training.points.items()}
    groups = _groups(scored, prepared.is_train, protocol)
    told = _shared(lambda done, total, message: report(done), [len(rows) for rows, _ in groups])
    measured: dict[_Space, Measured] = {}
    for (rows, group), part in zip(groups, told, strict=True):
        subjects = {one: _subject(one, protocol, len(prepared.X), training) for one in group}
        measured |= protocol.measure(
            spaces,
            subjects,
            rows=rows,
            labels=prepared.dataset.class_labels,
            batches=prepared.dataset.batch,
            progress=part,
        )
    return {one: measured[one] for one in scored}


def _differences(
    ours: _Space, theirs: _Space, scores: Mapping[_Space, list[dict[ScoreKey, Resampled]]]
) -> Iterator[Row]:
    """Yield the difference of two spaces by every metric that both have."""
    named = {
        **ours.row,
        "baseline_encoder": theirs.encoder,
        "baseline_embedding": theirs.embedding,
    }
    for key in scores[ours][0]:
        if key not in scores[theirs][0]:
            continue
        side, other = (
            Side([found[key] for found in scores[one] if key in found], _is_random(one))
            for one in (ours, theirs)
        )
        found = difference(side, other)
        metric = METRICS.get(key.metric)
        band = metric.band_at(other.value)
        yield {
            **named,
            **key._asdict(),
            **found.row(),
            "n_evaluated": side.trainings[0].n_rows,
            "band": band,
            "verdict": verdict(found, higher_is_better=metric.higher_is_better, band=band),
        }


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


def _spaces_of(encoders: list[str], pairs: list[Pair], *, has_groups: bool) -> list[_Space]:
    """Return everything that is scored, stage by stage."""
    scored = []
    if has_groups:
        # The value of labels and batches in the original data, with which others are compared.
        stages = (Stage.DATA_TO_CODE, Stage.DATA_TO_EMBEDDING)
        scored += [_Space(IDENTITY, None, stage) for stage in stages]
    scored += [_Space(kind, None, Stage.DATA_TO_CODE) for kind in encoders]
    scored += [
        _Space(pair.encoder, pair.embedding, Stage.CODE_TO_EMBEDDING)
        for pair in pairs
        if pair.encoder in encoders and not pair.is_latent
    ]
    return scored + [_Space(p.encoder, p.embedding, Stage.DATA_TO_EMBEDDING) for p in pairs]


def _subject(one: _Space, protocol: Protocol, n_samples: int, training: Training) -> Subject:
    """Return what a space is compared with, by the metrics that can be asked of its stage."""
    code = f"code {one.encoder}"
    low = code if one.embedding is None else f"{one.encoder} {one.embedding}"
    high, subjects = DATA, {"pair", "labels", "batches"}
    if one.is_data:
        low, subjects = DATA, {"labels", "batches"}
    elif one.stage == Stage.CODE_TO_EMBEDDING:
        high, subjects = code, {"pair"}
    elif one.embedding is None:
        subjects |= {"reconstruction", "variational"}
    every = protocol.chosen(METRICS.members().values())
    metrics = [metric for metric in every if metric.subject in subjects]
    if high == DATA != low:
        metrics = protocol.at_every_k(metrics, n_samples)
    if one.stage != Stage.DATA_TO_CODE:
        return Subject(high, low, metrics)
    errors = training.sample_errors.get(one.encoder)
    return Subject(high, low, metrics, errors, training.sample_bounds.get(one.encoder))


def _opponents(scored: list[_Space], code_sizes: Mapping[str, int]) -> list[tuple[_Space, _Space]]:
    """Return every autoencoder's space with PCA's, which it has to beat.

    A code and its embeddings meet PCA's code of the same size and its embeddings by the
    same method, and nothing where PCA's code has another size: it would win or lose by that.
    A code that is itself an embedding meets the plain PCA embedding.
    """
    opponents, kinds = [], ENCODERS.names()
    for one in scored:
        # The user's own codes and maps are no members.
        if (
            one.encoder in (PCA, IDENTITY)
            or one.encoder not in kinds
            or one.stage == Stage.CODE_TO_EMBEDDING
        ):
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
    """Return a row per score, each metric of one space with its value in the original data."""
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
