"""The default encoder: PCA with a learnt nonlinear correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from aeviz.core.validation import check_number
from aeviz.data.feature_scaling import FeatureScaling, Moments
from aeviz.encoders._base_autoencoder import BaseAutoencoder
from aeviz.encoders._description import describe_network, shift_text
from aeviz.encoders.base import LinearStep, Step
from aeviz.encoders.networks.default_sizes import NetworkPlan, live_width
from aeviz.encoders.pca import PCAEncoder
from aeviz.encoders.training.coordinates import Scaling
from aeviz.encoders.training.network_plan import plan_layers
from aeviz.encoders.training.principal_axes import principal_axes
from aeviz.encoders.training.samples import ArraySamples, Samples, samples_of

if TYPE_CHECKING:
    import keras

    from aeviz.encoders.networks.autoencoder import Autoencoder

__all__ = ["ResidualAutoencoder"]

# A half pixel of 28. Few images do not teach a network what a shift is, and it costs them more
# than it brings.
SHIFT, MIN_SHIFTED = 0.0175, 5000
WIDTH = 512
PCA_FOLDER = "pca"


@dataclass(eq=False, repr=False, kw_only=True)
class ResidualAutoencoder(BaseAutoencoder):
    """PCA with a learnt nonlinear correction; the default encoder of reports.

    Encoder and decoder are those of PCA plus a small network each, whose output starts at zero.
    So training starts where PCA ends, and keeps what it learns only where that reconstructs
    validation samples better. A term of the loss keeps the distances between samples in the
    code [1]_, so that an embedding of the code shows the neighbours of the data.

    Parameters
    ----------
    code_size : int in 1..n_features, or None
        Width of the code; None is 32, or half the features where that is less.
    distance_weight : float, at least 0, default 3
        Weight of the distances between samples.
    shift : float in [0, 1], or None
        Images are shifted in training by up to this share of their sides before they are
        encoded; the reconstruction is compared with the image as it was. The code then tells
        classes apart better and keeps less of the neighbourhoods. None is 0.0175 where there
        are 5,000 images or more, and 0 for fewer. Other data, and images of unknown shape, are
        not shifted.
    network : {"dense", "convolutional", "auto"}
        Of the corrections; "auto" is convolutional where the images' shape is known.
    image_shape : (height, width, channels), or None
        As in `ConvolutionalAutoencoder`.
    hidden_sizes : sequence of int, or None
        Widths of the encoder's dense hidden layers from the data inwards; None is one of 512, less
        for more than 2,000 features, so that a report's page can run the decoder, and none behind
        convolutions.
    filters, kernel_size
        As in `ConvolutionalAutoencoder`.
    loss : {"gaussian", "auto"}
        Half the squared error; there is no other.
    epochs : int, at least 0, or None
        Most passes over the training samples; None is 40, and 0 gives PCA.
    learning_rate : float above 0, default 0.001
        Initial rate of Adam, which falls to 0 along a cosine.
    batch_size : int, at least 1, or None
        None is 256, and less below 5,000 samples.
    activation, validation_fraction, patience, callbacks, memory_budget, random_state
        As in `DeepAutoencoder`, which has the same attributes.

    Attributes
    ----------
    history_ : dict of str to list of float
        As in `BaseAutoencoder`; the first entry of each list is the value before training.
    best_epoch_ : int
        Number of epochs that the weights were trained for; 0 where the code is that of PCA.
    pca_ : PCAEncoder or None
        Where `best_epoch_` is 0 and samples were in memory: what gives the codes then, so that
        they are those of PCA to the last bit, and so are embeddings of them.

    Notes
    -----
    With m the mean of the samples, s² the mean variance of their features and u = (x − m) / s,

        code = s (P u + f(u)),    x̂ = m + s (Q code / s + g(code / s)),

    where P starts as the first principal axes, Q as its transpose, and the last layers of f and g
    at zero. The loss is ½ |u − û|², summed over features and averaged over samples, plus
    distance_weight · (|code_i − code_j| / s − |u_i − u_j|)², averaged over the pairs of a batch.
    So another unit of all features changes nothing; features of different units should be
    standardised before, as a report does.

    The epoch with the smallest reconstruction error of the validation samples is kept. Up to 5,000
    samples, these only choose the number of epochs, and the network is trained once more from the
    start, on all samples. Tables of more features than samples, or of more than 4,096, are mapped
    to their first 512 principal coordinates first. No labels are used. ``reports/README.md`` tells
    how the defaults were found.

    References
    ----------
    .. [1] Gropp, A., Atzmon, M., Lipman, Y. (2020). Isometric autoencoders. arXiv:2006.09289.
    .. [2] Hotelling, H. (1933). Analysis of a complex of statistical variables into principal
       components. Journal of Educational Psychology 24(6). doi:10.1037/h0071325.
    """

    adds_to_loss = True
    max_batch = 256
    max_epochs = 40
    n_hidden_layers = 1
    first_share = 1.0
    starts_fitted = True
    # By what PCA is best at, so that a code that is kept is not behind it there.
    judged_by = "reconstruction"
    loss_choices = ("gaussian", "auto")
    max_refitted = 5000

    distance_weight: float = 3.0
    shift: float | None = None
    loss: str = "gaussian"
    network: str = "dense"
    image_shape: Sequence[int] | None = None
    hidden_sizes: Sequence[int] | None = None
    filters: Sequence[int] | None = None
    kernel_size: int = 3
    activation: str = "relu"
    learning_rate: float = 1e-3

    pca_ = None

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Fit PCA, and train the corrections; as for `BaseAutoencoder`."""
        self.pca_ = None
        super().fit(X, y, sample_weight)
        if self.best_epoch_ == 0:
            self._use_pca(samples_of(self, X))
        return self

    def _use_pca(self, samples: Samples) -> None:
        """Have codes come from PCA itself, where the samples and the width of the code allow it."""
        is_possible = self.code_size_ <= min(samples.n_samples, samples.n_features)
        if isinstance(samples, ArraySamples) and is_possible:
            self.pca_ = PCAEncoder(self.code_size_).fit(samples.X)

    def save(self, folder: str | Path) -> None:
        """Write the files of `BaseAutoencoder`, and a folder ``pca`` where there is `pca_`."""
        super().save(folder)
        if self.pca_ is not None:
            self.pca_.save(Path(folder) / PCA_FOLDER)

    @classmethod
    def load(cls, folder: str | Path) -> Self:
        """Return the encoder that `save` wrote; as for `BaseAutoencoder`."""
        encoder, of_pca = super().load(folder), Path(folder) / PCA_FOLDER
        encoder.pca_ = PCAEncoder.load(of_pca) if of_pca.is_dir() else None
        return encoder

    def loss_terms(self, loss: str) -> list[str]:
        """Return the term of the distances with its weight."""
        return [f"{self.distance_weight:g} × squared error of the distances between samples"]

    def noise_text(self) -> str:
        """Return by how much images are shifted, if they are."""
        if not hasattr(self, "autoencoder_"):
            if self.shift is None:
                return f"{shift_text(SHIFT)} where they are {MIN_SHIFTED:,} or more"
            return shift_text(self.shift) if self.shift else ""
        layer = self.autoencoder_.corruption
        return "" if layer is None else shift_text(layer.share)

    def architecture_text(self) -> str:
        """Return what leads from samples to codes and back."""
        return f"PCA plus a correction that starts at zero, by a network of {self._network_text()}"

    def _network_text(self) -> str:
        if hasattr(self, "autoencoder_") or self.hidden_sizes or self.network != "dense":
            return describe_network(self)
        return f"one dense layer of {WIDTH}, fewer for more than 2,000 features, and back"

    def encoding_steps(self) -> list[Step]:
        """Return the scaling, the encoder, and the way back to the units of the data."""
        return [*super().encoding_steps(), LinearStep(scale=np.array([self._scale]))]

    def decoding_steps(self) -> list[Step]:
        """Return the scaling of codes, the decoder, and the way back to the data's units."""
        return [LinearStep(scale=1 / np.array([self._scale])), *super().decoding_steps()]

    @property
    def _scale(self) -> np.float32:
        """Return the one scale that all features have, and codes with them."""
        scale = self.scaling_.scale
        return np.float32(1.0 if scale is None else scale[0])

    def _encode(self, batch: np.ndarray) -> np.ndarray:
        if self.pca_ is not None:
            return self.pca_.transform(batch)
        return super()._encode(batch) * self._scale

    def _decode(self, batch: np.ndarray) -> np.ndarray:
        return super()._decode(batch / self._scale)

    def _default_hidden_sizes(self, plan: NetworkPlan) -> tuple[int, ...]:
        return (min(WIDTH, live_width(plan.n_features)),)

    def _corruption(self, plan: NetworkPlan) -> keras.layers.Layer | None:
        from aeviz.encoders.networks.random_shift import shift_layer

        usual = SHIFT if plan.n_samples >= MIN_SHIFTED else 0.0
        return shift_layer(plan, usual if self.shift is None else self.shift)

    def _feature_scaling(self, moments: Moments) -> FeatureScaling:
        return FeatureScaling.common(moments)

    def _build(self, plan: NetworkPlan, axes: np.ndarray | None = None) -> Autoencoder:
        from aeviz.encoders.networks.residual import residual_network

        return residual_network(
            plan,
            plan_layers(self, plan, self._default_hidden_sizes(plan)),
            distance_weight=check_number("distance_weight", self.distance_weight, low=0.0),
            corruption=self._corruption(plan),
            axes=axes,
        )

    def _set_start(
        self, model: Autoencoder, samples: Samples, rows: np.ndarray, scaling: Scaling
    ) -> None:
        from aeviz.encoders.networks.residual import set_axes

        n_axes = model.encoder.output_shape[1]
        set_axes(model, *principal_axes(samples, rows, scaling, n_axes=n_axes))
