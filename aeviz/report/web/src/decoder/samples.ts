/** Samples as images on canvases, or as lists of their most unusual features. */
import { rgb, type Rgb } from "../data/colors";
import type { SampleFormat } from "../data/manifest";
import { formatBySpread } from "../data/numbers";

/** The page's colours now: they are other ones in the dark and in print. */
export interface Colors {
  paper: Rgb;
  ink: Rgb;
}

/** An image is drawn at most so many times as high as wide, or as wide as high. */
const MAX_TIMES = 4;

/** Bars of features end at so many standard deviations. */
const MAX_DEVIATIONS = 3;

export function colorsOf(element: Element = document.documentElement): Colors {
  const style = getComputedStyle(element);
  return {
    paper: rgb(style.getPropertyValue("--paper"), [255, 255, 255]),
    ink: rgb(style.getPropertyValue("--ink"), [28, 30, 34]),
  };
}

/** Call back when the page's colours change; returns what ends it. */
export function onColors(callback: () => void): () => void {
  const queries = ["(prefers-color-scheme: dark)", "print"].map((query) => matchMedia(query));
  for (const query of queries) query.addEventListener("change", callback);
  return () => queries.forEach((query) => query.removeEventListener("change", callback));
}

/**
 * Width and height at which images are drawn: their own, the short side widened where the other is
 * many times as long, for else nothing of it could be seen.
 */
export function drawnSize([height, width]: readonly number[]): [width: number, height: number] {
  const widened = (side: number, other: number) => side * Math.ceil(other / (MAX_TIMES * side));
  return [widened(width!, height!), widened(height!, width!)];
}

/** Pixels of one image, red, green, blue and opacity, of the values from `start` on. */
export function pixels(
  values: ArrayLike<number>,
  start: number,
  format: Pick<SampleFormat, "shape" | "low" | "high" | "isDrawing">,
  { paper, ink }: Colors,
): Uint8ClampedArray<ArrayBuffer> {
  const [height, width, channels] = format.shape ?? [1, 1, 1];
  const result = new Uint8ClampedArray(4 * height * width);
  const span = format.high - format.low || 1;
  // Two channels are grey and something else that has no colour.
  const isColor = channels >= 3;
  const [from, to]: Rgb[] = format.isDrawing
    ? [paper, ink]
    : [
        [0, 0, 0],
        [255, 255, 255],
      ];
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let c = 0; c < 3; c++) {
      const value = values[start + pixel * channels + (isColor ? c : 0)];
      const share = Math.min(Math.max((value - format.low) / span, 0), 1);
      result[4 * pixel + c] = from[c] + share * (to[c] - from[c]);
    }
    result[4 * pixel + 3] = 255;
  }
  return result;
}

export interface Tiling {
  columns: number;
  /** Pixels between two images. */
  gap?: number;
  /** Width and height of a tile; those at which the image is drawn if nothing is said. */
  tile?: [width: number, height: number];
}

/** Draw images in rows onto a canvas of one pixel a pixel; styles scale it. */
export class ImageSheet {
  readonly canvas: HTMLCanvasElement;
  readonly #format: SampleFormat;
  readonly #tile: [number, number];
  readonly #one = document.createElement("canvas");
  readonly #columns: number;
  readonly #gap: number;

