import { describe, expect, test } from "vitest";
import { Decoder } from "../../src/decoder/decoder";
import type { ConvLayer, Layer, Ref } from "../../src/data/manifest";

/** A layer without its weights. */
type Step = Layer extends infer One ? (One extends Layer ? Omit<One, "weights"> : never) : never;

/** A decoder of steps and the numbers of their weights, [shape, values] by role. */
function decoder(codeSize: number, ...steps: [Step, Record<string, [number[], number[]]>?][]) {
  const stored: number[][] = [];
  const layers = steps.map(([step, weights = {}]) => {
    const refs: Record<string, Ref> = {};
    for (const [role, [shape, values]] of Object.entries(weights)) {
      refs[role] = { blob: stored.push(values) - 1, dtype: "float32", shape };
    }
    return { ...step, weights: refs } as Layer;
  });
  const arrays = { array: async (ref: Ref) => Float32Array.from(stored[ref.blob]) };
  return Decoder.from({ codeSize, layers }, arrays);
}

async function outputs(made: Promise<Decoder>, codes: number[]) {
  const built = await made;
  return [...built.run(Float32Array.from(codes), codes.length / built.codeSize)];
}

const line = (n: number, m: number, more: Partial<ConvLayer>): Omit<ConvLayer, "weights"> => ({
  kind: "conv",
  inputs: [1, n, 1],
  outputs: [1, m, 1],
  up: [1, 1],
  stride: [1, 1],
  dilation: [1, 1],
  pad: [0, 0],
  transposed: false,
  ...more,
});

describe("decoder", () => {
  test("without layers gives codes back, and leaves them as they are", async () => {
    const made = await decoder(2);
    const codes = Float32Array.of(1, 2);
    expect(made.outputSize).toBe(2);
    expect([...made.run(codes, 1)]).toEqual([1, 2]);
    expect(() => made.run(codes, 2)).toThrow("2 codes have 4 numbers, got 2");
  });

  test("dense: code times kernel plus bias, for several codes", async () => {
    // (1, 2) · [[1, 2, 3], [4, 5, 6]] = (9, 12, 15); five outputs do not fill blocks of four.
    const kernel: [number[], number[]] = [
      [2, 5],
      [1, 2, 3, 0, 1, 4, 5, 6, 1, 0],
    ];
    const made = decoder(2, [{ kind: "dense" }, { kernel, bias: [[5], [0, 0, 1, 0, 0]] }]);
    expect(await outputs(made, [1, 2, 0, 1])).toEqual([9, 12, 16, 2, 1, 4, 5, 7, 1, 0]);
    const free = decoder(2, [{ kind: "dense" }, { kernel }]);
    expect(await outputs(free, [1, 0])).toEqual([1, 2, 3, 0, 1]);
  });

  test("affine repeats its numbers", async () => {
    const made = decoder(4, [{ kind: "affine" }, { scale: [[2], [2, 3]], shift: [[2], [1, 0]] }]);
    expect(await outputs(made, [1, 1, 2, 2])).toEqual([3, 3, 5, 6]);
  });

  test("crop cuts off, and pads with zeros", async () => {
    const inputs: [number, number, number] = [2, 2, 1];
    const cut = decoder(4, [{ kind: "crop", inputs, outputs: [1, 1, 1], offset: [1, 0] }]);
    expect(await outputs(cut, [1, 2, 3, 4, 5, 6, 7, 8])).toEqual([3, 7]);
    const wide = decoder(4, [{ kind: "crop", inputs, outputs: [2, 4, 1], offset: [-1, -1] }]);
    expect(await outputs(wide, [1, 2, 3, 4])).toEqual([0, 0, 0, 0, 0, 1, 2, 0]);
  });

  test("resize lies between the centres of pixels", async () => {
    // Twice as wide: positions −0.25, 0.25, 0.75, 1.25, of which the ends repeat the edge.
    const made = decoder(2, [{ kind: "resize", inputs: [1, 2, 1], up: [1, 2] }]);
    expect(await outputs(made, [0, 4])).toEqual([0, 1, 3, 4]);
  });

  test("resize mixes both directions, each channel by itself", async () => {
    const made = decoder(4, [{ kind: "resize", inputs: [2, 1, 2], up: [2, 1] }]);
    expect(await outputs(made, [0, 10, 4, 20])).toEqual([0, 10, 1, 12.5, 3, 17.5, 4, 20]);
  });
});

