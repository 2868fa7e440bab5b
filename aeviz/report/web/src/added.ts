/** Know which of the page's samples are new: placed in the pictures of a finished run. */

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
    private readonly unlike: Values,
  ) {}

  static async of(manifest: Manifest, payload: Payload): Promise<NewSamples | null> {
    if (!manifest.added) return null;
    const unlike = await payload.array(manifest.added.unlike);
    let from = manifest.nSamples - unlike.length;
    const sources = manifest.added.sources.map(({ name, n }) => {
      const source = { name, from, to: from + n };
      from += n;
      return source;
    });
    return new NewSamples(sources, unlike);
  }

  /** The first row that is new. */
  get first(): number {
    return this.sources[0]!.from;
  }

  /** The number of a row's source, -1 for a sample of the run. */
  sourceOf(row: number): number {
    return this.sources.findIndex(({ from, to }) => row >= from && row < to);
  }

  isUnlike(row: number): boolean {
    return this.unlike[row - this.first] === 1;
  }

  isHidden(row: number): boolean {
    return this.hidden.size > 0 && this.hidden.has(this.sourceOf(row));
  }

  /** Of every sample of the page: 0 of the run, 1 new, 2 new and unlike those of the run. */
  kinds(nSamples: number): Uint8Array {
    const kinds = new Uint8Array(nSamples);
    for (let row = this.first; row < nSamples; row++) kinds[row] = this.isUnlike(row) ? 2 : 1;
    return kinds;
  }
}
