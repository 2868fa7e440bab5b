"""Base of network-based encoders, with their scikit-learn interface.

A kind states its parameters and how its network differs from a plain dense autoencoder.
Everything else is here: checks, validation samples, scaling, training, encoding, saving.

Why not ``keras.wrappers``: they wrap a model given from outside, whose parameters
scikit-learn cannot see, and encode through ``predict``, whose result for a sample
depends on the batch that it is in.

Why dataclasses: scikit-learn wants every parameter in the signature, and nine of them are the
same for all kinds. The constructor that a dataclass writes stores them and does nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import numpy as np
from sklearn.utils.validation import check_is_fitted

from aeviz.core.atomic_files import atomic_file, write_json
from aeviz.core.exceptions import AevizError
from aeviz.core.memory import Need
from aeviz.core.seeding import seeded
from aeviz.data.feature_scaling import FeatureScaling, Moments
from aeviz.data.stream_source import open_stream
from aeviz.encoders import _storage
from aeviz.encoders._base_encoder import BaseEncoder
from aeviz.encoders._memory_need import network_need
from aeviz.encoders.base import LinearStep, Step
from aeviz.encoders.networks.batches import in_batches, write_in_batches
from aeviz.encoders.networks.default_sizes import (
    MAX_BATCH,
    MAX_COORDINATES,
    MAX_WIDTH,
    NetworkPlan,
    default_code_size,
    default_hidden_sizes,
    is_wide,
)
from aeviz.encoders.training.coordinates import CoordinateScaling, Scaling
from aeviz.encoders.training.network_fit import best_epoch, fit_network
from aeviz.encoders.training.network_plan import checked_weights, plan_layers, plan_network
from aeviz.encoders.training.principal_axes import principal_axes
from aeviz.encoders.training.samples import (
    Samples,
    blocks_of,
    check_features,
    features_of_last_fit,
    samples_of,
    stream_blocks,
)

if TYPE_CHECKING:
    import keras

    from aeviz.encoders.networks.autoencoder import Autoencoder

__all__ = ["BaseAutoencoder"]


@dataclass(eq=False, repr=False)
class BaseAutoencoder(BaseEncoder):
    """Base of autoencoders: a Keras network trained to reconstruct samples from their codes.

    The parameters are those of `DeepAutoencoder`. A kind adds its own, may replace the class
    attributes by parameters of the same name, and overrides the methods that build the network.

    Attributes
    ----------
    autoencoder_ : keras.Model
        The trained model; its parts are ``encoder_`` and ``decoder_``.
    code_size_ : int
        Width of the code.
    loss_ : {"bernoulli", "gaussian"}
        The reconstruction loss used.
    history_ : dict of str to list of float
        Mean loss per sample (summed over features, in nats for the Bernoulli loss) of every
        epoch, for training samples and, with the prefix ``val_``, for validation samples.
    batch_size_ : int
        Samples per update.
    best_epoch_ : int
        Index of the epoch whose weights were kept.
    n_features_in_ : int
        Number of features seen in fit.
    scaling_ : FeatureScaling
        Mean and scale of each feature, by which the network's samples are standardised; both are
        None for the Bernoulli loss, whose samples stay as they are.
    """

    # Not annotated, like all class attributes here, so that they are no parameters.
    is_trained = True
    depends_on_seed = True
    # Whether layers of the network add to the loss.
    adds_to_loss = False
    # Whether the network can be used before the first epoch, which then counts as epoch 0 and is
    # kept where no later one is better.
    starts_fitted = False
    # The entry of the history by which the best epoch is chosen.
    judged_by = "loss"
    # Whether wide tables are mapped to principal coordinates.
    maps_wide_tables = True
    # Up to so many samples, the validation samples only choose the number of epochs.
    max_refitted = 0
    # Default batch size of large data, and of epochs; None goes by the data's size.
    max_batch = MAX_BATCH
    max_epochs = cast("int | None", None)
    # Default dense layers: the first one's share of the features, its least width, their number.
    first_share = 1 / 6
    least_width = 64
    n_hidden_layers = 2

    # What a kind uses that has no parameter of this name.
    loss_choices: ClassVar[tuple[str, ...]] = ("auto", "bernoulli", "gaussian")
    network = "dense"
    image_shape = cast("Sequence[int] | None", None)
    hidden_sizes = cast("Sequence[int] | None", None)
    filters = cast("Sequence[int] | None", None)
    kernel_size = 3
    activation = "elu"
    code_activation = "linear"
    warmup_epochs = 0

    code_size: int | None = None
    _: KW_ONLY
    loss: str = "auto"
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float = 2e-3
    validation_fraction: float = 0.1
    patience: int = 20
    callbacks: Sequence[Any] | None = None
    memory_budget: int = 2**30
    random_state: Any = None

    # -- what a kind may override ---------------------------------------------------------

    @property
    def needs_images(self) -> bool:
        """Return whether the parameters ask for a network that works on images only."""
        return self.network == "convolutional"

    def default_code_size(self, n_features: int) -> int:
        """Return the code size where none was asked for."""
        return default_code_size(n_features)

    def _default_hidden_sizes(self, plan: NetworkPlan) -> tuple[int, ...]:
        """Return the widths of dense layers where none were asked for."""
        return default_hidden_sizes(
            plan.n_features,
            plan.code_size,
            n_layers=self.n_hidden_layers,
            first_share=self.first_share,
            least=self.least_width,
            most=self._most_units(plan),
        )

    def _most_units(self, plan: NetworkPlan) -> int:
        """Return the most units of a dense layer whose width was not asked for."""
        return MAX_WIDTH

    def _code_layer(self, plan: NetworkPlan) -> Callable[[Any], Any]:
        """Return the layer, or the chain of layers, whose output is the code."""
        from keras import layers

        layer: Callable[[Any], Any] = layers.Dense(
            plan.code_size, activation=self.code_activation, name="code"
        )
        return layer

    def _corruption(self, plan: NetworkPlan) -> keras.layers.Layer | None:
        """Return what is done to the samples in training before they are encoded."""
        return None

    def _set_start(
        self, model: Autoencoder, samples: Samples, rows: np.ndarray, scaling: Scaling
    ) -> None:
        """Set the weights from which training on some rows starts, where they are not random."""

    def _feature_scaling(self, moments: Moments) -> FeatureScaling:
        """Return how features are scaled for squared errors."""
        return FeatureScaling.standardising(moments)

    def _scaling(self, plan: NetworkPlan, samples: Samples) -> Scaling:
        """Return how features are scaled for the network; many of a table become coordinates."""
        if plan.loss == "bernoulli":
            return FeatureScaling(None, None)
        scaling = self._feature_scaling(samples.moments)
        is_table = plan.image_shape is None
        if not (is_table and self.maps_wide_tables and is_wide(samples.n_samples, plan.n_features)):
            return scaling
        rows = np.arange(samples.n_samples)
        n_axes = max(MAX_COORDINATES, plan.code_size)
        axes, _ = principal_axes(samples, rows, scaling, n_axes=n_axes)
        return CoordinateScaling(scaling, axes)

    def _finished(
        self, model: Autoencoder, scaling: Scaling, plan: NetworkPlan
    ) -> tuple[Autoencoder, FeatureScaling]:
        """Return the model that encodes scaled features, and their scaling."""
        if isinstance(scaling, FeatureScaling):
            return model, scaling
        whole = self._build(plan, scaling.axes)
        # The map to the coordinates is the first layer that has weights, and the way back the last.
        whole.encoder.set_weights([scaling.axes.T, *model.encoder.get_weights()])
        whole.decoder.set_weights([*model.decoder.get_weights(), scaling.axes])
        return whole, scaling.scaling

    # -- scikit-learn ----------------------------------------------------------------------

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Train the network to reconstruct `X` from its code.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), or SampleStream
            Training samples, of any real dtype; centred in float64 before they become float32. A
            stream (`aeviz.open_stream`), or an array larger than `memory_budget`, is read block
            by block.
        y : ignored
        sample_weight : array-like of shape (n_samples,) or None
            Weights of the samples in the reconstruction loss of training, at least 0; what a
            layer adds to the loss (KL, penalties) is not weighted, so weights of mean 1 keep
            the balance. A sample of weight 0 is not trained on. The scale of the features is
            that of all samples.

        Raises
        ------
        ValueError, TypeError
            If `X` or a parameter is out of its range.
        AevizError
            If the loss of the first epoch is not finite.
        KeyboardInterrupt
            On Ctrl-C, about a second later. Where an epoch had ended, the estimator is
            fitted then, with the best weights so far.
        """
        history: dict[str, list[float]] = {}
        with features_of_last_fit(self, history):
            samples = samples_of(self, X)
            plan = plan_network(self, samples)
            weights = checked_weights(sample_weight, samples.n_samples)
            scaling = self._scaling(plan, samples)
            plan = replace(plan, n_features=scaling.n_outputs(plan.n_features))
            with seeded(plan.seed):
                model = self._build(plan)
                model = model.moved_to(self.__dict__.pop("_former", None))
                try:
                    fit_network(self, model, samples, scaling, weights, plan=plan, history=history)
                except FloatingPointError as error:
                    raise AevizError(
                        f"training diverged: {error}; choose a learning_rate below the "
                        f"{self.learning_rate:g} of now"
                    ) from error
                finally:
                    # Also after Ctrl-C: what was learnt until then is kept.
                    if history:
                        self._trained = model
                        self.autoencoder_, self.scaling_ = self._finished(model, scaling, plan)
                        self.history_ = history
                        self.best_epoch_ = best_epoch(history, plan, judged_by=self.judged_by)
                        self.batch_size_, self.code_size_ = plan.batch_size, plan.code_size
                        self.loss_ = plan.loss
        return self

    def transform(self, X: Any) -> np.ndarray:
        """Return the codes of samples.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), or SampleStream
            In the units of the data that were fitted.

        Returns
        -------
        ndarray of shape (n_samples, code_size), float32
            The code of a sample does not depend on what else is in `X`.

        Raises
        ------
        ValueError
            If `X` is not numeric, finite and two-dimensional with the features of the fit.
        NotFittedError
            If nothing was fitted.
        """
        check_is_fitted(self)
        return np.concatenate([in_batches(self._encode, block) for block in blocks_of(self, X)])

    def inverse_transform(self, X: Any) -> np.ndarray:
        """Return reconstructions of codes.

        Parameters
        ----------
        X : array-like of shape (n_samples, code_size)
            Codes.

        Returns
        -------
        ndarray of shape (n_samples, n_features), float32
            In the units of the data that were fitted; float64 where the mean of a feature is more
            than a thousand standard deviations from 0, or a number is beyond 1e30.

        Raises
        ------
        ValueError
            If the codes have another width.
        NotFittedError
            If nothing was fitted.
        """
        check_is_fitted(self)
        codes = np.asarray(X, dtype=np.float32)
        self._check_codes(codes.shape)
        return in_batches(self._decode, codes)

    def transform_to(self, path: str | Path, X: Any) -> None:
        """Write the codes of samples into an ``.npy`` file, block by block.

        Parameters
        ----------
        path : path-like
            The file to write; it appears whole or not at all.
        X : SampleStream, path-like or ndarray
            What `aeviz.open_stream` takes, with as many features as in `fit`.

        Raises
        ------
        FileNotFoundError, TypeError, ValueError
            As `aeviz.open_stream` does, or if the features are not those of the fit.
        """
        check_is_fitted(self)
        with open_stream(X) as stream:
            check_features(self, stream)
            shape = (stream.n_samples, self.code_size_)
            write_in_batches(self._encode, stream_blocks(stream), Path(path), shape=shape)

    def inverse_transform_to(self, path: str | Path, X: Any) -> None:
        """Write reconstructions of codes into an ``.npy`` file, block by block.

        Parameters
        ----------
        path, X
            As in `transform_to`, with codes of shape (n_samples, code_size); so are the errors.
        """
        check_is_fitted(self)
        with open_stream(X) as stream:
            self._check_codes((stream.n_samples, stream.n_features))
            shape, blocks = (stream.n_samples, self.n_features_in_), stream_blocks(stream)
            kind = self.scaling_.dtype
            write_in_batches(self._decode, blocks, Path(path), shape=shape, dtype=kind)

    def score(self, X: Any, y: Any = None) -> float:
        """Return minus the mean squared reconstruction error per feature; higher is better.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), or SampleStream
        y : ignored

        Returns
        -------
        float, at most 0
            −Σ (x̂ − x)² / (n_samples · n_features), summed over samples and features, in squared
            units of the data.
        """
        check_is_fitted(self)
        error, n_samples = 0.0, 0
        for block in blocks_of(self, X):
            gaps = self.inverse_transform(in_batches(self._encode, block)) - block
            error += float(np.sum(np.square(gaps, dtype=np.float64)))
            n_samples += len(block)
        return -error / (n_samples * int(self.n_features_in_))

    # -- what others ask of an encoder -----------------------------------------------------

    def again(self, random_state: int) -> Self:
        """Return an unfitted encoder of another seed that fits this one's compiled network anew.

        It is for the same samples: XLA compiles a network in some 10 s, and many a training takes
        less. This encoder must not be used any more.
        """
        other = super().again(random_state)
        other._former = self.__dict__.pop("_trained", None)
        return other

    def memory_need(self, n_samples: int, n_features: int) -> Need:
        """Return the memory of training the network and of encoding all samples."""
        return network_need(self, n_samples, n_features)

    def encoding_steps(self) -> list[Step]:
        """Return the scaling, one operation after the other, and the encoder."""
        scaling = self.scaling_
        if scaling.mean is None or scaling.scale is None:
            return [self.encoder_]
        # Two steps, as in `transform`, keep the digits of a large mean.
        scaled = [LinearStep(shift=-scaling.mean), LinearStep(scale=1 / scaling.scale)]
        return [*scaled, self.encoder_]

    def decoding_steps(self) -> list[Step]:
        """Return the decoder, and the way back to the units of the data that were fitted."""
        scaling = self.scaling_
        if scaling.mean is None:
            return [self.decoder_]
        return [self.decoder_, LinearStep(scale=scaling.scale, shift=scaling.mean)]

    # -- files -----------------------------------------------------------------------------

    def save(self, folder: str | Path) -> None:
        """Write ``model.keras``, ``params.json`` and ``history.json`` into a folder."""
        check_is_fitted(self)
        with atomic_file(Path(folder) / "model.keras") as partial:
            self.autoencoder_.save(partial)
        write_json(Path(folder) / "history.json", self.history_)
        kept = ("batch_size_", "code_size_", "loss_", "best_epoch_")
        # A model of a former version has no batch size.
        fitted = {name: getattr(self, name) for name in kept if hasattr(self, name)}
        _storage.write_params(self, Path(folder), {**fitted, "scaling_": self.scaling_.to_json()})

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the encoder that `save` wrote; no code from the files is run.

        Raises
        ------
        AevizError
            If a file is missing, damaged, of another kind of encoder or of another schema.
        """
        return _storage.load_autoencoder(cls, Path(folder))

    # -- parts -----------------------------------------------------------------------------

    @property
    def encoder_(self) -> keras.Model:
        """Return the functional encoder."""
        return self.autoencoder_.encoder

    @property
    def decoder_(self) -> keras.Model:
        """Return the functional decoder."""
        return self.autoencoder_.decoder

    def _build(self, plan: NetworkPlan, axes: np.ndarray | None = None) -> Autoencoder:
        """Return the untrained autoencoder, of coordinates along axes where there are any."""
        from aeviz.encoders.networks.architecture import joined

        layers = plan_layers(self, plan, self._default_hidden_sizes(plan))
        return joined(plan, layers, self._code_layer(plan), self._corruption(plan), axes=axes)

    def _encode(self, batch: np.ndarray) -> np.ndarray:
        return self.autoencoder_.encode(self.scaling_.transform(batch))

    def _decode(self, batch: np.ndarray) -> np.ndarray:
        codes = batch.astype(np.float32, copy=False)
        return self.scaling_.inverse_transform(self.autoencoder_.decode(codes))

    def _check_codes(self, shape: tuple[int, ...]) -> None:
        if len(shape) != 2 or shape[1] != self.code_size_:
            accepted = f"(n_samples, {self.code_size_})"
            raise ValueError(f"codes must have the shape {accepted}, got {shape}")
