/** Expose the decoder to tests that drive a browser: scripts hand over layers and weights. */
import { Decoder } from "../../src/decoder/decoder";
import type { DecoderSpec, Ref } from "../../src/data/manifest";

type Given = Pick<DecoderSpec, "codeSize" | "layers"> & { arrays: number[][] };

/** Decode `count` codes, as many times as asked for, and say how long each time took. */
async function decode(given: Given, codes: number[], count: number, times = 1) {
  const arrays = { array: async (ref: Ref) => Float32Array.from(given.arrays[ref.blob]) };
  const decoder = await Decoder.from(given, arrays);
  const values = [...decoder.run(Float32Array.from(codes), count)];
  const start = performance.now();
  for (let i = 0; i < times; i++) decoder.run(Float32Array.from(codes), count);
  return { values, milliseconds: (performance.now() - start) / times };
}

Object.assign(window, { decode });
