/** Interpolation between the codes of two samples, decoded at each step of a slider. */
import type { CodeDecoder } from "./decoder";
import type { DecoderSpec, SampleFormat } from "../data/manifest";
import { append, onColors, SampleView } from "./samples";
import { between, changing, Strip } from "./strip";

const N_STEPS = 9;
const FINE = 100;

/** The codes of samples from their quantised values [n, codeSize]. */
export function codesOf(
  values: ArrayLike<number>,
  { low, high }: Pick<NonNullable<DecoderSpec["codes"]>, "low" | "high">,
): (row: number) => Float32Array {
  const size = low.length;
  return (row) =>
    Float32Array.from(low, (from, i) => from + (values[row * size + i] / 255) * (high[i] - from));
}

export interface InterpolationOptions {
  host: HTMLElement;
  decoder: CodeDecoder;
  format: SampleFormat;
  codeOf: (row: number) => Float32Array;
  /** The image of an original, or null. */
  original: (row: number) => HTMLElement | null;
  /** What a sample is called. */
  name: (row: number) => string;
}

export class Interpolation {
  readonly element = document.createElement("div");
  readonly #options: InterpolationOptions;
  readonly #ends: [HTMLElement, HTMLElement];
  readonly #middle: HTMLElement;
  readonly #range: HTMLInputElement;
  readonly #strip: Strip;
  readonly #position: HTMLElement;
  readonly #stopColors: () => void;
  #view: SampleView;
  #codes: [Float32Array, Float32Array] | null = null;
  #names: [string, string] = ["", ""];
  #frame = 0;

  constructor(options: InterpolationOptions) {
    this.#options = options;
    this.element.className = options.format.shape ? "interpolation" : "interpolation of-tables";
    this.element.hidden = true;
    const row = append(this.element, "div", "interpolation-row");
    const first = append(row, "figure", "interpolation-end");
    this.#middle = append(row, "figure", "interpolation-middle");
    this.#ends = [first, append(row, "figure", "interpolation-end")];
    this.#view = new SampleView(options.format);
    this.#strip = new Strip(options.format, N_STEPS);
    this.element.append(this.#strip.element);
    this.#range = append(this.element, "input", "") as HTMLInputElement;
    Object.assign(this.#range, { type: "range", min: "0", max: String(FINE), step: "1" });
    this.#range.setAttribute("aria-label", "Place between the two samples");
    this.#position = append(this.element, "p", "interpolation-position");
    // A table's features are read from top to bottom: the lines first, then the sample at the slider.
    if (!options.format.shape) this.element.append(this.#middle);
    this.#range.addEventListener("input", () => this.#later());
    this.#stopColors = onColors(() => {
      this.#view.redraw();
      this.#strip.redraw();
    });
    options.host.append(this.element);
  }

  /** Show what lies between two samples, from half-way on. */
  show(a: number, b: number): void {
    const { codeOf, decoder, format, name } = this.#options;
    this.#codes = [codeOf(a), codeOf(b)];
    this.#names = [name(a), name(b)];
    const values = decoder.run(between(...this.#codes, N_STEPS), N_STEPS);
    this.#view = new SampleView(
      format,
      format.shape ? undefined : changing(values, N_STEPS, format),
    );
    this.#strip.show(values, `Reconstructions from ${this.#names[0]} to ${this.#names[1]}`);
    this.#ends.forEach((end, i) => this.#fillEnd(end, [a, b][i], this.#names[i]));
    this.#middle.replaceChildren(this.#view.element);
    append(this.#middle, "figcaption", "").textContent = "reconstruction";
    this.#range.value = String(FINE / 2);
    this.element.hidden = false;
    this.#draw();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#stopColors();
    this.element.remove();
  }

  #fillEnd(end: HTMLElement, row: number, name: string): void {
    const image = this.#options.original(row);
    end.replaceChildren(...(image ? [image] : []));
    const caption = append(end, "figcaption", "");
    append(caption, "bdi", "").textContent = name.slice(0, 200);
  }

  #later(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    if (!this.#codes) return;
    const [from, to] = this.#codes;
    const share = Number(this.#range.value) / FINE;
    const code = Float32Array.from(from, (value, i) => value + share * (to[i] - value));
    this.#view.show(this.#options.decoder.run(code, 1));
    const percent = Math.round(100 * share);
    const words = `${percent} % of the way from ${this.#names[0]} to ${this.#names[1]}`;
    this.#range.setAttribute("aria-valuetext", words);
    this.#position.textContent = `${percent} % of the way`;
  }
}
