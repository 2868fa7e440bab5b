/** Show samples in a row: the steps from one to another. */
import type { SampleFormat } from "../data/manifest";
import { formatBySpread } from "../data/numbers";
import { append, colorsOf, featureName, ImageSheet, ranked } from "./samples";

const SVG = "http://www.w3.org/2000/svg";
const N_FEATURES = 8;

/** Codes at even steps from one to the other, both included. */
export function between(from: ArrayLike<number>, to: ArrayLike<number>, count: number) {
  const size = from.length;
  return Float32Array.from({ length: count * size }, (_, i) => {
    const share = Math.floor(i / size) / (count - 1);
    return from[i % size] + share * (to[i % size] - from[i % size]);
  });
}

/** The features that change most over samples, in units of their spread in the data. */
export function changing(
  values: ArrayLike<number>,
  count: number,
  format: SampleFormat,
  most = N_FEATURES,
) {
  const size = values.length / count;
  const ranges = Array.from({ length: size }, (_, feature) => {
    const { low, high } = rangeOf(values, feature, size);
    const scale = format.stds[feature];
    return scale > 0 ? (high - low) / scale : 0;
  });
  return ranked(ranges, most);
}

/** Several samples side by side: images, or lines of the features that change. */
export class Strip {
  readonly element = document.createElement("div");
  readonly #format: SampleFormat;
  readonly #count: number;
  readonly #sheet: ImageSheet | null;
  #last: Float32Array | null = null;

  constructor(format: SampleFormat, count: number) {
    this.#format = format;
    this.#count = count;
    this.element.className = "strip";
    this.#sheet = format.shape ? new ImageSheet(format, count, { columns: count, gap: 1 }) : null;
    if (this.#sheet) this.element.append(this.#sheet.canvas);
  }

  show(values: Float32Array, description: string): void {
    this.#last = values.slice();
    this.element.setAttribute("role", "group");
    this.element.setAttribute("aria-label", description);
    if (this.#sheet) this.redraw();
    else this.element.replaceChildren(lines(values, this.#count, this.#format));
  }

  /** Draw the same in the page's colours now. */
  redraw(): void {
    if (this.#last) this.#sheet?.drawAll(this.#last, this.#count, colorsOf());
  }
}

/** One line per feature: its name, first value, curve and last value. */
function lines(values: Float32Array, count: number, format: SampleFormat): HTMLElement {
  const list = document.createElement("ul");
  list.className = "curves";
  const size = values.length / count;
  for (const feature of changing(values, count, format)) {
    const item = append(list, "li", "");
    const name = append(item, "bdi", "");
    name.textContent = name.title = featureName(format, feature).slice(0, 200);
    const [first, last] = [values[feature], values[(count - 1) * size + feature]];
    append(item, "span", "").textContent = formatBySpread(first, format.stds[feature]);
    item.append(curve(values, feature, count));
    append(item, "span", "").textContent = formatBySpread(last, format.stds[feature]);
  }
  return list;
}

function curve(values: Float32Array, feature: number, count: number): SVGElement {
  const size = values.length / count;
  const { low, high } = rangeOf(values, feature, size);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 20");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "polyline");
  const points = Array.from({ length: count }, (_, i) => {
    const share = (values[i * size + feature] - low) / (high - low || 1);
    return `${((100 * i) / (count - 1)).toFixed(1)},${(18 - 16 * share).toFixed(1)}`;
  });
  line.setAttribute("points", points.join(" "));
  svg.append(line);
  return svg;
}

function rangeOf(values: ArrayLike<number>, feature: number, size: number) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = feature; i < values.length; i += size) {
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
  }
  return { low, high };
}
