/** The manifold: samples decoded at even points of whatever part of the plane is in view. */
import { rgb, type Rgb } from "../data/colors";
import type { CodeDecoder } from "./decoder";
import type { SampleFormat } from "../data/manifest";
import { colorsOf, drawnSize, ImageSheet } from "./samples";

/** Left, right, bottom and top, in coordinates of the plane. */
export type Bounds = [left: number, right: number, bottom: number, top: number];

/** The page answers after so long at the latest. */
const SLICE_MS = 12;
/** A grid is as fine as can be drawn within this. */
const PATIENCE_MS = 3000;

export interface GridSize {
  columns: number;
  rows: number;
}

/** How many tiles fill a view whose tiles are as wide and high as the images. */
export function gridSize(
  [left, right, bottom, top]: Bounds,
  aspect: number,
  most: number,
  millisecondsEach: number,
): GridSize {
  const shape = (aspect * (top - bottom)) / (right - left) || 1;
  const affordable = PATIENCE_MS / Math.max(millisecondsEach, 1e-3);
  const columns = Math.min(most, Math.max(4, Math.floor(Math.sqrt(affordable / shape))));
  return { columns, rows: Math.min(2 * most, Math.max(1, Math.round(columns * shape))) };
}

/** The codes of the middles of the tiles, row by row from the top left. */
export function gridCodes([left, right, bottom, top]: Bounds, { columns, rows }: GridSize) {
  const codes = new Float32Array(2 * columns * rows);
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      codes[at++] = left + ((column + 0.5) / columns) * (right - left);
      codes[at++] = top - ((row + 0.5) / rows) * (top - bottom);
    }
  }
  return codes;
}

export interface GridOptions {
  decoder: CodeDecoder;
  format: SampleFormat;
  /** Colours from low to high, for tables. */
  ramp: () => string[];
  /** Whether a point is far from any sample, which is drawn paler. */
  isFar: (x: number, y: number, atLeast: number) => boolean;
  /** How long one sample takes. */
  millisecondsEach: number;
}

/** Draws into `element`; `feature` says what of a table is drawn. */
export class GridView {
  readonly element = document.createElement("div");
  feature = 0;
  /** Called with the lowest and the highest value drawn of a table's feature. */
  onRange: (low: number, high: number) => void = () => {};
  readonly #options: GridOptions;
  #drawing = 0;
  #timer = 0;
  #bounds: Bounds = [0, 1, 0, 1];
  #size: GridSize = { columns: 1, rows: 1 };
  #codes = new Float32Array(0);
  #values = new Float32Array(0);
  #nDone = 0;
  #sheet: ImageSheet | null = null;

  constructor(options: GridOptions) {
    this.#options = options;
    this.element.className = "plane-grid";
  }

