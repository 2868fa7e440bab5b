/** Draw what stands above the points: names of classes, axes, the lasso, the hovered sample. */

import { niceTicks } from "../data/numbers";
import { LINE_PX, placed, type Named } from "./names";
import type { Store } from "../data/store";
import type { View } from "./view";

/** What marks need to know apart from the map itself. */
export interface Marks {
  /** Classes that are to be named in an embedding, the largest first. */
  namesIn: (key: string) => readonly Named[];
  /** Nearest samples in the data, none where the page has none. */
  neighborsOf: (row: number) => readonly number[];
  ink: () => { ink: string; muted: string; paper: string; rule: string };
}

/** What marks are drawn for; a map is one. */
export interface MarkedMap {
  readonly parts: { store: Store; marks: Marks };
  readonly plot: { key: string; hasAxes: boolean };
  readonly view: View;
  readonly lasso: readonly number[];
  toScreen(row: number): [number, number];
}

type Ink = ReturnType<Marks["ink"]>;

export function drawMarks(pen: CanvasRenderingContext2D, map: MarkedMap): void {
  const ink = map.parts.marks.ink();
  const { store } = map.parts;
  if (map.plot.hasAxes) drawAxes(pen, map, ink);
  drawNames(pen, map, ink);
  for (const [i, row] of store.pinned.entries()) drawPin(pen, map, ink, row, "AB"[i]!);
  if (store.hovered >= 0) drawHovered(pen, map, ink, store.hovered);
  if (map.lasso.length > 2) drawLasso(pen, map.lasso, ink);
}

const widths = new Map<string, number>();

function drawNames(pen: CanvasRenderingContext2D, map: MarkedMap, ink: Ink): void {
  const named = map.parts.marks.namesIn(map.plot.key);
  pen.font = "600 13px sans-serif";
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const widthOf = (text: string) => {
    if (!widths.has(text)) widths.set(text, pen.measureText(text).width);
    return widths.get(text)!;
  };
  const names = placed(named, (row) => map.toScreen(row), map.view, widthOf);
  for (const { x, y, anchor, isAway } of names) if (isAway) drawLines(pen, [x, y], [anchor], ink);
  for (const { lines, x, y } of names) {
    const top = y - ((lines.length - 1) * LINE_PX) / 2;
    for (const [i, text] of lines.entries()) outlined(pen, text, x, top + i * LINE_PX, ink);
  }
}

/** Draw thin lines that are seen on any ground. */
function drawLines(
  pen: CanvasRenderingContext2D,
  from: readonly [number, number],
  ends: ReadonlyArray<readonly [number, number]>,
  ink: Ink,
): void {
  for (const [width, color] of [
    [3, ink.paper],
    [1, ink.ink],
  ] as const) {
    pen.lineWidth = width;
    pen.strokeStyle = color;
    pen.beginPath();
    for (const end of ends) {
      pen.moveTo(...from);
      pen.lineTo(...end);
    }
    pen.stroke();
  }
}

function outlined(
  pen: CanvasRenderingContext2D,
  text: string,
  px: number,
  py: number,
  ink: Ink,
): void {
  pen.lineJoin = "round";
  pen.lineWidth = 3.5;
  pen.strokeStyle = ink.paper;
  pen.strokeText(text, px, py);
  pen.fillStyle = ink.ink;
  pen.fillText(text, px, py);
}

function ring(
  pen: CanvasRenderingContext2D,
  px: number,
  py: number,
  radius: number,
  ink: Ink,
): void {
  pen.beginPath();
  pen.arc(px, py, radius, 0, 2 * Math.PI);
  pen.lineWidth = 4;
  pen.strokeStyle = ink.paper;
  pen.stroke();
  pen.lineWidth = 1.75;
  pen.strokeStyle = ink.ink;
  pen.stroke();
}

/** Ring the sample and draw lines to its nearest in the data: long ones show neighbours that the map separates. */
function drawHovered(pen: CanvasRenderingContext2D, map: MarkedMap, ink: Ink, row: number): void {
  const [px, py] = map.toScreen(row);
  const neighbors = map.parts.marks.neighborsOf(row);
  const ends = neighbors.map((one) => map.toScreen(one));
  drawLines(pen, [px, py], ends, ink);
  for (const [nx, ny] of ends) {
    pen.beginPath();
    pen.arc(nx, ny, 3.5, 0, 2 * Math.PI);
    pen.fillStyle = ink.ink;
    pen.strokeStyle = ink.paper;
    pen.lineWidth = 1.5;
    pen.fill();
    pen.stroke();
  }
  ring(pen, px, py, 7, ink);
}

function drawPin(
  pen: CanvasRenderingContext2D,
  map: MarkedMap,
  ink: Ink,
  row: number,
  letter: string,
): void {
  const [px, py] = map.toScreen(row);
  ring(pen, px, py, 6, ink);
  pen.font = "700 12px sans-serif";
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  outlined(pen, letter, px + 10, py - 9, ink);
}

function drawLasso(pen: CanvasRenderingContext2D, corners: readonly number[], ink: Ink): void {
  pen.beginPath();
  for (let i = 0; i < corners.length; i += 2) pen.lineTo(corners[i]!, corners[i + 1]!);
  pen.closePath();
  pen.globalAlpha = 0.08;
  pen.fillStyle = ink.ink;
  pen.fill();
  pen.globalAlpha = 1;
  pen.setLineDash([5, 4]);
  pen.lineWidth = 1.5;
  pen.strokeStyle = ink.ink;
  pen.stroke();
  pen.setLineDash([]);
}

function drawAxes(pen: CanvasRenderingContext2D, map: MarkedMap, ink: Ink): void {
  const { view } = map;
  const [left, right, bottom, top] = view.bounds();
  pen.font = "11px sans-serif";
  pen.lineWidth = 1;
  pen.strokeStyle = ink.rule;
  const label = (text: string, px: number, py: number) => {
    pen.lineWidth = 3;
    pen.strokeStyle = ink.paper;
    pen.strokeText(text, px, py);
    pen.fillStyle = ink.muted;
    pen.fillText(text, px, py);
  };
  pen.textAlign = "center";
  pen.textBaseline = "bottom";
  for (const { value, text } of niceTicks(left, right, 5)) {
    const [px] = view.toScreen(value, 0);
    if (px > 24 && px < view.width - 12) label(text, px, view.height - 3);
  }
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  for (const { value, text } of niceTicks(bottom, top, 5)) {
    const [, py] = view.toScreen(0, value);
    if (py > 8 && py < view.height - 20) label(text, 3, py);
  }
}
