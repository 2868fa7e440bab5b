/**
 * Rotate, reflect, scale and shift one embedding to match another as closely as possible
 * (Procrustes), for an animation between them. Gower, J. C. (1975). Generalized procrustes
 * analysis. Psychometrika 40(1). doi:10.1007/BF02291478
 */

export interface Coordinates {
  xs: Float32Array;
  ys: Float32Array;
}

/** The second embedding, aligned to the first by least squares. */
export function aligned(first: Coordinates, second: Coordinates): Coordinates {
  const n = first.xs.length;
  const [ax, ay, bx, by] = [first.xs, first.ys, second.xs, second.ys].map(mean) as [
    number,
    number,
    number,
    number,
  ];
  // The 2 × 2 matrix of cross products, second by first, and the spread of the second.
  let [xx, xy, yx, yy, spread] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [sx, sy] = [second.xs[i]! - bx, second.ys[i]! - by];
    const [tx, ty] = [first.xs[i]! - ax, first.ys[i]! - ay];
    xx += sx * tx;
    xy += sx * ty;
    yx += sy * tx;
    yy += sy * ty;
    spread += sx * sx + sy * sy;
  }
  // The best turn without and with mirroring; the larger sum of singular values wins.
  const turned = Math.hypot(xx + yy, xy - yx);
  const mirrored = Math.hypot(xx - yy, xy + yx);
  const isMirrored = mirrored > turned;
  const size = isMirrored ? mirrored : turned;
  const [cos, sin] =
    size === 0
      ? [1, 0]
      : isMirrored
        ? [(xx - yy) / size, (xy + yx) / size]
        : [(xx + yy) / size, (xy - yx) / size];
  const scale = spread ? size / spread : 1;
  const xs = new Float32Array(n);
  const ys = new Float32Array(n);
  const sign = isMirrored ? -1 : 1;
  for (let i = 0; i < n; i++) {
    const [sx, sy] = [second.xs[i]! - bx, sign * (second.ys[i]! - by)];
    xs[i] = ax + scale * (cos * sx - sin * sy);
    ys[i] = ay + scale * (sin * sx + cos * sy);
  }
  return { xs, ys };
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / (values.length || 1);
}
