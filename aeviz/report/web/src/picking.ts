/** Find samples by their place: the nearest to the cursor, those inside a lasso. */

import KDBush from "kdbush";

export class Places {
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
  onward(from: number, dx: number, dy: number, isShown: (row: number) => boolean): number {
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

export function isInside(x: number, y: number, polygon: readonly number[]): boolean {
  let inside = false;
  const n = polygon.length;
  for (let i = 0, j = n - 2; i < n; j = i, i += 2) {
    const [x0, y0, x1, y1] = [polygon[i]!, polygon[i + 1]!, polygon[j]!, polygon[j + 1]!];
    if (y0 > y !== y1 > y && x < ((x1 - x0) * (y - y0)) / (y1 - y0) + x0) inside = !inside;
  }
  return inside;
}

/** A polygon with at most `most` corners, evenly left out. */
export function thinned(polygon: readonly number[], most: number): number[] {
  const n = polygon.length / 2;
  if (n <= most) return [...polygon];
  const kept: number[] = [];
  for (let i = 0; i < most; i++) {
    const from = Math.floor((i * n) / most);
    kept.push(polygon[2 * from]!, polygon[2 * from + 1]!);
  }
  return kept;
}

/**
 * A closed polygon without the corners that lie within a distance of the line that is left. Douglas,
 * D. H., Peucker, T. K. (1973). Algorithms for the reduction of the number of points required to
 * represent a digitized line or its caricature. Cartographica 10(2). doi:10.3138/FM57-6770-U75U-7727
 */
export function simplified(polygon: readonly number[], distance: number): number[] {
  const n = polygon.length / 2;
  const isKept = new Uint8Array(n + 1);
  isKept[0] = isKept[n] = 1;
  const spans: Array<[number, number]> = [[0, n]];
  for (let span = spans.pop(); span; span = spans.pop()) {
    const [from, to] = span;
    let [farthest, most] = [-1, distance];
    for (let i = from + 1; i < to; i++) {
      const gap = gapTo(polygon, i, from, to % n);
      if (gap > most) [farthest, most] = [i, gap];
    }
    if (farthest < 0) continue;
    isKept[farthest] = 1;
    spans.push([from, farthest], [farthest, to]);
  }
  return polygon.filter((_, i) => isKept[i >> 1]);
}

/** Distance of a corner from the line between two others. */
function gapTo(polygon: readonly number[], i: number, from: number, to: number): number {
  const [x, y] = [
    polygon[2 * i]! - polygon[2 * from]!,
    polygon[2 * i + 1]! - polygon[2 * from + 1]!,
  ];
  const dx = polygon[2 * to]! - polygon[2 * from]!;
  const dy = polygon[2 * to + 1]! - polygon[2 * from + 1]!;
  const length = dx * dx + dy * dy;
  const along = length ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
  return Math.hypot(x - along * dx, y - along * dy);
}
