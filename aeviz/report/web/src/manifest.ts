/** What the page's data say, as `aeviz/report/_interactive.py` writes it. */

/** A typed array or a JSON value in one of the page's compressed blobs. */
export interface Ref {
  blob: number;
  dtype: "uint8" | "uint16" | "uint32" | "float32" | "float64" | "json";
  shape: number[];
}

/**
 * One embedding: quantised coordinates and the data coordinates of 0 and 65535. Those of new samples
 * are missing where it could not take them.
 */
export interface Picture {
  key: string;
  title: string;
  x: Ref;
  y: Ref;
  box: [left: number, right: number, bottom: number, top: number];
  /**
   * Shares of false and missed neighbours from 0 to 1 in steps of 0..255; with new samples, which
   * have none, in steps of 0..65534, and 65535 where missing.
   */
  false: Ref | null;
  missed: Ref | null;
  /** Whether coordinates mean something, as those of PCA do. */
  hasAxes: boolean;
  /** The encoder whose latent plane this is, if it is one. */
  latent: string | null;
}

/** What points can be coloured by. */
export interface ClassColumn {
  kind: "classes";
  key: string;
  title: string;
  /** Number of the class of each sample; 65535 where it is missing. */
  values: Ref;
  names: Ref;
  colors: Ref;
}

export interface ValueColumn {
  kind: "values";
  key: string;
  title: string;
  group: "label" | "error" | "feature";
  /**
   * Floats, NaN where missing; or whole steps, of which the greatest possible one is missing: the
   * number is (`first` + step) / 10 ** `decimals`. Without those two they are shares, see `Picture`.
   */
  values: Ref;
  first?: number;
  decimals?: number;
  low: number;
  high: number;
  /** What the first and the last colour stand for. */
  shown: [low: number, high: number];
  /** Of an error or a distance: beyond this a new sample is unlike those of the run. */
  bound?: number;
}

export type Column = ClassColumn | ValueColumn;

/** Height, width and channels of an image; values lie flat, row by row, channels last. */
export type Shape = [height: number, width: number, channels: number];

type Pair = [vertical: number, horizontal: number];

/** Weights `kernel` [in, out] and perhaps `bias`. */
export interface DenseLayer {
  kind: "dense";
}

/**
 * Weights `kernel` [height, width, in, out] and perhaps `bias`. Entry k of the kernel meets, at
 * output y, the input floor((stride y + dilation k - pad) / up), or, if transposed, the input
 * (y + pad - k) / stride where that is whole; inputs outside the image are zero.
 */
export interface ConvLayer {
  kind: "conv";
  inputs: Shape;
  outputs: Shape;
  up: Pair;
  stride: Pair;
  dilation: Pair;
  pad: Pair;
  transposed: boolean;
}

/** Bilinear, with the centres of the pixels in their places. */
export interface ResizeLayer {
  kind: "resize";
  inputs: Shape;
  up: Pair;
}

/** Output (y, x) is input (y + top, x + left), or zero outside the image. */
export interface CropLayer {
  kind: "crop";
  inputs: Shape;
  outputs: Shape;
  offset: Pair;
}

/** Value i becomes value * scale[i mod n] + shift[i mod n]; weights `scale` and `shift`. */
export interface AffineLayer {
  kind: "affine";
}

export interface ActivationLayer {
  kind: "activation";
  name: string;
  /** Of `leaky_relu` and `elu`. */
  slope?: number;
  /** How many values `softmax` takes together. */
  width?: number;
}

/** One step of a decoder, as `aeviz/portable/network.py` writes it. */
export type Step = DenseLayer | ConvLayer | ResizeLayer | CropLayer | AffineLayer | ActivationLayer;

/** A step and its arrays by their role. */
export type Layer = Step & { weights: Record<string, Ref> };

/**
 * Samples decoded at the points of an even grid, for a decoder that the page cannot run:
 * values 0..255 from `low` to `high`, [n, n, features], the first row at the end of the axis.
 * `low` and `high` hold one number, or one a feature.
 */
export interface DecodedGrid {
  axis: number[];
  values: Ref;
  low: number[];
  high: number[];
}

export interface DecoderSpec {
  encoder: string;
  title: string;
  codeSize: number;
  /** Empty if the page cannot run it; then `why` says so and `grid` stands in its place. */
  layers: Layer[];
  why: string;
  grid: DecodedGrid | null;
  /** Codes of the samples: 0..255 from `low` to `high` of each dimension, [n, codeSize]. */
  codes: { values: Ref; low: number[]; high: number[] } | null;
}

/** How a sample looks, in the units of the source. */
export interface Look {
  kind: "image" | "table";
  shape: [height: number, width: number, channels: number] | null;
  low: number;
  high: number;
  /** Ink on an empty ground, which is drawn as the page's paper. */
  isDrawing: boolean;
  featureNames: string[];
  /** Spread of each feature in the data, to scale differences by. */
  deviations: number[];
  means: number[];
}

/** Small pictures of samples in sheets of rows and columns. */
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

/** Colours from low to high: of values, and of shares of which high ones are to be noticed. */
export interface Ramps {
  values: string[];
  shares: string[];
  missing: string;
}

/** Texts that are shown with the samples. */
export interface Annotation {
  title: string;
  texts: Ref;
}

export interface Manifest {
  schema: 1;
  name: string;
  /** New samples stand behind those of the run. */
  nSamples: number;
  /** Samples of the data; more than `nSamples` if the page shows some of them. */
  nAll: number;
  /** Sentences on what the page leaves out. */
  notes: string[];
  ids: Ref | null;
  isTest: Ref | null;
  columns: Column[];
  pictures: Picture[];
  /**
   * The nearest samples in the data of each sample, [nSamples, k]: places on the page in ascending
   * order, each as its difference from the one before; 4294967295 for one that is not in the page.
   */
  neighbors: Ref | null;
  look: Look;
  thumbnails: Thumbnails | null;
  decoders: DecoderSpec[];
  annotations?: Annotation[];
  /** New samples, a source after another, and for each whether it is unlike those of the run. */
  added?: { sources: Array<{ name: string; n: number }>; unlike: Ref };
  ramps: { light: Ramps; dark: Ramps };
}
