"""Types of the page's manifest: everything that the page's script gets to know of a run.

The manifest is JSON in the page. Arrays in it are references to compressed blobs, see
`aeviz.page.blobs`. These types are the only description of it: mypy checks what Python writes
against them, and ``scripts/manifest_types.py`` makes of them ``web/src/data/manifest.ts``, against
which TypeScript checks what the script reads. A string below a field describes it.
"""

# Keys are those of the JSON that the script reads, written as in TypeScript.

from typing import Literal, NotRequired, TypedDict

from aeviz.page.blobs import Ref

__all__ = [
    "Added",
    "Annotation",
    "ClassColumn",
    "Codes",
    "Column",
    "DecodedGrid",
    "DecoderSpec",
    "EmbeddingSpec",
    "Layer",
    "Manifest",
    "Ramps",
    "SampleFormat",
    "Thumbnails",
    "ValueColumn",
]


class EmbeddingSpec(TypedDict):
    """Coordinates of one embedding; missing for new samples that it could not transform."""

    key: str
    title: str
    x: Ref
    y: Ref
    box: tuple[float, float, float, float]
    """Left, right, bottom and top: the coordinates of the steps 0 and 65535 of x and of y."""
    false: Ref | None
    """
    Shares of false neighbours from 0 to 1 in steps of 0..255; with new samples, which have none,
    in steps of 0..65534, and 65535 where missing.
    """
    missed: Ref | None
    hasAxes: bool
    """Whether coordinates mean something, as those of PCA do."""
    latent: str | None
    """The encoder whose latent plane this is, if it is one."""


class ClassColumn(TypedDict):
    """Column of classes that points can be coloured by."""

    kind: Literal["classes"]
    key: str
    title: str
    values: Ref
    """Number of the class of each sample; 65535 where it is missing."""
    names: Ref
    colors: Ref


class ValueColumn(TypedDict):
    """Column of numbers that points can be coloured by."""

    kind: Literal["values"]
    key: str
    title: str
    group: Literal["label", "error", "feature"]
    values: Ref
    """
    Floats, NaN where missing; or whole steps, of which the greatest possible one is missing: the
    number is (`first` + step) / 10 ** `decimals`. Without those two they are shares, see
    `EmbeddingSpec`.
    """
    first: NotRequired[int]
    decimals: NotRequired[int]
    low: float
    high: float
    shown: tuple[float, float]
    """The values of the first and of the last colour."""
    bound: NotRequired[float]
    """Largest usual error or distance: a new sample beyond it is an outlier."""


Column = ClassColumn | ValueColumn


class _Weighted(TypedDict):
    """Arrays of a layer by their role."""

    weights: dict[str, Ref]


class DenseLayer(_Weighted):
    """Weights `kernel` [in, out] and perhaps `bias`."""

    kind: Literal["dense"]


class PathLayer(_Weighted):
    """Adds a dense layer of an earlier value; weights as those of a dense layer."""

    kind: Literal["path"]
    after: int
    """The value is that after so many layers."""


class ConvLayer(_Weighted):
    """Weights `kernel` [height, width, in, out] and perhaps `bias`.

    Entry k of the kernel meets, at output y, the input
    floor((stride y + dilation k - pad) / up), or, if transposed, the input (y + pad - k) / stride
    where that is whole; inputs outside the image are zero. Pairs are vertical and horizontal.
    """

    kind: Literal["conv"]
    inputs: tuple[int, int, int]
    """Height, width and channels of an image; values are flat, row by row, channels last."""
    outputs: tuple[int, int, int]
    up: tuple[int, int]
    stride: tuple[int, int]
    dilation: tuple[int, int]
    pad: tuple[int, int]
    transposed: bool


class ResizeLayer(_Weighted):
    """Bilinear up-sampling that keeps the centres of the pixels."""

    kind: Literal["resize"]
    inputs: tuple[int, int, int]
    up: tuple[int, int]


