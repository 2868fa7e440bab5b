/** Images of samples: thumbnails and decoded codes. */

import type { SampleFormat } from "../data/manifest";
import { SampleView, colorsOf, onColors, pixels } from "./samples";
import type { Session } from "../map/session";

export class SampleImages {
  /** What draws a canvas again. */
  private readonly redraws = new WeakMap<Element, () => void>();

  constructor(private readonly session: Session) {
    onColors(() => {
      for (const canvas of session.document.querySelectorAll("canvas.sample"))
        this.redraws.get(canvas)?.();
    });
  }

  /** The thumbnail of a sample, or null where the page has none. */
  async original(row: number): Promise<HTMLCanvasElement | null> {
    const values = await this.session.sprites?.pixels(row);
    return values ? this.drawn(values) : null;
  }

  /** The mean of thumbnails, or null without any. */
  async mean(rows: readonly number[]): Promise<HTMLCanvasElement | null> {
    const { sprites } = this.session;
    if (!sprites || !rows.length) return null;
    let sum: Float32Array | null = null;
    let n = 0;
    for (const row of rows) {
      const values = await sprites.pixels(row);
      if (!values) continue;
      sum ??= new Float32Array(values.length);
      for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + values[i]!;
      n++;
    }
    return sum && n ? this.drawn(sum.map((one) => one / n)) : null;
  }

  /** What a decoder gave, in the units of the source. */
  decoded(values: Float32Array): HTMLElement {
    const view = new SampleView(this.session.manifest.format);
    view.show(values);
    this.redraws.set(view.element, () => view.redraw());
    return view.element;
  }

  private drawn(values: Float32Array): HTMLCanvasElement {
    const { sprites, manifest } = this.session;
    const canvas = document.createElement("canvas");
    canvas.className = "sample";
    [canvas.width, canvas.height] = [sprites!.width, sprites!.height];
    const format: Pick<SampleFormat, "shape" | "low" | "high" | "isDrawing"> = {
      shape: [sprites!.height, sprites!.width, sprites!.nChannels],
      low: 0,
      high: 1,
      isDrawing: manifest.format.isDrawing,
    };
    const redraw = () => {
      const drawn = pixels(values, 0, format, colorsOf());
      canvas
        .getContext("2d")!
        .putImageData(new ImageData(drawn, canvas.width, canvas.height), 0, 0);
    };
    redraw();
    this.redraws.set(canvas, redraw);
    return canvas;
  }
}
