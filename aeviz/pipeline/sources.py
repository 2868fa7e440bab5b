"""Read the data set that settings name, or one in memory."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from aeviz.data.card import DataCard
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions
from aeviz.data.sources import finish_dataset, is_named, read_dataset, source_words
from aeviz.pipeline.own_arrays import Own, own_arrays
from aeviz.pipeline.own_values import check_own, with_own
from aeviz.settings import Settings

__all__ = ["chosen_settings", "finish", "load", "load_new", "read_options", "read_whole"]

_log = logging.getLogger(__name__)


def read_options(settings: Settings) -> ReadOptions:
    """Return the options of a reader from settings."""
    names = {item.name for item in fields(ReadOptions)} & set(settings.names())
    return ReadOptions.of(**{name: getattr(settings, name) for name in names})


def chosen_settings(source: Any, given: Mapping[str, Any]) -> tuple[Settings, dict[str, Any]]:
    """Return the settings of a caller, and what of the source, labels, maps and codes is in memory.

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
    in_memory |= {name: values.pop(name) for name in ("maps", "codes") if name in given}
    paths = {name: str(v) for name, v in values.items() if isinstance(v, Path)}
    return Settings.from_mapping({**values, **paths}), in_memory


def load(
    settings: Settings,
    *,
    source: Any = None,
    labels: Any = None,
    maps: Mapping[str, Any] | None = None,
    codes: Mapping[str, Any] | None = None,
    like: DataCard | None = None,
    has_own: bool = True,
) -> Dataset:
    """Return the data set that settings name; `source` and `labels` in memory take their place.

    `maps` and `codes` are coordinates and codes in memory, by name, beside those that settings
    name; with `has_own` False none are read, and their columns are no features all the same.

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
        options = replace(options, **like.reading)
    own = own_arrays(settings, options, source, maps=maps, codes=codes)
    dataset = read_whole(settings, options, source, labels=labels, own=own, has_own=has_own)
    return finish(dataset, settings, options, called=source_words(source), like=like)


def load_new(settings: Settings, like: DataCard, **in_memory: Any) -> Dataset:
    """Return new samples for a run or model, see `load`, and log what was done to them.

    Raises
    ------
    AevizError
        As `load` does.
    """
    dataset = load(settings, like=like, **in_memory)
    for note in dataset.notes:
        _log.warning("%s", note)
    return dataset


def read_whole(
    settings: Settings,
    options: ReadOptions,
    source: Any,
    *,
    own: Sequence[Own],
    labels: Any = None,
    has_own: bool = True,
) -> Dataset:
    """Return a data set with its own maps and codes, every row and every missing value.

    Raises
    ------
    AevizError, FileNotFoundError
        If the source, or a map or code, cannot be read.
    """
    for one in own if has_own else ():
        one.check_file()
    options = replace(options, aside=tuple(name for one in own for name in one.columns))
    dataset = read_dataset(source, options, labels=labels, data_dir=settings.data_dir)
    if not has_own:
        return dataset
    is_sample = options.sample is not None
    return with_own(dataset, own, source=source_words(source), is_sample=is_sample)


def finish(
    dataset: Dataset,
    settings: Settings,
    options: ReadOptions,
    *,
    called: str,
    like: DataCard | None = None,
) -> Dataset:
    """Return what `read_whole` gave as a report takes it, or a run or model with the card `like`.

    Raises
    ------
    AevizError
        If it cannot be worked with; `called` is what it is called then.
    """
    dataset = finish_dataset(
        dataset, options, called=called, on_missing=settings.on_missing, like=like
    )
    check_own(dataset)
    return dataset
