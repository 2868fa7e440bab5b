/** Draw a sample from its small picture, and what decoders make of codes. */

import type { Look } from "./manifest";
import { SampleView, colorsOf, pixels } from "./samples";
import type { Session } from "./session";

export class SampleLooks {
  constructor(private readonly session: Session) {}

  /** The small picture of a sample, or null where the page has none. */
  async original(row: number): Promise<HTMLCanvasElement | null> {
    const values = await this.session.sprites?.pixels(row);
    return values ? this.drawn(values) : null;
  }

  /** The mean of small pictures, or null without any. */
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
    const view = new SampleView(this.session.manifest.look);
    view.show(values);
    return view.element;
  }

  private drawn(values: Float32Array): HTMLCanvasElement {
    const { sprites, manifest } = this.session;
    const canvas = document.createElement("canvas");
    canvas.className = "sample";
    [canvas.width, canvas.height] = [sprites!.width, sprites!.height];
    const look: Pick<Look, "shape" | "low" | "high" | "isDrawing"> = {
      shape: [sprites!.height, sprites!.width, sprites!.nChannels],
      low: 0,
      high: 1,
      isDrawing: manifest.look.isDrawing,
    };
    const image = new ImageData(
      pixels(values, 0, look, colorsOf(document.documentElement)),
      canvas.width,
      canvas.height,
    );
    canvas.getContext("2d")!.putImageData(image, 0, 0);
    return canvas;
  }
}
