/** Write the state of the page into the URL fragment, so that a link opens the same view. */

import { thinned } from "./polygon";
import { encodeRows, decodeRows } from "./rows";
import type { Origin } from "./store";

const PREFIX = "#live?";
const MAX_CORNERS = 120;
/** Of the rows of a selection; enough for any choice of 90,000 samples. Much longer links break. */
const MAX_CHARACTERS = 15_000;

export interface PageState {
  color: string;
  hidden: number[];
  /** Sources of new samples that are hidden. */
  hiddenSources: number[];
  pinned: number[];
  origin: Origin | null;
  size: number;
  opacity: number;
  /** Centre and zoom of maps that do not show their whole embedding. */
  views: Record<string, number[]>;
}

export function write(state: PageState): string {
  const words = new URLSearchParams();
  words.set("color", state.color);
  if (state.hidden.length) words.set("hidden", state.hidden.join("."));
  if (state.hiddenSources.length) words.set("without", state.hiddenSources.join("."));
  if (state.pinned.length) words.set("pinned", state.pinned.join("."));
  if (state.size !== 1) words.set("size", String(state.size));
  if (state.opacity !== 1) words.set("opacity", String(state.opacity));
  const { origin } = state;
  if (origin?.kind === "class") words.set("class", `${origin.code} ${origin.column}`);
  if (origin?.kind === "lasso")
    words.set("lasso", `${rounded(thinned(origin.polygon, MAX_CORNERS))} ${origin.embedding}`);
  const rows = origin?.kind === "rows" ? linkable(origin.rows) : null;
  if (rows !== null) words.set("rows", rows);
  for (const [key, view] of Object.entries(state.views))
    words.append("view", `${rounded(view)} ${key}`);
  return PREFIX + words.toString();
}

/** Whether a selection can stand in an address. */
export function isLinkable(origin: Origin): boolean {
  return origin.kind !== "rows" || linkable(origin.rows) !== null;
}

/** The rows of a selection as text, or null if that is too long for an address. */
function linkable(rows: readonly number[]): string | null {
  const text = encodeRows(rows);
  return text.length <= MAX_CHARACTERS ? text : null;
}

/** What an address says, or null if it says nothing of this kind. */
export function read(fragment: string): PageState | null {
  if (!fragment.startsWith(PREFIX)) return null;
  const words = new URLSearchParams(fragment.slice(PREFIX.length));
  const views: Record<string, number[]> = Object.create(null) as Record<string, number[]>;
  for (const text of words.getAll("view")) {
    const [numbers, key] = splitAtSpace(text);
    views[key] = numbers.split("_").map(finite);
  }
  return {
    color: words.get("color") ?? "",
    hidden: whole(words.get("hidden")),
    hiddenSources: whole(words.get("without")),
    pinned: [...new Set(whole(words.get("pinned")))].slice(0, 2),
    origin: originOf(words),
    size: bounded(words.get("size")),
    opacity: bounded(words.get("opacity")),
    views,
  };
}

function originOf(words: URLSearchParams): Origin | null {
  const lasso = words.get("lasso");
  if (lasso) {
    const [numbers, embedding] = splitAtSpace(lasso);
    const polygon = numbers.split("_").map(finite);
    if (polygon.length >= 6 && polygon.length % 2 === 0 && polygon.every(Number.isFinite))
      return { kind: "lasso", embedding, polygon };
  }
  const chosen = words.get("class");
  if (chosen) {
    const [code, column] = splitAtSpace(chosen);
    if (/^\d+$/.test(code)) return { kind: "class", column, code: Number(code) };
  }
  const rows = decodeRows(words.get("rows") ?? "");
  return rows.length ? { kind: "rows", rows } : null;
}

function splitAtSpace(text: string): [string, string] {
  const at = text.indexOf(" ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function whole(text: string | null): number[] {
  if (!text) return [];
  return text
    .split(".")
    .filter((one) => /^\d+$/.test(one))
    .map(Number);
}

/** A number as `rounded` writes it, else NaN. */
function finite(text: string): number {
  return text.trim() ? Number(text) : NaN;
}

function bounded(text: string | null): number {
  const value = Number(text ?? 1);
  return value > 0 && value <= 4 ? value : 1;
}

function rounded(numbers: readonly number[]): string {
  return numbers.map((one) => String(Number(one.toPrecision(7)))).join("_");
}
