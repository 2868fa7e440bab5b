/** Replacement for a decoder that the page cannot run: the nearest sample decoded in advance. */
import { Decoder, type ArraySource, type CodeDecoder } from "./decoder";
import type { DecodedGrid, DecoderSpec } from "../data/manifest";

export class GridLookup implements CodeDecoder {
  readonly codeSize = 2;
  readonly outputSize: number;
  readonly #axis: number[];
  readonly #values: Float32Array;

  constructor(grid: Pick<DecodedGrid, "axis" | "low" | "high">, values: ArrayLike<number>) {
    const n = grid.axis.length;
    this.#axis = grid.axis;
    this.outputSize = values.length / (n * n);
    this.#values = Float32Array.from(values, (value, i) => {
      const [low, high] = [grid.low, grid.high].map((ends) => ends[i % ends.length]);
      return low + (value / 255) * (high - low);
    });
  }

  run(codes: Float32Array, count: number): Float32Array {
    const result = new Float32Array(count * this.outputSize);
    const n = this.#axis.length;
    for (let i = 0; i < count; i++) {
      const column = nearestOf(this.#axis, codes[2 * i]);
      const row = n - 1 - nearestOf(this.#axis, codes[2 * i + 1]);
      const from = (row * n + column) * this.outputSize;
      result.set(this.#values.subarray(from, from + this.outputSize), i * this.outputSize);
    }
    return result;
  }
}

function nearestOf(axis: number[], value: number): number {
  let best = 0;
  axis.forEach((point, i) => {
    if (Math.abs(point - value) < Math.abs(axis[best] - value)) best = i;
  });
  return best;
}

/** A decoder or its replacement; null where the page has neither. */
export async function decoderOf(
  spec: DecoderSpec,
  arrays: ArraySource,
): Promise<CodeDecoder | null> {
  if (spec.layers.length) return Decoder.from(spec, arrays);
  if (spec.grid) return new GridLookup(spec.grid, await arrays.array(spec.grid.values));
  return null;
}
