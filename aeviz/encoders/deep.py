"""The deep autoencoder: dense layers that narrow to the code and widen again."""

from collections.abc import Sequence
from dataclasses import dataclass

from aeviz.encoders._base_autoencoder import BaseAutoencoder

__all__ = ["DeepAutoencoder"]


@dataclass(eq=False, repr=False, kw_only=True)
class DeepAutoencoder(BaseAutoencoder):
    """Deep dense autoencoder, which learns a non-linear code of samples.

    The network is n_features → hidden sizes → code and its mirror image; the code is
    linear. Data in [0, 1] get sigmoid outputs and binary cross-entropy; other data are
    standardised and get linear outputs and squared error. Trained with Adam under a cosine
    learning rate, with early stopping on validation samples.

    Parameters
    ----------
    code_size : int in 1..n_features, or None
        Width of the code; None is 32, or half the features where that is less.
    hidden_sizes : sequence of int, or None
        Widths of the encoder's hidden layers from the data inwards; None scales two layers
        with the data (784 features and a code of 32: 128 and 64; the first one 1,024 at most).
        Empty is a linear code.
    activation : str, default "elu"
        Keras activation of the hidden layers. On MNIST the same network with "relu" has codes
        of 10-NN accuracy 0.969 where "elu" has 0.974, and a test loss of 0.0785 against
        0.0776 nats per pixel.
    loss : {"auto", "bernoulli", "gaussian"}
        Reconstruction loss, see above.
    epochs : int, at least 1, or None
        Largest number of epochs; None is about 12,000 updates, in 30 to 200 epochs.
    batch_size : int, at least 1, or None
        Samples per update; None is 128, and less for fewer than 2,560 samples.
    learning_rate : float above 0, default 0.002
        Initial rate of Adam, which falls to 0 along a cosine.
    validation_fraction : float in [0, 1), default 0.1
        Share of the samples kept for validation, by which training stops early, 5,000 at most;
        0 trains on all and stops by the training loss.
    patience : int, default 20
        Epochs without improvement before stopping; the best epoch's weights are kept.
    callbacks : sequence of keras.callbacks.Callback, or None
        Called at the beginning and end of training and of each epoch. One that sets the
        learning rate (LearningRateScheduler, ReduceLROnPlateau) replaces the cosine.
    memory_budget : int, default 2**30
        Bytes of training samples to hold in memory, as float32; larger data are read
        through a shuffle buffer of that size.
    random_state : int, RandomState or None
        Fixes the weights' start, the split and the order of the samples.

    Attributes
    ----------
    autoencoder_, batch_size_, best_epoch_, code_size_, history_, loss_, n_features_in_, scaling_
        As in `BaseAutoencoder`.

    Notes
    -----
    With x̂ the reconstruction of a sample x, its loss is
    −Σ [x log x̂ + (1 − x) log(1 − x̂)] in nats ("bernoulli") or ½ Σ (x − x̂)² ("gaussian"). It is
    summed over features and averaged over samples: divide by n_features for the cross-entropy per
    pixel.

    References
    ----------
    .. [1] Hinton, G. E., Salakhutdinov, R. R. (2006). Reducing the dimensionality of data
       with neural networks. Science 313, 504-507. doi:10.1126/science.1127647.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> X = load_digits().data / 16                                   # doctest: +SKIP
    >>> codes = DeepAutoencoder(code_size=8).fit_transform(X)         # doctest: +SKIP
    >>> codes.shape                                                   # doctest: +SKIP
    (1797, 8)
    """

    hidden_sizes: Sequence[int] | None = None
    activation: str = "elu"
