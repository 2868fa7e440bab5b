/** Decoders of the page with the codes of its samples. */

import { Decoder } from "./decoder";
import type { DecoderSpec } from "../data/manifest";
import type { Payload } from "../data/payload";
import { codesOf } from "./interpolation";

/** A decoder together with the codes of all samples. */
export interface Coded {
  spec: DecoderSpec;
  decoder: Decoder;
  /** The code of a sample. */
  codeOf: (row: number) => Float32Array;
}

export class Reconstructions {
  private constructor(readonly all: readonly Coded[]) {}

  static async of(specs: readonly DecoderSpec[], payload: Payload): Promise<Reconstructions> {
    const runnable = specs.filter((spec) => spec.layers.length && spec.codes);
    return new Reconstructions(await Promise.all(runnable.map((spec) => coded(spec, payload))));
  }

  /** Reconstruction of a sample by the first decoder, or null without one. */
  of(row: number): { values: Float32Array; title: string } | null {
    const first = this.all[0];
    if (!first) return null;
    return { values: first.decoder.run(first.codeOf(row), 1), title: "reconstruction" };
  }
}

async function coded(spec: DecoderSpec, payload: Payload): Promise<Coded> {
  const codes = spec.codes!;
  const [decoder, numbers] = await Promise.all([
    Decoder.from(spec, payload),
    payload.array(codes.values),
  ]);
  return { spec, decoder, codeOf: codesOf(numbers, codes) };
}
