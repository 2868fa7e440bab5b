/** Show a latent plane, whose decoder is plain to see through, on a map that does nothing. */
import type { CodeDecoder } from "../../src/decoder/decoder";
import type { Bounds } from "../../src/decoder/grid";
import type { SampleFormat } from "../../src/data/manifest";
import { LatentPlane, type MapLike } from "../../src/decoder/latent_plane";
import { Interpolation } from "../../src/decoder/interpolation";

const IMAGE: SampleFormat = {
  kind: "image",
  shape: [1, 2, 1],
  low: -1,
  high: 1,
  isDrawing: false,
  featureNames: [],
  stds: [1, 1],
  means: [0, 0],
};
const TABLE: SampleFormat = {
  ...IMAGE,
  kind: "table",
  shape: null,
  featureNames: ["<b>one</b>", "two"],
};

/** Decodes a point to itself. */
const decoder: CodeDecoder = { codeSize: 2, outputSize: 2, run: (codes) => codes.slice() };

function fakeMap(): MapLike & { view(bounds: Bounds): void; heard: string[] } {
  const box = document.createElement("div");
  box.id = "map";
  Object.assign(box.style, { position: "relative", width: "200px", height: "200px" });
  const overlay = document.createElement("div");
  overlay.className = "plane-overlay";
  box.append(overlay);
  document.body.append(box);
  const heard: string[] = [];
  for (const name of ["pointerdown", "pointermove", "pointerup"]) {
    box.addEventListener(name, () => heard.push(name));
  }
  let bounds: Bounds = [-1, 1, -1, 1];
  const callbacks = new Set<() => void>();
  const map = {
    element: box,
    overlay,
    x: Float32Array.of(0, 0, 0.1, 0.1),
    y: Float32Array.of(0, 0.1, 0, 0.1),
    heard,
    bounds: () => bounds,
    toData: (px: number, py: number): [number, number] => {
      const [left, right, bottom, top] = bounds;
      return [left + (px / 200) * (right - left), top - (py / 200) * (top - bottom)];
    },
    toScreen: (x: number, y: number): [number, number] => {
      const [left, right, bottom, top] = bounds;
      return [(200 * (x - left)) / (right - left), (200 * (top - y)) / (top - bottom)];
    },
    onView: (callback: () => void) => {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
    view: (to: Bounds) => {
      bounds = to;
      callbacks.forEach((callback) => callback());
    },
  };
  return map;
}

function showPlane(kind: "image" | "table", why = ""): void {
  const map = fakeMap();
  const layers = why ? [] : [{ kind: "affine" as const, weights: {} }];
  const format = kind === "image" ? IMAGE : TABLE;
  const ramp = () => ["#000000", "#ffffff"];
  const plane = new LatentPlane({
    host: document.body,
    map,
    spec: { layers, why },
    decoder,
    format,
    ramp,
  });
  Object.assign(window, { map, plane });
}

function showInterpolation(): void {
  const interpolation = new Interpolation({
    host: document.body,
    decoder,
    format: IMAGE,
    codeOf: (row) => Float32Array.of(row ? 1 : -1, 0),
    original: () => null,
    name: (row) => `<i>${row}</i>`,
  });
  interpolation.show(0, 1);
}

/** Red parts of the pixels of a canvas. */
function reds(selector: string): number[] {
  const shown = document.querySelector<HTMLCanvasElement>(selector);
  if (!shown) return [];
  // Of a copy: a canvas that is read often is drawn in another way.
  const copy = new OffscreenCanvas(shown.width, shown.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  if (!context) return [];
  context.drawImage(shown, 0, 0);
  const { data } = context.getImageData(0, 0, copy.width, copy.height);
  return [...data].filter((_, i) => i % 4 === 0);
}

Object.assign(window, { showPlane, showInterpolation, reds });
