import { describe, expect, test } from "vitest";
import { View } from "../../src/map/view";

/** A embedding of 10 × 5 in a map of 1000 × 1000: 93 % of 1000 pixels over 10 are 93 a unit. */
function view() {
  return new View([0, 10, -5, 0], 1000, 1000);
}

describe("view", () => {
  test("shows all of the embedding, in its middle, with a margin", () => {
    const made = view();
    expect(made.scale).toBeCloseTo(93, 9);
    expect(made.toScreen(5, -2.5)).toEqual([500, 500]);
    // Half the width is 5 units, 465 pixels; up is up.
    expect(made.toScreen(0, 0)).toEqual([35, 500 - 2.5 * 93]);
    expect(made.isWhole).toBe(true);
  });

  test("goes from the screen to data and back", () => {
    const made = view();
    made.panBy(31, -17);
    made.zoomAt(200, 900, 3);
    const [x, y] = made.toData(123, 456);
    const [px, py] = made.toScreen(x, y);
    expect(px).toBeCloseTo(123, 9);
    expect(py).toBeCloseTo(456, 9);
  });

  test("follows the pointer", () => {
    const made = view();
    made.panBy(93, 186);
    expect([made.x, made.y]).toEqual([4, -0.5]);
    expect(made.isWhole).toBe(false);
  });

  test("zooms about the place of the pointer, within bounds", () => {
    const made = view();
    const before = made.toData(250, 750);
    made.zoomAt(250, 750, 4);
    expect(made.zoom).toBeCloseTo(4, 9);
    made.toData(250, 750).forEach((value, i) => expect(value).toBeCloseTo(before[i]!, 9));
    made.zoomAt(250, 750, 1e9);
    expect(made.zoom).toBeCloseTo(2000, 6);
    made.zoomAt(250, 750, 1e-9);
    expect(made.zoom).toBeCloseTo(0.5, 9);
  });

  test("says what is in view", () => {
    const made = new View([0, 10, 0, 10], 200, 100);
    made.scale = 10;
    expect(made.bounds()).toEqual([-5, 15, 0, 10]);
  });

  test("keeps the view in a map of another size", () => {
    const made = view();
    made.zoomAt(500, 500, 2);
    made.resize(500, 500);
    expect(made.zoom).toBeCloseTo(2, 9);
    expect(made.scale).toBeCloseTo(93, 9);
    expect([made.x, made.y]).toEqual([5, -2.5]);
  });

  test("gives the renderer what takes 0..1 to -1..1", () => {
    const made = view();
    made.panBy(40, 60);
    const { factor, summand } = made.clip();
    for (const [u, v] of [
      [0, 0],
      [1, 0.25],
    ] as const) {
      const [px, py] = made.toScreen(10 * u, -5 + 5 * v);
      expect(factor[0] * u + summand[0]).toBeCloseTo((2 * px) / 1000 - 1, 9);
      expect(factor[1] * v + summand[1]).toBeCloseTo(1 - (2 * py) / 1000, 9);
    }
  });

  test("of an embedding without width or height is finite", () => {
    // 93 % of 100 pixels for 2 units; then nothing to go by at all.
    expect(new View([1, 1, 0, 2], 100, 100).scale).toBeCloseTo(46.5, 9);
    const point = new View([3, 3, 4, 4], 100, 100);
    expect(point.toScreen(3, 4)).toEqual([50, 50]);
    expect(point.scale).toBe(1);
  });

  test("is saved and restored", () => {
    const made = view();
    made.zoomAt(100, 100, 7);
    const other = view();
    other.restore(made.save());
    expect(other.save()).toEqual(made.save());
  });

  test.each([[[NaN, 0, 1]], [[1, Infinity, 1]], [[1, 1, 0]], [[1, 1, -3]], [[1, 1]], [[]]])(
    "takes nothing from %j",
    (saved) => {
      const made = view();
      made.restore(saved);
      expect(made.isWhole).toBe(true);
    },
  );

  test("goes no farther than than next to the embedding, whatever a link says", () => {
    const made = view();
    made.restore([1e300, -1e300, 1e300]);
    expect([made.x, made.y]).toEqual([20, -10]);
    expect(made.zoom).toBeCloseTo(2000, 6);
  });
});
