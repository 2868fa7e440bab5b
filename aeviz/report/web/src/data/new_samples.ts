/** The samples that were added to a finished run, by source. */

import type { Manifest } from "./manifest";
import type { Payload, Values } from "./payload";

/** New samples of one source: rows from `from` to before `to`. */
export interface Source {
  name: string;
  from: number;
  to: number;
}

export class NewSamples {
  /** Numbers of the sources that are hidden. */
  hidden = new Set<number>();

  private constructor(
    readonly sources: readonly Source[],
    private readonly outlierFlags: Values,
  ) {}

  static async of(manifest: Manifest, payload: Payload): Promise<NewSamples | null> {
    if (!manifest.added) return null;
    const flags = await payload.array(manifest.added.isOutlier);
    let from = manifest.nSamples - flags.length;
    const sources = manifest.added.sources.map(({ name, n }) => {
      const source = { name, from, to: from + n };
      from += n;
      return source;
    });
    return new NewSamples(sources, flags);
  }

  /** The first row that is new. */
  get first(): number {
    return this.sources[0]!.from;
  }

  /** The number of a row's source, -1 for a sample of the run. */
  sourceOf(row: number): number {
    return this.sources.findIndex(({ from, to }) => row >= from && row < to);
  }

  isOutlier(row: number): boolean {
    return this.outlierFlags[row - this.first] === 1;
  }

  isHidden(row: number): boolean {
    return this.hidden.size > 0 && this.hidden.has(this.sourceOf(row));
  }

  /** Kind of every sample of the page: 0 for the run's own, 1 for new, 2 for new outliers. */
  kinds(nSamples: number): Uint8Array {
    const kinds = new Uint8Array(nSamples);
    for (let row = this.first; row < nSamples; row++) kinds[row] = this.isOutlier(row) ? 2 : 1;
    return kinds;
  }
}
