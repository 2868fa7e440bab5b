/** Slide from one sample's reconstruction to another's, for codes of any size. */
import type { Draws } from "./decoder";
import type { DecoderSpec, Look } from "./manifest";
import { added, onColors, SampleView } from "./samples";
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

export interface SlideOptions {
  host: HTMLElement;
  draws: Draws;
  look: Look;
  codeOf: (row: number) => Float32Array;
  /** A picture of an original, or nothing. */
  original: (row: number) => HTMLElement | null;
  /** What a sample is called. */
  name: (row: number) => string;
}

export class Slide {
  readonly element = document.createElement("div");
  readonly #options: SlideOptions;
  readonly #ends: [HTMLElement, HTMLElement];
  readonly #middle: HTMLElement;
  readonly #range: HTMLInputElement;
  readonly #strip: Strip;
  readonly #place: HTMLElement;
  readonly #stopColors: () => void;
  #view: SampleView;
  #codes: [Float32Array, Float32Array] | null = null;
  #names: [string, string] = ["", ""];
  #frame = 0;

  constructor(options: SlideOptions) {
    this.#options = options;
    this.element.className = options.look.shape ? "slide" : "slide of-tables";
    this.element.hidden = true;
    const row = added(this.element, "div", "slide-row");
    const first = added(row, "figure", "slide-end");
    this.#middle = added(row, "figure", "slide-middle");
    this.#ends = [first, added(row, "figure", "slide-end")];
    this.#view = new SampleView(options.look);
    this.#strip = new Strip(options.look, N_STEPS);
    this.element.append(this.#strip.element);
    this.#range = added(this.element, "input", "") as HTMLInputElement;
    Object.assign(this.#range, { type: "range", min: "0", max: String(FINE), step: "1" });
    this.#range.setAttribute("aria-label", "Place between the two samples");
    this.#place = added(this.element, "p", "slide-place");
    // A table's features are read from top to bottom: the courses first, then the place in them.
    if (!options.look.shape) this.element.append(this.#middle);
    this.#range.addEventListener("input", () => this.#later());
    this.#stopColors = onColors(() => {
      this.#view.redraw();
      this.#strip.redraw();
    });
    options.host.append(this.element);
  }

  /** Show what lies between two samples, from half-way on. */
  show(a: number, b: number): void {
    const { codeOf, draws, look, name } = this.#options;
    this.#codes = [codeOf(a), codeOf(b)];
    this.#names = [name(a), name(b)];
    const values = draws.run(between(...this.#codes, N_STEPS), N_STEPS);
    this.#view = new SampleView(look, look.shape ? undefined : changing(values, N_STEPS, look));
    this.#strip.show(values, `Reconstructions from ${this.#names[0]} to ${this.#names[1]}`);
    this.#ends.forEach((end, i) => this.#fillEnd(end, [a, b][i], this.#names[i]));
    this.#middle.replaceChildren(this.#view.element);
    added(this.#middle, "figcaption", "").textContent = "reconstruction";
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
    const picture = this.#options.original(row);
    end.replaceChildren(...(picture ? [picture] : []));
    const caption = added(end, "figcaption", "");
    added(caption, "bdi", "").textContent = name.slice(0, 200);
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
    this.#view.show(this.#options.draws.run(code, 1));
    const percent = Math.round(100 * share);
    const words = `${percent} % of the way from ${this.#names[0]} to ${this.#names[1]}`;
    this.#range.setAttribute("aria-valuetext", words);
    this.#place.textContent = `${percent} % of the way`;
  }
}
