/** Place names of classes on a map: the largest first, none over another, away from its place with a line. */

import type { LoadedColumn } from "../data/colors";
import { MISSING } from "../data/colors";

/** A class, at the sample that stands for it. */
export interface Named {
  name: string;
  /** Number of the sample. */
  row: number;
  /** How many samples it has. */
  n: number;
}

/** A name with the centre of its text, and where its class is; both in pixels. */
export interface PlacedName {
  lines: string[];
  x: number;
  y: number;
  anchor: [number, number];
  isAway: boolean;
}

export const LINE_PX = 15;
const MAX_LINE = 18;
const MAX_LINES = 3;
const MAX_TRIED = 400;
const MIN_NAMES = 10;
const GAP_PX = 3;
const EDGE_PX = 2;
/** A map has room for one name in so many square pixels. */
const AREA_PX = 11_000;
const AWAY_PX = [6, 24] as const;
/** Where a name may stand: on its class, then around it. */
const SIDES = [
  [0, -1],
  [0, 1],
  [1, 0],
  [-1, 0],
  [1, -1],
  [-1, -1],
  [1, 1],
  [-1, 1],
] as const;

/**
 * The sample in the fullest part of each class: the one nearest to the mean of the fullest cell of
 * a grid. Without the samples that are infinitely far away; the largest class first.
 */
export function representatives(
  loaded: LoadedColumn,
  xs: Float32Array,
  ys: Float32Array,
  box: readonly number[],
  nBins = 24,
): Named[] {
  const nClasses = loaded.names.length;
  const nCells = nBins * nBins;
  const [left, right, bottom, top] = box as [number, number, number, number];
  const bin = (value: number, low: number, high: number) =>
    Math.min(nBins - 1, Math.max(0, Math.floor(((value - low) / (high - low || 1)) * nBins)));
  const cellOf = (i: number) => bin(xs[i]!, left, right) * nBins + bin(ys[i]!, bottom, top);
  const counts = new Uint32Array(nClasses * nCells);
  const sizes = new Uint32Array(nClasses);
  const each = (visit: (row: number, code: number, cell: number) => void) => {
    for (let i = 0; i < xs.length; i++) {
      const code = loaded.values[i]!;
      if (code !== MISSING && Number.isFinite(xs[i]!)) visit(i, code, code * nCells + cellOf(i));
    }
  };
  each((_, code, cell) => {
    counts[cell]!++;
    sizes[code]!++;
  });
  const best = Uint32Array.from({ length: nClasses }, (_, code) => {
    let fullest = code * nCells;
    for (let i = fullest; i < (code + 1) * nCells; i++)
      if (counts[i]! > counts[fullest]!) fullest = i;
    return fullest;
  });
  const sums = Array.from({ length: nClasses }, () => ({ x: 0, y: 0 }));
  each((row, code, cell) => {
    if (cell !== best[code]) return;
    sums[code]!.x += xs[row]! / counts[cell]!;
    sums[code]!.y += ys[row]! / counts[cell]!;
  });
  const nearest = sums.map(() => ({ row: -1, distance: Infinity }));
  each((row, code, cell) => {
    if (cell !== best[code]) return;
    const distance = (xs[row]! - sums[code]!.x) ** 2 + (ys[row]! - sums[code]!.y) ** 2;
    if (distance < nearest[code]!.distance) nearest[code] = { row, distance };
  });
  return loaded.names
    .map((name, code) => ({ name, row: nearest[code]!.row, n: sizes[code]! }))
    .filter((one) => one.row >= 0)
    .sort((a, b) => b.n - a.n);
}

/** A name in lines of words, cut with an ellipsis where it has too many. */
export function wrapped(name: string, maxLine = MAX_LINE, maxLines = MAX_LINES): string[] {
  const lines: string[] = [""];
  for (const word of (name.trim() || "(empty)").split(/\s+/)) {
    let rest = Array.from(word);
    while (rest.length) {
      const last = lines[lines.length - 1]!;
      const room = maxLine - Array.from(last).length - (last ? 1 : 0);
      if (rest.length > room && last) lines.push("");
      else {
        const part = rest.slice(0, maxLine).join("");
        lines[lines.length - 1] = last ? `${last} ${part}` : part;
        rest = rest.slice(maxLine);
        if (rest.length) lines.push("");
      }
    }
  }
  if (lines.length <= maxLines) return lines;
  const kept = lines.slice(0, maxLines);
  kept[maxLines - 1] =
    Array.from(kept[maxLines - 1]!)
      .slice(0, maxLine - 1)
      .join("") + "…";
  return kept;
}

/**
 * Where names stand, so that none covers another or leaves the map: at their class, or beside it.
 * Names that find no room are left out, until the reader zooms in.
 */
export function placed(
  names: readonly Named[],
  toScreen: (row: number) => [number, number],
  size: { width: number; height: number },
  widthOf: (text: string) => number,
): PlacedName[] {
  const found: PlacedName[] = [];
  const taken: Edges[] = [];
  const most = Math.max(MIN_NAMES, (size.width * size.height) / AREA_PX);
  for (const { name, row } of names.slice(0, MAX_TRIED)) {
    if (found.length >= most) break;
    const anchor = toScreen(row);
    const lines = wrapped(name);
    const half = Math.max(...lines.map(widthOf)) / 2 + GAP_PX;
    const tall = (lines.length * LINE_PX) / 2;
    if (!isInside([anchor[0], anchor[0], anchor[1], anchor[1]], size)) continue;
    const away = AWAY_PX.flatMap((gap) =>
      SIDES.map(([dx, dy]) => [dx * (half + gap), dy * (tall + gap)] as const),
    );
    for (const [dx, dy] of [[0, 0] as const, ...away]) {
      const [x, y] = [anchor[0] + dx, anchor[1] + dy];
      const edges = [x - half, x + half, y - tall, y + tall] as const;
      if (!isInside(edges, size) || taken.some((other) => overlaps(edges, other))) continue;
      taken.push(edges);
      found.push({ lines, x, y, anchor, isAway: dx !== 0 || dy !== 0 });
      break;
    }
  }
  return found;
}

type Edges = readonly [number, number, number, number];

function isInside(edges: Edges, { width, height }: { width: number; height: number }): boolean {
  const isRight = edges[0] >= EDGE_PX && edges[1] <= width - EDGE_PX;
  return isRight && edges[2] >= EDGE_PX && edges[3] <= height - EDGE_PX;
}

function overlaps(a: Edges, b: Edges): boolean {
  return a[0] < b[1] && b[0] < a[1] && a[2] < b[3] && b[2] < a[3];
}
