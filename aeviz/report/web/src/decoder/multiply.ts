/** Multiply rows by a matrix, as fast as plain JavaScript does it. */

/** Write `rows` (count of n numbers each) times the matrix, plus the bias, into `out`. */
export type Multiply = (rows: Float32Array, count: number, out: Float32Array) => void;

/**
 * Lay out a kernel [nIn, nOut] for products. Four outputs at a time share each number that is
 * read, and their weights, side by side, stay in the fastest cache for all rows.
 */
export function multiplier(
  kernel: ArrayLike<number>,
  nIn: number,
  nOut: number,
  bias?: ArrayLike<number>,
): Multiply {
  const nBlocks = Math.ceil(nOut / 4);
  const packed = new Float32Array(nBlocks * nIn * 4);
  const start = new Float32Array(nBlocks * 4);
  for (let o = 0; o < nOut; o++) {
    const at = (o >> 2) * nIn * 4 + (o & 3);
    for (let i = 0; i < nIn; i++) packed[at + 4 * i] = kernel[i * nOut + o];
    start[o] = bias ? bias[o] : 0;
  }
  return (rows, count, out) => {
    for (let o = 0; o < nOut; o += 4) block(rows, count, out, packed, start, nIn, nOut, o);
  };
}

/** Four outputs of all rows. */
function block(
  rows: Float32Array,
  count: number,
  out: Float32Array,
  packed: Float32Array,
  start: Float32Array,
  nIn: number,
  nOut: number,
  o: number,
): void {
  const first = o * nIn;
  const nHere = Math.min(4, nOut - o);
  for (let row = 0; row < count; row++) {
    let [a, b, c, d] = [start[o], start[o + 1], start[o + 2], start[o + 3]];
    const from = row * nIn;
    for (let i = 0, w = first; i < nIn; i++, w += 4) {
      const x = rows[from + i];
      a += x * packed[w];
      b += x * packed[w + 1];
      c += x * packed[w + 2];
      d += x * packed[w + 3];
    }
    const at = row * nOut + o;
    out[at] = a;
    if (nHere > 1) out[at + 1] = b;
    if (nHere > 2) out[at + 2] = c;
    if (nHere > 3) out[at + 3] = d;
  }
}
