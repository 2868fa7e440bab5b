"""Read the data set that settings name, or one in memory."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from aeviz.data.card import DataCard
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions
from aeviz.data.sources import finish_dataset, is_named, read_dataset, source_words
from aeviz.settings import Settings

__all__ = ["chosen_settings", "load", "read_options"]


def read_options(settings: Settings) -> ReadOptions:
    """Return the options of a reader from settings."""
    names = {item.name for item in fields(ReadOptions)} & set(settings.names())
    return ReadOptions.of(**{name: getattr(settings, name) for name in names})


def chosen_settings(source: Any, given: Mapping[str, Any]) -> tuple[Settings, dict[str, Any]]:
    """Return the settings of a caller, and `source` and `labels` where they are in memory.

    The source may be all settings. Paths among the other settings may be path-like.

    Raises
    ------
    AevizError
        If a setting is not acceptable.
    """
    if isinstance(source, Settings):
        return replace(source, **given), {}
    values = {"source": source_words(source), **given}
    in_memory = {} if is_named(source) else {"source": source}
    if "labels" in given and not is_named(given["labels"]):
        in_memory["labels"] = values.pop("labels")
    paths = {name: str(v) for name, v in values.items() if isinstance(v, Path)}
    return Settings.from_mapping({**values, **paths}), in_memory


def load(
    settings: Settings,
    *,
    source: Any = None,
    labels: Any = None,
    like: DataCard | None = None,
) -> Dataset:
    """Return the data set that settings name; `source` and `labels` in memory take their place.

    With `like`, the card of the data that a run or model was fitted to, samples are read in the
    same way, a table's columns by name and images of a folder in the same size, and get the
    features in the same order.

    Raises
    ------
    AevizError
        As `aeviz.load_dataset` does, and if the features are others than those of `like`.
    """
    source = settings.source if source is None else source
    labels = settings.labels if labels is None else labels
    options = read_options(settings)
    if like is not None:
        options = replace(options, is_to_fit=False, plan=like.plan, image_shape=like.image_shape)
    dataset = read_dataset(source, options, labels=labels, data_dir=settings.data_dir)
    called = source_words(source)
    return finish_dataset(
        dataset, options, called=called, on_missing=settings.on_missing, like=like
    )
