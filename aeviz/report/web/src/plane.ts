/** The live decoder on a latent plane: what lies under the cursor, along a path and in view. */
import type { Draws } from "./decoder";
import { type Bounds, gridCodes, GridView } from "./grid";
import { layout, type Layout } from "./layout";
import type { DecoderSpec, Look } from "./manifest";
import { Nearby } from "./nearby";
import { toldBySpread } from "./numbers";
import { Marks, type Point, type Pointed, Pointing, type Surface } from "./pointing";
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
  draws: Draws;
  look: Look;
  /** Colours from low to high, for tables. */
  ramp: () => string[];
  /** Called with each sample that is decoded at a point; the values are the caller's to keep. */
  onDecoded?: (values: Float32Array, at: Point) => void;
}

const N_STEPS = 9;
/** Arrow keys go through the view in so many steps. */
const KEY_STEPS = 40;
/** A path is decoded while it is drawn if that takes no longer than this. */
const LIVE_MS = 60;
const ARROWS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

export class LatentPlane implements Pointed {
  readonly element = document.createElement("div");
  readonly #options: PlaneOptions;
  readonly #nearby: Nearby;
  readonly #millisecondsEach: number;
  readonly #layout: Layout;
  readonly #grid: GridView;
  readonly #strip: Strip;
  readonly #sample: SampleView;
  readonly #marks: Marks[];
  readonly #ending = new AbortController();
  #at: Point;
  #path: [Point, Point] | null = null;
  #isPathNew = false;
  #frame = 0;

  constructor(options: PlaneOptions) {
    const { host, map, draws, look, ramp } = options;
    this.#options = options;
    this.#nearby = new Nearby(map.x, map.y);
    this.#millisecondsEach = timed(draws);
    const features = look.shape ? [] : varying(draws, look, map.bounds());
    this.#sample = new SampleView(look, features.slice(0, 8));
    this.#strip = new Strip(look, N_STEPS);
    this.#layout = layout(this.element, look.shape !== null, notes(options));
    const isFar = this.#nearby.isFar.bind(this.#nearby);
    const each = this.#millisecondsEach;
    this.#grid = new GridView({ draws, look, ramp, isFar, millisecondsEach: each });
    this.#layout.stage.prepend(this.#grid.element);
    this.#layout.sample.append(this.#sample.element);
    this.#layout.strip.prepend(this.#strip.element);
    this.#offer(features);
    const surfaces = [map, stageOf(this.#layout, map)];
    this.#marks = surfaces.map((surface) => new Marks(surface));
    for (const surface of surfaces) new Pointing(surface, this, this.#ending.signal);
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
    this.#options.map.element.classList.remove("draws-paths");
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

  /** Offer a table's features, those that vary most over the plane first. */
  #offer(features: number[]): void {
    const { feature, range } = this.#layout;
    const { look, ramp } = this.#options;
    for (const number of features) {
      feature.add(new Option(featureName(look, number).slice(0, 60), String(number)));
    }
    this.#grid.feature = features[0] ?? 0;
    feature.addEventListener("change", () => {
      this.#grid.feature = Number(feature.value);
      this.#grid.redraw();
    });
    this.#grid.onRange = (low, high) => {
      const spread = look.deviations[this.#grid.feature];
      range.low.textContent = toldBySpread(low, spread);
      range.high.textContent = toldBySpread(high, spread);
      range.bar.style.backgroundImage = `linear-gradient(to right, ${ramp().join(", ")})`;
    };
  }

  #setDrawing(isOn: boolean): void {
    this.#layout.path.setAttribute("aria-pressed", String(isOn));
    this.#layout.stage.classList.toggle("draws-paths", isOn);
    this.#options.map.element.classList.toggle("draws-paths", isOn);
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
    spoken.textContent = `${path}${placeText(this.#at)}. ${this.#hint().text}`;
  }

  /** Draw once before the next frame, however often the pointer moves. */
  #later(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const { draws, onDecoded } = this.#options;
    const values = draws.run(Float32Array.from(this.#at), 1).slice();
    this.#sample.show(values);
    onDecoded?.(values, this.#at);
    for (const marks of this.#marks) marks.show(this.#at, this.#path);
    this.#layout.place.textContent = placeText(this.#at);
    const hint = this.#hint();
    this.#layout.hint.textContent = hint.text;
    this.#layout.hint.classList.toggle("is-far", hint.isFar);
    this.#layout.strip.hidden = !this.#path;
    this.#layout.clear.hidden = !this.#path;
    if (this.#path && this.#isPathNew) {
      const [from, to] = this.#path;
      const steps = draws.run(between(from, to, N_STEPS), N_STEPS);
      const words = `${N_STEPS} decoded samples from ${placeText(from)} to ${placeText(to)}`;
      this.#strip.show(steps, words);
      this.#layout.from.textContent = placeText(from);
      this.#layout.to.textContent = placeText(to);
      this.#isPathNew = false;
    }
  }

  #hint(): { text: string; isFar: boolean } {
    const { distance } = this.#nearby.nearest(...this.#at);
    if (!Number.isFinite(distance)) return { text: "", isFar: false };
    const gap = this.#nearby.usualGap;
    const isFar = distance > this.#nearby.far;
    const start = isFar ? "Far from any sample. The" : "The";
    const more = isFar ? `; 95 of 100 samples have another one within ${toldBySpread(gap)}` : "";
    return { text: `${start} nearest sample is ${toldBySpread(distance)} away${more}.`, isFar };
  }
}

function notes({ spec, look }: PlaneOptions): string[] {
  const cells = look.shape ? "Faded pictures" : "Faded places";
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
function timed(draws: Draws): number {
  const code = new Float32Array(draws.codeSize);
  draws.run(code, 1);
  const start = performance.now();
  draws.run(code, 1);
  return performance.now() - start;
}

/** The features that vary over the plane, those that vary most first. */
function varying(draws: Draws, look: Look, bounds: Bounds): number[] {
  const codes = gridCodes(bounds, { columns: 12, rows: 12 });
  return changing(draws.run(codes, 144), 144, look, 100);
}

function placeText([x, y]: Point): string {
  return `${x.toFixed(2)}, ${y.toFixed(2)}`.replaceAll("-", "\u2212");
}