class CropLayer(_Weighted):
    """Output (y, x) is input (y + top, x + left), or zero outside the image."""

    kind: Literal["crop"]
    inputs: tuple[int, int, int]
    outputs: tuple[int, int, int]
    offset: tuple[int, int]


class AffineLayer(_Weighted):
    """Value i becomes value * scale[i mod n] + shift[i mod n]; weights `scale` and `shift`."""

    kind: Literal["affine"]


class ActivationLayer(_Weighted):
    """Activation function of Keras."""

    kind: Literal["activation"]
    name: str
    slope: NotRequired[float]
    """Of `leaky_relu` and `elu`."""
    width: NotRequired[int]
    """How many values `softmax` takes together."""


Layer = DenseLayer | PathLayer | ConvLayer | ResizeLayer | CropLayer | AffineLayer | ActivationLayer


class DecodedGrid(TypedDict):
    """Samples decoded at the points of an even grid, for a decoder that the page cannot run."""

    axis: list[float]
    values: Ref
    """0..255 from `low` to `high`, [n, n, features], the first row at the end of the axis."""
    low: list[float]
    """One number, or one per feature."""
    high: list[float]


class Codes(TypedDict):
    """Codes of the samples."""

    values: Ref
    """0..255 from `low` to `high` of each dimension, [n, codeSize]."""
    low: list[float]
    high: list[float]


class DecoderSpec(TypedDict):
    """One decoder: its layers, or a grid of samples decoded in advance."""

    encoder: str
    title: str
    codeSize: int
    layers: list[Layer]
    """Empty if the page cannot run it; then `why` says so and `grid` is used instead."""
    why: str
    grid: DecodedGrid | None
    codes: Codes | None


class SampleFormat(TypedDict):
    """How a sample is shown, in the units of the source."""

    kind: Literal["image", "table"]
    shape: tuple[int, int, int] | None
    """Height, width and channels."""
    low: float
    high: float
    isDrawing: bool
    """Ink on an empty ground, which is drawn in the page's background colour."""
    featureNames: list[str]
    stds: list[float]
    """Std of each feature in the data, to scale differences by."""
    means: list[float]


class Thumbnails(TypedDict):
    """Thumbnails of samples in sheets of rows and columns."""

    sheets: list[Ref]
    mime: str
    perSheet: int
    nColumns: int
    width: int
    height: int
    rows: Ref | None
    """Sample of each tile in order; null if tile i is sample i."""


class Ramps(TypedDict):
    """Colours from low to high: of values, and of shares whose high values are to be noticed."""

    values: list[str]
    shares: list[str]
    missing: str


class Themes(TypedDict):
    """Colours in both themes."""

    light: Ramps
    dark: Ramps


class Annotation(TypedDict):
    """Texts that are shown with the samples."""

    title: str
    texts: Ref


class Source(TypedDict):
    """A file of new samples and their number."""

    name: str
    n: int


class Added(TypedDict):
    """New samples, one source after another."""

    sources: list[Source]
    isOutlier: Ref


class Manifest(TypedDict):
    """What the script of a page gets to know."""

    schema: Literal[1]
    name: str
    nSamples: int
    """New samples stand behind those of the run."""
    nAll: int
    """Samples of the data; more than `nSamples` if the page shows some of them."""
    notes: list[str]
    """Sentences on what the page leaves out."""
    ids: Ref
    columns: list[Column]
    embeddings: list[EmbeddingSpec]
    neighbors: Ref | None
    """
    The nearest samples in the data of each sample, [nSamples, k]: numbers of samples on the page in
    ascending order, each as its difference from the one before; 4294967295 for one that is not on
    the page.
    """
    format: SampleFormat
    thumbnails: Thumbnails | None
    decoders: list[DecoderSpec]
    ramps: Themes
    annotations: NotRequired[list[Annotation]]
    added: NotRequired[Added]
