"""Choose the encoders, embeddings and pairs of a report from its settings and its data."""

from pathlib import Path

from aeviz.core.registry import EMBEDDINGS
from aeviz.data.dataset import Dataset
from aeviz.pipeline.factory import (
    check_code_size,
    check_code_width,
    make_encoder,
    make_member,
    set_code_sizes,
)
from aeviz.pipeline.repeats import default_trainings
from aeviz.pipeline.tensorboard_log import check_logs
from aeviz.runs.pair import IDENTITY, LATENT, Pair
from aeviz.settings import Settings

__all__ = ["ReportPlan"]

BASELINE = Pair(IDENTITY, "pca")


class ReportPlan:
    """Encoders, embeddings and pairs of a run, checked before anything is written."""

    def __init__(self, settings: Settings, dataset: Dataset) -> None:
        self.settings = settings
        self.fingerprint = dataset.fingerprint()
        check_code_size(settings, dataset)
        kinds = list(dict.fromkeys(settings.encoder))
        self.encoders = {
            kind: make_encoder(kind, settings, dataset) for kind in kinds if kind != IDENTITY
        }
        set_code_sizes(self.encoders, settings, dataset)
        if settings.tensorboard is not None:
            check_logs(self.encoders.values())
        self.n_trainings = settings.seeds or default_trainings(*dataset.X.shape)
        self.has_networks = any(encoder.is_trained for encoder in self.encoders.values())
        self.pairs: list[Pair] = []
        for kind in kinds:
            if kind != IDENTITY and self.encoders[kind].is_embedding:
                self.pairs.append(Pair(kind, LATENT))
            else:
                self.pairs += [Pair(kind, name) for name in dict.fromkeys(settings.embedding)]
        if BASELINE not in self.pairs:
            self.pairs.append(BASELINE)
        names = {pair.embedding for pair in self.pairs if not pair.is_latent}
        self.embeddings = {name: make_member(EMBEDDINGS, name, settings, {}) for name in names}
        for pair in self.pairs:
            if pair.encoder in self.encoders and not pair.is_latent:
                encoder, embedding = self.encoders[pair.encoder], self.embeddings[pair.embedding]
                check_code_width(pair, encoder, embedding)

    def is_fitted_to_training(self, pair: Pair) -> bool:
        """Return whether an embedding is fitted to training samples, as a latent plane is.

        So is the plain PCA map that planes are compared with.
        """
        return pair == BASELINE and any(one.is_latent for one in self.pairs)

    def board(self, kind: str) -> Path | None:
        """Return the folder of a network's log for TensorBoard, or None where there is none."""
        folder = self.settings.tensorboard
        if folder is None or kind not in self.encoders or not self.encoders[kind].is_trained:
            return None
        return Path(folder) / kind
