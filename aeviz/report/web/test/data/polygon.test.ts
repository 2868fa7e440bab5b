import { describe, expect, test } from "vitest";
import { simplified, thinned } from "../../src/data/polygon";

describe("polygons for links", () => {
  test("thinned ones keep every so many corners", () => {
    const polygon = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4];
    expect(thinned(polygon, 5)).toEqual(polygon);
    expect(thinned(polygon, 2)).toEqual([0, 0, 2, 2]);
    expect(thinned(polygon, 4)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  });

  test("simplified ones leave out what lies on a line", () => {
    const drawn = [0, 0, 5, 0.3, 10, 0, 10, 5, 10.2, 7, 10, 10, 0, 10, 0, 4];
    expect(simplified(drawn, 0.5)).toEqual([0, 0, 10, 0, 10, 10, 0, 10]);
  });

  test("simplified ones keep what is farther away than the distance", () => {
    const drawn = [0, 0, 5, 0.6, 10, 0, 10, 10];
    expect(simplified(drawn, 0.5)).toEqual(drawn);
    // A corner beyond the end of a line is far from it, though it lies on its course.
    expect(simplified([0, 0, 9, 0, 5, 0, 5, 5], 0.5)).toEqual([0, 0, 9, 0, 5, 0, 5, 5]);
  });

  test("simplified ones may have as good as no corner", () => {
    expect(simplified([], 1)).toEqual([]);
    expect(simplified([1, 2], 1)).toEqual([1, 2]);
    expect(simplified([1, 2, 1, 2, 1, 2], 1)).toEqual([1, 2]);
  });
});
