"""Save a fitted encoder as a model, which other data can be applied to in their own units.

`Encoder.save` writes a network. A model folder adds what the network does not know: the features
it was trained on, their scaling, and its losses on test samples. Nothing is pickled.
"""

from contextlib import nullcontext
from pathlib import Path
from typing import Any, Self, cast

import numpy as np

from aeviz.core.atomic_files import atomic_file, atomic_folder
from aeviz.core.exceptions import AevizError
from aeviz.core.output_paths import check_folder, check_own_folder
from aeviz.core.registry import ENCODERS
from aeviz.data.dataset import Dataset
from aeviz.data.formats.base import ReadOptions
from aeviz.data.sources import finish_dataset, read_dataset
from aeviz.encoders import Encoder, GenerativeEncoder
from aeviz.runs.model_card import CARD, ModelCard, check_generates
from aeviz.runs.results import Manifold

__all__ = ["Model", "check_model_folder"]

ENCODER = "encoder"


class Model:
    """Fitted encoder for samples in the units of their source.

    Parameters
    ----------
    encoder : fitted encoder
        Fitted on scaled samples.
    card : ModelCard

    Examples
    --------
    >>> from aeviz import load_dataset, train_model
    >>> model = train_model("digits", "pca", code_size=8)
    >>> digits = load_dataset("digits", sample=10)
    >>> model.encode(digits).shape, model.reconstruct(digits).shape
    ((10, 8), (10, 64))
    """

    def __init__(self, encoder: Encoder, card: ModelCard) -> None:
        self.encoder = encoder
        self.card = card

    # -- files -----------------------------------------------------------------------

    def save(self, folder: str | Path, *, force: bool = False) -> None:
        """Write the model into a folder, which then holds ``model.json`` and ``encoder``.

        Parameters
        ----------
        folder : path-like
            A new or empty folder, or a model, which is replaced. It holds the model whole or
            not at all.
        force : bool
            Write into a folder that holds other files, which stay.

        Raises
        ------
        AevizError
            If the folder holds something else or cannot be written.
        """
        path = Path(folder)
        check_model_folder(path, force=force)
        # A folder is not replaced as a whole: it may hold other files of the user.
        whole = nullcontext(path) if path.is_dir() else atomic_folder(path)
        with (
            whole as target,
            atomic_file(target / CARD) as card,
            atomic_folder(target / ENCODER) as encoder,
        ):
            self.encoder.save(encoder)
            self.card.write(card)
            # A folder with a card is a model. So the former card is removed first and the new
            # one put in place last, after both are written: a full disk leaves the former model.
            (target / CARD).unlink(missing_ok=True)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the model of a folder that `save` or ``aeviz train`` wrote.

        Raises
        ------
        AevizError
            If the folder holds no model, or a damaged one or one of another schema. No code
            from its files is run.
        """
        card = ModelCard.read(folder)
        path = Path(folder) / ENCODER
        try:
            encoder = ENCODERS.get(card.kind).load(path)
            widths = (encoder.n_features_in_, encoder.code_size_)
        except AevizError:
            raise
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise AevizError(f"{path} is damaged: {type(error).__name__}: {error}") from error
        expected = (card.data.n_features, card.code_size)
        if widths != expected:
            raise AevizError(
                f"{folder} is damaged: {CARD} has {expected[0]} features and a code of "
                f"{expected[1]}, and the encoder {widths[0]} and {widths[1]}"
            )
        return cls(encoder, card)

    # -- samples -----------------------------------------------------------------------

    def prepared(self, X: Any) -> np.ndarray:
        """Return samples as the encoder sees them.

        Parameters
        ----------
        X : Dataset, data frame, or array-like of shape (n_samples, n_features) or \
