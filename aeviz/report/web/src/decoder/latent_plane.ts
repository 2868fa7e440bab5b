/** The live decoder on a latent plane: what lies under the cursor, along a path and in view. */
import type { CodeDecoder } from "./decoder";
import { type Bounds, gridCodes, GridView } from "./grid";
import { layout, type Layout } from "./plane_layout";
import type { DecoderSpec, SampleFormat } from "../data/manifest";
import { SampleDistances } from "./sample_distances";
import { formatBySpread } from "../data/numbers";
import { PlaneMarks, type Point, type PointerTarget, PlanePointer, type Surface } from "./pointing";
import { featureName, onColors, SampleView } from "./samples";
import { between, changing, Strip } from "./strip";

/** The map that shows the plane. */
export interface MapLike extends Surface {
  /** What of the plane is in view. */
  bounds(): Bounds;
  /** Call back when the view changes; returns what ends it. */
  onView(callback: () => void): () => void;
  /** Latent coordinates of the samples. */
  x: Float32Array;
  y: Float32Array;
}

export interface PlaneOptions {
  host: HTMLElement;
  map: MapLike;
  spec: Pick<DecoderSpec, "layers" | "why">;
  decoder: CodeDecoder;
  format: SampleFormat;
  /** Colours from low to high, for tables. */
  ramp: () => string[];
  /** Called with each sample that is decoded at a point; the values are the caller's to keep. */
  onDecoded?: (values: Float32Array, at: Point) => void;
}

