/** State that all parts of the live page share: data, choices, the renderer and the maps. */

import { NewSamples } from "../data/new_samples";
import { classOf, paint, shownOf, loadColumn, valueOf, type LoadedColumn } from "../data/colors";
import type { Column, Manifest, EmbeddingSpec, Ramps } from "../data/manifest";
import { EmbeddingMap, type MapParts, type Plot } from "./map";
import type { Marks } from "./marks";
import { representatives, type Named } from "./names";
import { formatNumber } from "../data/numbers";
import { FrameRate } from "./frame_rate";
import type { Payload } from "../data/payload";
import { Renderer } from "./renderer";
import { Store } from "../data/store";
import { Sprites } from "../data/thumbnails";

/** With more classes names would say little, and finding their places would take long. */
const MAX_NAMED = 2000;
const NONE = 0xffffffff;
/** The light theme's, whatever the screen's is. */
const ON_PAPER = { ink: "#1c1e22", muted: "#5b6068", paper: "#ffffff", rule: "#dcdee2" };
/** After this many milliseconds without a frame a motion is over. */
const REST_MS = 250;

export class Session {
  readonly maps: EmbeddingMap[] = [];
  readonly plots = new Map<string, Plot>();
  /** Columns that points can be coloured by; shares of wrong neighbours among them. */
  readonly columns: Column[];
  /** The column that colours the points now. */
  colored!: LoadedColumn;
  /** The label, if there is one. */
  label: LoadedColumn | null = null;
  ids: string[] = [];
  /** Texts that are shown with the samples. */
  annotations: Array<{ title: string; texts: string[] }> = [];
  /** New samples, if there are any. */
  added: NewSamples | null = null;
  sprites: Sprites | null = null;
  private readonly unpackedColumns = new Map<string, Promise<LoadedColumn>>();
  private neighbors: Uint32Array | null = null;
  private readonly frameRate = new FrameRate();
  private rest = 0;
  private isPrinting = false;
  private readonly stale = new Set<EmbeddingMap>();
  private readonly names = new Map<string, Named[]>();

  private constructor(
    readonly document: Document,
    readonly manifest: Manifest,
    readonly payload: Payload,
    readonly store: Store,
    readonly renderer: Renderer,
    private readonly say: (row: number) => void,
  ) {
    this.columns = [...manifest.columns, ...manifest.embeddings.flatMap(shareColumns)];
    for (const change of ["hover", "pin"] as const)
      store.on(change, () => this.maps.forEach((map) => map.invalidateInk()));
    store.on("style", () => this.redraw());
    for (const change of ["select", "filter"] as const)
      store.on(change, () => {
        renderer.setStates(store.states());
        this.redraw();
      });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
    window.addEventListener("beforeprint", () => this.print(true));
    window.addEventListener("afterprint", () => this.print(false));
  }

  /** A session, or null where there is no WebGL 2. */
  static create(
    document: Document,
    manifest: Manifest,
    payload: Payload,
    say: (row: number) => void,
  ): Session | null {
    let session: Session | null = null;
    const redraw = () => session?.redraw();
    const renderer = Renderer.create(manifest.nSamples, redraw);
    const store = new Store(manifest.nSamples);
    if (renderer) session = new Session(document, manifest, payload, store, renderer, say);
    return session;
  }

  get ramps(): Ramps {
    if (this.isPrinting) return this.manifest.ramps.light;
    const isDark = matchMedia("screen and (prefers-color-scheme: dark)").matches;
    return isDark ? this.manifest.ramps.dark : this.manifest.ramps.light;
  }

  /** Unpack what the first view needs; the rest follows in `loadRest`. */
  async load(color: string): Promise<void> {
    const known = this.columns.find((one) => one.key === color) ?? this.columns[0]!;
    const label = this.manifest.columns.find((one) => one.key === "label");
    [this.colored, this.label, this.added] = await Promise.all([
      this.column(known),
      label ? this.column(label) : null,
      NewSamples.of(this.manifest, this.payload),
    ]);
    if (this.added) {
      this.store.kinds = this.added.kinds(this.store.nSamples);
      this.renderer.setStates(this.store.states());
    }
    this.store.color = known.key;
    this.renderer.setColors(paint(this.colored, this.ramps));
  }

