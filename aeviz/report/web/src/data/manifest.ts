// Written by scripts/manifest_types.py from aeviz/report/manifest.py; change it there.

/** A typed array or a JSON value in one of the page's compressed blobs. */
export interface Ref {
  blob: number;
  dtype: "uint8" | "uint16" | "uint32" | "float32" | "float64" | "json";
  shape: number[];
}

/** Coordinates of one embedding; missing for new samples that it could not transform. */
export interface EmbeddingSpec {
  key: string;
  title: string;
  x: Ref;
  y: Ref;
  /** Left, right, bottom and top: the coordinates of the steps 0 and 65535 of x and of y. */
  box: [number, number, number, number];
  /**
   * Shares of false neighbours from 0 to 1 in steps of 0..255; with new samples, which have none,
   * in steps of 0..65534, and 65535 where missing.
   */
  false: Ref | null;
  missed: Ref | null;
  /** Whether coordinates mean something, as those of PCA do. */
  hasAxes: boolean;
  /** The encoder whose latent plane this is, if it is one. */
  latent: string | null;
}

/** Column of classes that points can be coloured by. */
export interface ClassColumn {
  kind: "classes";
  key: string;
  title: string;
  /** Number of the class of each sample; 65535 where it is missing. */
  values: Ref;
  names: Ref;
  colors: Ref;
}

/** Column of numbers that points can be coloured by. */
export interface ValueColumn {
  kind: "values";
  key: string;
  title: string;
  group: "label" | "error" | "feature";
  /**
   * Floats, NaN where missing; or whole steps, of which the greatest possible one is missing: the
   * number is (`first` + step) / 10 ** `decimals`. Without those two they are shares, see
   * `EmbeddingSpec`.
   */
  values: Ref;
  first?: number;
  decimals?: number;
  low: number;
  high: number;
  /** The values of the first and of the last colour. */
  shown: [number, number];
  /** Largest usual error or distance: a new sample beyond it is an outlier. */
  bound?: number;
}

export type Column = ClassColumn | ValueColumn;

/** Arrays of a layer by their role. */
export interface Weighted {
  weights: Record<string, Ref>;
}

/** Weights `kernel` [in, out] and perhaps `bias`. */
export interface DenseLayer extends Weighted {
  kind: "dense";
}

/** Adds a dense layer of an earlier value; weights as those of a dense layer. */
export interface PathLayer extends Weighted {
  kind: "path";
  /** The value is that after so many layers. */
  after: number;
}

/**
 * Weights `kernel` [height, width, in, out] and perhaps `bias`.
 *
 * Entry k of the kernel meets, at output y, the input
 * floor((stride y + dilation k - pad) / up), or, if transposed, the input (y + pad - k) / stride
 * where that is whole; inputs outside the image are zero. Pairs are vertical and horizontal.
 */
export interface ConvLayer extends Weighted {
  kind: "conv";
  /** Height, width and channels of an image; values are flat, row by row, channels last. */
  inputs: [number, number, number];
  outputs: [number, number, number];
  up: [number, number];
  stride: [number, number];
  dilation: [number, number];
  pad: [number, number];
  transposed: boolean;
}

/** Bilinear up-sampling that keeps the centres of the pixels. */
export interface ResizeLayer extends Weighted {
  kind: "resize";
  inputs: [number, number, number];
  up: [number, number];
}

/** Output (y, x) is input (y + top, x + left), or zero outside the image. */
export interface CropLayer extends Weighted {
  kind: "crop";
  inputs: [number, number, number];
  outputs: [number, number, number];
  offset: [number, number];
}

/** Value i becomes value * scale[i mod n] + shift[i mod n]; weights `scale` and `shift`. */
export interface AffineLayer extends Weighted {
  kind: "affine";
}

/** Activation function of Keras. */
export interface ActivationLayer extends Weighted {
  kind: "activation";
  name: string;
  /** Of `leaky_relu` and `elu`. */
  slope?: number;
  /** How many values `softmax` takes together. */
  width?: number;
}

export type Layer = DenseLayer | PathLayer | ConvLayer | ResizeLayer | CropLayer | AffineLayer | ActivationLayer;

/** Samples decoded at the points of an even grid, for a decoder that the page cannot run. */
export interface DecodedGrid {
  axis: number[];
  /** 0..255 from `low` to `high`, [n, n, features], the first row at the end of the axis. */
  values: Ref;
  /** One number, or one per feature. */
  low: number[];
  high: number[];
}

/** Codes of the samples. */
export interface Codes {
  /** 0..255 from `low` to `high` of each dimension, [n, codeSize]. */
  values: Ref;
  low: number[];
  high: number[];
}

/** One decoder: its layers, or a grid of samples decoded in advance. */
export interface DecoderSpec {
  encoder: string;
  title: string;
  codeSize: number;
  /** Empty if the page cannot run it; then `why` says so and `grid` is used instead. */
  layers: Layer[];
  why: string;
  grid: DecodedGrid | null;
  codes: Codes | null;
}

/** How a sample is shown, in the units of the source. */
export interface SampleFormat {
  kind: "image" | "table";
  /** Height, width and channels. */
  shape: [number, number, number] | null;
  low: number;
  high: number;
  /** Ink on an empty ground, which is drawn in the page's background colour. */
  isDrawing: boolean;
  featureNames: string[];
  /** Std of each feature in the data, to scale differences by. */
  stds: number[];
  means: number[];
}

/** Thumbnails of samples in sheets of rows and columns. */
export interface Thumbnails {
  sheets: Ref[];
  mime: string;
  perSheet: number;
  nColumns: number;
  width: number;
  height: number;
  /** Sample of each tile in order; null if tile i is sample i. */
  rows: Ref | null;
}

/** Colours from low to high: of values, and of shares whose high values are to be noticed. */
export interface Ramps {
  values: string[];
  shares: string[];
  missing: string;
}

/** Colours in both themes. */
export interface Themes {
  light: Ramps;
  dark: Ramps;
}

/** Texts that are shown with the samples. */
export interface Annotation {
  title: string;
  texts: Ref;
}

/** A file of new samples and their number. */
export interface Source {
  name: string;
  n: number;
}

/** New samples, one source after another. */
export interface Added {
  sources: Source[];
  isOutlier: Ref;
}

/** What the script of a page gets to know. */
export interface Manifest {
  schema: 1;
  name: string;
  /** New samples stand behind those of the run. */
  nSamples: number;
  /** Samples of the data; more than `nSamples` if the page shows some of them. */
  nAll: number;
  /** Sentences on what the page leaves out. */
  notes: string[];
  ids: Ref;
  columns: Column[];
  embeddings: EmbeddingSpec[];
  /**
   * The nearest samples in the data of each sample, [nSamples, k]: numbers of samples on the page in
   * ascending order, each as its difference from the one before; 4294967295 for one that is not on
   * the page.
   */
  neighbors: Ref | null;
  format: SampleFormat;
  thumbnails: Thumbnails | null;
  decoders: DecoderSpec[];
  ramps: Themes;
  annotations?: Annotation[];
  added?: Added;
}
