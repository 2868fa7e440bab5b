import { describe, expect, test } from "vitest";
import { classOf, densest, paint, rgb, valueOf, type Painted } from "../src/colors";
import type { Ramps, Ref } from "../src/manifest";

const REF: Ref = { blob: 0, dtype: "uint16", shape: [] };
const RAMPS: Ramps = {
  values: ["#000000", "#0000ff", "#ffffff"],
  shares: ["#ffffff", "#ff0000"],
  missing: "#808080",
};
const MISSING = 65535;

function classes(codes: number[], names: string[], colors: string[]): Painted {
  const column = { kind: "classes", key: "label", title: "label", values: REF } as const;
  return {
    column: { ...column, names: REF, colors: REF },
    values: Uint16Array.from(codes),
    names,
    colors,
  };
}

function numbers(values: Painted["values"], facts: Partial<Painted["column"]> = {}): Painted {
  const column = {
    kind: "values",
    key: "feature 0",
    title: "feature",
    group: "feature",
    values: REF,
    low: 10,
    high: 20,
    shown: [10, 20],
  } as const;
  return { column: { ...column, ...facts } as Painted["column"], values, names: [], colors: [] };
}

/** Colours of all samples as text. */
function painted(what: Painted): string[] {
  const bytes = paint(what, RAMPS);
  return Array.from({ length: bytes.length / 4 }, (_, i) =>
    bytes.slice(4 * i, 4 * i + 4).join(" "),
  );
}

describe("paint", () => {
  test("reads hexadecimal colours", () => {
    expect(rgb("#01a0ff")).toEqual([1, 160, 255]);
  });

  test("gives classes theirs, and grey to a missing label", () => {
    const made = classes([1, 0, MISSING], ["a", "b"], ["#010203", "#fffefd"]);
    expect(painted(made)).toEqual(["255 254 253 255", "1 2 3 255", "128 128 128 255"]);
  });

  test("gives values theirs on the ramp", () => {
    // The lowest, a quarter, and the highest; half-way to the second of three stops is #000080.
    const made = numbers(Uint16Array.from([0, 16383, 65534, MISSING]));
    expect(painted(made)).toEqual([
      "0 0 0 255",
      "0 0 127 255",
      "255 255 255 255",
      "128 128 128 255",
    ]);
  });

  test("gives what lies beyond what is shown the colours of the ends", () => {
    const made = numbers(Uint16Array.from([0, 19660, 45875, 65534]), { shown: [13, 17] });
    const [lowest, low, high, highest] = painted(made);
    expect([lowest, highest]).toEqual(["0 0 0 255", "255 255 255 255"]);
    expect([low, high]).toEqual([lowest, highest]);
  });

  test("gives bytes of shares the ramp on which high ones stand out", () => {
    const made = numbers(Uint8Array.from([0, 51, 255]), {
      key: "pca_tsne false",
      low: 0,
      high: 1,
      shown: [0, 1],
    });
    expect(painted(made)).toEqual(["255 255 255 255", "255 204 204 255", "255 0 0 255"]);
  });

  test("gives a constant the first colour", () => {
    const made = numbers(Uint16Array.from([0, 0]), { low: 7, high: 7, shown: [7, 7] });
    expect(painted(made)).toEqual(["0 0 0 255", "0 0 0 255"]);
  });
});

describe("values", () => {
  test("come back in the units of the source", () => {
    const made = numbers(Uint16Array.from([0, 32767, 65534, MISSING]));
    expect([0, 1, 2, 3].map((row) => valueOf(made, row))).toEqual([10, 15, 20, NaN]);
  });

  test("of bytes are never missing", () => {
    expect(valueOf(numbers(Uint8Array.from([255]), { low: 0, high: 1 }), 0)).toBe(1);
  });

  test("of classes are their numbers and names", () => {
    const made = classes([1, MISSING], ["a", "b"], ["#000000", "#000000"]);
    expect([valueOf(made, 0), valueOf(made, 1)]).toEqual([1, NaN]);
    expect([classOf(made, 0), classOf(made, 1)]).toEqual(["b", ""]);
  });
});

describe("densest", () => {
  test("is the mean of the fullest cell of each class, the largest first", () => {
    const made = classes([0, 0, 0, 1, 1, MISSING], ["a", "b", "none of it"], ["", "", ""]);
    // In a grid of 2 × 2 over 0..10, the class a has two samples at the lower left and one at
    // the upper right, b one in each of two cells: the first cell counts.
    const xs = Float32Array.from([1, 3, 9, 1, 9, 5]);
    const ys = Float32Array.from([2, 4, 9, 9, 1, 5]);
    expect(densest(made, xs, ys, [0, 10, 0, 10], 2)).toEqual([
      { name: "a", x: 2, y: 3, n: 2 },
      { name: "b", x: 1, y: 9, n: 1 },
    ]);
  });

  test("puts up with a picture that is a point", () => {
    const made = classes([0, 0], ["a"], [""]);
    const same = Float32Array.from([4, 4]);
    expect(densest(made, same, same, [4, 4, 4, 4])).toEqual([{ name: "a", x: 4, y: 4, n: 2 }]);
  });
});
