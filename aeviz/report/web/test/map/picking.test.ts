import { describe, expect, test } from "vitest";
import { isInside } from "../../src/data/polygon";
import { PointIndex } from "../../src/map/picking";

const shown = () => true;

function index(...points: Array<[number, number]>) {
  return new PointIndex(
    Float32Array.from(points, ([x]) => x),
    Float32Array.from(points, ([, y]) => y),
  );
}

describe("nearest", () => {
  const made = index([0, 0], [3, 4], [10, 0]);

  test("is the nearest within the distance", () => {
    expect(made.nearest(2, 4, 5, shown)).toBe(1);
    expect(made.nearest(2, 1, 5, shown)).toBe(0);
    // (3, 4) is at distance 5 of the origin, (10, 0) at 10.
    expect(made.nearest(3, 9, 4.9, shown)).toBe(-1);
    expect(made.nearest(3, 9, 5.1, shown)).toBe(1);
    expect(made.nearest(1e6, 0, Infinity, shown)).toBe(2);
  });

  test("is never one that is hidden", () => {
    expect(made.nearest(3, 4, 6, (row) => row !== 1)).toBe(0);
    expect(made.nearest(3, 4, 6, () => false)).toBe(-1);
  });

  test("is nothing where there is nothing", () => {
    expect(index([5, 5]).nearest(0, 0, 1, shown)).toBe(-1);
  });
});

describe("nearestTowards", () => {
  // A cross about the origin, with a second one to the right, and one at 45 degrees.
  const made = index([0, 0], [2, 0], [1, 0.5], [0, 3], [-1, 0.2], [0, -2], [1, 1]);

  test("goes to the nearest within 45 degrees of the direction", () => {
    expect(made.nearestTowards(0, 1, 0, shown)).toBe(2);
    expect(made.nearestTowards(0, -1, 0, shown)).toBe(4);
    // (1, 1) is exactly between two directions and belongs to neither.
    expect(made.nearestTowards(0, 0, 1, shown)).toBe(3);
    expect(made.nearestTowards(0, 0, -1, shown)).toBe(5);
  });

  test("passes what is hidden, and stays at the end", () => {
    expect(made.nearestTowards(0, 1, 0, (row) => row !== 2)).toBe(1);
    expect(made.nearestTowards(1, 1, 0, shown)).toBe(-1);
  });

  test("does not stick at samples in one place", () => {
    expect(index([1, 1], [1, 1], [2, 1]).nearestTowards(0, 1, 0, shown)).toBe(2);
  });
});

describe("inside", () => {
  const square = [0, 0, 4, 0, 4, 4, 0, 4];

  test("gives the rows within a polygon and no other", () => {
    const made = index([2, 2], [5, 2], [-1, 2], [2, 5], [3.9, 0.1]);
    expect(made.inside(square).sort()).toEqual([0, 4]);
    expect(made.inside([])).toEqual([]);
  });

  test("goes by the even-odd rule where a lasso crosses itself", () => {
    // A star of five points: its middle is outside, its tips are inside.
    const star = [0, 0, 10, 0, 2, 6, 5, -4, 8, 6];
    expect(isInside(5, 2, star)).toBe(false);
    expect(isInside(5, -2, star)).toBe(true);
    expect(isInside(1.2, 0.5, star)).toBe(true);
  });

  test("leaves out what a dent leaves out", () => {
    const dented = [0, 0, 4, 0, 4, 4, 2, 1, 0, 4];
    expect(isInside(2, 3, dented)).toBe(false);
    expect(isInside(2, 0.5, dented)).toBe(true);
  });

  test("does not depend on where a polygon begins or which way it goes", () => {
    const made = index([2, 2], [5, 5], [1, 3.5]);
    const turned = [4, 4, 0, 4, 0, 0, 4, 0];
    const back = [0, 4, 4, 4, 4, 0, 0, 0];
    expect(made.inside(turned).sort()).toEqual([0, 2]);
    expect(made.inside(back).sort()).toEqual([0, 2]);
  });
});
