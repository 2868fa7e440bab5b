"""Choose the encoders, embeddings and pairs of a report from its settings and its data."""

from pathlib import Path

from aeviz.core.registry import EMBEDDINGS
from aeviz.data.dataset import Dataset
from aeviz.pipeline.factory import (
    check_code_size,
    check_code_width,
    check_own_names,
    make_encoder,
    make_member,
    set_code_sizes,
)
from aeviz.pipeline.repeats import default_trainings
from aeviz.pipeline.tensorboard_log import check_logs
from aeviz.runs.pair import IDENTITY, LATENT, OWN, Pair
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
        self.own_codes = dict(dataset.codes)
        self.own_maps = {Pair(OWN, name): points for name, points in dataset.maps.items()}
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
        own = [Pair(kind, name) for kind in self.own_codes for name in settings.embedding]
        self.pairs += [*dict.fromkeys(own), *self.own_maps]
        check_own_names(self.own_codes, self.own_maps, self.pairs)
        names = {
            pair.embedding for pair in self.pairs if not (pair.is_latent or pair.encoder == OWN)
        }
        self.embeddings = {name: make_member(EMBEDDINGS, name, settings, {}) for name in names}
        for pair in self.pairs:
            if pair.encoder in self.encoders and not pair.is_latent:
                encoder, embedding = self.encoders[pair.encoder], self.embeddings[pair.embedding]
                check_code_width(pair, encoder, embedding)

    @property
    def kinds(self) -> list[str]:
        """Return the encoders and the user's own codes."""
        return [*self.encoders, *self.own_codes]

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