  /** Draw for a view; at once if it is the first, else when the view has come to rest. */
  show(bounds: Bounds): void {
    clearTimeout(this.#timer);
    this.#move(bounds);
    this.#timer = window.setTimeout(() => void this.#decode(bounds), this.#nDone ? 90 : 0);
  }

  /** Stop what is being drawn. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#drawing++;
  }

  /** Draw again what has been decoded: in other colours, or another feature. */
  redraw(): void {
    if (this.#nDone) this.#paint(0, this.#nDone);
  }

  /** Show the old drawing at its position in the new view until that is drawn. */
  #move([left, right, bottom, top]: Bounds): void {
    const canvas = this.element.firstElementChild;
    if (!(canvas instanceof HTMLCanvasElement)) return;
    const [wasLeft, wasRight, wasBottom, wasTop] = this.#bounds;
    const [scaleX, scaleY] = [
      (wasRight - wasLeft) / (right - left),
      (wasTop - wasBottom) / (top - bottom),
    ];
    const x = (100 * (wasLeft - left)) / (right - left);
    const y = (100 * (top - wasTop)) / (top - bottom);
    canvas.style.transform = `translate(${x}%, ${y}%) scale(${scaleX}, ${scaleY})`;
  }

  async #decode(bounds: Bounds): Promise<void> {
    const drawing = ++this.#drawing;
    const { decoder, format, millisecondsEach } = this.#options;
    const [width, height] = drawnSize(format.shape ?? [1, 1]);
    const size = gridSize(bounds, width / height, format.shape ? 15 : 40, millisecondsEach);
    const codes = gridCodes(bounds, size);
    const count = size.columns * size.rows;
    const values = new Float32Array(count * decoder.outputSize);
    const each = Math.max(1, Math.min(64, Math.floor(SLICE_MS / Math.max(millisecondsEach, 0.01))));
    this.#start(bounds, size, codes, values);
    for (let first = 0; first < count; first += each) {
      const last = Math.min(first + each, count);
      const drawn = decoder.run(codes.slice(2 * first, 2 * last), last - first);
      values.set(drawn, first * decoder.outputSize);
      this.#nDone = last;
      this.#paint(first, last);
      await new Promise((resolve) => setTimeout(resolve));
      if (drawing !== this.#drawing) return;
    }
    // Colours of a table reach over the values, all of which are known only now.
    if (!format.shape) this.#paint(0, count);
  }

  #start(
    bounds: Bounds,
    size: GridSize,
    codes: Float32Array<ArrayBuffer>,
    values: Float32Array<ArrayBuffer>,
  ): void {
    const { format } = this.#options;
    [this.#bounds, this.#size, this.#codes, this.#values] = [bounds, size, codes, values];
    this.#nDone = 0;
    this.#sheet = format.shape ? this.#sheetOf(format.shape) : null;
    const canvas = this.#sheet?.canvas ?? document.createElement("canvas");
    if (!this.#sheet) [canvas.width, canvas.height] = [size.columns, size.rows];
    canvas.setAttribute("aria-hidden", "true");
    this.element.replaceChildren(canvas);
  }

  #sheetOf(shape: readonly number[]): ImageSheet {
    const { columns, rows } = this.#size;
    const [width, height] = drawnSize(shape);
    const scale = Math.min(1, 64 / width);
    const tile: [number, number] = [Math.ceil(scale * width), Math.ceil(scale * height)];
    return new ImageSheet(this.#options.format, columns * rows, { columns, gap: 1, tile });
  }

  #paint(first: number, last: number): void {
    if (this.#sheet) this.#paintImages(this.#sheet, first, last);
    else this.#paintFeature();
  }

  #opacity(i: number): number {
    const [left, right, bottom, top] = this.#bounds;
    const { columns, rows } = this.#size;
    const half = Math.hypot((right - left) / columns, (top - bottom) / rows) / 2;
    return this.#options.isFar(this.#codes[2 * i], this.#codes[2 * i + 1], half) ? 0.3 : 1;
  }

  #paintImages(sheet: ImageSheet, first: number, last: number): void {
    const colors = colorsOf();
    const size = this.#options.decoder.outputSize;
    for (let i = first; i < last; i++) {
      sheet.draw(i, this.#values, i * size, colors, this.#opacity(i));
    }
  }

  #paintFeature(): void {
    const canvas = this.element.firstElementChild as HTMLCanvasElement;
    const context = canvas.getContext("2d");
    const size = this.#options.decoder.outputSize;
    const values = Array.from(
      { length: this.#nDone },
      (_, i) => this.#values[i * size + this.feature],
    );
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const ramp = this.#options.ramp().map((color) => rgb(color, [128, 128, 128]));
    const image = new ImageData(canvas.width, canvas.height);
    values.forEach((value, i) => {
      image.data.set(onRamp(ramp, (value - low) / (high - low || 1)), 4 * i);
      image.data[4 * i + 3] = 255 * this.#opacity(i);
    });
    context?.putImageData(image, 0, 0);
    this.onRange(low, high);
  }
}

/** The colour at a share of a ramp. */
export function onRamp(ramp: Rgb[], share: number): Rgb {
  const position = Math.min(Math.max(share, 0), 1) * (ramp.length - 1);
  const before = Math.floor(position);
  const after = Math.min(before + 1, ramp.length - 1);
  return ramp[before].map((a, c) =>
    Math.round(a + (position - before) * (ramp[after][c] - a)),
  ) as Rgb;
}
