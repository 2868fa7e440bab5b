import { describe, expect, test } from "vitest";
import { gridCodes, gridSize, onRamp } from "../../src/decoder/grid";
import { GridLookup } from "../../src/decoder/lookup";
import type { SampleFormat } from "../../src/data/manifest";
import { SampleDistances } from "../../src/decoder/sample_distances";
import { rgb } from "../../src/data/colors";
import { formatBySpread } from "../../src/data/numbers";
import { drawnSize, pixels, telling, type Colors } from "../../src/decoder/samples";
import { codesOf } from "../../src/decoder/interpolation";
import { between, changing } from "../../src/decoder/strip";

const COLORS: Colors = { paper: [200, 210, 220], ink: [0, 10, 20] };

function image(shape: SampleFormat["shape"], isDrawing: boolean) {
  return { shape, low: 0, high: 4, isDrawing };
}

const TABLE: SampleFormat = {
  kind: "table",
  shape: null,
  low: 0,
  high: 1,
  isDrawing: false,
  featureNames: ["a", "b", "c"],
  stds: [1, 10, 0],
  means: [0, 100, 5],
};

test.each([
  [
    [28, 28],
    [28, 28],
  ],
  [
    [40, 10],
    [10, 40],
  ],
  [
    [1, 200],
    [200, 50],
  ],
  [
    [128, 6],
    [36, 128],
  ],
])("of images %j only a short side much shorter than the other is widened: %j", (shape, size) => {
  expect(drawnSize(shape)).toEqual(size);
});

describe("pixels", () => {
  test("of a drawing run from paper to ink, and not beyond", () => {
    const drawn = pixels([-1, 2, 9], 0, image([1, 3, 1], true), COLORS);
    expect([...drawn]).toEqual([200, 210, 220, 255, 100, 110, 120, 255, 0, 10, 20, 255]);
  });

  test("of other grey images are grey, from where they start", () => {
    const drawn = pixels([9, 9, 4, 0], 2, image([1, 2, 1], false), COLORS);
    expect([...drawn]).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
  });

  test("of two channels show the first, of three and four the first three", () => {
    const pair = pixels([4, 1, 0, 3], 0, image([1, 2, 2], false), COLORS);
    expect([...pair]).toEqual([255, 255, 255, 255, 0, 0, 0, 255]);
    const four = pixels([4, 0, 4, 1], 0, image([1, 1, 4], false), COLORS);
    expect([...four]).toEqual([255, 0, 255, 255]);
  });

  test("colours are read from styles", () => {
    expect(rgb(" #15171c ", [0, 0, 0])).toEqual([21, 23, 28]);
    expect(rgb("", [1, 2, 3])).toEqual([1, 2, 3]);
  });
});

describe("features", () => {
  test("the most telling lie farthest from their means; constants tell nothing", () => {
    expect(telling([1, 130, 99], TABLE)).toEqual([1, 0, 2]);
    expect(telling([4, 130, 99], TABLE, 2)).toEqual([0, 1]);
  });

  test("those that change most over samples, in units of their spread", () => {
    expect(changing([0, 0, 0, 3, 20, 99], 2, TABLE)).toEqual([0, 1, 2]);
    expect(changing([0, 0, 0, 1, 20, 99], 2, TABLE, 1)).toEqual([1]);
  });

  test("values have two digits of their spread", () => {
    expect(formatBySpread(13.4412, 0.8)).toBe("13.44");
    expect(formatBySpread(-1234.56, 300)).toBe("\u22121,235");
    expect(formatBySpread(-0.0001, 1)).toBe("0.0");
    expect(formatBySpread(0.0404)).toBe("0.040");
    expect(formatBySpread(3e9, 1)).toBe("3.00e9");
    expect(formatBySpread(0)).toBe("0.0");
    expect(formatBySpread(NaN, 1)).toBe("none");
  });
});

describe("the plane", () => {
  test("nearest samples are found, near and far", () => {
    const distances = new SampleDistances([0, 1, 2, 3], [0, 0, 0, 0]);
    expect(distances.nearest(0.9, 0)).toEqual({ sample: 1, distance: expect.closeTo(0.1) });
    expect(distances.nearest(1000, 0)).toEqual({ sample: 3, distance: 997 });
    expect(distances.usualGap).toBe(1);
    expect([distances.isFar(3, 2.9), distances.isFar(3, 3.1), distances.isFar(3, 3.1, 4)]).toEqual([
      false,
      true,
      false,
    ]);
  });

  test("none, one and equal samples are no trouble", () => {
    expect(new SampleDistances([], []).nearest(0, 0).sample).toBe(-1);
    expect(new SampleDistances([1], [1]).nearest(1, 3).distance).toBe(2);
    const equal = new SampleDistances([1, 1, 1], [2, 2, 2]);
    expect(equal.usualGap).toBe(0);
    expect(equal.nearest(1, 5).distance).toBe(3);
  });

  test("the grid's tiles are as wide and high as images, and its codes their middles", () => {
    expect(gridSize([0, 4, 0, 2], 1, 15, 0.1)).toEqual({ columns: 15, rows: 8 });
    // Images twice as wide as high: twice as many rows.
    expect(gridSize([0, 4, 0, 4], 2, 10, 0.1)).toEqual({ columns: 10, rows: 20 });
    // 100 ms each: thirty in three seconds.
    expect(gridSize([0, 4, 0, 4], 1, 15, 100)).toEqual({ columns: 5, rows: 5 });
    const codes = gridCodes([0, 4, 0, 2], { columns: 2, rows: 2 });
    expect([...codes]).toEqual([1, 1.5, 3, 1.5, 1, 0.5, 3, 0.5]);
  });

  test("a ramp is mixed between its colours", () => {
    const ramp = [rgb("#000000", [1, 1, 1]), rgb("#0a0000", [1, 1, 1]), rgb("#0a6400", [1, 1, 1])];
    expect([-1, 0.25, 0.75, 2].map((share) => onRamp(ramp, share))).toEqual([
      [0, 0, 0],
      [5, 0, 0],
      [10, 50, 0],
      [10, 100, 0],
    ]);
  });

  test("a grid stands in for a decoder: the nearest point, the first row at the top", () => {
    // Two features a point, in the order of rows from the top left.
    const values = [0, 0, 255, 51, 51, 255, 102, 102];
    const decoder = new GridLookup({ axis: [-1, 1], low: [0, 10], high: [5, 20] }, values);
    expect(decoder.outputSize).toBe(2);
    const codes = Float32Array.of(-9, 0.1, 0.1, 9, -1, -1, 1, -1);
    expect([...decoder.run(codes, 4)]).toEqual([0, 10, 5, 12, 1, 20, 2, 14]);
  });

  test("codes are kept from eight bits, and lie evenly between two", () => {
    const code = codesOf([0, 0, 255, 51], { low: [-1, 0], high: [1, 5] });
    expect([...code(0), ...code(1)]).toEqual([-1, 0, 1, 1]);
    expect([...between([0, 0], [4, 2], 3)]).toEqual([0, 0, 2, 1, 4, 2]);
  });
});