  async loadRest(): Promise<void> {
    const { manifest, payload } = this;
    const [ids, neighbors, sprites, annotations] = await Promise.all([
      manifest.ids?.dtype === "json" ? payload.json(manifest.ids) : payload.array(manifest.ids!),
      manifest.neighbors ? payload.array(manifest.neighbors) : null,
      Sprites.of(manifest, payload),
      Promise.all(
        (manifest.annotations ?? []).map(async ({ title, texts }) => {
          return { title, texts: (await payload.json(texts)) as string[] };
        }),
      ),
    ]);
    this.ids = Array.from(ids as ArrayLike<unknown>, String);
    this.neighbors = neighbors && summed(neighbors as Uint32Array, manifest.neighbors!.shape[1]!);
    this.sprites = sprites;
    this.annotations = annotations;
  }

  column(column: Column): Promise<LoadedColumn> {
    let found = this.unpackedColumns.get(column.key);
    if (!found) {
      found = loadColumn(column, this.payload);
      this.unpackedColumns.set(column.key, found);
    }
    return found;
  }

  /** Columns of a group: errors, or features. */
  group(group: "error" | "feature"): Promise<LoadedColumn[]> {
    const columns = this.manifest.columns.filter(
      (one) => one.kind === "values" && one.group === group,
    );
    return Promise.all(columns.map((one) => this.column(one)));
  }

  /** Shares of wrong neighbours in an embedding, or null where they are not known. */
  async share(embedding: EmbeddingSpec, share: "false" | "missed"): Promise<LoadedColumn | null> {
    const column = this.columns.find((one) => one.key === `${embedding.key} ${share}`);
    return column ? this.column(column) : null;
  }

  async colorBy(key: string): Promise<void> {
    const column = this.columns.find((one) => one.key === key);
    if (!column) return;
    this.colored = await this.column(column);
    this.store.color = key;
    this.store.notify("color");
    this.repaint();
  }

  async plot(embedding: EmbeddingSpec): Promise<Plot> {
    const known = this.plots.get(embedding.key);
    if (known) return known;
    const [x, y] = await Promise.all([
      this.payload.array(embedding.x),
      this.payload.array(embedding.y),
    ]);
    const coordinates = new Uint16Array(2 * x.length);
    const [left, right, bottom, top] = embedding.box;
    // Samples that the embedding could not transform are infinitely far away.
    const [xs, ys] = [0, 1].map(() => new Float32Array(this.store.nSamples).fill(Infinity)) as [
      Float32Array,
      Float32Array,
    ];
    for (let i = 0; i < x.length; i++) {
      coordinates[2 * i] = x[i]!;
      coordinates[2 * i + 1] = y[i]!;
      xs[i] = left + (x[i]! / 65535) * (right - left);
      ys[i] = bottom + (y[i]! / 65535) * (top - bottom);
    }
    const { key, title, box, hasAxes } = embedding;
    const plot = { key, title, box, hasAxes, xs, ys, cloud: this.renderer.cloud(coordinates) };
    this.plots.set(key, plot);
    return plot;
  }

  map(plot: Plot): EmbeddingMap {
    const map = new EmbeddingMap(this.document, plot, this.parts());
    this.maps.push(map);
    return map;
  }

  parts(): MapParts {
    return {
      store: this.store,
      renderer: this.renderer,
      marks: {
        namesIn: (key) => this.namesIn(key),
        neighborsOf: (row) => this.neighborsOf(row),
        ink: () => this.ink(),
      },
      schedule: (map) => this.schedule(map),
      say: this.say,
    };
  }