(n_samples, *image)
            In the units of the data that the model was trained on. Features of a data set and
            columns of a frame are found by name where both have names, in any order.

        Returns
        -------
        ndarray of shape (n_samples, n_features), float32
            Scaled as in training; images are clipped to the range of the training images.

        Raises
        ------
        AevizError
            If these are samples of another kind.
        """
        if not isinstance(X, Dataset) and (hasattr(X, "columns") or np.ma.isMaskedArray(X)):
            X = read_dataset(X, ReadOptions.of(**self.card.data.reading))
        if isinstance(X, Dataset):
            options, like = ReadOptions(is_to_fit=False), self.card.data
            found = finish_dataset(X, options, called=X.name, on_missing="impute", like=like)
            return self.card.scaling.transform(found.X)
        array = np.asarray(X)
        if array.ndim > 2:
            return self.prepared(read_dataset(array, ReadOptions.of(**self.card.data.reading)))
        n_features = self.card.data.n_wanted
        if array.ndim != 2 or array.shape[1] != n_features:
            raise AevizError(f"X must have the shape (n_samples, {n_features}), got {np.shape(X)}")
        return self.card.scaling.transform(array)

    def encode(self, X: Any) -> np.ndarray:
        """Return the codes of samples, shape (n_samples, code_size), float32; see `prepared`."""
        return self.encoder.transform(self.prepared(X))

    def decode(self, code: Any) -> np.ndarray:
        """Return reconstructions from codes.

        Parameters
        ----------
        code : array-like of shape (n_samples, code_size)

        Returns
        -------
        ndarray of shape (n_samples, n_features)
            In the units of the data that the model was trained on; float32 for images, whose
            range is narrow, and float64 for tables.
        """
        return self._in_source_units(self.encoder.inverse_transform(code))

    def reconstruct(self, X: Any) -> np.ndarray:
        """Return reconstructions as `decode` does, of samples as `prepared` takes them.

        A denoising model removes noise from them.
        """
        return self.decode(self.encode(X))

    def losses(self, X: Any) -> dict[str, float]:
        """Return losses of the reconstructions of samples, in scaled units; see `prepared`.

        Returns
        -------
        dict of str to float
            ``mean_squared_error`` per feature; ``cross_entropy`` per feature in nats, where scaled
            samples and reconstructions are within [0, 1].
        """
        return self.encoder.reconstruction_losses(self.prepared(X))

    # -- new samples -------------------------------------------------------------------

    def generate(self, n_samples: int, *, random_state: Any = None) -> np.ndarray:
        """Return new samples from a variational model.

        Parameters
        ----------
        n_samples : int, at least 1
        random_state : int, RandomState or None
            None takes the encoder's own.

        Returns
        -------
        ndarray of shape (n_samples, n_features)
            As in `decode`.

        Raises
        ------
        AevizError
            If the model is of a kind that generates no samples.
        """
        check_generates(self.card)
        encoder = cast(GenerativeEncoder, self.encoder)
        return self._in_source_units(encoder.sample(n_samples, random_state=random_state))

    def manifold(self, n: int = 20) -> Manifold:
        """Return samples decoded from a grid over the latent plane of a variational model.

        Parameters
        ----------
        n : int, at least 2
            Points along each axis, equally spaced in the probability of the prior.

        Returns
        -------
        Manifold
            With `X` as in `decode`.

        Raises
        ------
        AevizError
            If the model generates no samples or has not two latent dimensions.
        """
        check_generates(self.card, on_plane=True)
        grid = cast(GenerativeEncoder, self.encoder).manifold(n=n)
        X = self._in_source_units(grid["X"].reshape(n * n, -1))
        return Manifold.from_arrays({**grid, "X": X.reshape(n, n, -1)})

    def _in_source_units(self, X: np.ndarray) -> np.ndarray:
        restored = self.card.scaling.inverse_transform(X)
        return restored.astype(np.float32) if self.card.data.is_image else restored


def check_model_folder(path: Path, *, force: bool) -> None:
    """Check that a model can be written into a folder.

    Raises
    ------
    AevizError
        If it cannot, or the folder holds something that is no model and `force` is not set.
    """
    check_folder(path)
    check_own_folder(path, marker=CARD, noun="model", force=force, parts=[ENCODER])