describe("convolution", () => {
  const kernel: [number[], number[]] = [
    [1, 3, 1, 1],
    [1, 10, 100],
  ];

  test("pads with zeros", async () => {
    const made = decoder(3, [line(3, 3, { pad: [0, 1] }), { kernel, bias: [[1], [0.5]] }]);
    expect(await outputs(made, [1, 2, 3])).toEqual([210.5, 321.5, 32.5]);
  });

  test("takes strides and dilation", async () => {
    const strided = decoder(5, [line(5, 2, { stride: [1, 2] }), { kernel }]);
    expect(await outputs(strided, [1, 2, 3, 4, 5])).toEqual([321, 543]);
    const wide = decoder(5, [line(5, 1, { dilation: [1, 2] }), { kernel }]);
    expect(await outputs(wide, [1, 2, 3, 4, 5])).toEqual([531]);
  });

  test("up-samples before it", async () => {
    // 1 1 2 2 with a zero on each side: windows 011, 112, 122, 220.
    const made = decoder(2, [line(2, 4, { up: [1, 2], pad: [0, 1] }), { kernel }]);
    expect(await outputs(made, [1, 2])).toEqual([110, 211, 221, 22]);
  });

  test("is transposed", async () => {
    // 1 and 2 put down 1 10 100 and 2 20 200, two pixels apart: 1, 10, 102, 20, 200.
    const made = decoder(2, [line(2, 5, { stride: [1, 2], transposed: true }), { kernel }]);
    expect(await outputs(made, [1, 2])).toEqual([1, 10, 102, 20, 200]);
    // Of a kernel narrower than the stride some outputs see nothing but the bias.
    const one: [number[], number[]] = [[1, 1, 1, 1], [3]];
    const layer = line(2, 4, { stride: [1, 2], transposed: true });
    const thin = decoder(2, [layer, { kernel: one, bias: [[1], [1]] }]);
    expect(await outputs(thin, [1, 2])).toEqual([4, 1, 7, 1]);
  });

  test("sums over channels, in two directions, for each sample", async () => {
    const layer = line(2, 1, { inputs: [2, 2, 2], outputs: [1, 1, 2] });
    // The first channel out adds up the first channel in, the second one weighs the other.
    const both: [number[], number[]] = [[2, 2, 2, 2], [1, 2, 3, 4].flatMap((w) => [1, 0, 0, w])];
    const made = decoder(8, [layer, { kernel: both }]);
    const images = [1, 1, 1, 1, 1, 1, 1, 1, 2, 0, 0, 0, 0, 0, 0, 5];
    expect(await outputs(made, images)).toEqual([4, 10, 2, 20]);
  });
});

describe("activations", () => {
  const cases: [string, object, number[], number[]][] = [
    ["relu", {}, [-1, 2], [0, 2]],
    ["relu6", {}, [-1, 7], [0, 6]],
    ["leaky_relu", { slope: 0.2 }, [-1, 2], [-0.2, 2]],
    ["elu", { slope: 2 }, [-1, 2], [2 * Math.expm1(-1), 2]],
    ["selu", {}, [-1, 1], [-1.1113307, 1.050701]],
    ["gelu", {}, [-1, 1], [-0.1586553, 0.8413447]],
    ["silu", {}, [0, 1], [0, 0.7310586]],
    ["sigmoid", {}, [0, -1000], [0.5, 0]],
    ["tanh", {}, [0, 1000], [0, 1]],
    ["softplus", {}, [0, 1000], [Math.LN2, 1000]],
    ["softsign", {}, [-1, 3], [-0.5, 0.75]],
    ["exponential", {}, [0, 1], [1, Math.E]],
    ["softmax", { width: 2 }, [0, Math.log(3)], [0.25, 0.75]],
  ];
  test.each(cases)("%s", async (name, option, given, expected) => {
    const found = await outputs(decoder(2, [{ kind: "activation", name, ...option }]), given);
    found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));
  });

  test("an unknown one, or a layer, is told", async () => {
    await expect(decoder(1, [{ kind: "activation", name: "toString" }])).rejects.toThrow(
      "unknown activation toString",
    );
    await expect(decoder(1, [{ kind: "pool" } as unknown as Step])).rejects.toThrow(
      "unknown layer",
    );
  });
});