const N_STEPS = 9;
/** Arrow keys cross the view in this many steps. */
const KEY_STEPS = 40;
/** A path is decoded while it is drawn if that takes no longer than this. */
const LIVE_MS = 60;
const ARROWS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export class LatentPlane implements PointerTarget {
  readonly element = document.createElement("div");
  readonly #options: PlaneOptions;
  readonly #distances: SampleDistances;
  readonly #millisecondsEach: number;
  readonly #layout: Layout;
  readonly #grid: GridView;
  readonly #strip: Strip;
  readonly #sample: SampleView;
  readonly #marks: PlaneMarks[];
  readonly #ending = new AbortController();
  #at: Point;
  #path: [Point, Point] | null = null;
  #isPathNew = false;
  #frame = 0;

  constructor(options: PlaneOptions) {
    const { host, map, decoder, format, ramp } = options;
    this.#options = options;
    this.#distances = new SampleDistances(map.x, map.y);
    this.#millisecondsEach = timed(decoder);
    const features = format.shape ? [] : varying(decoder, format, map.bounds());
    this.#sample = new SampleView(format, features.slice(0, 8));
    this.#strip = new Strip(format, N_STEPS);
    this.#layout = layout(this.element, format.shape !== null, notes(options));
    const isFar = this.#distances.isFar.bind(this.#distances);
    const each = this.#millisecondsEach;
    this.#grid = new GridView({ decoder, format, ramp, isFar, millisecondsEach: each });
    this.#layout.stage.prepend(this.#grid.element);
    this.#layout.sample.append(this.#sample.element);
    this.#layout.strip.prepend(this.#strip.element);
    this.#addFeatures(features);
    const surfaces = [map, stageOf(this.#layout, map)];
    this.#marks = surfaces.map((surface) => new PlaneMarks(surface));
    for (const surface of surfaces) new PlanePointer(surface, this, this.#ending.signal);
    const [left, right, bottom, top] = map.bounds();
    this.#at = [(left + right) / 2, (bottom + top) / 2];
    host.append(this.element);
    this.#listen();
    this.#fit();
  }

  /** The point that is decoded. */
  get at(): Point {
    return this.#at;
  }

  /** Take the plane away, with its marks on the map. */
  destroy(): void {
    this.#ending.abort();
    cancelAnimationFrame(this.#frame);
    this.#grid.stop();
    for (const marks of this.#marks) marks.remove();
    this.#options.map.element.classList.remove("decoder-paths");
    this.element.remove();
  }

  onPoint(at: Point): void {
    this.#at = at;
    this.#later();
  }

  onPath(from: Point, to: Point, isDone: boolean): void {
    this.#at = to;
    this.#path = from[0] === to[0] && from[1] === to[1] ? null : [from, to];
    this.#isPathNew ||= isDone || N_STEPS * this.#millisecondsEach < LIVE_MS;
    if (isDone) this.#setDrawing(false);
    this.#later();
  }

  drawsPaths(): boolean {
    return this.#layout.path.getAttribute("aria-pressed") === "true";
  }

  #listen(): void {
    const { signal } = this.#ending;
    const { path, clear, stage } = this.#layout;
    path.addEventListener("click", () => this.#setDrawing(!this.drawsPaths()), { signal });
    clear.addEventListener("click", () => this.#removePath(), { signal });
    stage.addEventListener("keydown", (event) => this.#key(event), { signal });
    const resized = new ResizeObserver(() => this.#later());
    resized.observe(stage);
    const ends = [
      this.#options.map.onView(() => this.#fit()),
      onColors(() => this.#recolor()),
      () => resized.disconnect(),
    ];
    signal.addEventListener("abort", () => ends.forEach((end) => end()));
  }

  /** Bring the grid to what the map shows. */
  #fit(): void {
    const [left, right, bottom, top] = this.#options.map.bounds();
    this.#layout.stage.style.aspectRatio = String((right - left) / (top - bottom));
    this.#grid.show([left, right, bottom, top]);
    this.#later();
  }

  #recolor(): void {
    this.#sample.redraw();
    this.#strip.redraw();
    this.#grid.redraw();
  }

  /** Add a table's features to the menu, those that vary most over the plane first. */
  #addFeatures(features: number[]): void {
    const { feature, range } = this.#layout;
    const { format, ramp } = this.#options;
    for (const number of features) {
      feature.add(new Option(featureName(format, number).slice(0, 60), String(number)));
    }
    this.#grid.feature = features[0] ?? 0;
    feature.addEventListener("change", () => {
      this.#grid.feature = Number(feature.value);
      this.#grid.redraw();
    });
    this.#grid.onRange = (low, high) => {
      const spread = format.stds[this.#grid.feature];
      range.low.textContent = formatBySpread(low, spread);
      range.high.textContent = formatBySpread(high, spread);
      range.bar.style.backgroundImage = `linear-gradient(to right, ${ramp().join(", ")})`;
    };
  }

  #setDrawing(isOn: boolean): void {
    this.#layout.path.setAttribute("aria-pressed", String(isOn));
    this.#layout.stage.classList.toggle("decoder-paths", isOn);
    this.#options.map.element.classList.toggle("decoder-paths", isOn);
  }

  #removePath(): void {
    this.#path = null;
    this.#setDrawing(false);
    this.#later();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const [left, right, bottom, top] = this.#options.map.bounds();
    const arrow = Object.hasOwn(ARROWS, event.key) ? ARROWS[event.key] : null;
    if (arrow) {
      const step = Math.max(right - left, top - bottom) / KEY_STEPS;
      const to: Point = [
        Math.min(Math.max(this.#at[0] + arrow[0] * step, left), right),
        Math.min(Math.max(this.#at[1] + arrow[1] * step, bottom), top),
      ];
      if (event.shiftKey) this.onPath(this.#path?.[0] ?? this.#at, to, true);
      else this.onPoint(to);
    } else if (event.key === "Home") this.onPoint([(left + right) / 2, (bottom + top) / 2]);
    else if (event.key === "Escape") this.#removePath();
    else return;
    event.preventDefault();
    event.stopPropagation();
    const { spoken } = this.#layout;
    const path = this.#path && event.shiftKey ? "Path drawn. " : "";
    spoken.textContent = `${path}${coordinateText(this.#at)}. ${this.#hint().text}`;
  }

  /** Draw once before the next frame, however often the pointer moves. */
  #later(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const { decoder, onDecoded } = this.#options;
    const values = decoder.run(Float32Array.from(this.#at), 1).slice();
    this.#sample.show(values);
    onDecoded?.(values, this.#at);
    for (const marks of this.#marks) marks.show(this.#at, this.#path);
    this.#layout.place.textContent = coordinateText(this.#at);
    const hint = this.#hint();
    this.#layout.hint.textContent = hint.text;
    this.#layout.hint.classList.toggle("is-far", hint.isFar);
    this.#layout.strip.hidden = !this.#path;
    this.#layout.clear.hidden = !this.#path;
    if (this.#path && this.#isPathNew) {
      const [from, to] = this.#path;
      const steps = decoder.run(between(from, to, N_STEPS), N_STEPS);
      const words = `${N_STEPS} decoded samples from ${coordinateText(from)} to ${coordinateText(to)}`;
      this.#strip.show(steps, words);
      this.#layout.from.textContent = coordinateText(from);
      this.#layout.to.textContent = coordinateText(to);
      this.#isPathNew = false;
    }
  }

  #hint(): { text: string; isFar: boolean } {
    const { distance } = this.#distances.nearest(...this.#at);
    if (!Number.isFinite(distance)) return { text: "", isFar: false };
    const gap = this.#distances.usualGap;
    const isFar = distance > this.#distances.far;
    const start = isFar ? "Far from any sample. The" : "The";
    const more = isFar ? `; 95 of 100 samples have another one within ${formatBySpread(gap)}` : "";
    return { text: `${start} nearest sample is ${formatBySpread(distance)} away${more}.`, isFar };
  }
}

function notes({ spec, format }: PlaneOptions): string[] {
  const cells = format.shape ? "Faded images" : "Faded cells";
  const found = [
    `The grid shows what is decoded all over the view; zoom the map to see more of a part. ${cells} ` +
      "are far from any sample.",
  ];
  if (!spec.layers.length) {
    found.unshift(
      "This page cannot run the decoder" +
        (spec.why ? `: ${spec.why}. ` : ". ") +
        "It shows the nearest of the samples that were decoded before, on a grid.",
    );
  }
  return found;
}

/** The grid's own surface: it shows what the map shows. */
function stageOf({ stage, overlay }: Layout, map: MapLike): Surface {
  return {
    element: stage,
    overlay,
    toData(px, py) {
      const [left, right, bottom, top] = map.bounds();
      const [x, y] = [px / stage.clientWidth, py / stage.clientHeight];
      return [left + x * (right - left), top - y * (top - bottom)];
    },
    toScreen(x, y) {
      const [left, right, bottom, top] = map.bounds();
      return [
        ((x - left) / (right - left)) * stage.clientWidth,
        ((top - y) / (top - bottom)) * stage.clientHeight,
      ];
    },
  };
}

/** Milliseconds that one sample takes. */
function timed(decoder: CodeDecoder): number {
  const code = new Float32Array(decoder.codeSize);
  decoder.run(code, 1);
  const start = performance.now();
  decoder.run(code, 1);
  return performance.now() - start;
}

/** The features that vary over the plane, those that vary most first. */
function varying(decoder: CodeDecoder, format: SampleFormat, bounds: Bounds): number[] {
  const codes = gridCodes(bounds, { columns: 12, rows: 12 });
  return changing(decoder.run(codes, 144), 144, format, 100);
}

function coordinateText([x, y]: Point): string {
  return `${x.toFixed(2)}, ${y.toFixed(2)}`.replaceAll("-", "\u2212");
}
