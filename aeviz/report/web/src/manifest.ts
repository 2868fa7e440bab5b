/** What the page's data say, as `aeviz/report/_interactive.py` writes it. */

/** A typed array or a JSON value in one of the page's compressed blobs. */
export interface Ref {
  blob: number;
  dtype: "uint8" | "uint16" | "uint32" | "float16" | "float32" | "json";
  shape: number[];
}

/** One embedding: quantised coordinates and the data coordinates of 0 and 65535. */
export interface Picture {
  key: string;
  title: string;
  x: Ref;
  y: Ref;
  box: [left: number, right: number, bottom: number, top: number];
  /** Shares of false and missed neighbours of each sample, 0..255. */
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
  /** 0..65534 from `low` to `high`, 65535 where missing. */
  values: Ref;
  low: number;
  high: number;
  /** What the first and the last colour stand for. */
  shown: [low: number, high: number];
}

export type Column = ClassColumn | ValueColumn;

/** One step of a decoder; `weights` name arrays by their role. */
export interface Layer {
  kind: string;
  weights: Record<string, Ref>;
  [option: string]: unknown;
}

export interface DecoderSpec {
  encoder: string;
  title: string;
  codeSize: number;
  /** Empty if the page cannot run it; then `why` says so and `grid` stands in its place. */
  layers: Layer[];
  why: string;
  /** Samples decoded at the points of an even grid: values 0..255 of the scale, [n, n, features]. */
  grid: { axis: number[]; values: Ref; low: number; high: number } | null;
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

export interface Manifest {
  schema: 1;
  name: string;
  nSamples: number;
  /** Samples of the data; more than `nSamples` if the page shows some of them. */
  nAll: number;
  /** Sentences on what the page leaves out. */
  notes: string[];
  ids: Ref | null;
  isTest: Ref | null;
  columns: Column[];
  pictures: Picture[];
  /** The nearest samples in the data of each sample, [nSamples, k]; 4294967295 if not in the page. */
  neighbors: Ref | null;
  look: Look;
  thumbnails: Thumbnails | null;
  decoders: DecoderSpec[];
  ramps: { light: Ramps; dark: Ramps };
}
