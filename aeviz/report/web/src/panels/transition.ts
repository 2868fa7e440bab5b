/** An animation from one embedding to another, in which the eye can follow the points. */

import { aligned } from "../map/align";
import { button, labelled, make, range } from "../dom";
import { EmbeddingMap, type MapParts, type Plot } from "../map/map";
import { percent } from "../data/numbers";
import type { Cloud, Renderer } from "../map/renderer";
import { View } from "../map/view";

const SECONDS = 2.4;

/** A map between two embeddings, with its controls. */
export class Transition {
  readonly element = make("div", { class: "transition" });
  readonly map: EmbeddingMap;
  private readonly cloud: Cloud;
  private readonly slider: HTMLInputElement;
  private readonly play: HTMLButtonElement;
  private from: Plot;
  private to: Plot;
  private playing = 0;

  constructor(
    document: Document,
    private readonly plots: readonly Plot[],
    private readonly parts: MapParts & { renderer: Renderer },
  ) {
    this.from = plots[0]!;
    this.to = plots[1] ?? plots[0]!;
    this.cloud = parts.renderer.cloud(new Uint16Array(2 * this.from.xs.length));
    this.map = new EmbeddingMap(document, { ...this.from, key: "transition" }, parts);
    this.map.element.setAttribute("role", "img");
    this.slider = range([0, 1, 0.001], 0, (value) => {
      this.stop();
      this.show(value);
    });
    this.slider.setAttribute("aria-label", "How far on the way");
    this.play = button("Play", () => (this.playing ? this.stop() : this.start()));
    this.element.append(
      make(
        "div",
        { class: "controls" },
        labelled(
          "From",
          this.chooser(0, (plot) => (this.from = plot)),
        ),
        labelled(
          "to",
          this.chooser(1, (plot) => (this.to = plot)),
        ),
        this.play,
        this.slider,
      ),
      this.map.element,
    );
    this.prepare();
    this.map.onView(() => this.show(this.progress));
  }

  get progress(): number {
    return Number(this.slider.value);
  }

  private chooser(start: number, choose: (plot: Plot) => void): HTMLSelectElement {
    const select = make("select");
    for (const [i, plot] of this.plots.entries()) {
      const option = make("option", { text: plot.title });
      option.value = String(i);
      option.selected = i === start;
      select.append(option);
    }
    select.addEventListener("change", () => {
      choose(this.plots[Number(select.value)]!);
      this.stop();
      this.prepare();
    });
    return select;
  }

  /** Align the second embedding to the first and start at the first. */
  private prepare(): void {
    const n = Math.min(...[this.from, this.to].map((plot) => plot.cloud.coordinates.length / 2));
    const part = ({ xs, ys }: Plot) => ({ xs: xs.subarray(0, n), ys: ys.subarray(0, n) });
    const laid = aligned(part(this.from), part(this.to));
    const [left, right] = extent(laid.xs);
    const [bottom, top] = extent(laid.ys);
    const coordinates = new Uint16Array(2 * laid.xs.length);
    for (let i = 0; i < laid.xs.length; i++) {
      coordinates[2 * i] = Math.round((65535 * (laid.xs[i]! - left)) / (right - left || 1));
      coordinates[2 * i + 1] = Math.round((65535 * (laid.ys[i]! - bottom)) / (top - bottom || 1));
    }
    this.parts.renderer.move(this.cloud, coordinates);
    this.map.plot = { ...this.from, key: "transition" };
    const box = [left, right, bottom, top] as const;
    // Both embeddings fill the map, each in a view of its own.
    this.target = new View(box, this.map.view.width, this.map.view.height);
    this.source = new View(this.from.box, this.map.view.width, this.map.view.height);
    this.map.view = this.source;
    this.map.element.setAttribute(
      "aria-label",
      `${this.from.title} on its way to ${this.to.title}`,
    );
    this.slider.value = "0";
    this.show(0);
  }

  private source!: View;
  private target!: View;

  private show(progress: number): void {
    this.target.resize(this.source.width, this.source.height);
    this.map.towards = [this.cloud, this.target, progress];
    this.slider.value = String(progress);
    this.slider.setAttribute("aria-valuetext", `${percent(progress)} of the way`);
    this.map.invalidate();
  }

  private start(): void {
    // Those who asked for less motion get the end at once; the slider is theirs to move.
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
      this.show(this.progress < 0.5 ? 1 : 0);
      return;
    }
    const begin = this.progress >= 1 ? 0 : this.progress;
    const started = performance.now();
    const step = (now: number) => {
      const share = Math.min(1, begin + (now - started) / (1000 * SECONDS));
      this.show(share);
      if (share < 1) this.playing = requestAnimationFrame(step);
      else this.stop();
    };
    this.playing = requestAnimationFrame(step);
    this.play.textContent = "Pause";
  }

  private stop(): void {
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.play.textContent = "Play";
  }
}

function extent(values: Float32Array): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