  constructor(format: SampleFormat, count: number, { columns, gap = 1, tile }: Tiling) {
    const [height, width] = format.shape ?? [1, 1, 1];
    this.#format = format;
    this.#tile = tile ?? drawnSize([height, width]);
    this.#columns = Math.max(1, columns);
    this.#gap = gap;
    [this.#one.width, this.#one.height] = [width, height];
    this.canvas = document.createElement("canvas");
    this.canvas.className = this.#tile[0] > 72 ? "sample smooth" : "sample";
    this.canvas.width = Math.min(count, this.#columns) * (this.#tile[0] + gap) - gap;
    this.canvas.height = Math.ceil(count / this.#columns) * (this.#tile[1] + gap) - gap;
  }

  /** Draw image `number` of the sheet from the values from `start` on. */
  draw(number: number, values: ArrayLike<number>, start: number, colors: Colors, opacity = 1) {
    const context = this.canvas.getContext("2d");
    const one = this.#one.getContext("2d");
    if (!context || !one) return;
    const [width, height] = this.#tile;
    const left = (number % this.#columns) * (width + this.#gap);
    const top = Math.floor(number / this.#columns) * (height + this.#gap);
    const drawn = pixels(values, start, this.#format, colors);
    one.putImageData(new ImageData(drawn, this.#one.width, this.#one.height), 0, 0);
    context.clearRect(left, top, width, height);
    context.globalAlpha = opacity;
    // What is only widened stays sharp.
    context.imageSmoothingEnabled = width < this.#one.width || height < this.#one.height;
    context.drawImage(this.#one, left, top, width, height);
  }

  /** Draw so many images from values that lie side by side. */
  drawAll(values: ArrayLike<number>, count: number, colors: Colors): void {
    for (let i = 0; i < count; i++) this.draw(i, values, (i * values.length) / count, colors);
  }
}

/** The features of a sample that lie farthest from their means, in standard deviations. */
export function telling(values: ArrayLike<number>, format: SampleFormat, most = 8): number[] {
  const distances = Array.from(values, (value, i) => Math.abs(zScore(value, format, i)));
  return ranked(distances, most);
}

/** The numbers of the largest values, the largest first. */
export function ranked(values: number[], most: number): number[] {
  const order = [...values.keys()].sort((a, b) => values[b] - values[a] || a - b);
  return order.slice(0, most);
}

export function zScore(value: number, format: SampleFormat, feature: number): number {
  const scale = format.stds[feature];
  return scale > 0 ? (value - format.means[feature]) / scale : 0;
}

export function featureName(format: SampleFormat, feature: number): string {
  return format.featureNames[feature] || `feature ${feature + 1}`;
}

/** A list of features: name, value, and a bar of the standard score. */
export class FeatureList {
  readonly element = document.createElement("dl");
  readonly #format: SampleFormat;
  #features: number[] = [];
  #rows: { value: HTMLElement; bar: HTMLElement; place: HTMLElement }[] = [];

  constructor(format: SampleFormat) {
    this.#format = format;
    this.element.className = "features";
  }

  /**
   * Show a sample's values of these features, or of those most telling of it, in the words for a
   * feature's value if there are any.
   */
  show(
    values: ArrayLike<number>,
    features = telling(values, this.#format),
    words: (feature: number) => string = () => "",
  ): void {
    if (String(features) !== String(this.#features)) this.#build(features);
    features.forEach((feature, i) => {
      const { value, bar, place } = this.#rows[i];
      const z = zScore(values[feature], this.#format, feature);
      value.textContent =
        words(feature) || formatBySpread(values[feature], this.#format.stds[feature]);
      const share = Math.min(Math.abs(z) / MAX_DEVIATIONS, 1) * 50;
      bar.style.width = `${share}%`;
      bar.style.left = z < 0 ? `${50 - share}%` : "50%";
      const side = z < 0 ? "below" : "above";
      place.textContent = `${Math.abs(z).toFixed(1)} standard deviations ${side} the mean`;
    });
  }

  #build(features: number[]): void {
    this.#features = features;
    this.#rows = [];
    this.element.replaceChildren(
      ...features.map((feature) => {
        const row = document.createElement("div");
        const name = featureName(this.#format, feature);
        const term = append(row, "dt", "");
        append(term, "bdi", "").textContent = name.slice(0, 200);
        term.title = name.slice(0, 200);
        const value = append(row, "dd", "value");
        const scale = append(row, "dd", "z-score");
        this.#rows.push({
          value,
          bar: append(scale, "i", ""),
          place: append(scale, "span", "unseen"),
        });
        return row;
      }),
    );
  }
}

/** A new element at the end of another. */
export function append(parent: Element, tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  parent.append(element);
  return element;
}

/** Show samples one after another in the same place. */
export class SampleView {
  readonly element: HTMLElement;
  readonly #sheet: ImageSheet | null = null;
  readonly #list: FeatureList | null = null;
  #last: Float32Array | null = null;

  /** `features` are those to show of a table; without them, those most telling of each sample. */
  constructor(
    format: SampleFormat,
    readonly features?: number[],
  ) {
    if (format.kind === "image" && format.shape) {
      this.#sheet = new ImageSheet(format, 1, { columns: 1 });
      this.element = this.#sheet.canvas;
      this.element.setAttribute("role", "img");
      this.element.setAttribute("aria-label", "decoded sample");
    } else {
      this.#list = new FeatureList(format);
      this.element = this.#list.element;
    }
  }

  show(values: Float32Array): void {
    this.#last = values.slice();
    this.#list?.show(values, this.features);
    this.#sheet?.draw(0, values, 0, colorsOf());
  }

  /** Draw the last sample again, in the page's colours now. */
  redraw(): void {
    if (this.#last) this.show(this.#last);
  }
}
