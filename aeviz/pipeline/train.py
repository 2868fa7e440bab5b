"""Train one encoder on a data set and save it as a model, with its losses on test samples.

The data are split and scaled as for a report. The losses are those of a report with the same
seed and code size; a report gives one code size to all encoders.
"""

from pathlib import Path
from typing import Any

from aeviz.core.exceptions import SettingError
from aeviz.core.memory import check_need
from aeviz.core.progress import Progress, Silent, performing
from aeviz.data.prepared import Prepared, data_card, prepare
from aeviz.pipeline.factory import check_code_size, make_encoder, refusals_named
from aeviz.pipeline.memory_estimates import Needs
from aeviz.pipeline.sources import chosen_settings, load
from aeviz.pipeline.tasks import Encoded, encode, warn_of_short_training
from aeviz.pipeline.tensorboard_log import check_board, check_logs, write_projector
from aeviz.runs.model import Model, check_model_folder
from aeviz.runs.model_card import ModelCard

__all__ = ["train_model"]


def train_model(
    source: Any,
    encoder: str,
    *,
    progress: Progress | None = None,
    force: bool = False,
    **settings: Any,
) -> Model:
    """Train an encoder on a data set.

    Parameters
    ----------
    source : Settings, str, path-like or object
        All settings; or a bundled name, a path, or data in memory as `aeviz.load_dataset` takes
        them.
    encoder : str
        Its name, for example ``"deep"``.
    progress : Progress or None
        Told what is being done.
    force : bool
        Write into a folder that holds something else.
    **settings
        Fields of `aeviz.settings.Settings`: code_size, epochs, batch_size, sample, seed, label,
        labels, on_missing, data_dir, scale, transform, top_features, params, tensorboard; and out,
        a folder to save the model to.

    Returns
    -------
    Model

    Raises
    ------
    AevizError
        If the source or a setting is not acceptable; nothing is written then.
    FileNotFoundError
        If the source is a path where nothing is.
    """
    chosen, in_memory = chosen_settings(source, {"encoder": (encoder,), **settings})
    progress = progress or Silent()
    board = None if chosen.tensorboard is None else Path(chosen.tensorboard)
    _check_folders(chosen.out, board, force=force)
    progress.begin(["load", "train", "measure", "save"])
    with performing(progress, "load"):
        dataset = load(chosen, **in_memory)
        prepared = prepare(dataset, seed=chosen.seed, **chosen.preparation)
        dataset = prepared.dataset
        check_code_size(chosen, dataset)
        unfitted = make_encoder(encoder, chosen, dataset, always=("code_size",))
        if board is not None:
            check_logs([unfitted])
    check_need(f"train {encoder}", Needs(*prepared.X.shape).encoding(unfitted))
    with performing(progress, "train"), refusals_named(encoder, chosen):
        encoded = encode(
            unfitted,
            prepared.X,
            is_train=prepared.is_train,
            board=board,
            progress=progress.update,
        )
    warn_of_short_training(encoder, encoded.encoder)
    with performing(progress, "measure"):
        scores = encoded.encoder.losses(prepared.X[~prepared.is_train])
    card = _card(encoder, encoded, prepared, source=chosen.source, scores=scores)
    model = Model(encoded.encoder, card)
    with performing(progress, "save"):
        if board is not None:
            write_projector(board, encoded.code, prepared)
        if chosen.out is not None:
            model.save(chosen.out, force=force)
    return model


def _card(
    kind: str, encoded: Encoded, prepared: Prepared, *, source: str, scores: dict[str, float]
) -> ModelCard:
    """Return what is known of a trained encoder."""
    scale, shape = None, prepared.dataset.image_shape
    if shape is not None:
        from aeviz.plots.images import ImageScale

        scale = ImageScale(prepared.dataset.X[prepared.shown], shape).values()
    return ModelCard(
        kind=kind,
        code_size=int(encoded.encoder.code_size_),
        data=data_card(prepared, source=source),
        scaling=prepared.scaling,
        scores=scores,
        seconds=round(encoded.fit_seconds, 3),
        architecture=encoded.encoder.architecture_text(),
        loss=encoded.encoder.loss_text(),
        image_scale=scale,
    )


def _check_folders(out: str | None, board: Path | None, *, force: bool) -> None:
    """Check that a model and its log can be written."""
    if board is not None:
        check_board(board)
    if out is None:
        return
    check_model_folder(Path(out), force=force)
    if board is not None and board.resolve().is_relative_to(Path(out).resolve()):
        raise SettingError(
            "tensorboard",
            message=f"tensorboard must be outside the model's folder {out}, which is written "
            f"whole; got {board}",
        )
