/** Polygons x0, y0, x1, y1 …: whether a point is inside, and fewer corners for short links. */

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
