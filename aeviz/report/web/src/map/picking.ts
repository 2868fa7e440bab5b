/** Index of points: finds the sample nearest to the cursor, and those inside a lasso. */

import KDBush from "kdbush";
import { isInside } from "../data/polygon";

export class PointIndex {
  private index: KDBush | null = null;

  constructor(
    readonly xs: Float32Array,
    readonly ys: Float32Array,
  ) {}

  /** Row of the nearest sample within a distance that `isShown`, or -1. */
  nearest(x: number, y: number, within: number, isShown: (row: number) => boolean): number {
    let best = -1;
    let least = Infinity;
    for (const row of this.tree().within(x, y, within)) {
      const distance = (this.xs[row]! - x) ** 2 + (this.ys[row]! - y) ** 2;
      if (distance < least && isShown(row)) {
        least = distance;
        best = row;
      }
    }
    return best;
  }

  /** Row of the nearest sample in a direction from a row (within 45 degrees of it), or -1. */
  nearestTowards(from: number, dx: number, dy: number, isShown: (row: number) => boolean): number {
    let best = -1;
    let least = Infinity;
    for (let row = 0; row < this.xs.length; row++) {
      const ax = this.xs[row]! - this.xs[from]!;
      const ay = this.ys[row]! - this.ys[from]!;
      const along = ax * dx + ay * dy;
      const across = Math.abs(ax * dy - ay * dx);
      const distance = ax * ax + ay * ay;
      if (along > across && distance < least && isShown(row)) {
        least = distance;
        best = row;
      }
    }
    return best;
  }

  /** Rows inside a polygon x0, y0, x1, y1 …, by the even-odd rule. */
  inside(polygon: readonly number[]): number[] {
    const [left, right, bottom, top] = extent(polygon);
    const found = this.tree().range(left, bottom, right, top);
    return found.filter((row) => isInside(this.xs[row]!, this.ys[row]!, polygon));
  }

  private tree(): KDBush {
    if (this.index === null) {
      this.index = new KDBush(this.xs.length, 64, Float32Array);
      for (let i = 0; i < this.xs.length; i++) this.index.add(this.xs[i]!, this.ys[i]!);
      this.index.finish();
    }
    return this.index;
  }
}

function extent(polygon: readonly number[]): [number, number, number, number] {
  const box: [number, number, number, number] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < polygon.length; i += 2) {
    box[0] = Math.min(box[0], polygon[i]!);
    box[1] = Math.max(box[1], polygon[i]!);
    box[2] = Math.min(box[2], polygon[i + 1]!);
    box[3] = Math.max(box[3], polygon[i + 1]!);
  }
  return box;
}
