"""The regularised autoencoder, whose codes are made to be embedded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aeviz.encoders._base_autoencoder import BaseAutoencoder
from aeviz.encoders._description import kl_term, shift_text
from aeviz.encoders.networks.default_sizes import NetworkPlan

if TYPE_CHECKING:
    import keras

__all__ = ["RegularizedAutoencoder"]

# Default by loss. The Gaussian loss assumes noise of one unit per feature; columns of tables,
# which depend on each other, separate samples by less than pixels do.
BETA = {"bernoulli": 0.03, "gaussian": 0.01}


@dataclass(eq=False, repr=False, kw_only=True)
class RegularizedAutoencoder(BaseAutoencoder):
    """Autoencoder whose codes are near where samples are alike, to be embedded afterwards.

    It differs from `DeepAutoencoder` in two ways. Its code is that of a variational autoencoder
    with a small weight of the Kullback-Leibler term [1]_: noise in training gives distances in
    the code a scale, within which reconstructions are alike, and drops directions that tell
    little. And the network sees images shifted a little, but must reconstruct them unshifted,
    so that the code does not depend on the exact position of a thing [2]_. `transform` returns
    the mean.

    Parameters
    ----------
    code_size : int in 1..n_features, or None
        Width of the code; None is 32, or half the features where that is less.
    beta : float, at least 0, or None
        Weight of the Kullback-Leibler term; 0 leaves the code free. None is 0.03 with the
        Bernoulli loss, as of images, and 0.01 with the Gaussian one, as of tables.
    shift : float in [0, 1], default 0.0175
        Images are shifted in training by up to this share of their sides before they are
        encoded; the reconstruction is compared with the image as it was. Other data, and images
        of unknown shape, are not shifted.
    network : {"dense", "convolutional", "auto"}
        "auto" is convolutional where the images' shape is known.
    image_shape : (height, width, channels), or None
        As in `ConvolutionalAutoencoder`.
    hidden_sizes : sequence of int, or None
        Widths of the encoder's dense hidden layers from the data inwards; None scales two
        layers with the data (784 features: 512 and 256; at least 256 and 128, at most 1,024 and
        512), and has none behind convolutions.
    filters, kernel_size
        As in `ConvolutionalAutoencoder`.
    learning_rate : float above 0, default 0.002
        Initial rate of Adam, which falls to 0 along a cosine.
    activation, loss, epochs, batch_size, validation_fraction, patience, callbacks, \
memory_budget, random_state
        As in `DeepAutoencoder`, which has the same attributes.

    Notes
    -----
    The loss is reconstruction + beta · KL; the former is summed over features, KL as in
    `VariationalAutoencoder` over the code, and both are averaged over samples. No labels are
    used. ``reports/README.md`` tells how the defaults were found, and what other ways lost.

    References
    ----------
    .. [1] Higgins, I. et al. (2017). beta-VAE: Learning basic visual concepts with a
       constrained variational framework. ICLR 2017.
       https://openreview.net/forum?id=Sy2fzU9gl
    .. [2] Vincent, P., Larochelle, H., Bengio, Y., Manzagol, P.-A. (2008). Extracting and
       composing robust features with denoising autoencoders. ICML 2008, 1096-1103.
       doi:10.1145/1390156.1390294.
    """

    adds_to_loss = True
    first_share = 2 / 3
    least_width = 256  # few features can lie on a strongly bent surface

    beta: float | None = None
    shift: float = 0.0175
    network: str = "dense"
    image_shape: Sequence[int] | None = None
    hidden_sizes: Sequence[int] | None = None
    filters: Sequence[int] | None = None
    kernel_size: int = 3
    activation: str = "relu"

    def loss_terms(self, loss: str) -> list[str]:
        """Return the Kullback-Leibler term with its weight."""
        return [kl_term(BETA[loss] if self.beta is None else self.beta)]

    def noise_text(self) -> str:
        """Return by how much images are shifted, if they are."""
        is_shifted = self.shift != 0
        if hasattr(self, "autoencoder_"):
            is_shifted = self.autoencoder_.corruption is not None
        return shift_text(self.shift) if is_shifted else ""

    def _code_layer(self, plan: NetworkPlan) -> Callable[[Any], Any]:
        from aeviz.encoders.networks.architecture import gaussian_code

        return gaussian_code(plan, beta=BETA[plan.loss] if self.beta is None else self.beta)

    def _corruption(self, plan: NetworkPlan) -> keras.layers.Layer | None:
        from aeviz.encoders.networks.random_shift import shift_layer

        return shift_layer(plan, self.shift)
