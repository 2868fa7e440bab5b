/** Thumbnails of samples, cut out of sheets that are decoded when first needed. */

import type { Manifest } from "./manifest";
import type { Payload } from "./payload";

export class Sprites {
  private readonly sheets = new Map<number, Promise<ImageBitmap>>();
  private tiles: Map<number, number> | null = null;

  private constructor(
    private readonly payload: Payload,
    private readonly facts: NonNullable<Manifest["thumbnails"]>,
    /** Channels of a pixel: one where images are grey. */
    readonly nChannels: 1 | 3,
  ) {}

  static async of(manifest: Manifest, payload: Payload): Promise<Sprites | null> {
    if (!manifest.thumbnails) return null;
    const isGrey = (manifest.format.shape?.[2] ?? 1) < 3;
    const sprites = new Sprites(payload, manifest.thumbnails, isGrey ? 1 : 3);
    if (manifest.thumbnails.rows) {
      const rows = await payload.array(manifest.thumbnails.rows);
      sprites.tiles = new Map(Array.from(rows, (row, tile) => [row, tile]));
    }
    return sprites;
  }

  get width(): number {
    return this.facts.width;
  }

  get height(): number {
    return this.facts.height;
  }

  has(row: number): boolean {
    return this.tiles === null || this.tiles.has(row);
  }

  /** Values 0..1 of a sample's thumbnail, (height, width, channels); null if it has none. */
  async pixels(row: number): Promise<Float32Array | null> {
    const tile = this.tiles === null ? row : this.tiles.get(row);
    if (tile === undefined) return null;
    const { perSheet, nColumns, width, height } = this.facts;
    const sheet = await this.sheet(Math.floor(tile / perSheet));
    const place = tile % perSheet;
    const canvas = new OffscreenCanvas(width, height);
    const pen = canvas.getContext("2d")!;
    const left = (place % nColumns) * width;
    const top = Math.floor(place / nColumns) * height;
    pen.drawImage(sheet, left, top, width, height, 0, 0, width, height);
    const { data } = pen.getImageData(0, 0, width, height);
    const values = new Float32Array(width * height * this.nChannels);
    for (let i = 0; i < width * height; i++)
      for (let channel = 0; channel < this.nChannels; channel++)
        values[i * this.nChannels + channel] = data[4 * i + channel]! / 255;
    return values;
  }

  private sheet(i: number): Promise<ImageBitmap> {
    let sheet = this.sheets.get(i);
    if (!sheet) {
      sheet = this.payload
        .array(this.facts.sheets[i]!)
        .then((bytes) =>
          createImageBitmap(
            new Blob([bytes as Uint8Array<ArrayBuffer>], { type: this.facts.mime }),
          ),
        );
      this.sheets.set(i, sheet);
    }
    return sheet;
  }
}