  neighborsOf(row: number): number[] {
    if (!this.neighbors || !this.manifest.neighbors) return [];
    const k = this.manifest.neighbors.shape[1]!;
    const near = Array.from(this.neighbors.subarray(row * k, (row + 1) * k));
    return near.filter((one) => one !== NONE && !this.store.hidden[one]);
  }

  /** Words for a sample: its label in words, empty where it has none. */
  labelOf(row: number): string {
    if (!this.label) return "";
    if (this.label.column.kind === "classes") return classOf(this.label, row);
    const value = valueOf(this.label, row);
    return Number.isNaN(value) ? "" : shownOf(this.label, row) || formatNumber(value);
  }

  /** Paper is light, and shows what was never in view and so has not been drawn. */
  private print(isPrinting: boolean): void {
    this.isPrinting = isPrinting;
    this.repaint();
    for (const map of this.maps) map.showStill(isPrinting);
  }

  redraw(): void {
    for (const map of this.maps) map.invalidate();
  }

  repaint(): void {
    this.renderer.setColors(paint(this.colored, this.ramps));
    this.redraw();
  }

  private schedule(map: EmbeddingMap): void {
    if (!this.stale.size) {
      const asked = performance.now();
      requestAnimationFrame(() => this.drawStale(asked));
    }
    this.stale.add(map);
  }

  private drawStale(asked: number): void {
    const maps = [...this.stale];
    this.stale.clear();
    const every = this.frameRate.every(performance.now(), asked);
    for (const map of maps) if (map.isVisible) map.draw(every);
    clearTimeout(this.rest);
    if (this.coarse().length) this.rest = window.setTimeout(() => this.drawRest(), REST_MS);
  }

  /** Draw in full what a motion has left in part. */
  private drawRest(): void {
    for (const map of this.coarse()) map.invalidate();
  }

  /** Maps in view that show some of their points; others are drawn when they come into view. */
  private coarse(): EmbeddingMap[] {
    return this.maps.filter((map) => map.isCoarse && map.isVisible);
  }

  /** The classes that colour the points, at samples of theirs that are not hidden. */
  private namesIn(key: string): Named[] {
    const { colored } = this;
    const plot = this.plots.get(key);
    const nNames = colored.names.length;
    if (!plot || nNames < 2 || nNames > MAX_NAMED) return [];
    const cacheKey = `${key} ${colored.column.key}`;
    let names = this.names.get(cacheKey);
    if (!names) {
      // Names stay where they were, whatever is added.
      const n = this.added?.first ?? plot.xs.length;
      names = representatives(colored, plot.xs.subarray(0, n), plot.ys.subarray(0, n), plot.box);
      this.names.set(cacheKey, names);
    }
    return names.filter(({ row }) => !this.store.hidden[row]);
  }

  private ink(): ReturnType<Marks["ink"]> {
    if (this.isPrinting) return ON_PAPER;
    const style = getComputedStyle(this.document.documentElement);
    const value = (name: string) => style.getPropertyValue(name).trim();
    return {
      ink: value("--ink"),
      muted: value("--muted"),
      paper: value("--paper"),
      rule: value("--rule"),
    };
  }
}

/** Ascending rows of `k` numbers from the differences of one from the next. */
function summed(differences: Uint32Array, k: number): Uint32Array {
  const numbers = differences.slice();
  for (let i = 0; i < numbers.length; i++) if (i % k) numbers[i] = numbers[i]! + numbers[i - 1]!;
  return numbers;
}

/** Columns that colour all maps by the wrong neighbours of one of them. */
function shareColumns(embedding: EmbeddingSpec): Column[] {
  const columns: Column[] = [];
  for (const share of ["false", "missed"] as const) {
    const values = embedding[share];
    if (values)
      columns.push({
        kind: "values",
        key: `${embedding.key} ${share}`,
        title: `${share} neighbours, ${embedding.title}`,
        group: "error",
        values,
        low: 0,
        high: 1,
        shown: [0, 1],
      });
  }
  return columns;
}
