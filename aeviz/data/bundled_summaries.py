"""Say what each bundled data set holds, importing nothing."""

__all__ = ["SUMMARIES"]

SUMMARIES = {
    "cifar10": "60,000 colour photographs of 10 kinds of things, 32×32 (Keras)",
    "cifar100": "60,000 colour photographs of 100 kinds of things, 32×32 (Keras)",
    "digits": "1,797 handwritten digits, 8×8 (comes with scikit-learn; no download)",
    "fashion_mnist": "70,000 images of 10 kinds of clothing, 28×28 (Keras)",
    "mnist": "70,000 handwritten digits, 28×28 (Keras)",
}
