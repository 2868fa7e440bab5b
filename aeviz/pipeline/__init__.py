"""Everything that is done: reports, training, transforming new samples, scoring."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.pipeline.apply import encode_source, generate_samples, reconstruct_source
    from aeviz.pipeline.make_report import run_report
    from aeviz.pipeline.scoring import Scored, score
    from aeviz.pipeline.tasks import Embedded, Encoded, embed, encode
    from aeviz.pipeline.train import train_model
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = [
    "Embedded",
    "Encoded",
    "Scored",
    "embed",
    "encode",
    "encode_source",
    "generate_samples",
    "reconstruct_source",
    "run_report",
    "score",
    "train_model",
]
