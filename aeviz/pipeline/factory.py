"""Make the encoders and embeddings that settings ask for, with parameters that suit the data."""

import inspect
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from aeviz.core.exceptions import AevizError, SettingError
from aeviz.core.registry import EMBEDDINGS, ENCODERS, Family
from aeviz.core.wording import did_you_mean
from aeviz.data.dataset import Dataset
from aeviz.data.split import split_rows
from aeviz.embedding.base import Embedding
from aeviz.encoders import Encoder
from aeviz.encoders.networks.default_sizes import shared_code_size
from aeviz.runs.pair import IDENTITY, LATENT, OWN, Pair
from aeviz.settings import Settings

__all__ = [
    "check_code_size",
    "check_code_width",
    "check_own_names",
    "make_encoder",
    "make_member",
    "parameters",
    "refusals_named",
    "set_code_sizes",
]

# Set before fitting: they have no form in a settings file.
_NOT_SETTINGS = {"callbacks", "callback"}


def parameters(estimator: Any) -> dict[str, Any]:
    """Return the parameters of an encoder or an embedding that decide what it learns."""
    return {name: v for name, v in estimator.get_params().items() if name not in _NOT_SETTINGS}


def check_code_size(settings: Settings, dataset: Dataset) -> None:
    """Check that the code size is at most the number of features, and of PCA's training samples.

    Raises
    ------
    AevizError
        If it is larger.
    """
    size, most, of_what = settings.code_size, dataset.n_features, "features"
    if size is None:
        return
    if size <= most:
        n_train = _n_train(settings, dataset)
        for kind in settings.encoder:
            largest = ENCODERS.get(kind)().max_code_size(n_train, dataset.n_features)
            if largest < most:
                most, of_what = largest, f"training samples, for the {kind} encoder,"
    if size > most:
        raise SettingError("code_size", size, f"in 1..{most} (the {of_what} of {dataset.name})")


def _n_train(settings: Settings, dataset: Dataset) -> int:
    """Return how many samples encoders will be fitted to."""
    return int(split_rows(dataset, seed=settings.seed).sum())


def set_code_sizes(encoders: Mapping[str, Encoder], settings: Settings, dataset: Dataset) -> None:
    """Give one code size to all encoders without one, so that they can be compared."""
    unnamed = [one for one in encoders.values() if one.get_params().get("code_size", 0) is None]
    if unnamed:
        size = shared_code_size(_n_train(settings, dataset), dataset.n_features)
        for encoder in unnamed:
            encoder.set_params(code_size=size)


def check_code_width(pair: Pair, encoder: Encoder, embedding: Embedding) -> None:
    """Check that an encoder's code is wide enough for an embedding.

    Raises
    ------
    AevizError
        If it is not.
    """
    size, least = encoder.get_params().get("code_size"), embedding.min_features
    # A value that is no number is refused by fitting.
    if isinstance(size, int) and size < least:
        raise AevizError(
            f"the {pair.embedding} embedding has {least} axes and takes codes of at least {least} "
            f"numbers; the code size of the {pair.encoder} encoder is {size}"
        )


def check_own_names(codes: Iterable[str], maps: Iterable[Pair], pairs: Sequence[Pair]) -> None:
    """Check that names of the user's own codes and maps are no others' in a report and its files.

    Raises
    ------
    AevizError
        If one is.
    """
    taken = {IDENTITY, LATENT, OWN, "code", "data", *ENCODERS.names(), *EMBEDDINGS.names()}
    for name in codes:
        if name.casefold() in taken:
            message = (
                f"code has the name {name!r}, which is taken; accepted: others than "
                f"{', '.join(sorted(taken))}, as code=my-{name}=..."
            )
            raise SettingError("code", message=message)
    if Pair(OWN, LATENT) in maps:
        message = f"map has the name {LATENT!r}, which is taken; accepted: another"
        raise SettingError("map", message=message)
    keys = Counter(pair.key.casefold() for pair in pairs)
    for pair in pairs:
        if keys[pair.key.casefold()] > 1:
            raise AevizError(
                f"two maps would have the files of {pair.key}; accepted: names of own maps and "
                "codes that differ in letters or digits"
            )


def make_encoder(
    kind: str, settings: Settings, dataset: Dataset, *, always: Sequence[str] = ()
) -> Encoder:
    """Return an unfitted encoder for a data set.

    The general settings, and the shape of the data set's images, go where the encoder's own
    default is None, which means 'choose', and those of `always` wherever they were given.

    Raises
    ------
    AevizError
        If the encoder takes images only and the data set holds none, or a parameter of the
        settings is unknown.
    """
    own, is_image = inspect.signature(ENCODERS.get(kind)).parameters, dataset.is_image
    chosen = {name: getattr(settings, name) for name in ("code_size", "epochs", "batch_size")}
    general = {
        name: value
        for name, value in {**chosen, "image_shape": dataset.image_shape}.items()
        if name in own and (own[name].default is None or (name in always and value is not None))
    }
    takes_loss = "loss" in own and "gaussian" in getattr(ENCODERS.get(kind), "loss_choices", ())
    if takes_loss and (settings.scale == "unit" or (settings.scale == "none" and not is_image)):
        # Cross-entropy is for pixels: small values, as rows of length one have, weigh next to
        # nothing in it.
        general["loss"] = "gaussian"
    encoder: Encoder = make_member(ENCODERS, kind, settings, general)
    if encoder.needs_images and encoder.get_params()["image_shape"] is None:
        raise AevizError(
            f"the {kind} encoder's network takes images only, and {dataset.name} is a table of "
            f"{dataset.n_features} features; choose one with dense layers, such as deep"
        )
    return encoder


def make_member(family: Family, name: str, settings: Settings, general: dict[str, Any]) -> Any:
    """Return an unfitted member with the settings' parameters over the general ones.

    Raises
    ------
    AevizError
        If the settings have a parameter that the member does not.
    """
    own, cls = settings.params.get(name, {}), family.get(name)
    accepted = set(inspect.signature(cls).parameters) - _NOT_SETTINGS
    for key in own:
        if key not in accepted:
            listed = ", ".join(sorted(accepted))
            raise AevizError(
                f"params.{name} has the unknown key {key!r}; accepted: {listed}"
                f"{did_you_mean(key, accepted)}"
            )
    return cls(**{**general, "random_state": settings.seed, **own})


@contextmanager
def refusals_named(kind: str, settings: Settings) -> Iterator[None]:
    """Name the settings where fitting an encoder fails because of them.

    Raises
    ------
    AevizError
        If the encoder refuses a parameter that the settings have.
    """
    try:
        yield
    except (TypeError, ValueError) as error:
        if settings.params.get(kind):
            raise AevizError(f"params.{kind}: {error}") from error
        if settings.code_size is not None and not isinstance(error, AevizError):
            raise AevizError(f"the {kind} encoder cannot be fitted: {error}") from error
        raise
