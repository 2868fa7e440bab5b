/** Distances of points of the latent plane from the encoded samples. */
import KDBush from "kdbush";

/** Number of samples whose nearest neighbours give the usual distance. */
const N_MEASURED = 2000;
/** Points beyond so many times the usual gap are far from any sample. */
const FAR = 3;

export class SampleDistances {
  readonly #x: ArrayLike<number>;
  readonly #y: ArrayLike<number>;
  readonly #index: KDBush;
  /** 95 of 100 samples have another one within this distance. */
  readonly usualGap: number;
  readonly #unit: number;

  constructor(x: ArrayLike<number>, y: ArrayLike<number>) {
    this.#x = x;
    this.#y = y;
    this.#index = new KDBush(x.length);
    for (let i = 0; i < x.length; i++) this.#index.add(x[i], y[i]);
    this.#index.finish();
    const [width, height] = [span(x), span(y)];
    // The distance of evenly spread samples, to begin a search with.
    this.#unit = Math.max(Math.hypot(width, height) / Math.sqrt(Math.max(x.length, 1)), 1e-9);
    this.usualGap = this.#gap();
  }

  /** Beyond this distance from all samples a point is far. */
  get far(): number {
    return FAR * this.usualGap;
  }

  /** The nearest sample and its distance; -1 and infinity if there is none. */
  nearest(x: number, y: number, except = -1): { sample: number; distance: number } {
    const others = this.#x.length - (except >= 0 ? 1 : 0);
    if (others < 1) return { sample: -1, distance: Infinity };
    for (let radius = this.#unit; ; radius *= 2) {
      const found = this.#index.within(x, y, radius).filter((i) => i !== except);
      if (!found.length && Number.isFinite(radius)) continue;
      let best = { sample: -1, distance: Infinity };
      for (const i of found) {
        const distance = Math.hypot(this.#x[i] - x, this.#y[i] - y);
        if (distance < best.distance) best = { sample: i, distance };
      }
      return best;
    }
  }

  isFar(x: number, y: number, atLeast = 0): boolean {
    return this.#index.within(x, y, Math.max(this.far, atLeast)).length === 0;
  }

  #gap(): number {
    const n = this.#x.length;
    const step = Math.max(1, Math.floor(n / N_MEASURED));
    const gaps: number[] = [];
    for (let i = 0; i < n; i += step) {
      const { distance } = this.nearest(this.#x[i], this.#y[i], i);
      if (Number.isFinite(distance)) gaps.push(distance);
    }
    gaps.sort((a, b) => a - b);
    return gaps.length ? gaps[Math.floor(0.95 * (gaps.length - 1))] : 0;
  }
}

function span(values: ArrayLike<number>): number {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return high > low ? high - low : 0;
}
