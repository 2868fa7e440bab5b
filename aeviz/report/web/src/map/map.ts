/** One live map: a canvas of points, one of marks above it, and what fingers and keys do there. */

import { rgb } from "../data/colors";
import { Gestures } from "./gestures";
import { drawMarks, type Marks } from "./marks";
import { simplified } from "../data/polygon";
import { PointIndex } from "./picking";
import { pointStyle, type Clip, type Cloud, type Renderer, type Style } from "./renderer";
import type { Store } from "../data/store";
import { View, type Box } from "./view";

const NEAR_PX = 12;
const PAN_PX = 60;
/** New samples are to be seen among however many others. */
const MIN_PX = 9;
/** Corners of a lasso are left out where that moves its line by less: links stay short. */
const LASSO_PX = 0.5;

/** What a map needs of an embedding. */
export interface Plot {
  key: string;
  title: string;
  box: Box;
  hasAxes: boolean;
  cloud: Cloud;
  xs: Float32Array;
  ys: Float32Array;
}

export interface MapParts {
  store: Store;
  renderer: Renderer;
  marks: Marks;
  /** Draw at the next frame. */
  schedule: (map: EmbeddingMap) => void;
  /** Announce a sample to screen readers. */
  say: (row: number) => void;
}

export class EmbeddingMap {
  readonly element: HTMLDivElement;
  readonly surface: HTMLCanvasElement;
  view: View;
  readonly index: PointIndex;
  isVisible = false;
  /** Whether no card is shown of the sample under the cursor. */
  isQuiet = false;
  /** Where the points are on their way to, for animations. */
  towards: [Cloud, View, number] | null = null;
  /** Corners of the lasso that is being drawn, in pixels. */
  lasso: number[] = [];
  /** Whether not all points were drawn the last time. */
  isCoarse = false;
  private isStale = true;
  private readonly points: HTMLCanvasElement;
  private readonly ink: CanvasRenderingContext2D;
  private readonly paint: ImageBitmapRenderingContext;
  private readonly watchers = new Set<() => void>();

