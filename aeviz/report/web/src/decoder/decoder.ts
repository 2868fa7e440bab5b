/** Run an encoder's decoder in the page: from codes to samples, in the units of the source. */
import { activation } from "./activations";
import { convolution } from "./convolution";
import type { CropLayer, DecoderSpec, Layer, PathLayer, Ref, ResizeLayer } from "../data/manifest";
import { multiplier } from "./multiply";

/** Where arrays come from; `Payload` is one. */
export interface ArraySource {
  array(ref: Ref): Promise<ArrayLike<number>>;
}

/** One step: from `count` samples side by side to as many; it may change and return its input. */
export type LayerFunction = (
  values: Float32Array,
  count: number,
  kept: ReadonlyMap<number, Float32Array>,
) => Float32Array;

type Weights = Record<string, Float32Array>;

/** What turns codes into samples: a decoder, or a grid of samples decoded in advance. */
export interface CodeDecoder {
  readonly codeSize: number;
  readonly outputSize: number;
  /** The samples of `count` codes, side by side; the result is overwritten by the next call. */
  run(codes: Float32Array, count: number): Float32Array;
}

/** A decoder as plain layers. */
export class Decoder implements CodeDecoder {
  readonly codeSize: number;
  readonly outputSize: number;
  readonly #steps: LayerFunction[];
  /** After how many layers the values stand that a later layer needs again. */
  readonly #pathStarts: ReadonlySet<number>;

  private constructor(codeSize: number, layers: Layer[], steps: LayerFunction[]) {
    this.codeSize = codeSize;
    this.#steps = steps;
    this.#pathStarts = new Set(layers.flatMap((one) => (one.kind === "path" ? [one.after] : [])));
    this.outputSize = this.run(new Float32Array(codeSize), 1).length;
  }

  /** Fetch the weights and lay them out for speed. */
  static async from(spec: Pick<DecoderSpec, "codeSize" | "layers">, arrays: ArraySource) {
    const steps = spec.layers.map(async (layer) => step(layer, await weightsOf(layer, arrays)));
    return new Decoder(spec.codeSize, spec.layers, await Promise.all(steps));
  }

  run(codes: Float32Array, count: number): Float32Array {
    if (codes.length !== count * this.codeSize) {
      throw new Error(`${count} codes have ${count * this.codeSize} numbers, got ${codes.length}`);
    }
    let values: Float32Array = codes.slice();
    const kept = new Map<number, Float32Array>();
    this.#steps.forEach((run, done) => {
      // A copy, because a step may change what it is given.
      if (this.#pathStarts.has(done)) kept.set(done, values.slice());
      values = run(values, count, kept);
    });
    return values;
  }
}

async function weightsOf(layer: Layer, arrays: ArraySource): Promise<Weights> {
  const fetched = Object.entries(layer.weights).map(async ([role, ref]) => {
    const array = await arrays.array(ref);
    return [role, array instanceof Float32Array ? array : Float32Array.from(array)] as const;
  });
  return Object.fromEntries(await Promise.all(fetched));
}

function step(layer: Layer, weights: Weights): LayerFunction {
  switch (layer.kind) {
    case "dense":
      return dense(weights, layer.weights.kernel.shape);
    case "path":
      return path(layer, weights);
    case "conv":
      return convolution(layer, weights.kernel, layer.weights.kernel.shape, weights.bias);
    case "affine":
      return affine(weights);
    case "activation":
      return activation(layer);
    case "resize":
      return resize(layer);
    case "crop":
      return crop(layer);
    default:
      throw new Error(`unknown layer ${JSON.stringify(layer)}`);
  }
}

function dense({ kernel, bias }: Weights, [nIn, nOut]: number[]): LayerFunction {
  const multiply = multiplier(kernel, nIn, nOut, bias);
  return (values, count) => {
    const result = new Float32Array(count * nOut);
    multiply(values, count, result);
    return result;
  };
}

function path({ after, weights: { kernel } }: PathLayer, weights: Weights): LayerFunction {
  const added = dense(weights, kernel.shape);
  return (values, count, kept) => {
    const start = kept.get(after);
    if (start === undefined) throw new Error(`no values are kept after ${after} layers`);
    const result = added(start, count, kept);
    for (let i = 0; i < result.length; i++) result[i] += values[i];
    return result;
  };
}

function affine({ scale, shift }: Weights): LayerFunction {
  const n = scale.length;
  return (values) => {
    for (let i = 0; i < values.length; i++) values[i] = values[i] * scale[i % n] + shift[i % n];
    return values;
  };
}

function crop({ inputs, outputs, offset }: CropLayer): LayerFunction {
  const [height, width, channels] = inputs;
  const [rows, columns] = outputs;
  const first = Math.max(0, -offset[1]);
  const last = Math.min(columns, width - offset[1]);
  return (values, count) => {
    const result = new Float32Array(count * rows * columns * channels);
    for (let row = 0; row < count * rows; row++) {
      const y = (row % rows) + offset[0];
      if (y < 0 || y >= height || last <= first) continue;
      const from = ((Math.floor(row / rows) * height + y) * width + first + offset[1]) * channels;
      const line = values.subarray(from, from + (last - first) * channels);
      result.set(line, (row * columns + first) * channels);
    }
    return result;
  };
}

/** For each output along an axis: the two inputs it lies between, and the share of the second. */
function between(n: number, factor: number): [before: number, after: number, share: number][] {
  return Array.from({ length: n * factor }, (_, y) => {
    const position = Math.min(Math.max((y + 0.5) / factor - 0.5, 0), n - 1);
    const before = Math.floor(position);
    return [before, Math.min(before + 1, n - 1), position - before];
  });
}

function resize({ inputs: [height, width, channels], up }: ResizeLayer): LayerFunction {
  const rows = between(height, up[0]);
  const columns = between(width, up[1]);
  return (values, count) => {
    const result = new Float32Array(count * rows.length * columns.length * channels);
    let at = 0;
    for (let sample = 0; sample < count; sample++) {
      const start = sample * height * width * channels;
      for (const [top, bottom, down] of rows) {
        for (const [left, right, across] of columns) {
          for (let c = start; c < start + channels; c++) {
            const above = mixed(values, c, top * width, left, right, across, channels);
            const below = mixed(values, c, bottom * width, left, right, across, channels);
            result[at++] = above + down * (below - above);
          }
        }
      }
    }
    return result;
  };
}

function mixed(
  values: Float32Array,
  first: number,
  row: number,
  left: number,
  right: number,
  share: number,
  channels: number,
): number {
  const a = values[first + (row + left) * channels];
  return a + share * (values[first + (row + right) * channels] - a);
}
