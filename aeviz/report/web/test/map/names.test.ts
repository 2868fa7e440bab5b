import { describe, expect, test } from "vitest";
import { MISSING, type LoadedColumn } from "../../src/data/colors";
import { placed, representatives, wrapped, LINE_PX } from "../../src/map/names";

function classes(values: number[], names: string[]): LoadedColumn {
  const column = {
    kind: "classes",
    key: "label",
    title: "",
    values: null,
    names: null,
    colors: null,
  };
  const made = { column, values: Uint16Array.from(values), names, colors: names.map(() => "") };
  return made as unknown as LoadedColumn;
}

describe("representatives", () => {
  test("are samples in the fullest cell of each class, the largest class first", () => {
    // In a grid of 2 × 2 over 0..10, b has three samples at the lower left, the second of which is
    // nearest to their mean, and a one in each of two cells: the first cell counts.
    const made = classes([1, 1, 1, 1, 0, 0, MISSING], ["a", "b", "none of it"]);
    const xs = Float32Array.from([1, 2, 4, 9, 1, 9, 5]);
    const ys = Float32Array.from([2, 3, 3, 9, 9, 1, 5]);
    expect(representatives(made, xs, ys, [0, 10, 0, 10], 2)).toEqual([
      { name: "b", row: 1, n: 4 },
      { name: "a", row: 4, n: 2 },
    ]);
  });

  test("put up with an embedding that is a point, and with samples that it has not", () => {
    const made = classes([0, 0, 0], ["a"]);
    const at = Float32Array.from([4, 4, Infinity]);
    expect(representatives(made, at, at, [4, 4, 4, 4])).toEqual([{ name: "a", row: 0, n: 2 }]);
  });
});

describe("wrapped", () => {
  test("breaks between words, and words that are longer than a line", () => {
    expect(wrapped("dog")).toEqual(["dog"]);
    expect(wrapped(" natural killer T cells ")).toEqual(["natural killer T", "cells"]);
    expect(wrapped("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
    expect(wrapped("")).toEqual(["(empty)"]);
  });

  test("cuts names that are too long", () => {
    const lines = wrapped("a very long name that goes on and on and on and on and on", 10, 3);
    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/…$/);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(10);
  });
});

describe("placed", () => {
  const size = { width: 400, height: 300 };
  const widthOf = (text: string) => 7 * text.length;
  const at = (places: Array<[number, number]>) => (row: number) => places[row]!;

  test("puts names at their classes where there is room", () => {
    const names = [
      { name: "one", row: 0, n: 9 },
      { name: "two", row: 1, n: 5 },
    ];
    const found = placed(names, at([[100, 100], [300, 200]]), size, widthOf); // prettier-ignore
    expect(found.map(({ x, y, isAway }) => [x, y, isAway])).toEqual([
      [100, 100, false],
      [300, 200, false],
    ]);
  });

  test("never lets names overlap or leave the map, and leaves out what finds no room", () => {
    const names = Array.from({ length: 200 }, (_, row) => ({
      name: `name ${row}`,
      row,
      n: 200 - row,
    }));
    const places = names.map((_, i): [number, number] => [180 + (i % 20) * 2, 140 + (i % 10) * 2]);
    const found = placed(names, at(places), size, widthOf);
    expect(found.length).toBeGreaterThan(10);
    expect(found.length).toBeLessThan(200);
    expect(found[0]).toMatchObject({ x: 180, y: 140, isAway: false });
    expect(found.some(({ isAway }) => isAway)).toBe(true);
    const boxes = found.map(({ lines, x, y }) => {
      const half = Math.max(...lines.map(widthOf)) / 2;
      const tall = (lines.length * LINE_PX) / 2;
      return [x - half, x + half, y - tall, y + tall] as const;
    });
    for (const [i, a] of boxes.entries()) {
      expect(Math.min(a[0], a[2])).toBeGreaterThanOrEqual(0);
      expect(a[1]).toBeLessThanOrEqual(size.width);
      expect(a[3]).toBeLessThanOrEqual(size.height);
      for (const b of boxes.slice(0, i))
        expect(a[0] < b[1] && b[0] < a[1] && a[2] < b[3] && b[2] < a[3]).toBe(false);
    }
  });

  test("names nothing that is out of view", () => {
    const names = [{ name: "far", row: 0, n: 3 }];
    expect(placed(names, at([[-5, 100]]), size, widthOf)).toEqual([]);
  });
});
