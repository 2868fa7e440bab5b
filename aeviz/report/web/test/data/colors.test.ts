import { describe, expect, test } from "vitest";
import {
  classOf,
  numbersOf,
  paint,
  rgb,
  valueOf,
  writtenOf,
  type LoadedColumn,
} from "../../src/data/colors";
import type { Ramps, Ref } from "../../src/data/manifest";

const REF: Ref = { blob: 0, dtype: "uint16", shape: [] };
const RAMPS: Ramps = {
  values: ["#000000", "#0000ff", "#ffffff"],
  shares: ["#ffffff", "#ff0000"],
  missing: "#808080",
};
const MISSING = 65535;

function classes(codes: number[], names: string[], colors: string[]): LoadedColumn {
  const column = { kind: "classes", key: "label", title: "label", values: REF } as const;
  return {
    column: { ...column, names: REF, colors: REF },
    values: Uint16Array.from(codes),
    names,
    colors,
  };
}

function numbers(
  values: LoadedColumn["values"],
  facts: Partial<LoadedColumn["column"]> = {},
): LoadedColumn {
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
  return {
    column: { ...column, ...facts } as LoadedColumn["column"],
    values,
    names: [],
    colors: [],
  };
}

/** Colours of all samples as text. */
function loaded(what: LoadedColumn): string[] {
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
    expect(loaded(made)).toEqual(["255 254 253 255", "1 2 3 255", "128 128 128 255"]);
  });

  test("gives values theirs on the ramp", () => {
    // The lowest, a quarter, and the highest; half-way to the second of three stops is #000080.
    const made = numbers(Float64Array.from([10, 12.5, 20, NaN]));
    expect(loaded(made)).toEqual([
      "0 0 0 255",
      "0 0 128 255",
      "255 255 255 255",
      "128 128 128 255",
    ]);
  });

  test("gives what lies beyond what is shown the colours of the ends", () => {
    const made = numbers(Float32Array.from([10, 13, 17, 20]), { shown: [13, 17] });
    const [lowest, low, high, highest] = loaded(made);
    expect([lowest, highest]).toEqual(["0 0 0 255", "255 255 255 255"]);
    expect([low, high]).toEqual([lowest, highest]);
  });

  test("tells apart what is near, however far away an outlier is", () => {
    const made = numbers(Float64Array.from([1, 2, 3, 1e9]), { high: 1e9, shown: [1, 3] });
    expect(loaded(made)).toEqual([
      "0 0 0 255",
      "0 0 255 255",
      "255 255 255 255",
      "255 255 255 255",
    ]);
  });

  test("gives shares the ramp on which high ones stand out", () => {
    const made = numbers(Float64Array.from([0, 0.2, 1]), {
      key: "pca_tsne false",
      low: 0,
      high: 1,
      shown: [0, 1],
    });
    expect(loaded(made)).toEqual(["255 255 255 255", "255 204 204 255", "255 0 0 255"]);
  });

  test("gives a constant the first colour", () => {
    const made = numbers(Float64Array.from([7, 7]), { low: 7, high: 7, shown: [7, 7] });
    expect(loaded(made)).toEqual(["0 0 0 255", "0 0 0 255"]);
  });
});

describe("values", () => {
  const STEPS = { first: 49, decimals: 1 };

  test("of steps are those of the source to the last digit", () => {
    const found = numbersOf(STEPS, Uint8Array.from([2, 0, 255, 254]));
    expect([...found]).toEqual([5.1, 4.9, NaN, 30.3]);
    expect([...numbersOf({ first: -7, decimals: 0 }, Uint16Array.from([1, 65535]))]).toEqual([
      -6,
      NaN,
    ]);
    const large = numbersOf({ first: 1.7e9, decimals: 0 }, Uint32Array.from([1, 4294967295]));
    expect([...large]).toEqual([1700000001, NaN]);
  });

  test("of floats are as they are", () => {
    for (const given of [Float32Array.from([0.1, NaN]), Float64Array.from([0.1, NaN])])
      expect(numbersOf({}, given)).toBe(given);
  });

  test("of shares go from 0 to 1, and those of bytes are never missing", () => {
    expect([...numbersOf({}, Uint8Array.from([0, 51, 255]))]).toEqual([0, 0.2, 1]);
    expect([...numbersOf({}, Uint16Array.from([0, 65534, MISSING]))]).toEqual([0, 1, NaN]);
  });

  test("are written as in the source", () => {
    const exact = numbers(numbersOf(STEPS, Uint8Array.from([2, 255, 11])));
    expect([0, 1, 2].map((row) => writtenOf(exact, row))).toEqual(["5.1", "", "6"]);
    const single = numbers(Float32Array.from([0.1, 1 / 3, 16777216, -2.5e-20, NaN]));
    const told = ["0.1", "0.33333334", "16777216", "-2.5e-20", ""];
    expect([0, 1, 2, 3, 4].map((row) => writtenOf(single, row))).toEqual(told);
  });

  test("of classes are their numbers and names", () => {
    const made = classes([1, MISSING], ["a", "b"], ["#000000", "#000000"]);
    expect([valueOf(made, 0), valueOf(made, 1)]).toEqual([1, NaN]);
    expect([classOf(made, 0), classOf(made, 1)]).toEqual(["b", ""]);
  });
});
