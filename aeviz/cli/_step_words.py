"""Say in plain words what a step does, and how much work it usually is."""

import re

__all__ = ["in_words", "usual_work"]

_WORDS = {
    "load": "reading the data",
    "prepare": "splitting and scaling the data",
    "cluster": "finding clusters",
    "search neighbors": "finding every sample's neighbours in the data",
    "score samples": "comparing every sample's neighbours in the maps with those in the data",
    "score": "scoring codes and maps",
    "tabulate": "writing the table of coordinates",
    "keep samples": "keeping samples for the page",
    "render": "drawing the page",
    "report": "drawing the page",
    "train": "training the encoder",
    "measure": "measuring how well test samples come back",
    "save": "writing the model",
    "write": "writing the file",
    "encode": "encoding the samples",
    "reconstruct": "reconstructing the samples",
    "transform": "placing the samples on the maps",
    "generate": "drawing new samples",
}
_NAMES = {
    "pca": "PCA",
    "tsne": "t-SNE",
    "umap": "UMAP",
    "parametric_tsne": "parametric t-SNE",
    "parametric_umap": "parametric UMAP",
    "identity": "original data",
}
# Of the first word of a step's name, in units of a usual step.
_WORK = {"encode": 6.0, "repeat": 3.0, "embed": 1.5, "score": 6.0, "render": 8.0, "train": 6.0}
_SMALL = {"prepare", "tabulate", "keep", "load", "write", "save"}


def in_words(name: str) -> str:
    """Return what the step of a name does; a name that is not known is returned as it is.

    Examples
    --------
    >>> in_words("encode residual"), in_words("embed pca tsne")
    ('training the residual autoencoder', 'making the t-SNE map of PCA')
    >>> in_words("repeat residual 2"), in_words("repeat residual umap 1")
    ('training the residual autoencoder again (2)', 'making the UMAP map of residual again (1)')
    """
    if name in _WORDS:
        return _WORDS[name]
    found = re.fullmatch(r"(encode|embed|repeat) (\w+?)( [a-z_]+)?( \d+)?", name)
    if found is None:
        return name
    encoder, embedding, number = found[2], (found[3] or "").strip(), (found[4] or "").strip()
    if embedding:
        called, of = (_NAMES.get(one, one) for one in (embedding, encoder))
        text = f"making the {called} map of {of}"
    elif encoder == "pca":
        text = "computing PCA"
    else:
        text = f"training the {encoder} autoencoder"
    return f"{text} again ({number})" if number else text


def usual_work(name: str) -> float:
    """Return how much work a step is, where nothing like it was done yet."""
    first = name.split()[0] if name.split() else ""
    if first in _SMALL or name == "encode pca":
        return 0.2
    return _WORK.get(first, 1.0)