  constructor(
    document: Document,
    public plot: Plot,
    readonly parts: MapParts,
  ) {
    this.view = new View(plot.box);
    this.index = new PointIndex(plot.xs, plot.ys);
    this.element = document.createElement("div");
    this.element.className = "map";
    this.points = document.createElement("canvas");
    this.points.setAttribute("aria-hidden", "true");
    this.surface = document.createElement("canvas");
    this.surface.className = "surface";
    this.surface.tabIndex = 0;
    this.surface.setAttribute("role", "application");
    this.surface.setAttribute("aria-roledescription", "map of samples");
    this.surface.setAttribute(
      "aria-label",
      `${plot.title}. Arrow keys go from sample to sample, Enter pins one, plus and minus zoom, ` +
        "0 shows all, Escape clears the selection.",
    );
    this.element.append(this.points, this.surface, this.buttons(document));
    this.paint = this.points.getContext("bitmaprenderer")!;
    this.ink = this.surface.getContext("2d")!;
    new ResizeObserver(() => this.layOut()).observe(this.element);
    new IntersectionObserver(
      ([entry]) => {
        this.isVisible = entry!.isIntersecting;
        if (this.isVisible) this.invalidate();
      },
      { rootMargin: "100px" },
    ).observe(this.element);
    new Gestures(this);
    this.surface.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** Draw all of it at the next frame. */
  invalidate(): void {
    this.isStale = true;
    this.parts.schedule(this);
  }

  /** Draw what stands above the points at the next frame. */
  invalidateInk(): void {
    this.parts.schedule(this);
  }

  /** Call back on every change of the view; returns a function that ends this. */
  onView(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  changeView(change: (view: View) => void): void {
    change(this.view);
    this.invalidate();
    for (const watcher of this.watchers) watcher();
    this.parts.store.notify("view");
  }

  /** Draw what is stale; of the points one for every so many. */
  draw(every = 1): void {
    const ratio = this.points.width / this.view.width;
    if (this.isStale) this.drawPoints(ratio, every);
    // What was drawn in part is drawn in full when the motion is over.
    this.isCoarse = this.isStale ? every > 1 : this.isCoarse;
    this.isStale = false;
    this.ink.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.ink.clearRect(0, 0, this.view.width, this.view.height);
    if (!this.towards) drawMarks(this.ink, this);
  }

  /**
   * Draw a still of the map for paper, or take it away. Printing lays the page out anew, which
   * clears the canvases, and gives no frame to draw them again.
   */
  showStill(isShown: boolean): void {
    this.element.querySelector(".still")?.remove();
    if (!isShown || !this.view.width || !this.points.width) return;
    this.isStale = true;
    this.draw();
    const still = this.element.ownerDocument.createElement("canvas");
    still.className = "still";
    still.width = this.points.width;
    still.height = this.points.height;
    const pen = still.getContext("2d")!;
    for (const canvas of [this.points, this.surface]) pen.drawImage(canvas, 0, 0);
    this.element.append(still);
  }

  private drawPoints(ratio: number, every: number): void {
    const { store, renderer } = this.parts;
    const [diameter, opacity] = pointStyle(store.nSamples, this.view.width, this.view.zoom);
    const style = {
      size: Math.max(1, diameter * store.pointSize * ratio),
      opacity: Math.min(1, opacity * store.opacity),
      faint: Math.min(1, 0.2 * opacity * store.opacity),
      hasSelection: store.nSelected > 0,
      every,
      ...(store.kinds && { marker: this.marker(ratio) }),
    };
    const from: [Cloud, Clip] = [this.plot.cloud, this.view.clip()];
    const to = this.towards;
    if (to) renderer.draw(this.paint, from, style, [to[0], to[1].clip(), to[2]]);
    else renderer.draw(this.paint, from, style);
  }

  /** How new samples stand out. */
  private marker(ratio: number): NonNullable<Style["marker"]> {
    const [red, green, blue] = rgb(this.parts.marks.ink().ink, [0, 0, 0]);
    const least = MIN_PX * ratio * Math.sqrt(this.parts.store.pointSize);
    return { least, edge: [red / 255, green / 255, blue / 255], line: ratio };
  }

  /** The nearest shown sample at a place of the screen, or -1. */
  rowAt(px: number, py: number): number {
    if (this.towards) return -1;
    const [x, y] = this.view.toData(px, py);
    const { hidden } = this.parts.store;
    return this.index.nearest(x, y, NEAR_PX / this.view.scale, (row) => !hidden[row]);
  }

  /** Hover the sample at a place of the screen, if there is one. */
  hoverAt(px: number, py: number): void {
    this.parts.store.hover(this.rowAt(px, py), this.isQuiet ? "" : this.plot.key);
  }

  toScreen(row: number): [number, number] {
    return this.view.toScreen(this.plot.xs[row]!, this.plot.ys[row]!);
  }

  /** Select what is inside the lasso. */
  endLasso(isAdded: boolean): void {
    const polygon: number[] = [];
    const corners = simplified(this.lasso, LASSO_PX);
    for (let i = 0; i < corners.length; i += 2)
      polygon.push(...this.view.toData(corners[i]!, corners[i + 1]!));
    this.lasso = [];
    if (polygon.length < 6) return;
    const rows = this.index.inside(polygon);
    const origin = { kind: "lasso", embedding: this.plot.key, polygon } as const;
    this.parts.store.select(rows, origin, isAdded);
  }

  /** Take the size that the page gives. */
  layOut(): void {
    const { clientWidth, clientHeight } = this.element;
    if (!clientWidth || !clientHeight) return;
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    for (const canvas of [this.points, this.surface]) {
      canvas.width = Math.round(clientWidth * ratio);
      canvas.height = Math.round(clientHeight * ratio);
    }
    // Not a change for the address: what is seen stays.
    this.view.resize(clientWidth, clientHeight);
    this.invalidate();
    for (const watcher of this.watchers) watcher();
  }

  private buttons(document: Document): HTMLDivElement {
    const bar = document.createElement("div");
    bar.className = "zoom";
    const middle = () => [this.view.width / 2, this.view.height / 2] as const;
    for (const [text, label, act] of [
      ["+", "Zoom in", () => this.changeView((view) => view.zoomAt(...middle(), 1.6))],
      ["−", "Zoom out", () => this.changeView((view) => view.zoomAt(...middle(), 1 / 1.6))],
      ["⤢", "Show all", () => this.changeView((view) => view.fit())],
    ] as const) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.setAttribute("aria-label", `${label}: ${this.plot.title}`);
      button.title = label;
      button.addEventListener("click", act);
      bar.append(button);
    }
    return bar;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.handled(event.key, event.shiftKey)) event.preventDefault();
  }

  private handled(key: string, isShift: boolean): boolean {
    const { store } = this.parts;
    const [dx, dy] = DIRECTIONS[key] ?? [0, 0];
    const middle = [this.view.width / 2, this.view.height / 2] as const;
    if (dx || dy) {
      if (isShift) this.changeView((view) => view.panBy(-dx * PAN_PX, dy * PAN_PX));
      else this.step(dx, dy);
    } else if (key === "+" || key === "=") this.changeView((view) => view.zoomAt(...middle, 1.6));
    else if (key === "-") this.changeView((view) => view.zoomAt(...middle, 1 / 1.6));
    else if (key === "0") this.changeView((view) => view.fit());
    else if (key === "Enter" && store.hovered >= 0) store.pin(store.hovered);
    else if (key === "Escape") {
      store.hover(-1);
      if (store.nSelected) store.clear();
    } else return false;
    return true;
  }

  /** Go to the nearest sample in a direction, and keep it in view. */
  private step(dx: number, dy: number): void {
    const { store, say } = this.parts;
    const isShown = (row: number) => !store.hidden[row];
    let row = store.hovered;
    if (row < 0) row = this.index.nearest(this.view.x, this.view.y, Infinity, isShown);
    else row = this.index.nearestTowards(row, dx, dy, isShown);
    if (row < 0) return;
    const [px, py] = this.toScreen(row);
    if (px < 0 || py < 0 || px > this.view.width || py > this.view.height)
      this.changeView((view) => {
        view.x = this.plot.xs[row]!;
        view.y = this.plot.ys[row]!;
      });
    store.hover(row, this.plot.key);
    say(row);
  }
}

const DIRECTIONS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
